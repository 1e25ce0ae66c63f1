"""`openekyc simulate` against a running server, as a person types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from openekyc.reports.manifest import read_manifest
from openekyc.simulator.knobs import KINDS
from tests.conftest import Key, Running

pytestmark = pytest.mark.timeout(240)


def simulate(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "openekyc.cli.main", "simulate", *options], capture_output=True, text=True, timeout=200)


def through(server: Running, key: Key, *options: str) -> "subprocess.CompletedProcess[str]":
    return simulate("--server", server.url, "--secret-id", key.secret_id, "--secret-key", key.secret_key, *options)


def test_a_person_passes_and_attacks_do_not(server: Running) -> None:
    done = through(server, server.sandbox_key, "--level", "4", "--subject", "live,tilted,relay,splice", "--seed", "4", "--json")
    assert done.returncode == 0, done.stderr
    live, *attacks = sessions = [json.loads(line) for line in done.stdout.splitlines()]
    assert [session["subject"] for session in sessions] == ["live", "tilted", "relay", "splice"]
    assert (live["Result"], live["reasons"], live["seed"]) == ("0", [], 4)
    assert all(session["Result"] not in ("0", None) and session["reasons"] for session in attacks)


def test_a_key_of_an_ordinary_account_is_not_taken(server: Running) -> None:
    done = through(server, server.key, "--level", "1")
    assert done.returncode == 4
    assert "not a sandbox key" in done.stderr
    assert "--sandbox" in done.stderr


def test_a_wrong_secret_is_refused(server: Running) -> None:
    done = through(server, Key(server.sandbox_key.secret_id, "wrong"))
    assert done.returncode == 4
    assert "AuthFailure" in done.stderr


def test_a_server_that_is_not_there_is_named() -> None:
    done = simulate("--server", "http://127.0.0.1:9", "--secret-id", "a", "--secret-key", "b")
    assert done.returncode == 4
    assert "does not answer" in done.stderr


@pytest.mark.parametrize(
    "options", [(), ("--subject", "ghost", "--render", "x"), ("--actions", "wink", "--render", "x"), ("--level", "3", "--actions", "nod")]
)
def test_wrong_arguments_are_refused(options: tuple[str, ...]) -> None:
    assert simulate(*options).returncode == 2


def test_lists_every_subject() -> None:
    done = simulate("--list", "--json")
    assert [json.loads(line)["subject"] for line in done.stdout.splitlines()] == list(KINDS)


def test_renders_files_for_the_reports(tmp_path: Path) -> None:
    done = simulate("--render", str(tmp_path / "set"), "--subject", "live,static", "--level", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert [sample.group for sample in read_manifest(Path(done.stdout.strip()))] == ["bona_fide", "static"]
