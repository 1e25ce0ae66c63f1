"""A home opened as one: folder, master key and database, each checked against the others."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

from openekyc.errors import HomeError
from openekyc.storage import claim
from openekyc.storage.database import Database
from openekyc.storage.home import Home, open_home
from openekyc.storage.keys import a_sealed_value
from openekyc.storage.migrate import Told
from openekyc.storage.seal import Seal


class Store(NamedTuple):
    """What everything stored is reached through."""

    home: Home
    database: Database
    seal: Seal


@contextmanager
def open_store(path: Path, *, alone: bool = False, told: Told = lambda text: None, accept_new_database: bool = False) -> Iterator[Store]:
    """The home at `path`, open until the end. `alone`: for the one server, which also brings the database up to date; otherwise beside it.
    Raises HomeError with the remedy."""
    home = open_home(path, accept_new_database=accept_new_database)
    with home.locked() if alone else nullcontext():
        seal = Seal(home.master())
        lost = claim.missing(home.database, home.had) if home.had else None
        database = Database(home.database, told=told, migrates=alone, lost=lost)
        try:
            database.start()
            _check_key(home, database, seal)
            home.mark_made()
            yield Store(home, database, seal)
        finally:
            database.stop()


def _check_key(home: Home, database: Database, seal: Seal) -> None:
    sealed = database.now(a_sealed_value)
    if sealed is not None and not seal.fits(sealed):
        raise HomeError(
            f"{home.master_key} is not the key that {home.database} was sealed with.",
            "Put back the master.key that belongs to this database: both come from the same home or the same backup.",
        )
