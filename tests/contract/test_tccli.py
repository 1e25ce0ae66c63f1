"""The official command line, tccli, pointed at a running plain-http server, where it sends its whole endpoint as Host."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Running


@pytest.fixture
def tccli(server: Running, tmp_path: Path) -> Any:
    def run(action: str, *arguments: str) -> tuple[int, str]:
        command = [str(Path(sys.executable).with_name("tccli")), "faceid", action, *arguments, "--endpoint", server.url]
        environ = {**os.environ, "HOME": str(tmp_path), "TENCENTCLOUD_SECRET_ID": server.key.secret_id}
        environ |= {"TENCENTCLOUD_SECRET_KEY": server.key.secret_key, "TENCENTCLOUD_REGION": "ap-singapore"}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_whole_call(tccli: Any) -> None:
    status, output = tccli("ApplyLivenessToken", "--SecureLevel", "1")
    assert status == 0, output
    token = json.loads(output)["SdkToken"]
    status, output = tccli("GetLivenessResult", "--SdkToken", token)
    assert status == 0, output
    assert json.loads(output)["Result"] == "-999"


def test_numbers_and_errors(tccli: Any) -> None:
    status, output = tccli("GetFaceIdTokenIntl", "--RetryLimit", "3", "--ActionList", "nod,shake", "--EnableBotBgDetection", "True")
    assert status == 0, output
    status, output = tccli("GetFaceIdTokenIntl", "--RetryLimit", "9")
    assert status != 0
    assert "InvalidParameter" in output
