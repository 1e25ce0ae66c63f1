"""Children that download are watched, ended when nothing moves, and tried again when that may help."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from openekyc.engine.clients import Client, ClientFailed, Moment, with_proxies


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path, sleep=lambda seconds: None)


def counting(tmp_path: Path, text: str, successes_from: int) -> list[str]:
    """A program that fails with a text until it was called often enough."""
    script = (
        "import pathlib, sys; file = pathlib.Path(sys.argv[1]); calls = file.stat().st_size if file.exists() else 0;"
        "file.open('a').write('x'); print(sys.argv[2]); sys.exit(calls + 1 < int(sys.argv[3]))"
    )
    return [sys.executable, "-c", script, str(tmp_path / "calls"), text, str(successes_from)]


def calls(tmp_path: Path) -> int:
    return (tmp_path / "calls").stat().st_size


def test_what_may_pass_is_tried_again(client: Client, tmp_path: Path) -> None:
    assert client.run(counting(tmp_path, "ReadTimeoutError", 3)) == ["ReadTimeoutError"]
    assert calls(tmp_path) == 3


def test_but_not_for_ever(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ClientFailed, match="in time"):
        client.run(counting(tmp_path, "ReadTimeoutError", 99))
    assert calls(tmp_path) == 1 + len(client.pauses)


def test_what_stays_wrong_is_told_at_once(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ClientFailed, match="disk is full") as failed:
        client.run(counting(tmp_path, "No space left on device", 99))
    assert calls(tmp_path) == 1
    assert "MB are free" in failed.value.remedy


def test_a_silent_child_is_ended_with_its_children(client: Client, tmp_path: Path) -> None:
    grandchild = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    with pytest.raises(ClientFailed, match="Nothing came for 0 s"):
        replace(client, silent_s=0.2, pauses=()).run([sys.executable, "-c", grandchild])


def test_a_child_that_writes_is_not_silent(client: Client, tmp_path: Path) -> None:
    heard: list[Moment] = []
    script = f"import pathlib, time; pathlib.Path({str(tmp_path / 'part')!r}).write_bytes(b'x' * 1000); time.sleep(1.5)"
    replace(client, told=heard.append).run([sys.executable, "-c", script])
    assert max(moment.size for moment in heard) == 1000


def test_a_file_over_the_systems_limit_is_named(client: Client, tmp_path: Path) -> None:
    command = ["sh", "-c", "ulimit -f 1; exec \"$0\" -c \"open('part', 'wb').write(bytes(10**6))\"", sys.executable]
    with pytest.raises(ClientFailed, match="ulimit"):
        client.run(command, cwd=tmp_path)


def test_a_missing_program_and_one_that_was_killed_are_named(client: Client) -> None:
    with pytest.raises(ClientFailed, match="cannot be started"):
        client.run(["/nowhere/at/all"])
    with pytest.raises(ClientFailed, match="ended from outside"):
        client.run(["sh", "-c", "kill -9 $$"])


def test_the_log_has_everything_but_credentials(client: Client, tmp_path: Path) -> None:
    log = io.StringIO()
    environ = {"HTTPS_PROXY": "http://me:secretword@proxy.test:1", "PATH": "/usr/bin:/bin"}
    replace(client, log=log, environ=environ).run(["sh", "-c", "echo via $HTTPS_PROXY"])
    assert "via http://***@proxy.test:1" in log.getvalue()
    assert "secretword" not in log.getvalue()


def test_npm_hears_of_the_proxy_for_everything() -> None:
    assert with_proxies({"all_proxy": "http://a:1"}) == {"all_proxy": "http://a:1", "HTTPS_PROXY": "http://a:1", "HTTP_PROXY": "http://a:1"}
    assert with_proxies({"ALL_PROXY": "http://a:1", "https_proxy": "http://b:1"})["https_proxy"] == "http://b:1"
    assert "HTTPS_PROXY" not in with_proxies({"ALL_PROXY": "http://a:1", "https_proxy": "http://b:1"})
