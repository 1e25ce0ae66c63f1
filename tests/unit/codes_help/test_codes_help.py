"""Every code that can be answered has its help, and no help is about a code that cannot."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from openekyc import codes_help
from openekyc.api import web
from openekyc.codes_help import API_ERRORS, CARD_PROBLEMS, HINTS, RESULTS, TAGS, WARNINGS, WEB_RESULTS, WEB_TAGS, Advice, Help
from openekyc.engine.documents import values as documents
from openekyc.engine.documents import warnings
from openekyc.engine.values import Cue, Hint, Verdict
from openekyc.sessions import cards
from openekyc.wire import codes

SOURCE = Path(codes_help.__file__).parents[1]
JUDGING = [*SOURCE.glob("engine/*.py"), *SOURCE.glob("engine/compare/*.py"), *SOURCE.glob("engine/liveness/*.py")]
ELSEWHERE = [SOURCE / "sessions" / "changes.py", SOURCE / "sessions" / "outcome.py"]
EVERY = [RESULTS, WEB_RESULTS, TAGS, WEB_TAGS, WARNINGS, CARD_PROBLEMS, API_ERRORS]


def literals(files: list[Path], pattern: str) -> set[str]:
    """Every text literal of that form."""
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in texts if re.fullmatch(pattern, text)}


def answered() -> set[str]:
    """The codes of all API errors that are raised, made or handed to a rule somewhere."""
    classes = {name: value.code for name, value in vars(codes).items() if isinstance(value, type) and issubclass(value, codes.WireError)}
    files = [file for file in SOURCE.rglob("*.py") if file != SOURCE / "wire" / "codes.py"]
    used = {name for file in files for node in ast.walk(ast.parse(file.read_text())) for name in names(node)}
    return {classes[name] for name in used & classes.keys()}


def names(node: ast.AST) -> Iterator[str]:
    """The names that a statement raises, or that a call makes or takes."""
    match node:
        case ast.Raise(exc=ast.expr() as raised):
            yield from (part.id for part in ast.walk(raised) if isinstance(part, ast.Name))
        case ast.Call(func=ast.Name(id=made), args=arguments):
            yield made
            yield from (argument.id for argument in arguments if isinstance(argument, ast.Name))
        case ast.Call(func=ast.Attribute(value=ast.Name(id=made))):
            yield made


def test_every_result_code_and_no_other() -> None:
    assert literals(JUDGING + ELSEWHERE, r"0|-999|[12]\d{3}") == set(RESULTS)


def test_every_tag_and_no_other() -> None:
    assert literals(JUDGING, r"0[1-9]|1[0-9]") == set(TAGS)


def test_every_tag_of_the_page_and_no_other() -> None:
    cues = ((), (Cue("continuity", "deny"),))
    verdicts = (Verdict("1005", (tag,), hint, cues=cue) for tag in TAGS for hint in get_args(Hint) for cue in cues)
    assert {tag for verdict in verdicts for tag in web.tags(verdict)} == set(WEB_TAGS)


def test_every_warning_and_no_other() -> None:
    seen = {warnings.BORDER, warnings.PHOTOCOPY, warnings.SCREEN, warnings.EDITED, warnings.GLARE, warnings.BLUR}
    assert seen | {documents.FORMAT_WARNING, documents.MISMATCH_WARNING, cards.UNCHECKED} == set(WARNINGS)


def test_every_problem_and_hint_and_no_other() -> None:
    assert set(get_args(documents.Problem)) - {""} == set(CARD_PROBLEMS)
    assert set(get_args(Hint)) == set(HINTS)


def test_every_api_error_and_no_other() -> None:
    assert answered() == set(API_ERRORS)


@pytest.mark.parametrize("one", [one for table in EVERY for one in table.values()])
def test_help_is_whole(one: Help | Advice) -> None:
    assert one.cause.endswith(".")
    assert one.remedy.endswith(".")
    if isinstance(one, Help):
        assert one.meaning
        assert not one.meaning.endswith(".")


def test_what_to_do_follows_the_hint_where_it_names_the_fault() -> None:
    assert codes_help.remedy("1201", "less_light") == "Ask the person to go to a darker place or into the shade and try again."
    assert codes_help.remedy("1005", "follow_prompts") == RESULTS["1005"].remedy
    assert "does not know" in codes_help.result("4711").cause


def test_links_to_the_page_of_codes() -> None:
    assert codes_help.link("1201") == "/docs/reference/codes/#1201"
    assert codes_help.link("AuthFailure.SignatureFailure", "https://kyc.example/") == (
        "https://kyc.example/docs/reference/codes/#authfailuresignaturefailure"
    )
