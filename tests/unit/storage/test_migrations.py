"""From nothing to the newest revision, and that is what tables.py says."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from openekyc.accounts import Account
from openekyc.errors import HomeError
from openekyc.sessions.model import Attempt, CardShot, Fingerprint, Session, SessionState, Slice, Terms
from openekyc.sessions.origin import ended
from openekyc.storage import migrate, tables
from openekyc.storage.accounts import SqlAccountStore
from openekyc.storage.connect import connect
from openekyc.storage.database import Database
from openekyc.storage.keys import SqlKeyStore
from openekyc.storage.seal import Seal
from openekyc.storage.sessions import SqlSessionStore


async def test_a_new_database_is_at_head_and_matches_the_tables(database: Database, tmp_path: Path) -> None:
    assert await database.ready()
    with connect(tmp_path / "openekyc.db", read_only=True) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
        assert schema(connection) == declared()


def schema(connection: sa.Connection) -> set[str]:
    """Indexes with their conditions, and foreign keys: what Alembic's comparison leaves out on SQLite."""
    rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").scalars()
    return {" ".join(row.split()) for row in rows}


def declared() -> set[str]:
    engine = sa.create_engine("sqlite://")
    tables.metadata.create_all(engine)
    with engine.connect() as connection:
        return schema(connection)


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_a_new_database_is_no_migration(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        database = Database(tmp_path / "a.db", told=told.append)
        database.start()
        database.stop()
    assert told == []


def test_starting_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        database = Database(tmp_path / "a.db")
        database.start()
        database.stop()


def test_a_newer_database_is_refused_with_a_remedy(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    database.start()
    database.stop()
    with connect(tmp_path / "a.db", read_only=False) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(HomeError) as caught:
        Database(tmp_path / "a.db").start()
    assert "newest openekyc" in caught.value.remedy


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database, " * 100)
    with pytest.raises(HomeError, match="cannot be opened"):
        Database(tmp_path / "a.db").start()


async def test_a_database_of_the_first_release_is_brought_up_with_its_rows(tmp_path: Path) -> None:
    with connect(tmp_path / "a.db", read_only=False) as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for token, terms in (("T", '{"family": "liveness", "level": 3}'), ("U", '{"family": "faceid"}')):
            session = f"('{token}', 'acme', 0, '{terms}', 'ready', 1.0, 2.0, 1, NULL, 0)"
            connection.exec_driver_sql(f"INSERT INTO sessions VALUES {session}")
            columns = "token, number, state, challenge, opened_at, touched_at, received, slices, trace_bytes, trace_batches, version"
            challenge = '{"nonce": "n", "steps": []}'
            values = f"('{token}', 1, 'abandoned', '{challenge}', 1.0, 1.0, 0, 0, 0, 0, 0)"
            connection.exec_driver_sql(f"INSERT INTO attempts ({columns}) VALUES {values}")
    told: list[str] = []
    database = Database(tmp_path / "a.db", told=told.append)
    database.start()
    assert told[0].startswith(f"bringing the database from revision 0001 to {migrate.HEAD}")
    assert f"revision {migrate.HEAD} is in place" in told
    assert told[-1] == f"the database is at revision {migrate.HEAD}"
    store = SqlSessionStore(database)
    attempts = [await store.attempt(token, 1) for token in "TU"]
    session = await store.session("T")
    database.stop()
    with connect(tmp_path / "a.db", read_only=True) as connection:
        assert migrate.revision(connection) == migrate.HEAD
    assert session == Session("T", "acme", False, Terms("liveness", level=3), SessionState.READY, 1.0, 2.0, 1)
    assert [(one.level, one.unable, one.counts, one.given_up) for one in attempts if one] == [(3, (), True, ""), (4, (), True, "")]


async def test_accounts_of_the_revision_before_are_made_from_their_keys(tmp_path: Path) -> None:
    with connect(tmp_path / "a.db", read_only=False) as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        keys = [("AKID1", "acme", 9.0), ("AKID2", "acme", 5.0), ("AKID3", "it's <b>odd</b>\n", 7.0)]
        for secret_id, account, made in keys:
            row = {"secret_id": secret_id, "account": account, "sandbox": False, "created_at": made, "disabled": True, "sealed": b""}
            connection.execute(sa.insert(tables.keys), row)
    with pytest.raises(HomeError, match="revision 0006") as refused:
        Database(tmp_path / "a.db", migrates=False).start()  # as a command opens it: a server of that version may be running
    assert "openekyc serve" in refused.value.remedy
    database = Database(tmp_path / "a.db")
    database.start()
    accounts = await SqlAccountStore(database).list()
    database.stop()
    assert list(accounts) == [Account("acme", created_at=5.0), Account("it's <b>odd</b>\n", created_at=7.0)]


async def test_what_a_picture_was_once_told_of_an_expired_document_is_told_no_more(tmp_path: Path) -> None:
    with connect(tmp_path / "a.db", read_only=False) as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        session = {"token": "T", "account": "acme", "sandbox": False, "terms": "{}", "state": "ready", "created_at": 1.0, "start_by": 2.0}
        rest = {"restarts": 0, "attempts": 0, "shots": 1, "document": "", "ended": "", "version": 0, "client": "{}"}
        names = {column.name for column in tables.sessions.columns}
        connection.execute(sa.insert(tables.sessions), {key: value for key, value in (session | rest).items() if key in names})
        shot = {"token": "T", "number": 1, "side": "front", "state": "retake", "picture": MEDIA, "submitted_at": 1.0, "whole": True}
        shot |= {"hints": '["expired"]', "undoes": '["front"]', "warnings": "[]", "version": 0}
        connection.execute(sa.insert(tables.card_shots), shot)
    database = Database(tmp_path / "a.db")
    database.start()
    shots = await SqlSessionStore(database).shots("T")
    database.stop()
    assert [one.hints for one in shots] == [("not_accepted",)]


MEDIA = '{"key": "k", "md5": "", "size": 1, "content_type": "image/jpeg"}'
VALUES = [
    (Session, tables.sessions),
    (Attempt, tables.attempts),
    (CardShot, tables.card_shots),
    (Slice, tables.slices),
    (Fingerprint, tables.fingerprints),
]


@pytest.mark.parametrize(("kind", "table"), VALUES)
def test_every_field_has_its_column(kind: type, table: sa.Table) -> None:
    assert tuple(table.c.keys()) == kind.__struct_fields__


async def test_rows_from_before_keys_were_noted_count_as_any_key_of_their_account(tmp_path: Path) -> None:
    with connect(tmp_path / "a.db", read_only=False) as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        seal = Seal(bytes(32))
        sealed = seal.seal(b'["secret", null]', "AKID1 acme")
        for secret_id, disabled in (("AKID1", False), ("AKID2", True)):
            row = {"secret_id": secret_id, "account": "acme", "sandbox": False, "created_at": 1.0, "disabled": disabled, "sealed": sealed}
            connection.execute(sa.insert(tables.keys), row)
        columns = "token, account, sandbox, terms, state, created_at, start_by, attempts, restarts, shots, document, ended, version"
        values = "('T', 'acme', 0, '{\"family\": \"liveness\"}', 'ready', 5.0, 99.0, 0, 0, 0, '', '', 0)"
        connection.exec_driver_sql(f"INSERT INTO sessions ({columns}) VALUES {values}")
    database = Database(tmp_path / "a.db")
    database.start()
    store, keys = SqlSessionStore(database), SqlKeyStore(database, seal)
    session = await store.session("T")
    assert session
    assert session.secret_id == ""
    assert not await ended(keys, session.secret_id, session.account, session.created_at)  # what was disabled long ago ends nothing now
    assert await store.unfinished("acme", ["AKID1"], 10.0) == 1
    await keys.disable("AKID1", at=10.0)
    assert await ended(keys, session.secret_id, session.account, session.created_at)
    database.stop()
