"""The frame of a report's page: one self-contained HTML file, its style and the shapes that sentences and tables take."""

from collections.abc import Iterable, Sequence
from html import escape

from openekyc.reports.rates import Rate

STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; color: #1e293b; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { margin-top: 2.4rem; border-bottom: 1px solid #cbd5e1; padding-bottom: .2rem; }
.note { background: #fef9c3; border-left: 4px solid #ca8a04; padding: .6rem 1rem; } .figure { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #e2e8f0; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } td { overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: #64748b; font-size: .85rem; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def document(title: str, parts: Iterable[str]) -> str:
    """A whole page; `parts` are HTML."""
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{escape(title)}</title>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return f'<!doctype html>\n<html lang="en"><head>{head}{view}<style>{STYLE}</style></head>\n<body>\n{"".join(parts)}</body></html>\n'


def heading(words: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(words)}</h{level}>\n"


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph; `kind` is `note` for a box."""
    return f'<p class="{kind}">{escape(words)}</p>\n' if kind else f"<p>{escape(words)}</p>\n"


def figure(svg: str) -> str:
    """A plot."""
    return f'<div class="figure">{svg}</div>\n'


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is words and whose others are numbers."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(_cell(place, cell) for place, cell in enumerate(row)) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n"


def _cell(place: int, words: str) -> str:
    return f'<td class="number">{escape(words)}</td>' if place else f"<td>{escape(words)}</td>"


def percent(share: float | None, digits: int = 1) -> str:
    """A share as people read it."""
    return "-" if share is None else f"{100 * share:.{digits}f} %"


def told(rate: Rate) -> str:
    """A rate with all that it rests on: "3.9 % (4 of 103 samples of 5 subjects; 95 % interval 0.0 % to 9.1 %)"."""
    if not rate.n:
        return "not measured (no samples)"
    counted = f"{rate.errors} of {plural(rate.n, 'sample')} of {plural(rate.subjects, 'subject')}"
    return f"{percent(rate.rate)} ({counted}; 95 % interval {percent(rate.low)} to {percent(rate.high)})"


def plural(count: int, word: str) -> str:
    """The number with its word."""
    return f"{count} {word}{'' if count == 1 else 's'}"
