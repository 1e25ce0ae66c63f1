"""Things an attacker holds into the camera, by their physics: paper (matt, its normals decide how much light it returns) and screens.

Paper is a relief like the head itself: a Portrait of its own with the depth of a plane or a cylinder, so that turning it moves it as it
would. A screen gives its own light; its glass adds the same small amount of today's light everywhere, dark places included.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Floats, Image
from openekyc.engine.values import Gesture, GestureStep
from openekyc.simulator import portrait as parts
from openekyc.simulator.filming import Screen
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.motion import Person
from openekyc.simulator.portrait import BEHIND, SCREEN_DIRECTION, Portrait
from openekyc.simulator.scenes import FlatScene
from openekyc.simulator.sensor import GAMMA, Sensor
from openekyc.simulator.warp import Look, Warp

HELD = 0.9  # size of a print in the picture
WALL = (96, 104, 108)  # BGR behind it
INK = (0.045, 0.86)  # reflectance of black ink and of bare paper, where the picture has 0 and 1
FADED = 0.85  # share of the picture's saturation that a print keeps
GRAIN = 2.0  # standard deviation of paper and halftone, 8-bit steps
DISTANCE = 2.3  # from the screen to the face, in widths of the face: light falls off beside the axis
BENT = (0.8, 2.0)  # radius of a bent print, in widths of the face
HOLE = 1.35  # size of the holes of a cut-out, in eyes
RECESSED = 0.45  # share of the screen's light that reaches the eyes behind them
VEIL = (0.015, 0.04)  # reflectance of a screen's glass
MOIRE = (0.01, 0.05)  # its contrast
_MARGIN = 64
_BEYOND = 1e6  # along the sheet: not on it
_BEZEL = 14  # pixels of dark frame round a screen


# --- paper ----------------------------------------------------------------------------------------------------------------


def paper(person: Portrait, random: np.random.Generator, *, radius: float | None = None, holes: bool = False) -> Portrait:
    """A print of the person in front of a wall: flat, or bent to a cylinder of `radius` widths of the face; with eye holes."""
    face = float(np.ptp(person.points[list(parts.OVAL), 0]))
    bend = _Bend(person.texture.shape[1], person.texture.shape[0], None if radius is None else radius * face)
    inked = _inked(person.texture[..., :3], random)
    share = np.full(inked.shape[:2], 1.0, np.float32)
    if holes:
        _cut_eyes(inked, share, person)
    picture = np.asarray(cv2.remap(inked, *bend.sources, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
    lit = bend.cosine * _falloff(share.shape, DISTANCE * face) * cv2.remap(share, *bend.sources, cv2.INTER_LINEAR)
    on = bend.inside[..., None]
    colours = picture * on + np.array(WALL) * (1 - on)
    light = lit * bend.inside + BEHIND * (1 - bend.inside)
    texture = np.dstack([colours, 255 * light]).clip(0, 255).astype(np.uint8)
    weight = np.ones(share.shape, np.float32)
    return Portrait(texture, bend.moved(person.points), bend.depth, weight, (texture.shape[1] / 2, texture.shape[0] / 2))


class _Bend:
    """A sheet of the picture's shape, `HELD` times as large, bent round a vertical axis in its middle; flat without a radius.

    `sources`: where every pixel comes from. `inside` (h, w) 0..1: the sheet. `depth` (h, w): pixels before its edges. `cosine`: of the
    angle between its normal and the screen."""

    def __init__(self, width: int, height: int, radius: float | None) -> None:
        self._middle, self._radius = (width / 2, height / 2), radius
        y, x = np.mgrid[:height, :width].astype(np.float32)
        across, down = x - width / 2, y - height / 2
        turn, arc = self._unrolled(across)
        half = HELD * width / 2
        self.sources = (width / 2 + arc / HELD).astype(np.float32), (height / 2 + down / HELD).astype(np.float32)
        self.inside = _soft(half - np.abs(arc)) * _soft(HELD * height / 2 - np.abs(down))
        light = np.array(SCREEN_DIRECTION) / np.linalg.norm(SCREEN_DIRECTION)
        self.cosine = np.clip(np.sin(turn) * light[0] + np.cos(turn) * light[2], 0, 1).astype(np.float32)
        edge = 0.0 if radius is None else float(np.cos(min(half / radius, np.pi / 2)))
        self.depth = np.maximum((0 if radius is None else radius) * (np.cos(turn) - edge), 0).astype(np.float32) * (radius is not None)

    def _unrolled(self, across: Floats) -> tuple[Floats, Floats]:
        """The angle of the normal and the length along the sheet at a distance from the axis as seen."""
        if self._radius is None:
            return np.zeros_like(across), across
        sine = across / self._radius
        turn = np.arcsin(np.clip(sine, -1, 1))
        return turn, np.where(np.abs(sine) < 1, self._radius * turn, _BEYOND)

    def moved(self, points: Floats) -> Floats:
        """Mesh points (n, 3) of the picture, on the sheet."""
        across, down = HELD * (points[:, 0] - self._middle[0]), HELD * (points[:, 1] - self._middle[1])
        if self._radius is not None:
            across = self._radius * np.sin(across / self._radius)
        return np.column_stack([self._middle[0] + across, self._middle[1] + down, HELD * points[:, 2]]).astype(np.float32)


def _soft(distance: NDArray[np.floating]) -> Floats:
    return np.asarray(np.clip(distance / 2 + 0.5, 0, 1), np.float32)


def _falloff(shape: tuple[int, ...], distance: float) -> Floats:
    """The light of a small screen on a plane before it: the fourth power of the cosine off the axis."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    away = ((x - shape[1] / 2) ** 2 + (y - shape[0] / 2) ** 2) / distance**2
    return np.asarray(1 / (1 + away) ** 2, np.float32)


def _inked(picture: Image, random: np.random.Generator) -> Image:
    """As a printer gives it back: less contrast, less colour, grain."""
    linear = (picture.astype(np.float32) / 255) ** GAMMA
    grey = linear.mean(axis=2, keepdims=True)
    inked = INK[0] + (INK[1] - INK[0]) * (grey + FADED * (linear - grey))
    codes = 255 * inked ** (1 / GAMMA) + random.normal(0, GRAIN, (*picture.shape[:2], 1))
    return np.asarray(codes.clip(0, 255), np.uint8)


def _cut_eyes(inked: Image, share: Floats, person: Portrait) -> None:
    """Cut the eyes out of a print: those of the attacker, unprinted and in the shade of the holes, look through. In place."""
    for upper, lower in zip(parts.UPPER_LIDS, parts.LOWER_LIDS, strict=True):
        rim = person.points[list(upper + lower), :2]
        hole = rim.mean(axis=0) + (rim - rim.mean(axis=0)) * (HOLE, 1.6 * HOLE)
        mask = cv2.fillConvexPoly(np.zeros(share.shape, np.uint8), cv2.convexHull(hole.round().astype(np.int32)), 1) > 0
        inked[mask] = (0.85 * person.texture[..., :3][mask]).astype(np.uint8)
        share[mask] = RECESSED


class HeldPrint:
    """A print in somebody's hand, or worn: it moves as a whole, also when a gesture in `turns` is asked for; with `eyes`, the eyes
    behind its holes live and blink on cue."""

    def __init__(self, print_: Portrait, hand: Person, *, turns: frozenset[Gesture] = frozenset(), eyes: bool = False) -> None:
        self._warp, self._hand, self._eyes = Warp(print_), hand, eyes
        self._answers = turns | ({"blink"} if eyes else frozenset())

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        if step.gesture in self._answers:
            self._hand.prompt(step, now_ms)

    def texture(self, now_ms: float) -> Image:
        look = self._hand.look(now_ms)
        lids = look.lids if self._eyes else 0.0
        return self._warp.draw(Look(lids=lids, yaw=look.yaw, pitch=look.pitch, roll=look.roll, x=look.x, y=look.y, zoom=look.zoom))


# --- screens --------------------------------------------------------------------------------------------------------------


class GlassScene(FlatScene):
    """A screen in somebody's hand. What it shows is a still, or with `moves` a film of the person, who knows of no prompts."""

    def __init__(self, warp: Warp, person: Person, hand: Person, random: np.random.Generator, *, moves: bool) -> None:
        super().__init__(warp, person, hand, share=0.0, moves=moves, bezel=True)
        self._veil, self._random = float(random.uniform(*VEIL)), random
        self._reciprocals = _reciprocals(self._veil)
        height, width = self._still.shape[:2]
        self._beats = _beats(height + _MARGIN, width + _MARGIN, random)

    def shown(self, now_ms: float) -> Image:
        """The panel with its moire; the share of light is what adds the veil to each pixel, however dark."""
        panel = self.film(now_ms)
        cv2.rectangle(panel, (0, 0), (panel.shape[1] - 1, panel.shape[0] - 1), (24, 24, 24), 2 * _BEZEL)
        held = self._hand.look(now_ms)
        left, top = (int(_MARGIN / 2 + np.clip(4 * value, -30, 30)) for value in (held.x, held.y))
        beats = self._beats[top : top + panel.shape[0], left : left + panel.shape[1]]
        panel = np.asarray(cv2.multiply(panel, beats, dtype=cv2.CV_8U), np.uint8)
        return np.dstack([panel, cv2.LUT(np.ascontiguousarray(panel[..., 1]), self._reciprocals)])

    def film(self, now_ms: float) -> Image:
        """BGR of what plays."""
        texture = self._warp.draw(self._person.look(now_ms)) if self._moves else self._still
        return np.ascontiguousarray(texture[..., :3])


class OldFilmScene(GlassScene):
    """A screen that plays a recording of the person answering an earlier challenge, filmed by another camera."""

    def __init__(self, warp: Warp, person: Person, hand: Person, random: np.random.Generator, knobs: Knobs) -> None:
        super().__init__(warp, person, hand, random, moves=True)
        self.screen, self._sensor = Screen(), Sensor(knobs, random)

    def earlier(self, step: GestureStep, now_ms: float) -> None:
        """A prompt of the earlier session."""
        self._person.prompt(step, now_ms)

    def film(self, now_ms: float) -> Image:
        return self._sensor.develop(self._warp.draw(self._person.look(now_ms)), self.screen.light(now_ms))


def _reciprocals(veil: float) -> Image:
    """Per 8-bit code, the share (x255) by which scaling that code adds `veil` in linear light."""
    linear = (np.arange(256, dtype=np.float32) / 255) ** GAMMA
    return np.asarray(np.clip(255 * veil / np.maximum(linear, 1e-3), 0, 255), np.uint8)


def _beats(height: int, width: int, random: np.random.Generator) -> Floats:
    """Moire: two slow gratings per colour, (h, w, 3) about 1."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    contrast, beats = float(random.uniform(*MOIRE)), np.ones((height, width, 3), np.float32)
    for _ in range(2):
        angle, period = random.uniform(0, np.pi), random.uniform(6, 40)
        phase = 2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period
        for channel in range(3):
            beats[..., channel] += contrast / 2 * np.sin(phase + random.uniform(0, 2 * np.pi))
    return beats
