"""Commands that look at files and at the machine: verify, compare, capture, doctor."""

import errno
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from openekyc.cli import doctor, exits, main, reporting
from openekyc.cli.listening import address, bound
from openekyc.cli.main import run
from openekyc.errors import StartError
from openekyc.settings import Settings
from tests.assets import asset
from tests.own_network import described
from tests.recordings import encode, grey_ramp


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.webm"
    path.write_bytes(encode(grey_ramp(30)))
    return path


def test_verify_a_clip_without_a_face(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(clip), "--level", "1", "--json"]) == exits.NO
    assert json.loads(capsys.readouterr().out)["code"] == "1004"


def test_verify_with_a_challenge_file(clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    challenge = tmp_path / "challenge.json"
    challenge.write_text('{"steps": [{"kind": "gesture", "gesture": "nod", "prompt_ms": 100, "end_ms": 900}]}')
    assert run(["verify", str(clip), "--level", "2", "--challenge", str(challenge)]) == exits.NO
    assert "result 1005" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "{}", '{"steps": []}', '{"steps": [{"kind": "dance"}]}', '{"steps": [{"kind": "hold"}]}'])
def test_a_faulty_challenge_file_is_refused_with_a_remedy(
    clip: Path, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    challenge = tmp_path / "challenge.json"
    challenge.write_text(content)
    assert run(["verify", str(clip), "--level", "2", "--challenge", str(challenge)]) == exits.REFUSED
    assert "->" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "CLIP", "--level", "3"],
        ["verify", "CLIP", "--level", "2", "--gestures", "dance"],
        ["verify", "CLIP"],
        ["verify", "nowhere.webm", "--level", "1"],
        ["capture", "--token", "T"],
        ["capture", "--video", "CLIP"],
        ["capture", "--token", "T", "--simulate", "--video", "CLIP"],
        ["keys", "issue", "--account", "a", "--ttl", "0"],
    ],
)
def test_wrong_usage_is_told(clip: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(clip) if part == "CLIP" else part for part in arguments]) == exits.USAGE
    assert "Error" in capsys.readouterr().err


def test_capture_names_an_unreachable_server(clip: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openekyc.capture.client.FIRST_PAUSE_S", 0.0)
    code = run(["capture", "--token", "T", "--video", str(clip), "--server", "http://127.0.0.1:9"])
    assert code == exits.REFUSED
    assert "cannot be reached" in capsys.readouterr().err


def test_compare_a_face_with_itself_and_with_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    face = str(asset("astronaut.png"))
    assert run(["compare", face, face, "--json"]) == exits.DONE
    assert json.loads(capsys.readouterr().out)["similarity"] > 95
    nothing = tmp_path / "nothing.png"
    nothing.write_bytes(b"nothing")
    assert run(["compare", face, str(nothing)]) == exits.NO
    assert str(nothing) in capsys.readouterr().out


def test_doctor_names_missing_weights_and_a_busy_port(home: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = Settings(home=home, models=tmp_path, port=other.getsockname()[1])
        findings = {finding.check: finding for finding in doctor.examine(settings)}
    assert {name for name, finding in findings.items() if not finding.ok} == {"weights", "port"}
    assert all(finding.remedy for finding in findings.values() if not finding.ok)
    assert not home.exists()


def test_doctor_tries_the_operators_own_network(tmp_path: Path) -> None:
    folder, description = Settings().models_folder, described(tmp_path)
    assert doctor.own_network(folder, description).ok
    (tmp_path / "own.onnx").unlink()
    finding = doctor.own_network(folder, description)
    assert (finding.ok, "missing" in finding.found, "silent_model" in finding.remedy) == (False, True, True)


def test_a_bound_address_is_free_again_afterwards() -> None:
    with bound("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        sock.listen()
        with pytest.raises(StartError), bound("127.0.0.1", port):
            pass
    with bound("127.0.0.1", port):
        assert address("::1", port) == f"http://[::1]:{port}"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8"),
        ("::", "http://[::1]:8"),
        ("192.0.2.1", "http://192.0.2.1:8"),
        ("localhost", "http://localhost:8"),
        ("fe80::1%eth0", "http://[fe80::1%25eth0]:8"),
    ],
)
def test_an_address_is_one_that_can_be_opened(host: str, url: str) -> None:
    assert address(host, 8) == url


@pytest.mark.parametrize(("host", "remedy"), [("[::1]", "without brackets"), ("2001:db8::1", "no IPv6 at all"), ("192.0.2.1", "--host")])
def test_an_address_that_cannot_be_had_is_refused_with_a_remedy(host: str, remedy: str) -> None:
    with pytest.raises(StartError, match="Cannot listen on") as refused, bound(host, 0):
        pass
    assert remedy in refused.value.remedy


def test_doctor_does_not_want_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    finding = doctor.npm()
    assert (finding.ok, "not needed" in finding.found) == (True, True)


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)


def test_a_watched_report_shows_one_line_and_takes_it_away(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    on_a_terminal(monkeypatch)
    for item in reporting.followed("ab", 2, "samples"):
        click.echo(item)
    out, err = capsys.readouterr()
    assert out == "a\nb\n"  # what is printed meanwhile goes where it belongs
    assert "samples: 1 of 2, about 0 s left" in err
    assert "\n" not in err
    assert err.endswith(reporting.ERASE)


@pytest.mark.parametrize("terminal", [True, False])
def test_ctrl_c_says_what_is_left(terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> Iterator[str]:
        yield "a"
        raise KeyboardInterrupt

    def command(*_: object, **__: object) -> None:
        with reporting.resumable("what out holds"):
            list(reporting.followed(interrupted(), 2, "samples"))

    if terminal:
        on_a_terminal(monkeypatch)
    monkeypatch.setattr(main.cli, "main", command)
    assert run([]) == exits.INTERRUPTED == 130
    assert capsys.readouterr().err.replace(reporting.ERASE, "\n").splitlines()[-2:] == [
        "openekyc: Interrupted.",
        "  -> The same command goes on from what out holds.",
    ]


def test_ctrl_c_anywhere_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("openekyc.cli.doctor.examine", fail)
    assert run(["doctor"]) == exits.INTERRUPTED
    assert capsys.readouterr().err.strip() == "openekyc: Interrupted."


def test_a_full_disk_is_no_defect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "report/index.html")

    monkeypatch.setattr("openekyc.cli.doctor.examine", fail)
    assert run(["doctor"]) == exits.REFUSED
    err = capsys.readouterr().err
    assert "report/index.html: No space left on device." in err
    assert "-> Free space" in err


def test_a_long_report_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reporting, "EVERY_S", 0.0)
    assert list(reporting.followed("ab", 2, "samples")) == ["a", "b"]
    assert capsys.readouterr().err.splitlines() == ["samples: 1 of 2", "samples: 2 of 2"]
