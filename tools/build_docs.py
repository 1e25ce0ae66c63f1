"""Builds the documentation's site (docs/ -> src/openekyc/site/). Does nothing while its sources are unchanged.

    python tools/build_docs.py

MkDocs does the work: `pip install mkdocs pymdown-extensions pygments`. The wheel's build hook (hatch_build.py) calls this too.
"""

import hashlib
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("docs", "web/docs", "mkdocs.yml", "tools/build_docs.py", "tools/docs_hooks.py")
BUILT = ROOT / "src" / "openekyc" / "site"
STAMP = "built.stamp"
NEEDED = "MkDocs is needed to build the documentation: `make docs` installs it, or `pip install mkdocs pymdown-extensions pygments`."


class NoMkDocs(Exception):
    """There is nothing to build with."""


def build(out: Path = BUILT) -> bool:
    """Build the site if its sources changed; whether anything was done. Raises NoMkDocs."""
    print_ = fingerprint()
    stamp = out / STAMP
    if stamp.exists() and stamp.read_text() == print_:
        return False
    if not (find_spec("mkdocs") and find_spec("pymdownx")):
        raise NoMkDocs(NEEDED)
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    # A half-built site is none: it gets its name when it is whole.
    half = out.with_name(out.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(half))
    config.plugins.on_startup(command="build", dirty=False)
    build_site(config)
    (half / STAMP).write_text(print_)
    shutil.rmtree(out, ignore_errors=True)
    half.rename(out)
    return True


def fingerprint() -> str:
    """A hash over every source of the site."""
    total = hashlib.sha256()
    for path in sorted(found for source in SOURCES for found in [ROOT / source, *(ROOT / source).rglob("*")] if found.is_file()):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


if __name__ == "__main__":
    try:
        print("documentation built" if build() else "documentation is up to date")
    except NoMkDocs as missing:
        sys.exit(str(missing))
