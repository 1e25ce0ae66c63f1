"""The documentation as its tests see it: pages, links, headings and code samples, read from the Markdown."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
INDENTED = re.compile(r"(?:^|\n\n)((?:    .*\n)+)")


class Sample(NamedTuple):
    """One block of code: where it stands, in which language ("" = none named), and its text."""

    place: str
    language: str
    text: str


def pages() -> list[Path]:
    """Every page of the documentation, and the README."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def name(page: Path) -> str:
    """The page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return INDENTED.sub("\n\n", FENCE.sub("", page.read_text("utf-8")))


def links(page: Path) -> list[str]:
    """Where its links and pictures lead; not what stands in code."""
    text = re.sub(r"`[^`\n]*`", "", prose(page))
    return [found[1] or found[2] for found in LINK.finditer(text)]


def anchors(page: Path) -> set[str]:
    """The ids of its headings, as code hosts and MkDocs alike make them."""
    return {slug(line.lstrip("#").strip()) for line in prose(page).splitlines() if re.match(r"#{1,6} ", line)}


def slug(heading: str) -> str:
    """Lower case, without punctuation, hyphens for spaces."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.replace("`", ""))
    return re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")


def samples(page: Path) -> Iterator[Sample]:
    """Its blocks of code, fenced and indented."""
    text = page.read_text("utf-8")
    for found in FENCE.finditer(text):
        lines = [line.removeprefix(found[1]) for line in found[3].splitlines()]
        yield Sample(f"{name(page)}:{text[: found.start()].count(chr(10)) + 1}", found[2], "\n".join(lines) + "\n")
    for found in INDENTED.finditer(FENCE.sub("", text)):
        yield Sample(name(page), "", "".join(line[4:] for line in found[1].splitlines(keepends=True)))


def command_lines() -> Iterator[tuple[str, str]]:
    """Every line of code that calls `openekyc`, with its place."""
    for page in pages():
        for sample in samples(page):
            if sample.language in {"", "sh", "console", "bash"}:
                joined = sample.text.replace("\\\n", " ")
                yield from ((sample.place, line.removeprefix("$ ")) for line in joined.splitlines() if re.match(r"(\$ )?openekyc ", line))
