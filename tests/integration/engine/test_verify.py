"""Evidence to verdict on real pixels: a real talking man, the simulated subject, and files that are no recordings."""

import cv2
import msgspec
import numpy as np
import pytest

from openekyc.engine.media import open_video
from openekyc.engine.record import decode
from openekyc.engine.runtime import Models
from openekyc.engine.values import Challenge, Evidence, HoldStep, StepMark, Trace
from openekyc.engine.verify import verify, verify_file
from openekyc.settings import Settings
from tests.assets import asset
from tests.filmed import film
from tests.own_network import described
from tests.recordings import encode, grey_ramp


@pytest.fixture(scope="module")
def models():
    return Models(Settings().models_folder)


@pytest.fixture(scope="module")
def live(models):
    """A simulated subject who does everything asked at level 4."""
    return film(models, "live", 4, ("blink",), seed=3)


@pytest.fixture(scope="module")
def passed(models, live):
    return verify(models, live)


def cue(verdict, name):
    return next(cue for cue in verdict.cues if cue.name == name)


def test_a_live_subject_passes_every_cue_of_level_4(passed):
    assert (passed.code, passed.hint, passed.tags) == ("0", "", ())
    assert {one.name for one in passed.cues} >= {"face", "quality", "trace", "silent", "continuity", "gestures", "light", "compare"}
    assert cue(passed, "light").numbers["correlation"] > 0.9


def test_a_verdict_brings_a_best_frame_and_the_action_video(passed, live):
    frame = cv2.imdecode(np.frombuffer(passed.best_frame, np.uint8), cv2.IMREAD_COLOR)
    assert frame.shape == (480, 640, 3)
    times = [one.time for one in open_video(passed.action_video)]
    assert 2.0 < times[-1] < 8.0
    assert set(passed.seconds) >= {"track", "align", "silent", "continuity", "gestures", "light", "best_frame"}


def test_a_verdict_survives_the_way_between_processes(passed):
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(passed), type=type(passed)) == passed


def test_an_old_recording_is_refused_by_the_light(models):
    found = verify(models, film(models, "old", 3, seed=5))
    assert (found.code, found.hint) == ("1005", "keep_facing_screen")
    assert "09" in found.tags


def test_a_photo_is_refused_for_the_gesture_it_did_not_make(models):
    found = verify(models, film(models, "photo", 2, seed=5))
    assert (found.code, found.hint) == ("1005", "follow_prompts")
    assert "02" in found.tags


def test_submitting_too_late_is_refused_although_all_else_is_right(models, live):
    found = verify(models, msgspec.structs.replace(live, late=True))
    assert (found.code, found.tags) == ("1005", ("09",))


def test_an_ordinary_account_takes_the_silent_cue_at_its_word(models, live, monkeypatch):
    strict = [one._replace(input=msgspec.structs.replace(one.input, threshold=1.1, room=0.0)) for one in models.silent]
    monkeypatch.setattr(models, "silent", tuple(strict))
    short = msgspec.structs.replace(live, level=1)
    sandbox, ordinary = verify(models, short), verify(models, msgspec.structs.replace(short, sandbox=False))
    assert (sandbox.code, cue(sandbox, "silent").decision) == ("0", "recorded")
    assert (ordinary.code, ordinary.tags, ordinary.hint) == ("1002", ("03",), "try_again")


def test_an_own_network_speaks_for_itself_and_stands_in_the_record(live, tmp_path):
    own = Models(Settings().models_folder, described(tmp_path, threshold=0.99))
    found = verify(own, msgspec.structs.replace(live, level=1, sandbox=False))
    assert (found.code, cue(found, "silent").decision, cue(found, "silent_own").decision) == ("1002", "pass", "deny")
    kept = decode(found.record)
    assert kept.models["own.onnx"] == own.files["silent_own"].sha256
    assert (kept.thresholds["silent_own.live"], kept.thresholds["silent.live"]) == (0.99, 0.02)
    assert "silent_own" in kept.reason


def test_the_colours_of_another_recording_are_tampering(models, live):
    frames = live.trace.frames
    rgbs = [frame.rgb for frame in reversed(frames)]
    claimed = tuple(msgspec.structs.replace(frame, rgb=rgb) for frame, rgb in zip(frames, rgbs, strict=True))
    found = verify(models, msgspec.structs.replace(live, trace=msgspec.structs.replace(live.trace, frames=claimed)))
    assert (found.code, cue(found, "trace").tags) == ("1002", ("05",))


def test_a_trace_without_steps_is_incomplete(models, live):
    found = verify(models, msgspec.structs.replace(live, trace=Trace(), level=1, challenge=Challenge("", (HoldStep(1000),))))
    assert (found.code, found.hint) == ("1005", "recording_incomplete")


def test_half_a_recording_is_incomplete_and_no_crash(models, live):
    found = verify(models, msgspec.structs.replace(live, video=live.video[: len(live.video) // 2]))
    assert found.code != "0"
    assert cue(found, "trace").decision == "retry"


@pytest.mark.parametrize(
    ("video", "hint"),
    [
        (b"", "recording_damaged"),
        (b"\x1a\x45\xdf\xa3" + b"\xff" * 500, "recording_damaged"),
        (b"\x00" * 100, "recording_unsupported"),
        (b"not a video at all", "recording_unsupported"),
        (encode(grey_ramp(), "matroska", "ffv1"), "recording_unsupported"),
        (encode(grey_ramp(2, 2560, 1440), "mp4", "libx264"), "recording_unsupported"),
        (encode(grey_ramp(32), times=range(32)), "recording_too_long"),
        (encode(grey_ramp(30)), "recording_too_short"),
        (encode(grey_ramp(6), times=[0, 1, 2, 3, 4, 5]), "recording_too_few_frames"),
    ],
)
def test_what_cannot_be_judged_is_a_verdict_that_says_why(models, live, video, hint):
    found = verify(models, msgspec.structs.replace(live, level=1, trace=Trace(), challenge=Challenge("", ()), video=video))
    assert (found.code, found.hint) == ("1004", hint)
    assert cue(found, "face").reason


def test_the_persons_own_picture_is_alike_and_anothers_is_not(models, live):
    own = verify(models, msgspec.structs.replace(live, reference=asset("astronaut.png").read_bytes()))
    assert own.code == "0"
    assert own.similarity >= 80
    other = verify(models, msgspec.structs.replace(live, reference=asset("biden.jpg").read_bytes()))
    assert (other.code, other.hint) == ("2016", "try_again")
    assert other.similarity < 70


def test_a_print_is_refused_although_it_is_the_reference_itself(models):
    """Nothing is as like a print as its own file: the comparison would let it pass, so liveness decides first."""
    print_ = msgspec.structs.replace(film(models, "curved", 3, seed=5), reference=asset("astronaut.png").read_bytes())
    found = verify(models, print_)
    assert (found.code, found.tags) == ("1005", ("09",))
    assert cue(found, "compare").decision == "pass"
    assert found.similarity >= 80


def test_a_reference_that_cannot_be_used_has_its_code(models, live):
    found = verify(models, msgspec.structs.replace(live, reference=b"no picture"))
    assert (found.code, found.similarity) == ("2014", None)


def test_a_real_man_who_talks_is_no_answer_to_a_prompt(models):
    """176x144 pixels, face 45 px wide: too small to be judged, and told so, whatever he does."""
    video = asset("carphone_pristine.mp4").read_bytes()
    steps = (StepMark(0, 0.0, 3_000.0),)
    found = verify(models, Evidence(video, Challenge("", (HoldStep(3000),)), Trace(steps=steps), 1))
    assert cue(found, "quality").hint == "move_closer"
    assert found.code != "0"


def test_a_bare_file_is_judged_without_prompts(models, live):
    assert cue(verify_file(models, live.video, 2), "gestures").decision == "pass"
    assert cue(verify_file(models, live.video, 2, ("shake",)), "gestures").tags == ("02",)
    with pytest.raises(ValueError, match="challenge"):
        verify_file(models, live.video, 4)
