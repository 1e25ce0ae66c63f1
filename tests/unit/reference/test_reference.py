"""The generated reference is current, its links lead somewhere, and what was recorded of real sessions is as declared."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openekyc.api.registry import DOCUMENTED, REMOVED, discover
from openekyc.capture.problems import REMEDIES
from openekyc.codes_help import API_ERRORS, CARD_PROBLEMS, RESULTS, WARNINGS, WEB_RESULTS, anchor
from openekyc.setting_sources import meaning
from openekyc.settings import Settings
from openekyc.wire.parameters import Description, Object
from openekyc.wire.responses import every_field
from tests.declared import faults
from tools import reference

PAGES = reference.render()
RECORDED = [json.loads(path.read_text()) for path in sorted(reference.RECORDED.glob("*.json"))]
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")


def on_github(title: str) -> str:
    """The fragment a code host gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def in_the_site(title: str) -> str:
    """The fragment Python-Markdown gives it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())


def headings(text: str) -> list[str]:
    """Outside blocks of code."""
    return re.findall(r"^#{1,6} (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)


def text(name: str) -> str:
    return PAGES[reference.TARGET / name]


def names(description: Description[Any]) -> Iterator[str]:
    for parameter in description.parameters:
        yield parameter.name
        if isinstance(parameter.kind, Object):
            yield from names(parameter.kind.description)


def test_the_pages_are_current() -> None:
    assert reference.stale(PAGES) == [], "run python tools/reference.py"


def test_a_page_that_is_not_current_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "TARGET", tmp_path)
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "GoneAction.md").write_text("x")
    (tmp_path / "codes.md").write_text("old")
    pages = {tmp_path / "codes.md": "new"}
    assert reference.stale(pages) == [tmp_path / "codes.md", tmp_path / "actions" / "GoneAction.md"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_fragments_are_unique_and_the_same_everywhere(path: Path) -> None:
    found = headings(PAGES[path])
    assert [on_github(title) for title in found] == [in_the_site(title) for title in found]
    assert len({in_the_site(title) for title in found}) == len(found)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_to_a_heading(path: Path) -> None:
    for target, fragment in LINK.findall(PAGES[path]):
        page = (path.parent / target).resolve() if target else path
        assert page in PAGES, target
        assert not fragment or fragment[1:] in {in_the_site(title) for title in headings(PAGES[page])}, f"{target}{fragment}"


def test_every_code_has_the_heading_that_links_name() -> None:
    found = {in_the_site(title) for title in headings(text("codes.md"))}
    codes = [*RESULTS, *WEB_RESULTS, *WARNINGS, *CARD_PROBLEMS, *API_ERRORS, *REMEDIES]
    assert {anchor(str(code)) for code in codes} <= found


def test_every_action_parameter_field_and_setting_is_there() -> None:
    index = text("actions/index.md")
    for name in DOCUMENTED | REMOVED:
        assert f"`{name}`" in index
    for action in discover():
        page = text(f"actions/{action.name}.md")
        for name in [*names(action.description), *(field.name for _, field in every_field(action.result)), "RequestId"]:
            assert f"**`{name}`**" in page, name
        for code in action.findings.results:
            assert f"[`{code}`](../codes.md#" in page
    for name in Settings.__struct_fields__:
        assert f"## {name}\n\n{meaning(name)}" in text("settings.md")


def test_every_action_has_a_session_that_went_well_and_a_refused_call() -> None:
    for action in discover():
        own = [one["response"] for one in RECORDED if one["action"] == action.name]
        assert any("Error" in response for response in own)
        assert any(response.get("Result", response.get("ErrorCode", "0")) in ("0", 0) and "Error" not in response for response in own)


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda one: f"{one['action']}: {one['title']}")
def test_what_was_recorded_is_as_declared(recorded: dict[str, Any]) -> None:
    action = next(action for action in discover() if action.name == recorded["action"])
    assert faults(recorded["action"], recorded["response"]) == []
    assert set(recorded["request"]) <= {parameter.name for parameter in action.description.parameters}
    code = recorded["response"].get("Result", recorded["response"].get("ErrorCode"))
    assert code is None or str(code) in action.findings.results
    if "Error" in recorded["response"]:
        assert recorded["response"]["Error"]["Code"] in API_ERRORS


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda one: f"{one['action']}: {one['title']}")
def test_nothing_long_or_of_one_machine_is_kept(recorded: dict[str, Any]) -> None:
    kept = json.dumps(recorded)
    assert "127.0.0.1" not in kept
    assert "AKID" not in kept
    assert max(map(len, re.findall(r'"[^"]*"', kept))) < 400
