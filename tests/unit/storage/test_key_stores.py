"""Every KeyStore keeps the same promises; the SQL one also keeps secrets sealed and notices other processes."""

from pathlib import Path

import pytest

from openekyc.errors import SealBroken
from openekyc.sessions.origin import ended
from openekyc.sessions.ports import KeyStore
from openekyc.storage.database import Database
from openekyc.storage.keys import REMEMBER_S, SqlKeyStore
from openekyc.storage.memory import MemoryAccountStore, MemoryKeyStore
from openekyc.storage.seal import Seal
from tests.unit.storage.samples import key

MASTER = bytes(range(32))


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest) -> KeyStore:
    if request.param == "memory":
        return MemoryKeyStore(MemoryAccountStore())
    return SqlKeyStore(request.getfixturevalue("database"), Seal(MASTER))


async def test_keys_come_back_as_they_were(store: KeyStore) -> None:
    permanent, temporary = key(), key("AKID2", sandbox=True, created_at=6.0, session_token="token", expires_at=9.5)
    await store.add(permanent)
    await store.add(temporary)
    assert await store.find("AKID1") == permanent
    assert await store.find("AKID2") == temporary
    assert await store.find("AKID3") is None
    assert list(await store.list()) == [permanent, temporary]


async def test_a_secret_id_is_stored_once(store: KeyStore) -> None:
    await store.add(key())
    with pytest.raises(KeyError):
        await store.add(key(account="thief"))
    assert await store.find("AKID1") == key()


async def test_disabling_shows_at_once_here(store: KeyStore) -> None:
    await store.add(key())
    assert await store.find("AKID1") == key()
    assert await store.disable("AKID1", at=9.0)
    assert await store.find("AKID1") == key(disabled=True, disabled_at=9.0)
    assert not await store.disable("AKID9")


async def test_what_came_from_a_key_goes_on_only_if_it_was_never_ended(store: KeyStore) -> None:
    for name in ("AKID1", "AKID2"):
        await store.add(key(name))
    await store.disable("AKID1", at=9.0, keep_tokens=True)
    assert await store.find("AKID1") == key(disabled=True, disabled_at=9.0, keeps_tokens=True)
    assert await store.last_disabled("acme") is None
    await store.disable("AKID1", at=10.0)
    assert await store.last_disabled("acme") == 10.0
    await store.disable("AKID1", at=11.0, keep_tokens=True)
    assert await store.find("AKID1") == key(disabled=True, disabled_at=11.0, keeps_tokens=False)
    assert await store.last_disabled("acme") == 11.0
    assert await store.last_disabled("other") is None


async def test_what_a_key_made_ends_with_it(store: KeyStore) -> None:
    for one in (key("AKID1"), key("AKID2"), key("AKIDt", session_token="t", expires_at=99.0, created_at=6.0, parent="AKID1")):
        await store.add(one)
    await store.add(key("AKIDold", session_token="t", expires_at=99.0, created_at=8.0))
    made = ("AKID1", "AKID2", "AKIDt", "AKIDold", "")

    async def over(since: float = 7.0) -> list[str]:
        return [one or "any" for one in made if await ended(store, one, "acme", since)]

    assert await over() == []
    await store.disable("AKID1", at=7.0, keep_tokens=True)
    assert await over() == []
    await store.disable("AKID1", at=7.0)
    assert await over() == ["AKID1", "AKIDt", "any"]  # the old one was made later, and may be another key's
    assert await over(since=7.5) == ["AKID1", "AKIDt"]
    await store.disable("AKID2", at=8.0)
    assert await over() == ["AKID1", "AKID2", "AKIDt", "AKIDold", "any"]
    assert not await ended(store, "", "another", 0.0)
    assert not await ended(store, "AKIDnobody", "acme", 0.0)


async def test_disabling_elsewhere_shows_when_the_memory_fades(database: Database) -> None:
    now = [1000.0]
    here, elsewhere = (SqlKeyStore(database, Seal(MASTER), clock=lambda: now[0]) for _ in range(2))
    await here.add(key())
    await here.find("AKID1")
    await elsewhere.disable("AKID1")
    now[0] += REMEMBER_S
    found = await here.find("AKID1")
    assert found is not None
    assert found.disabled
    assert REMEMBER_S < 2.0


async def test_no_secret_lies_in_the_file(database: Database, tmp_path: Path) -> None:
    await SqlKeyStore(database, Seal(MASTER)).add(key(secret_key="S" * 32, session_token="U" * 32))
    assert b"AKID1" in everything(tmp_path)
    assert b"SSSSSSSS" not in everything(tmp_path)
    assert b"UUUUUUUU" not in everything(tmp_path)


def everything(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_another_master_key_is_named_as_the_cause(database: Database) -> None:
    await SqlKeyStore(database, Seal(MASTER)).add(key())
    with pytest.raises(SealBroken, match="another master key"):
        await SqlKeyStore(database, Seal(bytes(32))).find("AKID1")
