"""Writes the generated pages of docs/reference from the declarations that the server itself runs on.

    python tools/reference.py [--check]

With --check nothing is written; the exit status is 1 if a page is missing, superfluous or not current. The examples come from
docs/reference/recorded, which `python -m tools.record_sessions` makes.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a file, Python looks beside it only

from openekyc.api.registry import discover  # noqa: E402
from tools.reference_pages import actions, api, codes, fields, operating  # noqa: E402

TARGET = ROOT / "docs" / "reference"
RECORDED = TARGET / "recorded"


def render() -> Mapping[Path, str]:
    """Every generated page."""
    registry = discover()
    pages = {f"actions/{action.name}.md": actions.render(action, RECORDED) for action in registry}
    pages |= {
        "actions/index.md": actions.index(registry),
        "api.md": api.render(registry),
        "codes.md": codes.render(),
        "commands.md": operating.commands(),
        "document-fields.md": fields.render(),
        "metrics.md": operating.metrics(),
        "settings.md": operating.settings(),
    }
    return {TARGET / name: text for name, text in pages.items()}


def stale(pages: Mapping[Path, str]) -> list[Path]:
    """The pages that are not as they should be; those of actions that are no more too."""
    changed = [path for path, text in pages.items() if not path.is_file() or path.read_text() != text]
    return changed + [path for path in (TARGET / "actions").glob("*.md") if path not in pages]


def main() -> int:
    """Write what is not current, or tell whether anything is."""
    pages = render()
    found = stale(pages)
    if "--check" in sys.argv[1:]:
        print("\n".join(f"not current: {path.relative_to(ROOT)}" for path in found), end="\n" if found else "")
        return 1 if found else 0
    for path in found:
        if path in pages:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path])
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
