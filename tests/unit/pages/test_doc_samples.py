"""The code in the docs is the code of the files, word for word."""

from pathlib import Path

import pytest

from tools import doc_samples

PAGES = sorted((doc_samples.ROOT / "docs").rglob("*.md"))
FILE = '"""A file."""\n\n# part: one\ndef one(): ...\n\n\n# part: two\ndef two(): ...\n'


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(doc_samples.ROOT)))
def test_every_marked_block_equals_its_file(page: Path) -> None:
    text = page.read_text("utf-8")
    assert doc_samples.filled(text) == text, "python tools/doc_samples.py writes the page anew"
    assert text.count("<!-- file:") == len(doc_samples.BLOCK.findall(text)), "a mark without a block right after it"


def page_with(mark: str) -> str:
    return f"before\n\n<!-- file: {mark} -->\n```python\nold\n```\n\nafter\n"


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("a.py one", "def one(): ..."),
        ("a.py two", "def two(): ..."),
        ("a.py", '"""A file."""\n\n\ndef one(): ...\n\n\ndef two(): ...'),
    ],
)
def test_a_block_is_written_anew(tmp_path: Path, mark: str, code: str) -> None:
    (tmp_path / "a.py").write_text(FILE)
    page = doc_samples.filled(page_with(mark), tmp_path)
    assert page == page_with(mark).replace("old", code)
    assert doc_samples.filled(page, tmp_path) == page


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(FILE)
    with pytest.raises(LookupError, match="three"):
        doc_samples.filled(page_with("a.py three"), tmp_path)
    with pytest.raises(FileNotFoundError):
        doc_samples.filled(page_with("b.py"), tmp_path)
