"""What MkDocs does not do by itself for the documentation's site: the menu's order, boxes round tables and code, Markdown twins of the
pages, llms.txt, and a search index of sections. Named in mkdocs.yml; MkDocs calls the functions by their names."""

import gzip
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import mkdocs.contrib.search
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

LOGS = "research/"
"""Measurement logs: built, since explanations cite them, but neither in the menu nor in the search nor in llms.txt."""
SUMMARY = "Self-hosted proof that a live person is in front of the camera, behind the API dialect of TencentCloud's faceid service."
TABLE = '<div class="table" tabindex="0" role="group" aria-label="Table">'
GZIPPED = {".html", ".css", ".js", ".json", ".md", ".svg", ".txt"}
LUNR = Path(mkdocs.contrib.search.__file__).parent / "templates" / "search" / "lunr.js"
SENTENCE = re.compile(r"(.+?[.?!])(?=\s+[A-Z`]|\s*$)", re.DOTALL)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Headings get the ids that code hosts give them."""
    config.mdx_configs["toc"]["slugify"] = lambda heading, separator: slug(heading)
    return config


def slug(heading: str) -> str:
    """Lower case, without punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Complete the menu: what is named and there, then what is there and not named."""
    there = {file.src_uri for file in files.documentation_pages()}
    config.nav = list(_menu(config.nav or [], there))
    return files


def _menu(named: list[Any], there: set[str]) -> Iterator[Any]:
    for entry in named:
        if isinstance(entry, str):
            yield entry
            continue
        [(title, pages)] = entry.items()
        section = pages[0].split("/")[0] + "/"
        # A folder's pages follow its index; what nobody names comes last.
        spread = [page for named_page in pages for page in (named_page, *_beside(named_page, there))]
        rest = sorted(page for page in there if page.startswith(section) and page not in spread)
        yield {title: [page for page in spread if page in there] + rest}


def _beside(index: str, there: set[str]) -> list[str]:
    folder = index.removesuffix("index.md")
    return sorted(page for page in there if page.startswith(folder) and page != index) if folder != index else []


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Note the page's first sentence: its description, and its line in llms.txt."""
    page.meta["description"] = first_sentence(markdown)
    page.meta["log"] = page.file.src_uri.startswith(LOGS)
    return markdown


def first_sentence(markdown: str) -> str:
    """The first sentence after the title, without Markdown's signs."""
    blocks = re.split(r"\n\s*\n", markdown)
    text = next((block for block in blocks if block.strip() and not block.lstrip().startswith(("#", "<!--", "|", "-", "`" * 3))), "")
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(text.split())).replace("**", "").replace("`", "")
    found = SENTENCE.match(plain)
    return found[1] if found else plain


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tables and code scroll by themselves, by keyboard too."""
    html = html.replace("<table>", f"{TABLE}<table>").replace("</table>", "</table></div>")
    html = html.replace("<pre>", '<pre tabindex="0" role="group" aria-label="Code">')
    return html.replace("<th></th>", "<td></td>")  # a heading that says nothing is none


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Keep the menu for llms.txt, which is written at the end."""
    config.extra["menu"] = nav
    return nav


def on_post_build(config: MkDocsConfig) -> None:
    """Everything beside the pages."""
    site, docs = Path(config.site_dir), Path(config.docs_dir)
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (site / name).unlink(missing_ok=True)
    for page in docs.rglob("*.md"):
        twin = site / page.relative_to(docs)
        twin.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, twin)
    menu = config.extra["menu"]
    (site / "llms.txt").write_text(llms(menu.items, ""), "utf-8")
    (site / "llms-root.txt").write_text(llms(menu.items, "docs/"), "utf-8")  # the same for /llms.txt
    shutil.copyfile(LUNR, site / "search" / "lunr.js")
    index = site / "search" / "search_index.json"
    found = json.loads(index.read_text("utf-8"))["docs"]
    index.write_text(json.dumps(list(sections(found)), ensure_ascii=False, separators=(",", ":")), "utf-8")
    for path in site.rglob("*"):
        if path.suffix in GZIPPED:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def llms(items: Iterable[Any], prefix: str) -> str:
    """The index for language models: every page's Markdown twin by section, each with a line."""
    lines = ["# openekyc", "", f"> {SUMMARY}"]
    for item in items:
        if item.is_section and item.children:
            lines += ["", f"## {item.title}", ""]
            lines += [f"- [{page.title}]({prefix}{page.file.src_uri}): {page.meta.get('description', '')}" for page in item.children]
    return "\n".join(lines) + "\n"


def sections(entries: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The index MkDocs wrote holds each page whole and again by heading. Kept are what comes before a page's first heading, and the
    headings, each with its page's title."""
    pages: dict[str, list[dict[str, str]]] = {}
    for entry in entries:
        page = entry["location"].partition("#")[0]
        if not page.startswith(LOGS):
            pages.setdefault(page, []).append(entry)
    for whole, *below in pages.values():
        first = below[0]["title"] if below else ""
        text = whole["text"].removeprefix(whole["title"]).partition(f" {first} ")[0] if below else whole["text"]
        for entry in (whole | {"text": text}, *below):
            yield entry | {"page": whole["title"]}
