"""Commands that are printed work as they are copied."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from openekyc.cli import main
from openekyc.cli.local import welcome
from openekyc.cli.program import _NAMED, _program, here, program
from openekyc.sessions.model import ApiKey

SOURCES = Path(main.__file__).parents[1]
COMMAND = re.compile(rf"openekyc (?:{'|'.join(main.COMMANDS)})\b")
NAMES = {"openekyc capture", "Made by <code>openekyc explain</code> on "}  # a title and an author, not to be copied
KEY = ApiKey("AKID1", "secret", "local", sandbox=False, created_at=0.0)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """An installed program, in a folder with a blank in its name."""
    folder = tmp_path / "my programs"
    folder.mkdir()
    path = folder / "openekyc"
    # As pip writes them where the interpreter's path has blanks: a shell script that is a Python script too.
    path.write_text(f"#!/bin/sh\n'''exec' \"{sys.executable}\" \"$0\" \"$@\"\n' '''\nfrom openekyc.cli.main import main\n\nmain()\n")
    path.chmod(0o755)
    return path


def test_a_script_is_called_by_its_path_unless_path_finds_it(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    assert _program(str(script), sys.executable) == f"'{script}'"
    _program.cache_clear()
    monkeypatch.setenv("PATH", str(script.parent))
    assert _program(str(script), sys.executable) == "openekyc"
    _program.cache_clear()


def test_a_module_is_called_as_one() -> None:
    assert _program(main.__file__, "/a b/python") == "'/a b/python' -m openekyc"


def test_another_program_of_the_same_name_is_not_taken_for_it(script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "openekyc"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    _program.cache_clear()
    assert _program(str(script), sys.executable) == f"'{script}'"
    _program.cache_clear()


def test_commands_in_texts_are_replaced_and_prose_is_not() -> None:
    assert here("Run `openekyc models fetch`.") == f"Run `{program()} models fetch`."
    assert here("Example: OPENEKYC_PORT=9000 openekyc settings") == f"Example: OPENEKYC_PORT=9000 {program()} settings"
    for text in ("openekyc failed.", "`openekyc`", "openekyc listens here"):
        assert here(text) == text


def test_what_is_printed_runs_as_it_is_copied(script: Path, tmp_path: Path) -> None:
    environ = {**os.environ, "PATH": "/usr/bin:/bin", "OPENEKYC_MODELS": str(tmp_path)}
    said = subprocess.run([str(script), "models", "verify"], env=environ, capture_output=True, text=True, check=False).stderr
    printed = re.search(r"`(.*)`", said)
    assert printed
    copied = f"{printed[1].removesuffix(' fetch')} list"
    done = subprocess.run(["sh", "-c", copied], env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (copied, done.stderr)
    assert "face_detector" in done.stdout


def test_the_greetings_commands_begin_with_the_program(tmp_path: Path) -> None:
    text = welcome("http://[::1]:1", tmp_path / "my home", KEY)
    (command,) = [line.strip() for line in text.splitlines() if "capture --simulate" in line]
    assert command.startswith(program())
    rest = shlex.split(command.removeprefix(program()))
    assert rest == ["capture", "--simulate", "--server", "http://[::1]:1", "--home", str(tmp_path / "my home")]
    assert f"{shlex.quote(sys.executable)} -m pip install tencentcloud-sdk-python-intl-en" in text


def test_examples_in_help_begin_with_the_program_and_stay_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["serve"], ["keys", "create"], ["simulate"], ["settings"]):
        assert main.run([*command, "--help"]) == 0
        (line,) = [line for line in capsys.readouterr().out.splitlines() if "Example: " in line]
        assert f"{program()} {' '.join(command)}" in line


def test_help_of_the_command_itself_is_left_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    before = main.cli.help
    main.run(["--help"])
    assert f"`{program()} serve`" in capsys.readouterr().out
    assert main.cli.help == before


def _texts(tree: ast.AST) -> list[str]:
    """Every literal that may be printed: strings, the text of f-strings, and the help in docstrings of commands."""
    docstrings: set[int] = set()
    for place in ast.walk(tree):
        if isinstance(place, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and place.body:
            first = place.body[0]
            helped = isinstance(place, ast.FunctionDef) and any(
                "command" in ast.unparse(one) or "group" in ast.unparse(one) for one in place.decorator_list
            )
            if isinstance(first, ast.Expr) and not helped:
                docstrings.add(id(first.value))
    return [
        one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in docstrings
    ]


def test_every_command_in_a_text_is_one_that_the_edge_completes() -> None:
    for path in SOURCES.rglob("*.py"):
        for text in _texts(ast.parse(path.read_text())):
            completed = _NAMED.sub(lambda found: found[1], text)
            assert text in NAMES or not COMMAND.search(completed), f"{path}: put it in back quotes or behind `Example: `: {text}"


def test_usage_and_errors_name_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["keys", "create"]) == 2
    assert f"Usage: {program()} keys create" in capsys.readouterr().err
    assert isinstance(main.cli, click.Group)


@pytest.mark.parametrize("given", [["--home", "/data/a b"], ["--home=/data/a b"]])
def test_commands_go_on_with_the_home_that_was_given(given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["openekyc", "capture", *given, "--simulate"])
    assert here("`openekyc explain TOKEN` says why.").endswith(" explain TOKEN --home '/data/a b'` says why.")
    assert here("`openekyc keys list --home X`").endswith(" keys list --home X`")
    assert here("`openekyc verify --help`").endswith(" verify --help`")
