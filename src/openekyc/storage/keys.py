"""KeyStore in SQL. Secrets are sealed; a found key is remembered for a second, so that a signed call seldom reads it."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from openekyc.clock import Clock
from openekyc.sessions.model import ApiKey
from openekyc.storage.database import Database
from openekyc.storage.seal import Seal
from openekyc.storage.tables import accounts, keys

REMEMBER_S = 1.0  # under the two seconds within which another process's change must show
REMEMBER_MOST = 4096

_INSERT = sa.insert(keys)
_INSERT_ACCOUNT = insert(accounts).on_conflict_do_nothing()
_FIND = sa.select(keys).where(keys.c.secret_id == sa.bindparam("secret_id"))
_LIST = sa.select(keys).order_by(keys.c.created_at, keys.c.secret_id)
_DISABLE = (
    sa.update(keys)
    .where(keys.c.secret_id == sa.bindparam("key_secret_id"))
    .values(
        disabled=True,
        disabled_at=sa.bindparam("at"),
        keeps_tokens=sa.and_(sa.bindparam("keep", type_=sa.Boolean), sa.or_(sa.not_(keys.c.disabled), keys.c.keeps_tokens)),
    )
)
_LAST_DISABLED = sa.select(sa.func.max(keys.c.disabled_at)).where(
    keys.c.account == sa.bindparam("account"), keys.c.disabled, sa.not_(keys.c.keeps_tokens)
)


class _Secrets(msgspec.Struct, frozen=True, array_like=True):
    secret_key: str
    session_token: str | None


class SqlKeyStore:
    """See `openekyc.sessions.ports.KeyStore`. `clock` is monotonic."""

    def __init__(self, database: Database, seal: Seal, clock: Clock = time.monotonic) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._remembered: dict[str, tuple[float, ApiKey]] = {}
        self._last: dict[str, tuple[float, float | None]] = {}  # by account

    async def add(self, key: ApiKey) -> None:
        row = self._row(key)
        account = {"name": key.account, "settings": "{}", "created_at": key.created_at, "version": 0}

        def work(connection: sa.Connection) -> None:
            connection.execute(_INSERT, row)
            connection.execute(_INSERT_ACCOUNT, account)

        try:
            await self._database.write(work)
        except IntegrityError:
            raise KeyError(key.secret_id) from None

    async def find(self, secret_id: str) -> ApiKey | None:
        until, key = self._remembered.get(secret_id, (0.0, None))
        if key is not None and self._clock() < until:
            return key
        return await self._look_up(secret_id)

    async def list(self) -> Sequence[ApiKey]:
        rows = await self._database.scan(lambda connection: connection.execute(_LIST).all())
        return [self._key(row) for row in rows]

    async def disable(self, secret_id: str, *, at: float | None = None, keep_tokens: bool = False) -> bool:
        row = {"key_secret_id": secret_id, "at": time.time() if at is None else at, "keep": keep_tokens}
        found = await self._database.write(lambda connection: connection.execute(_DISABLE, row).rowcount)
        self._remembered.pop(secret_id, None)
        self._last.clear()
        return bool(found)

    async def last_disabled(self, account: str) -> float | None:
        until, last = self._last.get(account, (0.0, None))
        asked = self._clock()
        if asked < until:
            return last
        last = await self._database.read(lambda connection: connection.execute(_LAST_DISABLED, {"account": account}).scalar())
        if len(self._last) >= REMEMBER_MOST:
            self._last.clear()
        self._last[account] = (asked + REMEMBER_S, last)
        return last

    async def _look_up(self, secret_id: str) -> ApiKey | None:
        asked = self._clock()
        row = await self._database.read(lambda connection: connection.execute(_FIND, {"secret_id": secret_id}).first())
        if row is None:
            return None
        if len(self._remembered) >= REMEMBER_MOST:
            self._remembered.clear()
        key = self._key(row)
        self._remembered[secret_id] = (asked + REMEMBER_S, key)
        return key

    def _row(self, key: ApiKey) -> dict[str, Any]:
        row = msgspec.structs.asdict(key)
        secrets = _Secrets(row.pop("secret_key"), row.pop("session_token"))
        return row | {"sealed": self._seal.seal(msgspec.json.encode(secrets), _bound(key.secret_id, key.account))}

    def _key(self, row: sa.Row[Any]) -> ApiKey:
        fields = {str(name): value for name, value in row._mapping.items()}
        plain = self._seal.open(fields.pop("sealed"), _bound(row.secret_id, row.account))
        return ApiKey(**fields, **msgspec.structs.asdict(msgspec.json.decode(plain, type=_Secrets)))


def a_sealed_value(connection: sa.Connection) -> bytes | None:
    """One of those in the database, if there is any."""
    found: bytes | None = connection.execute(sa.select(keys.c.sealed).limit(1)).scalar()
    return found


def _bound(secret_id: str, account: str) -> str:
    return f"{secret_id} {account}"
