"""A session explained and judged again from what its server kept, and a recording that comes a second time."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openekyc.capture.client import CaptureClient
from openekyc.engine.lock import read_lock
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.recorded import RecordedCamera
from openekyc.simulator.run import run_session
from openekyc.simulator.subject import load_portrait, subject
from tests.conftest import Key, Running
from tests.filmed import film

pytestmark = pytest.mark.timeout(180)


def openekyc(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "openekyc.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Settings().models_folder)


@pytest.fixture(scope="module")
def token(server: Running, client_for: Callable[..., Any], models: Models) -> str:
    """A level-4 sandbox session that a simulated subject passed."""
    answer = client_for(server.sandbox_key).call_json("GetFaceIdTokenIntl", {"SecureLevel": "4", "ActionList": "blink"})
    issued: str = answer["Response"]["SdkToken"]
    person = load_portrait(models, Knobs())
    with CaptureClient(server.url, issued) as client:
        run_session(client, lambda: subject("live", person, Knobs(seed=77)))
    return issued


def test_a_session_is_explained_on_one_page_beside_the_running_server(server: Running, token: str, tmp_path: Path) -> None:
    done = openekyc("explain", token, "--home", server.home, "--out", tmp_path / "page.html")
    assert (done.returncode, done.stderr) == (0, "")
    text = (tmp_path / "page.html").read_text()
    assert "Sandbox session" in text
    assert "Result 0: Success (sandbox)" in text
    assert (tmp_path / "page.html").stat().st_mode & 0o077 == 0


def test_its_json_says_what_there_was_to_guess(server: Running, token: str) -> None:
    found = json.loads(openekyc("explain", token, "--home", server.home, "--json").stdout)
    attempt = found["attempts"][0]
    assert (found["sandbox"], found["client"]["camera"]["label"]) == (True, "simulated (live)")
    assert attempt["record"]["models"] == {item.file: item.sha256 for item in read_lock() if item.use == "engine"}
    worth = {source["name"]: source["worth"] for source in attempt["entropy"]["sources"]}
    assert (worth["gestures"], worth["timing"]) == (0.0, 0.0)
    assert 0 < worth["colours"] <= 9.1


def test_judging_again_gives_the_same_verdict(server: Running, token: str) -> None:
    done = openekyc("replay", token, "--home", server.home, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["inputs"], found["verdict"]) == (0, [], [])
    assert found["code_then"] == found["code_now"] == "0"


def test_other_thresholds_are_refused_unless_forced(server: Running, token: str, tmp_path: Path) -> None:
    config = tmp_path / "stricter.toml"
    config.write_text("pass_similarity = 85.0\n")
    refused = openekyc("replay", token, "--home", server.home, "--config", config)
    assert refused.returncode == 4
    assert "compare.pass_similarity was 70, is 85" in refused.stderr
    forced = openekyc("replay", token, "--home", server.home, "--config", config, "--force", "--json")
    assert [one["field"] for one in json.loads(forced.stdout)["inputs"]] == ["threshold compare.pass_similarity"]


@pytest.mark.parametrize("command", ["explain", "replay"])
def test_an_unknown_session_or_home_is_named(server: Running, command: str, tmp_path: Path) -> None:
    done = openekyc(command, "00000000-0000-0000-0000-000000000000", "--home", server.home)
    assert done.returncode == 4
    assert f"There is no session 00000000-0000-0000-0000-000000000000 in {server.home}." in done.stderr
    assert "->" in done.stderr
    done = openekyc(command, "00000000-0000-0000-0000-000000000000", "--home", tmp_path / "nowhere")
    assert done.returncode == 3
    assert "holds no sessions" in done.stderr


def test_a_recording_is_refused_when_it_comes_again(
    server: Running, client_for: Callable[..., Any], models: Models, tmp_path: Path
) -> None:
    """With an ordinary account. The first verdict is whatever the engine says of a rendered face; the second names the first."""
    path = tmp_path / "recording.mkv"
    path.write_bytes(film(models, level=2, seed=31).video)
    key = server.process.create_key("seen-before")
    first, second = (played(server, client_for, key, path) for _ in range(2))
    assert second["Result"] != "0"
    assert "03" in second["LivenessInfoTag"]
    cues = json.loads(openekyc("explain", second["token"], "--home", server.home, "--json").stdout)["attempts"][0]["record"]["cues"]
    replayed = next(cue for cue in cues if cue["name"] == "replay")
    assert replayed["decision"] == "deny"
    assert replayed["reason"].endswith(f"attempt {first['token']}/1")


def played(server: Running, client_for: Callable[..., Any], key: Key, path: Path) -> dict[str, Any]:
    """A level-2 session answered by a file."""
    client = client_for(key)
    token = client.call_json("GetFaceIdTokenIntl", {"SecureLevel": "2"})["Response"]["SdkToken"]
    with CaptureClient(server.url, token) as capture:
        run_session(capture, lambda: RecordedCamera(path))
    answer: dict[str, Any] = client.call_json("GetFaceIdResultIntl", {"SdkToken": token})["Response"]
    return answer | {"token": token}
