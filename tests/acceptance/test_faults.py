"""A server whose disk is full: it says so, loses nothing, fails no call beyond what the disk forbids, and recovers."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.test_server import until
from tests.conftest import START_S, create_key

SIZE = 24 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own. Where that may not be mounted, the test is skipped; tests/unit/operations/test_health.py tries the same
    rules without such rights."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all that is left."""
    litter = folder / "litter"
    with litter.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(65536)):
            pass
        while file.write(b"\0"):
            pass
    return litter


def ready(url: str) -> tuple[int, set[str]]:
    """The status of /readyz, and the checks that fail."""
    answer = httpx.get(f"{url}/readyz")
    return answer.status_code, {name for name, passes in answer.json()["checks"].items() if not passes}


def test_a_full_disk_is_told_and_survived(small_disk: Path, client_for: Callable[..., Any]) -> None:
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

    home, log = small_disk / "home", small_disk / "log"
    command = [sys.executable, "-m", "openekyc.cli.main", "serve", "--home", str(home), "--port", "0"]
    environ = {**os.environ, "OPENEKYC_DISK_FREE_MIN_BYTES": "1000000", "OPENEKYC_LOG_LEVEL": "debug", "OPENEKYC_WORKERS": "1"}
    environ["OPENEKYC_RATE_PER_SECOND"] = "1000"
    with (
        log.open("wb") as written,
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=written, text=True, start_new_session=True) as process,
    ):
        try:
            assert process.stdout
            url = next(line for line in process.stdout if line.startswith("ready ")).split()[1]
            client = client_for(create_key(home, "acme"), url)
            assert ready(url) == (200, set())
            token = client.call_json("ApplyLivenessToken", {"SecureLevel": "1"})["Response"]["SdkToken"]

            litter = fill(small_disk)
            assert until(lambda: ready(url)[0] == 503)
            assert ready(url)[1] >= {"space", "media"}
            # Every call still has its own answer, though not one line of the log can be written.
            codes = set()
            for _ in range(30):
                with suppress(TencentCloudSDKException):
                    client.call_json("ApplyLivenessToken", {"SecureLevel": "1", "Extra": "x" * 1000})
                try:
                    codes.add(client.call_json("GetLivenessResult", {"SdkToken": token})["Response"]["Result"])
                except TencentCloudSDKException as error:
                    codes.add(error.code)
            assert codes == {"-999"}  # nothing was judged yet; reading goes on
            assert httpx.post(url, json={}).status_code == 200
            assert httpx.get(f"{url}/capture/v1/nothing").status_code == 404
            assert httpx.get(f"{url}/healthz").status_code == 200

            litter.unlink()
            assert until(lambda: ready(url) == (200, set()))
            client.call_json("ApplyLivenessToken", {"SecureLevel": "1"})
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(START_S)
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
    assert any(line["event"] == "log_lines_lost" and line["lost"] > 30 for line in lines)
