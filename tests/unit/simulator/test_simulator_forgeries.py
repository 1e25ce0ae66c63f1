"""Forged submissions: what each takes from the recordings it is made of, and how its trace lies."""

import io
from itertools import pairwise
from random import Random

import av
import msgspec
import numpy as np
import pytest

from openekyc.capture.messages import Begun, PlannedLight
from openekyc.engine.liveness.light import UNEVEN_MS
from openekyc.engine.values import Colour, GestureStep, HoldStep, LightStep, Trace
from openekyc.sessions.challenge import draw
from openekyc.simulator.cutting import Material, recut
from openekyc.simulator.footage import Asked, Film, Footage, Tap, encode, fitting, submit
from openekyc.simulator.forgeries import FORGERIES, GROUPS, SENTENCES, Forgery, forge
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.lies import agreement, best_marks
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.rendering import LIMITS
from openekyc.simulator.run import capture
from openekyc.simulator.subject import subject

RATE = 15


def asked(seed: int, wait_ms: int = 800) -> Asked:
    """A level-4 challenge with a mouth in it."""
    (light,) = (step for step in draw(3, (), nonce="", rng=Random(seed)).steps if isinstance(step, LightStep))
    steps = (HoldStep(1000), GestureStep("mouth", 1, wait_ms, 4000), PlannedLight(12, 3600), HoldStep(1000))
    return Asked(Begun(1, "n", steps, 4, 0.0), light.colours)


def footage(seed: int, grey: int, wait_ms: int = 800) -> Footage:
    """Pictures of one grey: the left half twice as bright while the gesture is asked for, tinted while there are colours."""
    challenge, film = asked(seed, wait_ms), []
    light = challenge.light()
    for place in range(round((challenge.end_ms() + 1000) / 1000 * RATE)):
        now_ms = place * 1000 / RATE
        image = np.full((48, 64, 3), grey, np.uint8)
        if challenge.prompt_ms() <= now_ms < challenge.prompt_ms() + 1000:
            image[:, :32] = 2 * grey
        if light.begin_ms <= now_ms < light.end_ms:
            image[..., 2] += 40
        film.append((place / RATE, image))
    video, samples = encode(film, "h264-mkv", RATE)
    return Footage(video, f"person-{grey}", challenge, fitting(challenge, samples))


OWN, TWIN, OTHER = footage(1, 60), footage(2, 60, 1700), footage(3, 100)


def material(wait_ms: int = 1400) -> Material:
    return Material(asked(9, wait_ms), OWN, TWIN, OTHER, Random(4))


def pictures(video: bytes) -> Film:
    with av.open(io.BytesIO(video)) as file:
        return [(frame.time, frame.to_ndarray(format="bgr24")) for frame in file.decode(video=0)]


def forged(kind: Forgery) -> tuple[Film, Trace]:
    video, trace = forge(kind, material())
    return pictures(video), trace


def test_every_forgery_has_a_sentence_and_one_group() -> None:
    assert set(SENTENCES) == set(FORGERIES)
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(FORGERIES)


@pytest.mark.parametrize("kind", FORGERIES)
def test_every_forgery_is_a_recording_with_a_trace_and_always_the_same(kind: Forgery) -> None:
    video, trace = forge(kind, material())
    assert forge(kind, material())[1] == trace
    assert len(video) > 1000
    assert trace.steps
    msgspec.convert(msgspec.to_builtins(trace), Trace)


@pytest.mark.parametrize("kind", ["again-fitted", "recut", "looped", "swung", "two-people", "tinted", "reencoded", "speed"])
def test_a_fitting_trace_tells_the_frames_that_are_there(kind: Forgery) -> None:
    film, trace = forged(kind)
    assert len(film) == len(trace.frames)
    blue, _, red = film[20][1].reshape(-1, 3).mean(axis=0)
    assert trace.frames[20].rgb[0] == pytest.approx(red, abs=4)
    assert trace.frames[20].rgb[2] == pytest.approx(blue, abs=4)
    assert len(trace.colours) == 12


def test_recut_begins_prompt_and_colours_when_they_begin_today() -> None:
    film, challenge = recut(OWN, asked(9, 1400)), asked(9, 1400)
    left = np.array([image[:, :32].mean() - image[:, 32:].mean() for _, image in film])
    red = np.array([image[..., 2].mean() - image[..., 0].mean() for _, image in film])
    assert film[int(np.argmax(left > 30))][0] == pytest.approx(challenge.prompt_ms() / 1000, abs=0.1)
    assert film[int(np.argmax(red > 20))][0] == pytest.approx(challenge.light().begin_ms / 1000, abs=0.1)


def test_a_loop_holds_the_gesture_again_and_again_and_today_in_time() -> None:
    film, _ = forged("looped")
    left = [image[:, :32].mean() - image[:, 32:].mean() > 30 for _, image in film]
    rises = [film[place][0] for place in range(1, len(left)) if left[place] and not left[place - 1]]
    assert np.diff(rises) == pytest.approx(4.0, abs=0.1)
    assert min(abs(rise - asked(9, 1400).prompt_ms() / 1000) for rise in rises) < 0.1


def test_two_people_are_two_greys() -> None:
    film, _ = forged("two-people")
    assert [int(np.median(image[..., 0])) > 80 for at, image in film if at in (film[5][0], film[-5][0])] == [True, False]


def test_a_truncated_recording_is_shorter() -> None:
    whole = len(recut(OWN, asked(9, 1400)))
    lengths = [len(pictures(forge("truncated", msgspec.structs.replace(material(), random=Random(seed)))[0])) for seed in range(4)]
    assert max(lengths) < 0.95 * whole


def test_only_the_face_is_tinted() -> None:
    film, _ = forged("tinted-face")
    at = asked(9, 1400).light().begin_ms / 1000 + 1
    image = next(image for seconds, image in film if seconds >= at).astype(float)
    assert np.abs(image[24, 32] - image[2, 2]).max() > 3


# --- lies -----------------------------------------------------------------------------------------------------------------


def test_chosen_moments_agree_better_than_the_drawn_ones_and_look_even_enough() -> None:
    for seed in range(5):
        old, new = asked(seed).colours, asked(seed + 100).colours
        free, bound = best_marks(old, new, 1000.0), best_marks(old, new)
        assert agreed(old, new, free) > agreed(old, new, [300.0 * place for place in range(12)]) + 0.1
        assert agreed(old, new, free) >= agreed(old, new, bound)
        off = np.diff(bound)
        assert np.abs(off - np.median(off)).mean() <= UNEVEN_MS


def agreed(old: tuple[Colour, ...], new: tuple[Colour, ...], marks: list[float]) -> float:
    """What the drawn colours have in common with the filmed ones if they are said to begin at these moments."""
    gains = agreement(old, new)
    places = [round((1500 + mark) / 25) for mark in [*marks, marks[-1] + 300]]
    return float(sum(gains[end, own] - gains[begin, own] for own, (begin, end) in enumerate(pairwise(places))))


def test_lies_about_a_live_recording_leave_it_as_it_is() -> None:
    kinds: tuple[Forgery, ...] = ("wrong-pixels", "wrong-clock", "early-marks", "missing-steps", "swapped-steps")
    for kind in kinds:
        video, trace = forge(kind, material())
        assert video == OWN.video
        assert trace != OWN.trace


def test_a_wrong_clock_moves_steps_and_colours_but_no_frames() -> None:
    _, trace = forge("wrong-clock", material())
    shift = trace.steps[0].begin_ms - OWN.trace.steps[0].begin_ms
    assert 600 <= abs(shift) <= 950
    assert trace.colours[3].painted_ms - OWN.trace.colours[3].painted_ms == pytest.approx(shift)
    assert trace.frames == OWN.trace.frames


# --- taking a recording, handing one over ---------------------------------------------------------------------------------


class Server:
    """Stands for a capture client."""

    def __init__(self, challenge: Asked) -> None:
        self._challenge = challenge
        self.video, self.traces, self.frames = b"", [], 0

    def begin(self, *, light: bool = True) -> Begun:
        return self._challenge.steps

    def light(self) -> tuple[Colour, ...]:
        return self._challenge.colours

    def trace(self, batch: Trace) -> int:
        self.traces.append(batch)
        return len(self.traces)

    def put_slices(self, pieces: list[bytes]) -> int:
        self.video += b"".join(pieces)
        return len(self.video)

    def finish(self, frames: int = 0) -> None:
        self.frames = frames


def test_a_tap_keeps_what_a_client_would_submit(person: Portrait) -> None:
    challenge = asked(5)
    server, camera = Server(challenge), subject("live", person, Knobs(seed=3, fps=10))
    tap = Tap(server)
    capture(tap, camera, LIMITS)
    kept = tap.footage("person")
    assert (server.video, server.traces) == (b"", [])
    assert kept.asked == challenge
    assert len(kept.film()) == len(kept.samples)
    honest = fitting(challenge, kept.samples)
    assert (honest.steps, honest.colours) == (kept.trace.steps, kept.trace.colours)
    assert [frame.now_ms for frame in honest.frames] == pytest.approx([frame.now_ms for frame in kept.trace.frames], abs=1)


def test_a_submission_arrives_whole() -> None:
    server = Server(asked(1))
    submit(server, OWN.video, OWN.trace)
    assert server.video == OWN.video
    assert tuple(frame for batch in server.traces for frame in batch.frames) == OWN.trace.frames
    assert [batch.recorder_started_ms for batch in server.traces][:2] == [OWN.trace.recorder_started_ms, None]
    assert server.frames == len(OWN.trace.frames)
