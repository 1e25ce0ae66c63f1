"""AccountStore in SQL. A found account is remembered for a second, as keys are, so that a call seldom reads it."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from openekyc.accounts import STORED, Account
from openekyc.clock import Clock
from openekyc.storage.database import Database
from openekyc.storage.keys import REMEMBER_MOST, REMEMBER_S
from openekyc.storage.tables import accounts

_FIND = sa.select(accounts).where(accounts.c.name == sa.bindparam("key_name"))
_LIST = sa.select(accounts).order_by(accounts.c.name)
_SAVE = (
    sa.update(accounts)
    .where(accounts.c.name == sa.bindparam("key_name"), accounts.c.version == sa.bindparam("key_version"))
    .values(settings=sa.bindparam("new_settings"), version=accounts.c.version + 1)
)
_settings = msgspec.json.Decoder(STORED).decode


class SqlAccountStore:
    """See `openekyc.sessions.ports.AccountStore`. `clock` is monotonic."""

    def __init__(self, database: Database, clock: Clock = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._remembered: dict[str, tuple[float, Account | None]] = {}

    async def find(self, name: str) -> Account | None:
        now = self._clock()
        until, account = self._remembered.get(name, (now, None))
        return account if now < until else await self._look_up(name)

    async def list(self) -> Sequence[Account]:
        rows = await self._database.scan(lambda connection: connection.execute(_LIST).all())
        return [_account(row) for row in rows]

    async def save(self, account: Account) -> bool:
        settings = msgspec.json.encode(account.settings).decode()
        row = {"key_name": account.name, "key_version": account.version, "new_settings": settings}
        saved = await self._database.write(lambda connection: connection.execute(_SAVE, row).rowcount)
        self._remembered.pop(account.name, None)
        return bool(saved)

    async def _look_up(self, name: str) -> Account | None:
        asked = self._clock()
        row = await self._database.read(lambda connection: connection.execute(_FIND, {"key_name": name}).first())
        if len(self._remembered) >= REMEMBER_MOST:
            self._remembered.clear()
        account = _account(row) if row else None
        self._remembered[name] = (asked + REMEMBER_S, account)
        return account


def _account(row: sa.Row[Any]) -> Account:
    return Account(row.name, _settings(row.settings), row.created_at, row.version)
