"""Attacks that feed pictures in place of a camera: recordings of an earlier challenge, loops, stills, splices, and a relay that is late.

No room and no screen of this session lights what was filmed elsewhere, so these textures carry no share of screen light unless
somebody answers today's challenge.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

import msgspec
import numpy as np

from openekyc.capture.messages import PlannedLight
from openekyc.engine.face.values import Image
from openekyc.engine.values import Colour, GestureStep, LightStep
from openekyc.sessions.challenge import draw
from openekyc.simulator.artefacts import OldFilmScene
from openekyc.simulator.camera import Rgb
from openekyc.simulator.filming import PAGE, SubjectCamera
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.motion import Person
from openekyc.simulator.scenes import Scene
from openekyc.simulator.script import AnyStep, gestures_of, level_of, slots, starts
from openekyc.simulator.warp import Look, Warp

RELAY_MS = (450.0, 1200.0)  # how much later than a subject in front of the camera the one elsewhere appears
LOOP_MS = (3500.0, 5500.0)
LOOP_FPS = 30.0
_SWAPS = 2000
STRETCH = (0.85, 1.15)  # by which a re-timed recording's colours are played quicker or slower
NUDGE_MS = 80.0  # how well an attacker finds the moment to begin

Prompt = Callable[[GestureStep, float], None]
Paint = Callable[[Rgb, float], None]


def rehearse(steps: Sequence[AnyStep], now_ms: float, seed: int, prompt: Prompt, paint: Paint) -> None:
    """Show an earlier challenge with the same gestures: its own prompts and colours at its own moments."""
    earlier = draw(level_of(steps), [step.gesture for step in gestures_of(steps)], nonce="", rng=Random(f"earlier {seed}"))  # noqa: S311 one seed, one film
    for slot in slots(earlier.steps, now_ms):
        if isinstance(slot.step, GestureStep) and slot.prompt_ms is not None:
            prompt(slot.step, slot.prompt_ms)
        if isinstance(slot.step, LightStep):
            _shine(slot.step.colours, slot.begin_ms, paint)


def _shine(colours: Sequence[Colour], begin_ms: float, paint: Paint, stretch: float = 1.0) -> None:
    for colour, at_ms in starts(colours, 0.0):
        paint((colour.red, colour.green, colour.blue), begin_ms + stretch * at_ms)
    paint(PAGE, begin_ms + stretch * sum(colour.duration_ms for colour in colours))


class OldRecording(SubjectCamera):
    """A recording of the person who answered an earlier challenge with the same gestures: today's prompts and colours change nothing."""

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        super().start(steps, now_ms)
        rehearse(steps, now_ms, self._knobs.seed, super().prompt, super().paint)

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """Too late."""

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        """Too late."""


class RetimedRecording(OldRecording):
    """The same, cut so that gestures follow today's prompts and the old colours begin when today's do, a little quicker or slower."""

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        SubjectCamera.start(self, steps, now_ms)
        random = Random(f"earlier {self._knobs.seed}")  # noqa: S311
        for slot in slots(steps, now_ms):
            if isinstance(slot.step, GestureStep) and slot.prompt_ms is not None:
                SubjectCamera.prompt(self, slot.step, slot.prompt_ms)
            if isinstance(slot.step, PlannedLight | LightStep):
                begin_ms = slot.begin_ms + random.uniform(-NUDGE_MS, NUDGE_MS)
                _shine(_colours(random), begin_ms, lambda rgb, at_ms: SubjectCamera.paint(self, rgb, at_ms), random.uniform(*STRETCH))


class PermutedRecording(OldRecording):
    """Software that knows palette, number and moments of the colours but not their order: gestures follow today's prompts, and the
    person was filmed under today's very colours, each at another place."""

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        SubjectCamera.prompt(self, step, now_ms)

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        SubjectCamera.start(self, steps, now_ms)

    def disclose(self, colours: Sequence[Colour], begin_ms: float) -> None:
        random = Random(f"order {self._knobs.seed}")  # noqa: S311
        _shine(permuted(colours, random), begin_ms, lambda rgb, at_ms: SubjectCamera.paint(self, rgb, at_ms))


def permuted(colours: Sequence[Colour], random: Random) -> Sequence[Colour]:
    """The same colours in an order in which none stays where it was and no two neighbours are equal, found by swapping two at a time."""
    order = random.sample(colours, len(colours))
    for _ in range(_SWAPS):
        if not _faults(order, colours):
            break
        first, second = random.sample(range(len(order)), 2)
        swapped = [*order]
        swapped[first], swapped[second] = order[second], order[first]
        order = min(swapped, order, key=lambda one: _faults(one, colours))
    return order


def _faults(order: Sequence[Colour], colours: Sequence[Colour]) -> int:
    return sum(one == other for one, other in (*zip(order, colours, strict=True), *pairwise(order)))


def _colours(random: Random) -> Sequence[Colour]:
    """What another session drew."""
    return next(step.colours for step in draw(3, [], nonce="", rng=random).steps if isinstance(step, LightStep))


class OldFilmCamera(SubjectCamera):
    """A camera before a screen that plays an earlier session; only the screen's glass answers today's colours."""

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        super().start(steps, now_ms)
        film = self._scene
        assert isinstance(film, OldFilmScene)  # noqa: S101 - built so
        rehearse(steps, now_ms, self._knobs.seed, film.earlier, film.screen.paint)


class SplicedRecording(SubjectCamera):
    """Begin and end are a film of one person; from the first prompt or colour on another answers, live."""

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        super().start(steps, now_ms)
        assert isinstance(self._scene, SplicedScene)  # noqa: S101 - built so
        self._scene.cut(*_challenged(steps, now_ms))


def _challenged(steps: Sequence[AnyStep], now_ms: float) -> tuple[float, float]:
    """From when to when more is asked than to look; the middle third where nothing is."""
    busy = [slot for slot in slots(steps, now_ms) if isinstance(slot.step, GestureStep | PlannedLight | LightStep)]
    if busy:
        return busy[0].begin_ms, busy[-1].end_ms
    length_ms = sum(slot.end_ms - slot.begin_ms for slot in slots(steps, now_ms))
    return now_ms + length_ms / 3, now_ms + 2 * length_ms / 3


class SplicedScene:
    """`first` is shown outside the times set by `cut`, `second` inside; only `second` hears prompts and is lit."""

    def __init__(self, first: Scene, second: Scene) -> None:
        self._first, self._second = first, second
        self._begin_ms = self._end_ms = float("inf")

    def cut(self, begin_ms: float, end_ms: float) -> None:
        """When the second one is shown."""
        self._begin_ms, self._end_ms = begin_ms, end_ms

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        self._second.prompt(step, now_ms)

    def texture(self, now_ms: float) -> Image:
        if self._begin_ms <= now_ms < self._end_ms:
            return self._second.texture(now_ms)
        return unlit(self._first.texture(now_ms))


class LoopedRecording(SubjectCamera):
    """A few seconds over and over; they hold the first gesture that is asked for."""

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        super().start(steps, now_ms)
        asked = gestures_of(steps)
        assert isinstance(self._scene, LoopScene)  # noqa: S101 - built so
        self._scene.film(asked[0] if asked else None)


class LoopScene:
    """Plays a short film of the person again and again, in half of all cases forward and backward by turns so that no jump is seen."""

    def __init__(self, warp: Warp, person: Person, random: np.random.Generator) -> None:
        self._warp, self._person = warp, person
        self._length_ms, self._turns = float(random.uniform(*LOOP_MS)), bool(random.integers(2))
        self._looks: list[Look] = [Look()]

    def film(self, asked: GestureStep | None) -> None:
        """Record the loop."""
        if asked is not None:
            self._person.prompt(asked, 200.0)
        looks = [self._person.look(place * 1000 / LOOP_FPS) for place in range(int(self._length_ms * LOOP_FPS / 1000))]
        self._looks = [*looks, *reversed(looks)] if self._turns else looks

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """Nothing: it was recorded before."""

    def texture(self, now_ms: float) -> Image:
        place = int(max(now_ms, 0.0) * LOOP_FPS / 1000) % len(self._looks)
        return unlit(self._warp.draw(self._looks[place]))


class StillScene:
    """One picture, always the same."""

    def __init__(self, warp: Warp) -> None:
        self._still = unlit(warp.draw(Look()))

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """Nothing."""

    def texture(self, now_ms: float) -> Image:
        return self._still


def late(knobs: Knobs, random: np.random.Generator) -> Knobs:
    """The camera of a relay: all of it happens that much later."""
    return msgspec.structs.replace(knobs, lag_ms=knobs.lag_ms + float(random.uniform(*RELAY_MS)))


def unlit(texture: Image) -> Image:
    """The texture without any light of the screen; changed in place."""
    texture[..., 3] = 0
    return texture
