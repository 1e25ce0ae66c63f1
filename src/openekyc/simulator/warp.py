"""Moves the portrait: lids, jaw, and the head as a relief that turns about its axis. Everything is a remapping, no triangles.

Angles follow `engine.face.values.Pose`: yaw > 0 moves the nose to the right of the picture, pitch > 0 downwards, roll > 0 clockwise.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image
from openekyc.simulator import portrait as parts
from openekyc.simulator.portrait import Portrait

GRID = 4  # the head's displacement is smooth: it is solved on every fourth pixel
ITERATIONS = 4  # of the fixed point q = p + d(p); the relief is gentle enough for it to converge
REACH = 0.95  # how far from lid edge to brow the skin stretches when the eye closes
LASHES = 0.4  # share of that which belongs to the lashes and keeps its height
SHUT = 0.015  # how far below the open lower lid the closed lid ends, in face widths
DROP = 0.24  # how far a wide open jaw drops, in face widths
ROUND = 0.42  # how much narrower the mouth becomes
SINK = 0.4  # how far its corners sink, in half widths of the mouth
MOUTH_BGR = (28.0, 22.0, 52.0, 70.0)  # the inside of a mouth, and how little of the screen's light gets there


@dataclass(frozen=True, slots=True)
class Look:
    """One moment of the person. `lids` 0 open .. 1 shut, `jaw` 0 .. 1 wide open, `purse` 0 smiling .. 1 lips drawn in, `gaze_x`, `gaze_y`
    in widths of the eye, angles in degrees, `x`, `y` in pixels."""

    lids: float = 0.0
    jaw: float = 0.0
    purse: float = 0.0
    gaze_x: float = 0.0
    gaze_y: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


class Warp:
    """Draws a Portrait at any Look. Holds only maps derived from the portrait."""

    def __init__(self, portrait: Portrait) -> None:
        self._portrait = portrait
        self._lids = tuple(_Lid.of(portrait.points, side) for side in (0, 1))
        self._jaw = _Jaw.of(portrait.points, portrait.texture.shape[0])
        size = (portrait.texture.shape[1] // GRID, portrait.texture.shape[0] // GRID)
        self._depth = cv2.resize(portrait.depth, size, interpolation=cv2.INTER_AREA)
        self._weight = cv2.resize(portrait.weight, size, interpolation=cv2.INTER_AREA)
        y, x = np.mgrid[: size[1], : size[0]].astype(np.float32)
        self._x, self._y = x * GRID + (GRID - 1) / 2, y * GRID + (GRID - 1) / 2

    def draw(self, look: Look) -> Image:
        """The texture (h, w, 4) uint8 as the camera would see it at `look`."""
        texture = self._portrait.texture
        texture = self._expressed(texture.copy(), look)
        across, down = self._sources(look)
        return np.asarray(cv2.remap(texture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101), np.uint8)

    def _expressed(self, texture: Image, look: Look) -> Image:
        for lid in self._lids:
            if look.gaze_x or look.gaze_y:
                lid.look(texture, look.gaze_x, look.gaze_y)
            if look.lids > 0.01:
                lid.close(texture, look.lids)
        if look.jaw > 0.01:
            self._jaw.open(texture, look.jaw)
        if look.jaw + look.purse > 0.01:
            self._jaw.draw_in(texture, look.jaw + look.purse)
        return texture

    def _sources(self, look: Look) -> tuple[Floats, Floats]:
        """For every pixel of the new picture, where it comes from in the neutral one."""
        dx, dy = self._shifts(look)
        x, y = self._x, self._y
        for _ in range(ITERATIONS):
            u, v = (x - (GRID - 1) / 2) / GRID, (y - (GRID - 1) / 2) / GRID
            x = self._x - cv2.remap(dx, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            y = self._y - cv2.remap(dy, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        size = (self._portrait.texture.shape[1], self._portrait.texture.shape[0])
        return cv2.resize(x, size), cv2.resize(y, size)

    def _shifts(self, look: Look) -> tuple[Floats, Floats]:
        """How far every point of the neutral picture moves (perspective left out: the angles are small)."""
        yaw, pitch, roll = np.radians((look.yaw, look.pitch, look.roll)).astype(np.float32)
        across, down = self._x - self._portrait.centre[0], self._y - self._portrait.centre[1]
        x = across * np.cos(yaw) + self._depth * np.sin(yaw)
        ahead = self._depth * np.cos(yaw) - across * np.sin(yaw)
        y = down * np.cos(pitch) + ahead * np.sin(pitch)
        turned_x = (x * np.cos(roll) - y * np.sin(roll)) * look.zoom + look.x
        turned_y = (x * np.sin(roll) + y * np.cos(roll)) * look.zoom + look.y
        return (turned_x - across) * self._weight, (turned_y - down) * self._weight


def _curve(points: Floats, indices: tuple[int, ...], columns: Floats) -> Floats:
    line = points[list(indices), :2]
    order = np.argsort(line[:, 0])
    return np.asarray(np.interp(columns, line[order, 0], line[order, 1]), np.float32)


@dataclass(frozen=True, slots=True)
class _Lid:
    """One eye: the box that closing it changes and, per column of it, brow, lid edge and lower lid."""

    left: int
    top: int
    x: Floats  # (rows, columns) of the box, absolute
    y: Floats
    brow: Floats  # (columns,)
    upper: Floats
    lower: Floats

    @classmethod
    def of(cls, points: Floats, side: int) -> "_Lid":
        upper, lower, brow = parts.UPPER_LIDS[side], parts.LOWER_LIDS[side], parts.BROWS[side]
        corners = points[list(upper + lower), :2]
        left, right = int(corners[:, 0].min()) - 2, int(corners[:, 0].max()) + 3
        top, bottom = int(points[list(brow), 1].min()) - 4, int(corners[:, 1].max()) + 12
        face = float(np.ptp(points[list(parts.OVAL), 0]))
        y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
        columns = x[0]
        low, high = _curve(points, lower, columns), _curve(points, upper, columns)
        brows = high - REACH * (high - _curve(points, brow, columns))
        return cls(left, top, x, y, brows, high - 1, low + SHUT * face)

    def look(self, texture: Image, across: float, down: float) -> None:
        """Move the eyeball between the lids, by shares of the eye's width."""
        width = self.x.shape[1]
        open_ = np.clip(np.minimum(self.y - self.upper, self.lower - self.y) / 3, 0, 1)
        side = np.clip(np.minimum(self.x - self.left, self.left + width - 1 - self.x) / (0.3 * width), 0, 1)
        moved = open_ * side * width
        source = self.x - across * moved, self.y - down * moved
        texture[self._box] = cv2.remap(texture, source[0].astype(np.float32), source[1].astype(np.float32), cv2.INTER_LINEAR)

    @property
    def _box(self) -> tuple[slice, slice]:
        return slice(self.top, self.top + self.y.shape[0]), slice(self.left, self.left + self.x.shape[1])

    def close(self, texture: Image, share: float) -> None:
        """Pull the skin below the brow down over the eye. The lashes' strip moves as it is, only the skin above it stretches."""
        edge = self.upper + share * np.maximum(self.lower - self.upper, 0)
        strip = np.clip((self.upper - self.brow) * LASHES, 1, None)
        stretch = (self.upper - strip - self.brow) / np.maximum(edge - strip - self.brow, 1)
        lid = np.where(self.y < edge - strip, self.brow + (self.y - self.brow) * stretch, self.y - (edge - self.upper))
        source = np.where(self.y < self.brow, self.y, lid).astype(np.float32)
        covered = np.clip((edge - self.y) / 1.5 + 0.5, 0, 1)[..., None]
        texture[self._box] = cv2.remap(texture, self.x, source, cv2.INTER_LINEAR) * covered + texture[self._box] * (1 - covered)


@dataclass(frozen=True, slots=True)
class _Jaw:
    """The lower face: the box that opening the mouth changes, the line it opens along, and how far each column drops."""

    left: int
    top: int
    x: Floats  # (rows, columns) of the box, absolute
    y: Floats
    line: Floats  # (columns,) y of the lower lip's inner edge
    lip: Floats  # (columns,) 0..1: the opening between the corners of the mouth
    chin: Floats  # (columns,) 0..1: how much of the jaw's drop this column takes
    fall: Floats  # (rows, columns) 0..1: 1 down to the chin, then less, 0 at the collar
    round: Floats  # (rows, columns) 0..1: how much the corners of the mouth draw in and sink here
    middle: float
    half: float  # of the mouth's width, pixels
    drop: float  # pixels at jaw = 1

    @classmethod
    def of(cls, points: Floats, height: int) -> "_Jaw":
        face = float(np.ptp(points[list(parts.OVAL), 0]))
        lip = points[list(parts.LOWER_LIP), :2]
        middle, half = float(lip[:, 0].mean()), float(np.ptp(lip[:, 0])) / 2
        line_y, chin_y = float(lip[:, 1].mean()), float(points[parts.CHIN, 1])
        top, bottom = int(line_y - 0.3 * face), min(height, int(chin_y + 0.45 * face))
        left = points[list(parts.OVAL), 0].min()
        y, x = np.mgrid[top:bottom, int(left) : int(left + face)].astype(np.float32)
        across = (x[0] - middle) / half
        return cls(
            left=int(left),
            top=top,
            x=x,
            y=y,
            line=_curve(points, parts.LOWER_LIP, x[0]),
            lip=np.clip(1 - across**2, 0, 1) ** 0.4,
            chin=np.exp(-0.5 * ((x[0] - middle) / (0.24 * face)) ** 4),
            fall=np.clip((bottom - y) / (bottom - chin_y), 0, 1) ** 1.2,
            round=np.exp(-0.5 * (across / 1.15) ** 4) * np.exp(-0.5 * ((y - line_y) / (0.18 * face)) ** 4),
            middle=middle,
            half=half,
            drop=DROP * face,
        )

    @property
    def _box(self) -> tuple[slice, slice]:
        return slice(self.top, self.top + self.y.shape[0]), slice(self.left, self.left + self.x.shape[1])

    def open(self, texture: Image, share: float) -> None:
        """Drop lower lip and chin by `share` and show the inside of the mouth between the lips."""
        drop = share * self.drop
        source = self.y.copy()
        for _ in range(5):
            source = np.maximum(self.y - self._shift(source, drop), np.minimum(self.line, self.y))
        edge = self.line + drop * self.lip * self.chin
        inside = np.clip(np.minimum(self.y - self.line, edge - self.y) / 2 + 0.5, 0, 1)[..., None] * (drop * self.lip > 1)[None, :, None]
        moved = cv2.remap(texture, self.x, source, cv2.INTER_LINEAR)
        texture[self._box] = moved * (1 - inside) + np.array(MOUTH_BGR) * inside

    def draw_in(self, texture: Image, share: float) -> None:
        """Make the mouth narrower and let its corners sink, by `share`."""
        across = self.middle + (self.x - self.middle) / (1 - ROUND * share * self.round)
        sink = SINK * share * self.half * self.round * np.minimum(np.abs(self.x - self.middle) / self.half, 1)
        texture[self._box] = cv2.remap(texture, across, self.y - sink, cv2.INTER_LINEAR)

    def _shift(self, source: Floats, drop: float) -> Floats:
        depth = np.clip((source - self.line) / (0.9 * self.drop), 0, 1)
        blend = depth * depth * (3 - 2 * depth)
        rows = np.clip((source - self.top).astype(np.int32), 0, len(self.y) - 1)
        fall = self.fall[rows, np.arange(self.x.shape[1])[None, :]]
        return np.asarray(drop * self.chin * (self.lip + (1 - self.lip) * blend) * fall * (source >= self.line), np.float32)
