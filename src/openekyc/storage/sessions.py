"""SessionStore in SQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from openekyc.engine.documents.values import Side
from openekyc.engine.values import Challenge, Colour, Gesture, Verdict
from openekyc.errors import StorageError
from openekyc.sessions.model import Attempt, CardHint, CardShot, Consent, Draw, Fingerprint, Media, Session, Slice, Terms
from openekyc.sessions.ports import DRAWS_KEPT, Change
from openekyc.storage import consents, tables
from openekyc.storage.database import Database
from openekyc.storage.rows import Insert, RowShape, without_media

SESSION = RowShape(tables.sessions, {"terms": Terms})
ATTEMPT = RowShape(
    tables.attempts,
    {
        "challenge": Challenge,
        "verdict": Verdict,
        "video": Media,
        "best_frame": Media,
        "action_video": Media,
        "record": Media,
        "unable": tuple[Gesture, ...],
    },
)
SHOT = RowShape(
    tables.card_shots,
    {
        "picture": Media,
        "undoes": tuple[Side, ...],
        "hints": tuple[CardHint, ...],
        "warnings": tuple[int, ...],
        "card": Media,
        "ocr": Media,
        "rectified": Media,
        "portrait": Media,
        "edits": Media,
    },
)
SLICE = RowShape(tables.slices, {})
FINGERPRINT = RowShape(tables.fingerprints, {})


def _of(table: sa.Table, *names: str) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == sa.bindparam(f"key_{name}") for name in names))


def _replace(table: sa.Table, *names: str) -> sa.Update:
    columns: dict[str, Any] = {column.name: sa.bindparam(column.name) for column in table.c if column.name not in names}
    return sa.update(table).where(_of(table, *names, "version")).values(columns)


# Built once: building a statement costs three times its execution.
_INSERT = {name: sa.insert(table) for name, table in tables.metadata.tables.items()}
_NEW_SESSION = Insert(tables.sessions)
_REPLACE_SESSION = _replace(tables.sessions, "token")
_REPLACE_ATTEMPT = _replace(tables.attempts, "token", "number")
_REPLACE_SHOT = _replace(tables.card_shots, "token", "number")
_SHOTS = sa.select(tables.card_shots).where(_of(tables.card_shots, "token")).order_by(tables.card_shots.c.number)
_UNREAD = (
    sa.select(tables.card_shots.c.token, tables.card_shots.c.number)
    .where(tables.card_shots.c.state == sa.literal_column("'submitted'"))
    .order_by(tables.card_shots.c.submitted_at, tables.card_shots.c.token)
)
_SESSION = sa.select(tables.sessions).where(_of(tables.sessions, "token"))
_ATTEMPT = sa.select(tables.attempts).where(_of(tables.attempts, "token", "number"))
_SLICE = sa.select(tables.slices).where(_of(tables.slices, "token", "number", "offset"))
_SLICES = sa.select(tables.slices).where(_of(tables.slices, "token", "number")).order_by(tables.slices.c.offset)
_BATCH = sa.select(tables.trace_batches.c.data).where(_of(tables.trace_batches, "token", "number", "sequence"))
_BATCHES = (
    sa.select(tables.trace_batches.c.data).where(_of(tables.trace_batches, "token", "number")).order_by(tables.trace_batches.c.sequence)
)
_FINGERPRINTS = (
    sa.select(tables.fingerprints)
    .where(tables.fingerprints.c.account == sa.bindparam("account"), tables.fingerprints.c.made_at >= sa.bindparam("since"))
    .order_by(tables.fingerprints.c.made_at.desc())
    .limit(sa.bindparam("most"))
)
_FORGET = sa.delete(tables.fingerprints).where(tables.fingerprints.c.made_at < sa.bindparam("before"))
_DRAWS = (
    sa.select(tables.draws.c.account, tables.draws.c.colours)
    .where(tables.draws.c.account == sa.bindparam("account"))
    .order_by(tables.draws.c.id.desc())
    .limit(DRAWS_KEPT)
)
_OLD_DRAWS = (
    sa.select(tables.draws.c.id)
    .where(tables.draws.c.account == sa.bindparam("account"))
    .order_by(tables.draws.c.id.desc())
    .limit(-1)
    .offset(DRAWS_KEPT)
)
_FORGET_DRAWS = sa.delete(tables.draws).where(tables.draws.c.id.in_(_OLD_DRAWS))
_COLOURS = msgspec.json.Decoder(tuple[Colour, ...])
_SUBMITTED = (
    sa.select(tables.attempts.c.token, tables.attempts.c.number)
    .where(tables.attempts.c.state == sa.literal_column("'submitted'"))
    .order_by(tables.attempts.c.submitted_at, tables.attempts.c.token)
)
_STALE = sa.union(
    sa.select(tables.sessions.c.token)
    .join(tables.attempts)
    .where(
        tables.sessions.c.state == "capturing",
        tables.attempts.c.state == sa.literal_column("'capturing'"),
        tables.attempts.c.touched_at < sa.bindparam("capturing_before"),
    ),
    sa.select(tables.sessions.c.token).where(
        tables.sessions.c.state == sa.literal_column("'ready'"), tables.sessions.c.start_by < sa.bindparam("ready_before")
    ),
)
# The sessions a person is in or may still begin, which are few; they are found by the indexes of their states.
_UNFINISHED = (
    sa.select(sa.func.count())
    .select_from(tables.sessions)
    .where(
        sa.or_(
            tables.sessions.c.state == sa.literal_column("'capturing'"),
            sa.and_(tables.sessions.c.state == sa.literal_column("'ready'"), tables.sessions.c.start_by >= sa.bindparam("now")),
        ),
        tables.sessions.c.account == sa.bindparam("account"),
        tables.sessions.c.secret_id.in_(sa.bindparam("secret_ids", expanding=True)),
    )
)


class SqlSessionStore:
    """See `openekyc.sessions.ports.SessionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: Session) -> None:
        try:
            await self._database.write(_NEW_SESSION.work(SESSION.row(session)))
        except IntegrityError:
            raise KeyError(session.token) from None

    async def session(self, token: str) -> Session | None:
        row = await self._database.read(lambda connection: connection.execute(_SESSION, {"key_token": token}).first())
        return SESSION.value(Session, row) if row else None

    async def attempt(self, token: str, number: int) -> Attempt | None:
        row = await self._database.read(lambda connection: connection.execute(_ATTEMPT, _key(token, number)).first())
        return ATTEMPT.value(Attempt, row) if row else None

    async def slices(self, token: str, number: int) -> Sequence[Slice]:
        rows = await self._database.scan(lambda connection: connection.execute(_SLICES, _key(token, number)).all())
        return [SLICE.value(Slice, row) for row in rows]

    async def trace_batches(self, token: str, number: int) -> Sequence[bytes]:
        return await self._database.scan(lambda connection: connection.execute(_BATCHES, _key(token, number)).scalars().all())

    async def shots(self, token: str) -> Sequence[CardShot]:
        rows = await self._database.read(lambda connection: connection.execute(_SHOTS, {"key_token": token}).all())
        return [SHOT.value(CardShot, row) for row in rows]

    async def consent(self, token: str) -> Consent | None:
        return await self._database.read(lambda connection: consents.find(connection, token))

    async def commit(self, change: Change) -> bool:
        try:
            await self._database.write(lambda connection: _apply(connection, change))
        except (_Stale, IntegrityError):
            return False
        return True

    async def fingerprints(self, account: str, since: float, most: int) -> Sequence[Fingerprint]:
        bounds = {"account": account, "since": since, "most": most}
        rows = await self._database.scan(lambda connection: connection.execute(_FINGERPRINTS, bounds).all())
        return [FINGERPRINT.value(Fingerprint, row) for row in rows]

    async def forget_fingerprints(self, before: float) -> int:
        return await self._database.write(lambda connection: connection.execute(_FORGET, {"before": before}).rowcount)

    async def draws(self, account: str) -> Sequence[Draw]:
        rows = await self._database.read(lambda connection: connection.execute(_DRAWS, {"account": account}).all())
        return [Draw(row.account, _COLOURS.decode(row.colours)) for row in rows]

    async def submitted(self) -> Sequence[tuple[str, int]]:
        rows = await self._database.scan(lambda connection: connection.execute(_SUBMITTED).all())
        return [(row.token, row.number) for row in rows]

    async def unread(self) -> Sequence[tuple[str, int]]:
        rows = await self._database.scan(lambda connection: connection.execute(_UNREAD).all())
        return [(row.token, row.number) for row in rows]

    async def unfinished(self, account: str, secret_ids: Sequence[str], now: float) -> int:
        asked = {"account": account, "secret_ids": ["", *secret_ids], "now": now}
        return await self._database.scan(lambda connection: connection.execute(_UNFINISHED, asked).scalar_one())

    async def stale(self, *, capturing_before: float, ready_before: float) -> Sequence[str]:
        limits = {"capturing_before": capturing_before, "ready_before": ready_before}
        return await self._database.scan(lambda connection: connection.execute(_STALE, limits).scalars().all())


class _Stale(StorageError):
    """The stored row has moved on."""


def _key(token: str, number: int) -> dict[str, Any]:
    return {"key_token": token, "key_number": number}


def _insert(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> None:
    connection.execute(_INSERT[table.name], row)


def _apply(connection: sa.Connection, change: Change) -> None:
    if change.session is not None:
        _update(connection, _REPLACE_SESSION, SESSION.row(change.session), "token")
    if change.attempt is not None:
        _update(connection, _REPLACE_ATTEMPT, _attempt_row(change.attempt), "token", "number")
    if change.new_attempt is not None:
        _insert(connection, tables.attempts, _attempt_row(change.new_attempt))
    if change.shot is not None:
        _update(connection, _REPLACE_SHOT, SHOT.row(change.shot), "token", "number")
    if change.new_shot is not None:
        _insert(connection, tables.card_shots, SHOT.row(change.new_shot))
    _apply_pieces(connection, change)
    if change.fingerprint is not None:
        _insert(connection, tables.fingerprints, FINGERPRINT.row(change.fingerprint))
    if change.draw is not None:
        _insert(connection, tables.draws, {"account": change.draw.account, "colours": msgspec.json.encode(change.draw.colours).decode()})
        connection.execute(_FORGET_DRAWS, {"account": change.draw.account})
    if change.consent is not None:
        consents.keep(connection, change.consent)


def _apply_pieces(connection: sa.Connection, change: Change) -> None:
    if change.slice is not None:
        _insert_slice(connection, change.slice)
    if change.trace_batch is not None:
        _insert_trace(connection, *change.trace_batch)


def _attempt_row(attempt: Attempt) -> dict[str, Any]:
    return ATTEMPT.row(without_media(attempt))


def _update(connection: sa.Connection, statement: sa.Update, row: dict[str, Any], *names: str) -> None:
    keys = {f"key_{name}": row[name] for name in (*names, "version")}
    fields = {name: value for name, value in row.items() if name not in names}
    if connection.execute(statement, {**fields, **keys, "version": row["version"] + 1}).rowcount != 1:
        raise _Stale


def _insert_slice(connection: sa.Connection, piece: Slice) -> None:
    there = connection.execute(_SLICE, {**_key(piece.token, piece.number), "key_offset": piece.offset}).first()
    if there is None:
        _insert(connection, tables.slices, SLICE.row(piece))
    elif SLICE.value(Slice, there) != piece:
        raise _Stale


def _insert_trace(connection: sa.Connection, token: str, number: int, sequence: int, data: bytes) -> None:
    there = connection.execute(_BATCH, {**_key(token, number), "key_sequence": sequence}).scalar()
    if there is None:
        _insert(connection, tables.trace_batches, {"token": token, "number": number, "sequence": sequence, "data": data})
    elif there != data:
        raise _Stale
