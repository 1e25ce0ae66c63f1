"""The simulated subject through the whole house: token, capture over HTTP, verdict, result.

A handful of the sessions that benchmarks/liveness.py counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openekyc.capture.client import CaptureClient
from openekyc.capture.messages import OutcomeAnswer
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.knobs import Codec, Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.recorded import RecordedCamera
from openekyc.simulator.run import NoSandbox, run_session
from openekyc.simulator.subject import load_portrait, subject
from tests.assets import asset
from tests.conftest import Key, Running

pytestmark = pytest.mark.timeout(180)

CODEC_OF: dict[int, Codec] = {1: "vp9-webm", 2: "vp8-webm", 3: "h264-mp4", 4: "h264-mkv"}
Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def person() -> Portrait:
    return load_portrait(Models(Settings().models_folder), Knobs())


@pytest.fixture
def call(client_for: Callable[..., Any]) -> Call:
    def signed(key: Key, action: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = client_for(key).call_json(action, parameters)["Response"]
        return answer

    return signed


def attempt(
    server: Running, call: Call, person: Portrait, kind: Kind, level: int, gestures: str = ""
) -> tuple[OutcomeAnswer, dict[str, Any]]:
    """One sandbox session: what the capture side learns and what the integrator reads."""
    asked = {"ActionList": gestures} if gestures else {}
    token = call(server.sandbox_key, "GetFaceIdTokenIntl", SecureLevel=str(level), **asked)["SdkToken"]
    knobs = Knobs(seed=level * 10 + len(kind), codec=CODEC_OF[level])
    with CaptureClient(server.url, token) as client:
        outcome = run_session(client, lambda: subject(kind, person, knobs))
    return outcome, call(server.sandbox_key, "GetFaceIdResultIntl", SdkToken=token)


@pytest.mark.parametrize(("level", "gestures"), [(1, ""), (2, "blink,mouth"), (3, ""), (4, "nod,shake")])
def test_a_live_subject_passes(server: Running, call: Call, person: Portrait, level: int, gestures: str) -> None:
    outcome, result = attempt(server, call, person, "live", level, gestures)
    assert result["Result"] == "0", result["LivenessInfoTag"]
    assert (outcome.state, outcome.hint, outcome.sandbox) == ("pass", "", True)


@pytest.mark.parametrize("level", [2, 3, 4])
def test_a_printed_photo_does_not(server: Running, call: Call, person: Portrait, level: int) -> None:
    outcome, result = attempt(server, call, person, "photo", level)
    assert result["Result"] != "0"
    assert outcome.state == "retry"


def test_a_photo_on_a_display_does_not(server: Running, call: Call, person: Portrait) -> None:
    _, result = attempt(server, call, person, "display", 3)
    assert result["Result"] != "0"


@pytest.mark.parametrize("level", [3, 4])
def test_an_old_recording_does_not(server: Running, call: Call, person: Portrait, level: int) -> None:
    outcome, result = attempt(server, call, person, "old", level)
    assert result["Result"] == "1005"
    assert "09" in result["LivenessInfoTag"]
    assert outcome.state == "retry"


def test_a_video_on_a_screen_does_not(server: Running, call: Call, person: Portrait) -> None:
    _, result = attempt(server, call, person, "replay", 4)
    assert result["Result"] != "0"


def test_a_rendered_person_answers_no_ordinary_session(server: Running, call: Call, person: Portrait) -> None:
    token = call(server.key, "GetFaceIdTokenIntl", SecureLevel="1")["SdkToken"]
    with CaptureClient(server.url, token) as client, pytest.raises(NoSandbox):
        run_session(client, lambda: subject("live", person, Knobs()))
    assert call(server.key, "GetFaceIdResultIntl", SdkToken=token)["Result"] == "-999"


def test_a_real_recording_is_judged_and_gives_no_gesture_at_the_prompt(server: Running, call: Call) -> None:
    """The only real moving face in a package is 45 pixels wide: too small to pass, so what is held is that it comes through whole."""
    token = call(server.key, "GetFaceIdTokenIntl", SecureLevel="2")["SdkToken"]
    with CaptureClient(server.url, token) as client:
        outcome = run_session(client, lambda: RecordedCamera(Path(asset("carphone_pristine.mp4"))))
    result = call(server.key, "GetFaceIdResultIntl", SdkToken=token)
    assert outcome.state == "retry"
    assert not outcome.sandbox
    assert result["Result"] not in ("0", "-999", "1001")
