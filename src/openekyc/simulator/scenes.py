"""What is in front of the simulated camera: the person, or a flat thing that shows the person."""

from typing import Protocol

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image
from openekyc.engine.values import GestureStep
from openekyc.simulator.motion import Person
from openekyc.simulator.portrait import BEHIND
from openekyc.simulator.warp import Look, Warp

PAPER = 0.85  # share of the screen's light that a print held at face distance gets
GLASS = 0.04  # share of the screen's light that another screen's glass throws back
_HELD = 0.9  # size of the flat thing in the picture
_ROOM = (96, 104, 108)  # BGR of the wall behind it
_BEZEL = 14  # pixels of dark frame round a screen


class Scene(Protocol):
    """Draws textures (h, w, 4) uint8: BGR and the share of screen light, at rising times in milliseconds."""

    def prompt(self, step: GestureStep, now_ms: float) -> None: ...

    def texture(self, now_ms: float) -> Image: ...


class PersonScene:
    """The person, answering prompts."""

    def __init__(self, warp: Warp, person: Person) -> None:
        self._warp, self._person = warp, person

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        self._person.prompt(step, now_ms)

    def texture(self, now_ms: float) -> Image:
        return self._warp.draw(self._person.look(now_ms))


class FlatScene:
    """A print or a screen in somebody's hand. With `moves` it shows a film of the person, who knows of no prompts, else a still."""

    def __init__(self, warp: Warp, person: Person, hand: Person, *, share: float, moves: bool, bezel: bool) -> None:
        self._warp, self._person, self._hand = warp, person, hand
        self._share, self._moves, self._bezel = share, moves, bezel
        self._still = warp.draw(Look())

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """Nothing: a picture does not listen."""

    def texture(self, now_ms: float) -> Image:
        shown = self.shown(now_ms)
        height, width = shown.shape[:2]
        room = (*_ROOM, round(255 * BEHIND))
        place = self._place(now_ms, width, height)
        flat = cv2.warpPerspective(shown, place, (width, height), borderMode=cv2.BORDER_CONSTANT, borderValue=room)
        return np.asarray(flat, np.uint8)

    def shown(self, now_ms: float) -> Image:
        """What is on the flat thing, (h, w, 4)."""
        shown = self._warp.draw(self._person.look(now_ms)) if self._moves else self._still.copy()
        shown[..., 3] = round(255 * self._share)
        if self._bezel:
            _frame(shown)
        return shown

    def _place(self, now_ms: float, width: int, height: int) -> Floats:
        """The homography of a plane that a hand holds: it drifts, turns and tilts a little."""
        held = self._hand.look(now_ms)
        middle = np.array((width / 2, height / 2), np.float32)
        half = np.array([[-width, -height], [width, -height], [width, height], [-width, height]], np.float32) / 2
        roll = np.radians(2 * held.roll)
        turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]], np.float32)
        tilt = 1 + (half[:, :1] * np.sin(np.radians(2 * held.yaw)) + half[:, 1:] * np.sin(np.radians(2 * held.pitch))) / width
        corners = half @ turn.T * (_HELD * held.zoom * tilt) + middle + (2 * held.x, 2 * held.y)
        return np.asarray(cv2.getPerspectiveTransform(half + middle, corners.astype(np.float32)), np.float32)


def _frame(shown: Image) -> None:
    height, width = shown.shape[:2]
    cv2.rectangle(shown, (0, 0), (width - 1, height - 1), (12, 12, 12, round(255 * GLASS)), 2 * _BEZEL)
