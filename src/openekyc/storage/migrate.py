"""Brings a database to the newest schema. Alembic is imported only when there is something to do, so that a start stays quick."""

from pathlib import Path

import sqlalchemy as sa

from openekyc.errors import HomeError

HEAD = "0008"
FOLDER = Path(__file__).parent / "migrations"


def revision(connection: sa.Connection) -> str | None:
    """The revision the database is at; None if it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def upgrade(connection: sa.Connection) -> None:
    """Run what is missing, in the caller's transaction. Raises HomeError if the database is newer than this program."""
    if revision(connection) == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise HomeError(f"The database cannot be brought to revision {HEAD}: {error}.", "Install the newest openekyc.") from error
