"""Marks of what happened in the last hours, counted by whom they name."""

import secrets
from typing import Any

import sqlalchemy as sa

from openekyc.sessions.model import Counts, Mark
from openekyc.storage import tables
from openekyc.storage.rows import RowShape

MARK = RowShape(tables.marks, {})
SALT_BYTES = 32

_marks = tables.marks.c
_IN_TIME = sa.and_(_marks.account == sa.bindparam("account"), _marks.at >= sa.bindparam("since"))


def _of_kind(kind: str) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((_marks.kind == kind, 1), else_=0)), 0)


def _others(column: sa.Column[Any], name: str) -> sa.ColumnElement[int]:
    """How many different ones beside the one at hand."""
    return sa.func.count(sa.distinct(sa.case((sa.and_(column != "", column != sa.bindparam(name)), column), else_=None)))


_PERSON = sa.select(
    _of_kind("attempt"), _of_kind("token"), _of_kind("failure"), _others(_marks.address, "address"), _others(_marks.device, "device")
).where(_IN_TIME, _marks.person == sa.bindparam("person"))
_ADDRESS = sa.select(sa.func.count()).where(_IN_TIME, _marks.kind == "attempt", _marks.address == sa.bindparam("address"))
_ACCOUNT = sa.select(sa.func.count()).where(_IN_TIME, _marks.kind == "attempt")
_INSERT = sa.insert(tables.marks)
_FORGET = sa.delete(tables.marks).where(_marks.at < sa.bindparam("before"))
_SALT = sa.select(tables.salts.c.salt).where(tables.salts.c.day == sa.bindparam("day"))
_OLD_SALTS = sa.delete(tables.salts).where(tables.salts.c.day != sa.bindparam("day"))


def count(connection: sa.Connection, mark: Mark, since: float) -> Counts:
    """See `SessionStore.velocity`."""
    known = {"account": mark.account, "since": since, "person": mark.person, "address": mark.address, "device": mark.device}
    attempts, tokens, failures, addresses, devices = connection.execute(_PERSON, known).one()
    at_address = connection.execute(_ADDRESS, known).scalar_one() if mark.address else 0
    in_all = connection.execute(_ACCOUNT, known).scalar_one()
    return Counts(attempts, at_address, in_all, tokens, failures, addresses + bool(mark.address), devices + bool(mark.device))


def keep(connection: sa.Connection, mark: Mark) -> None:
    """Add one."""
    connection.execute(_INSERT, MARK.row(mark))


def forget(connection: sa.Connection, before: float) -> int:
    """Delete those made before; how many there were."""
    return connection.execute(_FORGET, {"before": before}).rowcount


def salt(connection: sa.Connection, day: int) -> bytes:
    """The day's; made when it is first asked for, and with it the others are forgotten."""
    found = connection.execute(_SALT, {"day": day}).scalar()
    if found is None:
        found = secrets.token_bytes(SALT_BYTES)
        connection.execute(_OLD_SALTS, {"day": day})
        connection.execute(sa.insert(tables.salts), {"day": day, "salt": found})
    return bytes(found)
