"""The command line's edge: help, exit codes, causes and remedies."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from openekyc.cli import exits, main
from openekyc.errors import HomeError, MediaUndecodable
from tests.assets import asset
from tests.own_network import described


def _commands(group: click.Group, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*prefix, name))
        if isinstance(command, click.Group):
            found += _commands(command, (*prefix, name))
    return found


@pytest.mark.parametrize("command", _commands(main.cli), ids=" ".join)
def test_every_command_has_help_with_an_example(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([*command, "--help"]) == exits.DONE
    text = capsys.readouterr().out
    assert "Example:" in text or "Commands:" in text


@pytest.mark.parametrize("command", [(), *_commands(main.cli)], ids=" ".join)
def test_help_fits_80_columns_and_is_never_cut(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    main.run([*command, "--help"])
    _usage, *texts = capsys.readouterr().out.split("\n\n")  # the usage begins with the program's path, however long that is
    lines = [line for text in texts for line in text.splitlines() if "Example: " not in line]  # an example is copied as it stands
    assert [line for line in lines if len(line) > 80 or line.endswith("...")] == []


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from openekyc.cli.main import run; run(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("numpy", "starlette", "sqlalchemy", "rich.table", "httpx", "structlog"):
        assert f"'{heavy}'" not in done.stdout


def test_comparing_two_pictures_loads_nothing_of_recordings_documents_and_the_server(tmp_path: Path) -> None:
    face = str(asset("obama.jpg"))
    code = f"import sys; from openekyc.cli.main import run; run(['compare', {face!r}, {face!r}]); print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | {"OPENEKYC_HOME": str(tmp_path)}
    )
    loaded = set(done.stdout.split())
    assert "openekyc.engine.compare.pictures" in loaded
    assert not loaded & {
        "av",
        "sqlalchemy",
        "cryptography",
        "starlette",
        "uvicorn",
        "httpx",
        "openekyc.engine.verify",
        "openekyc.engine.media",
    }
    assert not [name for name in loaded if name.startswith("openekyc.engine.documents")]


def test_the_api_process_imports_no_engine() -> None:
    code = "import sys, openekyc.cli.server; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"numpy", "cv2", "onnxruntime", "av", "ai_edge_litert"}
    engine = {name.removeprefix("openekyc.engine.") for name in loaded if name.startswith("openekyc.engine.")}
    light = (
        "values",
        "kinds",
        "checks",
        "dates",
        "fields",
        "layout",
        "shapes",
        "words",
        "unlabelled",
        "mrz",
        "states",
        "witness",
        "zone_names",
    )
    allowed = {"values", "lock", "documents", *(f"documents.{name}" for name in light)}
    assert {name for name in engine if not name.startswith("documents.kinds.")} <= allowed


def test_wrong_usage_has_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["no-such-command"]) == exits.USAGE
    assert "No such command" in capsys.readouterr().err


def test_a_bad_setting_shows_cause_and_remedy(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENEKYC_PORT", "x")
    assert main.run(["settings"]) == exits.CANNOT_START
    error = capsys.readouterr().err
    assert "`port`" in error
    assert "->" in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("error", "code"), [(HomeError("a", "b"), exits.CANNOT_START), (MediaUndecodable(), exits.REFUSED), (ValueError("x"), exits.DEFECT)]
)
def test_errors_become_exit_codes(error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main.cli, "main", fail)
    assert main.run([]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_settings_as_json_names_sources(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main.run(["settings", "--home", str(tmp_path), "--json"]) == exits.DONE
    answer = json.loads(capsys.readouterr().out)
    assert answer["home"] == {"value": str(tmp_path), "source": "option", "meaning": answer["home"]["meaning"]}
    assert answer["port"]["source"] == "default"


def test_models_verify_says_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENEKYC_MODELS", str(tmp_path))
    assert main.run(["models", "verify", "--json"]) == exits.NO
    out, err = capsys.readouterr()
    assert set(json.loads(out)["files"].values()) == {"missing"}
    assert "openekyc models fetch" in err


def test_models_list_and_verify_know_the_operators_own_network(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENEKYC_SILENT_MODEL", str(described(tmp_path)))
    assert main.run(["models", "list", "--json"]) == exits.DONE
    own = json.loads(capsys.readouterr().out)[-1]
    assert (own["name"], own["file"], own["licence"]) == ("silent_own", "own.onnx", "CC0")
    assert main.run(["models", "verify"]) == exits.DONE
    assert "own.toml" in capsys.readouterr().out
    (tmp_path / "own.onnx").write_bytes(b"another")
    assert main.run(["models", "verify"]) == exits.NO
    assert "is altered" in capsys.readouterr().err
