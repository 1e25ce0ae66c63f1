"""How commands say a result: in words, then with its code, then what to do next."""

from collections.abc import Iterable

from openekyc.cli.output import say
from openekyc.codes_help import TAGS, anchor, remedy, result
from openekyc.codes_help import WARNINGS as CARD_WARNINGS

CODES_PAGE = "docs/reference/codes.md"

HEADS = {"pass": "Passed", "deny": "Refused", "retry": "Could not be judged"}
"""By `explain.words.kind`: `retry` says nothing against the person."""


def say_result(words: str, code: str, following: str) -> None:
    """Three parts, each on lines of its own."""
    say(words)
    say(code, "  ")
    say(following, "  -> ")


def result_words(head: str, code: str, reasons: Iterable[str] = ()) -> str:
    """`Refused: the liveness check failed (no nod was seen).`"""
    meaning = "" if code == "0" else f": {lowered(result(code).meaning)}"
    why = "; ".join(dict.fromkeys(reason for reason in reasons if reason))
    return f"{head}{meaning}{f' ({why})' if why else ''}."


def code_words(code: str, tags: Iterable[str] = ()) -> str:
    """`result 1005, tag 02 action not done`."""
    named = [f"tag {tag} {TAGS[tag].meaning}" if tag in TAGS else f"tag {tag}" for tag in tags]
    return ", ".join([f"result {code}", *named])


def next_step(code: str, hint: str = "") -> str:
    """What to do about a result code, and where to read more."""
    return f"{remedy(code, hint)} More: {CODES_PAGE}#{anchor(code)}"


def warning_words(code: int) -> str:
    """What a warning about a document's photograph means."""
    return CARD_WARNINGS[code].meaning if code in CARD_WARNINGS else "unknown"


def warning_step(code: int) -> str:
    """What to do about it."""
    return CARD_WARNINGS[code].remedy if code in CARD_WARNINGS else f"Look it up in {CODES_PAGE}."


def lowered(sentence: str) -> str:
    """For use behind a colon."""
    return sentence[:1].lower() + sentence[1:]
