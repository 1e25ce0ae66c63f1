"""Keeps the code in the docs equal to the files it comes from.

    python tools/doc_samples.py            write every marked block of docs/ anew from its file

A marked block is a line `<!-- file: PATH -->` or `<!-- file: PATH PART -->`, and right after it a fenced block. PATH counts from the root
of the repository. A PART begins in the file after a comment `part: NAME` and ends before the next such comment, or with the file.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^<!-- file: (?P<path>\S+)(?: (?P<part>\S+))? -->\n(?P<fence>`{3,})(?P<language>\w*)\n.*?^(?P=fence)$", re.M | re.S)
MARK = re.compile(r"^[ \t]*(?:#|//|<!--) part: (?P<name>\S+)(?: -->)?$", re.M)
LANGUAGES = {
    ".css": "css", ".dart": "dart", ".go": "go", ".html": "html", ".java": "java", ".js": "js", ".kt": "kotlin",
    ".php": "php", ".plist": "xml", ".py": "python", ".sh": "sh", ".swift": "swift", ".tsx": "tsx", ".xml": "xml",
}  # fmt: skip


def filled(page: str, root: Path = ROOT) -> str:
    """The page with every marked block as its file has it now. Raises FileNotFoundError, and LookupError for a part that is not there."""

    def block(found: re.Match[str]) -> str:
        path, name = root / found["path"], found["part"]
        code = path.read_text("utf-8")
        code = part(code, name) if name else MARK.sub("", code)
        fence, language = found["fence"], LANGUAGES.get(path.suffix, "text")
        return f"{found[0].splitlines()[0]}\n{fence}{language}\n{squeezed(code)}\n{fence}"

    return BLOCK.sub(block, page)


def part(code: str, name: str) -> str:
    """What stands between the mark of that name and the next mark."""
    marks = list(MARK.finditer(code))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if mark["name"] == name:
            return code[mark.end() : following.start() if following else None]
    raise LookupError(f"no part is called {name}")


def squeezed(code: str) -> str:
    """Without blank lines at both ends, and with at most two in between."""
    return re.sub(r"\n{4,}", "\n\n\n", code.strip("\n"))


def main() -> None:
    """Write every page anew."""
    for page in sorted((ROOT / "docs").rglob("*.md")):
        before = page.read_text("utf-8")
        if (after := filled(before)) != before:
            page.write_text(after, "utf-8")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
