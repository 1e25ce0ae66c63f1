"""The documentation as a site: what `make docs` makes of it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from openekyc.pages.files import folder
from tests import docs
from tools import docs_hooks

HOME = "http://site/docs/"


class Read(HTMLParser):
    """Ids and links of a page, and what its policy would refuse."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.refused: list[str] = []
        self._script = False
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.ids.add(given.get("id") or "")
        self.links += [(tag, given[name] or "") for name in ("href", "src") if name in given]
        if tag == "style" or (tag == "script" and "src" not in given) or "style" in given or any(name.startswith("on") for name in given):
            self.refused.append(self.get_starttag_text() or tag)


@pytest.fixture(scope="module")
def read(site):
    """Every page of the site by its name."""
    return {path.relative_to(site).as_posix(): Read(path) for path in sorted(site.rglob("*.html"))}


def test_every_page_has_its_address_and_its_twin(site, read):
    for page in docs.DOCS.rglob("*.md"):
        source = page.relative_to(docs.DOCS).as_posix()
        folder = source.removesuffix("index.md") if source.endswith("index.md") else source.removesuffix(".md") + "/"
        assert f"{folder}index.html" in read
        assert (site / source).read_bytes() == page.read_bytes()
        twins = re.findall(r'<link rel="alternate" type="text/markdown" href="([^"]+)"', (site / folder / "index.html").read_text("utf-8"))
        assert [urljoin(HOME + folder, twin) for twin in twins] == [HOME + source]


def test_nothing_in_it_is_refused_by_the_policy(read):
    assert [(name, page.refused) for name, page in read.items() if page.refused] == []


def test_every_link_leads_to_a_file_of_the_site_and_a_place_in_it(site, read):
    served, faults = folder(site), []
    for name, page in read.items():
        for tag, link in page.links:
            at = urlsplit(urljoin(HOME + name, link))
            if at.netloc != "site":
                # A reader may follow a link elsewhere; a page may load nothing from there.
                faults += [f"{name} loads {link}"] if tag != "a" else []
                continue
            path = unquote(at.path).removeprefix("/docs/")
            target = f"{path}index.html" if not path or path.endswith("/") else path
            if target not in served:
                faults.append(f"{name}: {link} is no file")
            elif at.fragment and target in read and at.fragment not in read[target].ids:
                faults.append(f"{name}: {link} is no place")
    assert not faults, "\n".join(faults)


def test_links_are_relative_but_on_the_page_for_unknown_addresses(read):
    absolute = {name for name, page in read.items() if any(link.startswith("/") for _, link in page.links)}
    assert absolute == {"404.html"}
    assert all(link.startswith(("/docs/", "#")) for _, link in read["404.html"].links)


@pytest.mark.parametrize(("name", "prefix"), [("llms.txt", ""), ("llms-root.txt", "docs/")])
def test_llms_txt_names_every_page_with_a_line(site, name, prefix):
    listed = re.findall(r"^- \[[^\]]+\]\(([^)]+)\): (.+)$", (site / name).read_text("utf-8"), re.MULTILINE)
    pages = {page.relative_to(docs.DOCS).as_posix() for page in docs.DOCS.rglob("*.md")}
    shown = {page for page in pages if page.split("/")[0] in {"start", "how-to", "reference", "explanation"}}
    assert {link.removeprefix(prefix) for link, _ in listed} == shown
    assert all(link.startswith(prefix) for link, _ in listed)


def test_the_search_index_holds_sections_and_no_measurement_log(site):
    entries = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    places = [entry["location"] for entry in entries]
    assert len(places) == len(set(places))
    assert not [place for place in places if place.startswith("research/")]
    assert {"explanation/honest-limits/", "explanation/honest-limits/#what-is-not-built"} <= set(places)
    assert all(entry["page"] and entry["title"] for entry in entries)


def test_tables_and_code_scroll_by_keyboard(site):
    page = (site / "explanation" / "liveness" / "index.html").read_text("utf-8")
    assert page.count("<table>") == page.count('<div class="table" tabindex="0"')
    page = (site / "how-to" / "rotate-a-key" / "index.html").read_text("utf-8")
    assert page.count("<pre") == page.count('<pre tabindex="0"') > 2  # in a list too


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("# A\n\nOne `two` [three](x.md). Four.\n", "One two three."),
        ("# A\n\n<!-- note -->\n\nVersion 1.2 of\nit. More.\n", "Version 1.2 of it."),
        ("# A\n\n| a |\n| - |\n\nNo full stop\n", "No full stop"),
        ("# A\n", ""),
    ],
)
def test_a_pages_first_sentence_describes_it(text, first):
    assert docs_hooks.first_sentence(text) == first
