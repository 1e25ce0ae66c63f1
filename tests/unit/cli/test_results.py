"""Results in words first, then the code, then what to do next."""

import pytest

from openekyc.capture.messages import OutcomeAnswer
from openekyc.cli import capture, compare, exits, read_card, verify
from openekyc.cli.main import run
from openekyc.codes_help import RESULTS
from openekyc.engine.compare.pictures import Comparison
from openekyc.engine.documents.values import Card, Field
from openekyc.engine.values import Cue, Verdict
from tests.recordings import encode, grey_ramp


def three(text: str) -> list[str]:
    """Words, code, next step."""
    lines = text.splitlines()
    assert lines[1].startswith("  ")
    assert lines[2].startswith("  -> ")
    return [line.strip() for line in lines[:3]]


@pytest.mark.parametrize("code", [code for code in RESULTS if code != "-999"])
def test_verify_says_every_code_in_three_lines(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    decision = {"0": "pass", "1002": "deny", "1005": "deny"}.get(code, "retry")
    cue = Cue("face", decision, code, reason="because of this")  # type: ignore[arg-type]
    verify.show(Verdict(code, ("10",), "", None, (cue,), None, None), as_json=False)
    words, named, following = three(capsys.readouterr().out)
    assert words.startswith({"pass": "Passed", "deny": "Refused", "retry": "Could not be judged"}[decision])
    assert ("because of this" in words) == (code != "0")
    assert named.startswith(f"result {code}, tag 10 ")
    assert code == "0" or following.endswith(f"docs/reference/codes.md#{code}")


def test_verify_on_a_real_file(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "grey.webm").write_bytes(encode(grey_ramp(30)))
    assert run(["verify", str(tmp_path / "grey.webm"), "--level", "1"]) == exits.NO
    out, err = capsys.readouterr()
    assert three(out)[0].startswith("Could not be judged: face detection failed (")
    assert err == ""


def test_a_long_recording_of_ones_own_is_judged(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    times = [10.0 * index for index in range(30)]
    (tmp_path / "long.webm").write_bytes(encode(grey_ramp(30), times=times))
    assert run(["verify", str(tmp_path / "long.webm"), "--level", "2"]) == exits.NO
    assert "longer" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("found", "words", "code"),
    [
        (Comparison("0", 91.26, 0.8, "", ""), "The same person: similarity 91.3 of 100, pass mark 70.", "result 0, cosine 0.800"),
        (Comparison("2016", 40.0, 0.25, "x", ""), "Not the same person, by the pass mark: similarity 40.0", "result 2016, cosine 0.250"),
        (
            Comparison("2013", None, None, "no face", "b"),
            "Could not be compared: there is no face, or the face is not complete (",
            "result 2013",
        ),
    ],
)
def test_compare(found: Comparison, words: str, code: str) -> None:
    said, named, following = compare._told(found, {"a": "a.jpg", "b": "b.jpg"}, 70.0)
    assert said.startswith(words)
    assert (named, bool(following)) == (code, True)
    assert ("b.jpg: no face" in said) == (found.code == "2013")


@pytest.mark.parametrize(
    ("state", "hint", "words", "code"),
    [
        ("pass", "", "Passed.", "outcome pass, sandbox"),
        ("retry", "more_light", "Not passed yet: find more light.", "outcome retry, hint more_light, 2 attempts left, sandbox"),
        ("fail", "", "Not passed.", "outcome fail, sandbox"),
        ("expired", "", "The token has expired.", "outcome expired, sandbox"),
        ("waiting", "", "There is no verdict yet.", "outcome waiting, sandbox"),
    ],
)
def test_capture(state: str, hint: str, words: str, code: str) -> None:
    said, named, following = capture._told(OutcomeAnswer(state, hint, 2, True), "T-1")  # type: ignore[arg-type]
    assert (said, named, bool(following)) == (words, code, True)


@pytest.mark.parametrize(
    ("card", "words", "code"),
    [
        (Card("HK", fields=(Field("FullName", "\x1b[31mA", 0.9),)), "Read, without a warning: ", "no warning"),
        (Card("HK", warnings=(-9101, -9107)), "Read, with warnings: ", "warning -9101, warning -9107"),
        (Card("HK", "not_a_card"), "Not read: no document is seen.", "problem not_a_card"),
        (Card("HK", "wrong_kind", "MLIDPassport"), "Not read: another kind of document: ", "problem wrong_kind"),
    ],
)
def test_read_card(card: Card, words: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    read_card._print(card)
    out = capsys.readouterr().out
    said, named, _ = three(out)
    assert said.startswith(words)
    assert named == code
    assert "\x1b" not in out
