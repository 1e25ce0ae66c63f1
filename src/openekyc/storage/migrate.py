"""Brings a database to the newest schema. Alembic is imported only when there is something to do, so that a start stays quick."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from openekyc.errors import HomeError

HEAD = "0012"
FOLDER = Path(__file__).parent / "migrations"


def revision(connection: sa.Connection) -> str | None:
    """The revision the database is at; None if it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


Told = Callable[[str], None]
"""Told in words how far a migration is."""


def upgrade(connection: sa.Connection, told: Told = lambda text: None, *, existing: bool = True, lost: HomeError | None = None) -> None:
    """Run what is missing, in the caller's transaction; `told` hears of it unless the database is new. Raises HomeError if the
    database is newer than this program, or older and not `existing` ones are to be changed, and `lost` if it holds nothing at all."""
    before = revision(connection)
    if before is None and lost is not None:
        raise lost
    if before == HEAD:
        return
    if before is not None and not existing:
        raise HomeError(
            f"The database is of revision {before}; this program works with {HEAD}.",
            "Use the version that made it, or start the server of this version once: `openekyc serve` brings it up to date.",
        )
    if before is not None:
        told(f"bringing the database from revision {before} to {HEAD}; a large one takes minutes")
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["told"] = told if before is not None else lambda text: None
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise HomeError(f"The database cannot be brought to revision {HEAD}: {error}.", "Install the newest openekyc.") from error
    if before is not None:
        told(f"the database is at revision {HEAD}")
