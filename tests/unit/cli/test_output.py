"""Tables: nothing that identifies a thing is cut or broken, at any width, and nothing from outside steers the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.cli.output import plain, print_fault, print_table, table_lines, wrapped

COLUMNS = ("SecretId", "account", "meaning")
KEY = "AKID" + "x" * 32
ROWS = [
    (KEY, "a-rather-long-account-name", "What this key is for, said in a sentence that is longer than a line of a terminal."),
    ("AKID2", "b", ""),
]


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200, None])
def test_names_stay_whole_at_every_width(width: int | None) -> None:
    lines = table_lines(COLUMNS, ROWS, ("meaning",), width)
    assert any(KEY in line for line in lines)
    assert any("a-rather-long-account-name" in line for line in lines)


def test_a_wide_terminal_gets_a_grid_and_a_narrow_one_blocks() -> None:
    assert table_lines(COLUMNS, ROWS, ("meaning",), 200)[0].split() == list(COLUMNS)
    narrow = table_lines(COLUMNS, ROWS, ("meaning",), 40)
    assert narrow[0] == f"SecretId  {KEY}"
    assert narrow[1] == "account   a-rather-long-account-name"
    assert "" in narrow


def test_texts_wrap_between_words_so_that_the_grid_fits() -> None:
    lines = table_lines(COLUMNS, ROWS, ("meaning",), 100)
    assert max(map(len, lines)) <= 100
    assert lines[2].startswith(KEY)
    assert lines[3].startswith(" ")


def test_a_pipe_gets_one_line_for_each_row() -> None:
    lines = table_lines(COLUMNS, ROWS, ("meaning",), None)
    assert len(lines) == 1 + len(ROWS)
    assert ROWS[0][2] in lines[1]


def test_print_table_takes_the_terminals_width(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    print_table(COLUMNS, ROWS, ("meaning",))
    assert len(capsys.readouterr().out.splitlines()) == 3  # not a terminal: COLUMNS does not count
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_table(COLUMNS, ROWS, ("meaning",))
    assert KEY in capsys.readouterr().out.splitlines()[0]


def test_a_table_without_rows_is_its_head() -> None:
    assert table_lines(("a", "b"), [], (), 80) == ["a  b", "-  -"]
    assert table_lines(("a", "b"), [], (), None) == ["a  b"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("[red]x[/red]", "[red]x[/red]"),
        ("\x1b[31mx", "\\x1b[31mx"),
        ("a\nb\r", "a\\nb\\r"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
        ("山田\u3000太郎", "山田\u3000太郎"),
        (None, "None"),
    ],
)
def test_what_could_steer_a_terminal_is_shown_and_not_done(given: object, shown: str) -> None:
    assert plain(given) == shown


def test_faults_are_harmless_too(capsys: pytest.CaptureFixture[str]) -> None:
    print_fault("there is no file \x1b]0;x\x07", "give \x1b[2J another")
    assert "\x1b" not in capsys.readouterr().err


def test_wide_signs_keep_the_columns_straight() -> None:
    lines = table_lines(("a", "b"), [("山田", "x"), ("abcd", "x")], (), 80)
    assert lines[2:] == ["山田  x", "abcd  x"]


def test_a_command_is_never_broken() -> None:
    lines = wrapped("Do this: `openekyc models fetch`, and then look again.", 24)
    assert "`openekyc models fetch`," in lines


@given(st.text(alphabet="ab` ", max_size=80), st.integers(1, 30))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert " ".join(lines).split() == text.split()
    assert all(len(line) <= width or " " not in line.strip() or "`" in line for line in lines)
