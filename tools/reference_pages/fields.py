"""The page of what is read from each kind of document."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.shapes import MEMBERS, card_info, normal_card_info
from tools.reference_pages.text import page

DAY = date(2026, 1, 1)
INTRO = """What `NormalCardInfo` and `CardInfo` hold, by `IdCardType`. Both are objects with one member for each kind of document. The
member of the session's kind is filled, all others are null. A field that was not read is null; in `GeneralCard` it is an empty text.
`CardInfo` is the vendor's older shape: the same values, for some kinds under other names."""


def render() -> str:
    """The whole page."""
    return page("Document fields", INTRO, *(_kind(kind) for kind in MEMBERS))


def _kind(kind: Any) -> str:
    new, old = MEMBERS[kind]
    normal = _names(normal_card_info(kind, {}, DAY)[new])
    older = card_info(kind, {}, DAY)
    lines = [f"## {kind}", f"{KINDS[kind].title}.", f"- `NormalCardInfo.{new}`: {normal}"]
    if older is None or old is None:
        lines.append("- `CardInfo`: null, the older shape does not have this kind")
    elif _names(older[old]) == normal:
        lines.append(f"- `CardInfo.{old}`: the same names")
    else:
        lines.append(f"- `CardInfo.{old}`: {_names(older[old])}")
    return "\n\n".join([*lines[:2], "\n".join(lines[2:])])


def _names(shape: Mapping[str, Any] | None) -> str:
    return ", ".join(f"`{name}`" for name in shape or ())
