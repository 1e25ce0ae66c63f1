"""Every AccountStore keeps the same promises; the SQL one also notices other processes."""

import asyncio
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from openekyc.accounts import NOTHING_OWN, Account, own_values, revised
from openekyc.sessions.ports import AccountStore, KeyStore
from openekyc.storage.accounts import SqlAccountStore
from openekyc.storage.database import Database
from openekyc.storage.keys import REMEMBER_S, SqlKeyStore
from openekyc.storage.memory import MemoryAccountStore, MemoryKeyStore
from openekyc.storage.seal import Seal
from tests.unit.storage.samples import key

HOSTILE = ["", "a'; DROP TABLE accounts; --", "<script>alert(1)</script>", "\x1b[31m", "../../etc", "x" * 5000, "a\x00b", "\u202egnp"]


class Stores(NamedTuple):
    accounts: AccountStore
    keys: KeyStore


@pytest.fixture(params=["memory", "sql"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        accounts = MemoryAccountStore()
        return Stores(accounts, MemoryKeyStore(accounts))
    database = request.getfixturevalue("database")
    return Stores(SqlAccountStore(database), SqlKeyStore(database, Seal(bytes(32))))


async def named(stores: Stores, name: str = "acme") -> Account:
    found = await stores.accounts.find(name)
    assert found
    return found


async def test_the_first_key_makes_the_account_and_later_ones_leave_it(stores: Stores) -> None:
    await stores.keys.add(key(created_at=5.0))
    assert await named(stores) == Account("acme", NOTHING_OWN, 5.0, 0)
    changed = revised(NOTHING_OWN, {"brand_name": "Acme"})
    assert await stores.accounts.save(replace(await named(stores), settings=changed))
    await stores.keys.add(key("AKID2", created_at=9.0))
    assert await named(stores) == Account("acme", changed, 5.0, 1)


async def test_a_key_that_cannot_be_added_makes_no_account(stores: Stores) -> None:
    await stores.keys.add(key())
    with pytest.raises(KeyError):
        await stores.keys.add(key(account="thief"))
    assert [one.name for one in await stores.accounts.list()] == ["acme"]


async def test_accounts_are_listed_by_name(stores: Stores) -> None:
    for number, name in enumerate(("zoo", "acme", "mid")):
        await stores.keys.add(key(f"AKID{number}", account=name))
    assert [one.name for one in await stores.accounts.list()] == ["acme", "mid", "zoo"]


async def test_nobody_is_found_until_made(stores: Stores) -> None:
    assert await stores.accounts.find("acme") is None
    assert not await stores.accounts.save(Account("acme"))
    assert list(await stores.accounts.list()) == []


async def test_of_many_who_set_from_one_version_exactly_one_wins(stores: Stores) -> None:
    await stores.keys.add(key())
    known = await named(stores)
    racing = [stores.accounts.save(replace(known, settings=revised(NOTHING_OWN, {"rate_per_second": str(i + 1)}))) for i in range(20)]
    assert sorted(await asyncio.gather(*racing)) == [False] * 19 + [True]
    assert (await named(stores)).version == 1


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_of_an_earlier_version_is_a_name(stores: Stores, name: str) -> None:
    await stores.keys.add(key())
    await stores.keys.add(key("AKID2", account=name))
    assert await stores.accounts.save(replace(await named(stores, name), settings=revised(NOTHING_OWN, {"brand_name": "x"})))
    assert own_values((await named(stores, name)).settings) == {"brand_name": "x"}
    assert (await named(stores)).settings == NOTHING_OWN
    assert len(await stores.accounts.list()) == 2


async def test_a_change_elsewhere_shows_when_the_memory_fades(database: Database) -> None:
    now = [1000.0]
    here, elsewhere = (SqlAccountStore(database, clock=lambda: now[0]) for _ in range(2))
    assert await here.find("acme") is None
    await SqlKeyStore(database, Seal(bytes(32))).add(key())
    now[0] += REMEMBER_S
    known = await here.find("acme")
    assert known is not None
    assert await elsewhere.save(replace(known, settings=revised(NOTHING_OWN, {"brand_name": "Acme"})))
    assert await here.find("acme") == known  # for a moment still
    now[0] += REMEMBER_S
    assert own_values((await here.find("acme") or known).settings) == {"brand_name": "Acme"}


async def test_the_own_change_shows_at_once(stores: Stores) -> None:
    await stores.keys.add(key())
    known = await named(stores)
    assert await stores.accounts.save(replace(known, settings=revised(NOTHING_OWN, {"brand_name": "Acme"})))
    assert own_values((await named(stores)).settings) == {"brand_name": "Acme"}
