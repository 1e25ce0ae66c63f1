"""The evidence record and the fingerprint of real pixels: the simulated subject, encoded, cropped and cut as an attacker would."""

import json
from random import Random

import cv2
import pytest
from msgspec.structs import replace

from openekyc.engine import record
from openekyc.engine.face.track import track
from openekyc.engine.liveness import replay
from openekyc.engine.lock import engine_files
from openekyc.engine.media import open_video
from openekyc.engine.runtime import Models
from openekyc.engine.values import Evidence, Known, LightStep
from openekyc.engine.verify import verify
from openekyc.settings import Settings
from tests.filmed import film
from tests.recordings import encode


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Settings().models_folder)


@pytest.fixture(scope="module")
def evidence(models: Models) -> Evidence:
    return film(models, level=4, seed=5)


@pytest.fixture(scope="module")
def verdict(models: Models, evidence: Evidence):
    return verify(models, evidence)


def test_the_record_holds_what_an_auditor_asks_for(evidence, verdict):
    found = record.decode(verdict.record)
    assert (found.code, found.cues, found.level) == (verdict.code, verdict.cues, 4)
    assert found.models == {item.file: item.sha256 for item in engine_files()}
    assert found.reason == "every cue passed"
    assert [prompt.kind for prompt in found.prompts] == ["hold", "gesture", "light", "hold"]
    assert found.film.frames == found.timing.trace_frames
    assert (found.film.container, found.film.codec) == ("matroska", "h264")
    assert len(verdict.record) <= record.MOST_BYTES


def test_the_time_line_tells_asked_shown_and_seen(verdict):
    prompt = record.decode(verdict.record).prompts[1]
    assert prompt.seen
    assert prompt.seen.gesture == "blink"
    assert prompt.begin_s is not None
    assert prompt.shown_s == pytest.approx(prompt.begin_s + prompt.wait_ms / 1000, abs=0.05)
    assert prompt.shown_s < prompt.seen.start_s < prompt.shown_s + prompt.window_ms / 1000


def test_the_colours_and_the_faces_answer_are_kept_as_series(evidence, verdict):
    found = record.decode(verdict.record)
    light = next(step for step in evidence.challenge.steps if isinstance(step, LightStep))
    assert [shown.rgb for shown in found.colours] == [(c.red, c.green, c.blue) for c in light.colours]
    assert all(shown.end_s - shown.begin_s == pytest.approx(0.3, abs=0.05) for shown in found.colours)
    assert found.reflection
    assert len(found.reflection.time) == len(found.reflection.measured) == len(found.reflection.expected) > 60
    pairs = zip(found.reflection.measured, found.reflection.expected, strict=True)
    far = [abs(m - e) for got, want in pairs for m, e in zip(got, want, strict=True)]
    assert max(far) < max(abs(value) for triple in found.reflection.expected for value in triple)


def test_the_strip_is_a_small_picture(verdict):
    strip = record.decode(verdict.record).strip
    assert strip
    assert strip.jpeg[:3] == b"\xff\xd8\xff"
    assert len(strip.jpeg) < 60_000
    assert list(strip.times) == sorted(strip.times)


def test_every_cue_with_a_bar_finds_it_in_the_thresholds(verdict):
    cues = {cue.name for cue in verdict.cues}
    assert {name.partition(".")[0] for name in record.decode(verdict.record).thresholds} == cues


def test_a_refusal_says_why(models, evidence):
    found = verify(models, replace(evidence, late=True))
    assert record.decode(found.record).reason.startswith("light: submitted too long after")


def test_writing_it_down_costs_next_to_nothing(verdict):
    assert verdict.seconds["record"] + verdict.seconds["replay"] < 0.1 * sum(verdict.seconds.values())


def test_a_record_stays_within_its_bound(verdict):
    found = record.decode(verdict.record)
    large = replace(found, strip=record.Strip(b"x" * 400_000, ()))
    kept = record.decode(record.encode(large))
    assert kept.strip is None
    assert kept.curves == found.curves
    huge = replace(large, curves=record.Curves(*(tuple([0.123456789] * 9000) for _ in range(7))))
    assert len(record.encode(huge)) <= record.MOST_BYTES


def test_a_record_is_plain_json(verdict):
    assert json.loads(verdict.record)["format"] == record.FORMAT


def changed(evidence: Evidence, *, crop=0.0, mirrored=False, skip_s=0.0, speed=1.0) -> bytes:
    """The recording, decoded, scaled down, changed and encoded again into another container."""
    pictures, times = [], []
    for frame in open_video(evidence.video):
        if frame.time < skip_s:
            continue
        height, width = frame.image.shape[:2]
        y, x = int(height * crop), int(width * crop)
        picture = cv2.resize(frame.image[y : height - y, x : width - x], (480, 360), interpolation=cv2.INTER_AREA)
        pictures.append(picture[:, ::-1] if mirrored else picture)
        times.append((frame.time - skip_s) / speed)
    return encode(pictures, "mp4", "libx264", times=times)


CHANGES = [{}, {"crop": 0.08}, {"mirrored": True}, {"skip_s": 2.0, "speed": 1.1}]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_recording_is_recognised_after_it_was_changed(models, evidence, verdict, change):
    seen = track(models, open_video(changed(evidence, **change)))
    cue = replay.judge(replay.fingerprint(seen), [Known("T/1", verdict.fingerprint)])
    assert (cue.decision, cue.tags) == ("deny", ("03",))


@pytest.mark.parametrize("seed", [6, 7])
def test_another_take_of_the_same_person_is_not(models, verdict, seed):
    other = film(models, level=4, seed=seed)
    cue = replay.judge(replay.fingerprint(track(models, open_video(other.video))), [Known("T/1", verdict.fingerprint)])
    assert cue.decision == "pass"
    assert cue.numbers["likeness"] < cue.numbers["bar"] - 0.1


def test_a_match_refuses_the_attempt(models, evidence, verdict):
    known = (Known(f"T/{Random(1).random()}", verdict.fingerprint),)
    assert verify(models, replace(evidence, known=known, sandbox=False)).code == "1002"


def test_at_level_1_a_match_is_recorded_only(models, evidence, verdict):
    again = verify(models, replace(evidence, level=1, known=(Known("T/1", verdict.fingerprint),), sandbox=False))
    assert (again.code, next(cue.decision for cue in again.cues if cue.name == "replay")) == ("0", "recorded")
