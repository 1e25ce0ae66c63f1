"""The snippets of the docs, run as a reader runs them; those whose SDK is in no registry we reach are checked for syntax only."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openekyc.capture.client import CaptureClient
from openekyc.settings import Settings
from openekyc.simulator.recorded import RecordedCamera
from openekyc.simulator.run import run_session
from tests.assets import asset
from tests.conftest import Running

pytestmark = pytest.mark.timeout(180)

FOLDER = Path(__file__).parents[2] / "examples" / "snippets"
NODE_SDK = Path(__file__).parents[1] / "contract" / "node"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(server: Running, tmp_path: Path) -> Run:
    """`run(program, *arguments)` in the reader's environment: the exit status and everything printed."""
    environ = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NODE_PATH": str(NODE_SDK / "node_modules"),
        "KYC_URL": server.url,
        "TENCENTCLOUD_SECRET_ID": server.key.secret_id,
        "TENCENTCLOUD_SECRET_KEY": server.key.secret_key,
    }

    def run(*command: str, **changes: str) -> tuple[int, str]:
        done = subprocess.run(command, cwd=FOLDER, env=environ | changes, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def node_sdk() -> None:
    """The pinned SDK, installed once beside the contract tests."""
    if not (NODE_SDK / "node_modules" / ".package-lock.json").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=NODE_SDK, check=True, capture_output=True, timeout=300)


def token_of(output: str, server: Running) -> str:
    token, address = output.split()
    assert address == f"{server.url}/verify?token={token}"
    return token


@pytest.mark.parametrize("command", [(sys.executable, "hosted_page.py"), ("node", "hosted_page.js")])
def test_a_token_and_how_it_stands(run: Run, node_sdk: None, server: Running, command: tuple[str, ...]) -> None:
    status, output = run(*command)
    assert status == 0, output
    assert run(*command, token_of(output, server)) == (0, "17 The verification process is not finished\n")
    status, output = run(*command, "x")
    assert status == 1
    assert output.startswith("InvalidParameterValue.BizTokenIllegal: ")
    status, output = run(*command, TENCENTCLOUD_SECRET_KEY="wrong")
    assert status == 1
    assert output.startswith("AuthFailure.SignatureFailure: ")


def test_curl_with_a_signature_of_openssl(run: Run, server: Running) -> None:
    wishes = json.dumps({"RedirectURL": "https://app.example/done?a=é", "Config": {"CheckMode": 3, "SecurityLevel": 4}}, ensure_ascii=False)
    made = answer(run("sh", "call.sh", "ApplyWebVerificationBizTokenIntl", wishes))
    found = answer(run("sh", "call.sh", "GetWebVerificationResultIntl", json.dumps({"BizToken": made["BizToken"]})))
    assert found["ErrorCode"] == 17
    refused = answer(run("sh", "call.sh", "GetLivenessResult", "{}", TENCENTCLOUD_SECRET_KEY="wrong"))
    assert refused["Error"]["Code"] == "AuthFailure.SignatureFailure"
    status, output = run("sh", "call.sh", "GetLivenessResult", "{}", KYC_URL="")
    assert status != 0
    assert "http://127.0.0.1:8080" in output


def answer(done: tuple[int, str]) -> dict[str, Any]:
    status, output = done
    assert status == 0, output
    response: dict[str, Any] = json.loads(output)["Response"]
    return response


def test_the_vendors_command_line(run: Run, server: Running) -> None:
    status, output = run("sh", "hosted_page_tccli.sh")
    assert status == 0, output
    status, output = run("sh", "hosted_page_tccli.sh", json.loads(output)["BizToken"])
    assert status == 0, output
    assert json.loads(output)["ErrorCode"] == 17


def test_a_picture_to_compare_with(run: Run, server: Running) -> None:
    picture = str(Settings().models_folder / "astronaut.png")
    status, output = run(sys.executable, "compare_with_picture.py", picture)
    assert status == 0, output
    status, output = run(sys.executable, "compare_with_picture.py", picture, token_of(output, server))
    assert (status, output) == (0, "17 The verification process is not finished\n")


def test_media_are_kept(run: Run, server: Running, client_for: Callable[..., Any], tmp_path: Path) -> None:
    token = client_for(server.key).call_json("ApplyLivenessToken", {"SecureLevel": "2"})["Response"]["SdkToken"]
    assert run(sys.executable, "keep_media.py", token, str(tmp_path / "kept"))[0] == 0
    assert not list((tmp_path / "kept").iterdir()), "nothing was filmed yet"
    with CaptureClient(server.url, token) as client:
        run_session(client, lambda: RecordedCamera(asset("carphone_pristine.mp4")))
    status, output = run(sys.executable, "keep_media.py", token, str(tmp_path / "kept"))
    assert status == 0, output
    recording = tmp_path / "kept" / "recording"
    assert recording.stat().st_size > 10_000
    assert recording.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "command"),
    [("hosted_page.go", ("gofmt", "-e", "-l")), ("hosted_page.php", ("php", "-l"))],
)
def test_the_syntax_of_what_cannot_run_here(name: str, command: tuple[str, ...]) -> None:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed: the syntax of {name} is not checked")
    done = subprocess.run([*command, str(FOLDER / name)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert command[0] != "gofmt" or not done.stdout, "not formatted as gofmt does"


def test_the_syntax_of_the_java_snippet(tmp_path: Path) -> None:
    """The SDK's classes are not here, so that names cannot be found is all that javac may complain of; it looks for them only in what it
    could read."""
    if not shutil.which("javac"):
        pytest.skip("there is no JDK: the syntax of HostedPage.java is not checked")
    command = ["javac", "-J-Duser.language=en", "-d", str(tmp_path), str(FOLDER / "HostedPage.java")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    said = [line for line in done.stderr.splitlines() if ": error: " in line]
    assert said, done.stderr
    assert all(line.endswith(("does not exist", "cannot find symbol")) for line in said), said


@pytest.mark.parametrize("name", ["hosted_page.go", "hosted_page.php", "HostedPage.java"])
def test_what_cannot_run_here_says_so_first(name: str) -> None:
    assert "Our tests check the syntax of this file only" in (FOLDER / name).read_text()[:700]
