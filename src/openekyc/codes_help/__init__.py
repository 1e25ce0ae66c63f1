"""What every code means, why it comes and what to do about it: one source for answers, pages, commands and the reference.

Light on purpose: data and msgspec only, so that every room may import it. A test holds it to what the server can answer.
"""

import re

from openekyc.codes_help.api_errors import API_ERRORS
from openekyc.codes_help.findings import ANSWERED_WARNINGS, CARD_PROBLEMS, HINTS, TAGS, WARNINGS, WEB_TAGS
from openekyc.codes_help.help import Advice, Help
from openekyc.codes_help.results import LIVENESS_RESULTS, RESULTS, WEB_RESULTS

__all__ = [
    "ANSWERED_WARNINGS", "API_ERRORS", "CARD_PROBLEMS", "HINTS", "LIVENESS_RESULTS", "RESULTS", "TAGS", "WARNINGS", "WEB_RESULTS",
    "WEB_TAGS", "Advice", "Help", "anchor", "link", "remedy", "result",
]  # fmt: skip

PAGE = "/docs/reference/codes/"

_TELLING = frozenset(HINTS) - {"", "try_again", "follow_prompts", "keep_facing_screen", "document_not_accepted"}
"""Hints that name what was wrong. The others are also given after a denial, where they say nothing about it."""


def result(code: str) -> Help:
    """The help on a result code of the SDK families, also for one this version does not know."""
    unknown = Help(
        f"Result {code}", "", "This version does not know the code.", "Look it up in the reference of the version that answered it."
    )
    return RESULTS.get(code, unknown)


def remedy(code: str, hint: str = "") -> str:
    """What to do about a result: what the person's hint says, where it names what was wrong, else the code's own remedy."""
    if hint in _TELLING:
        return f"Ask the person to {HINTS[hint]} and try again."
    return result(code).remedy


def anchor(code: str) -> str:
    """The fragment of a code's heading on the page of codes, the same on a code host and in the generated site."""
    return re.sub(r"[^\w\s-]", "", code).strip().lower().replace(" ", "-")


def link(code: str, base: str = "") -> str:
    """The address of a code on the page of codes. `base`: scheme and host, "" = a path on the server that answered."""
    return f"{base.rstrip('/')}{PAGE}#{anchor(code)}"
