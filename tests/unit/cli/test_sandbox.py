"""The key of a sandbox session of one's own."""

import time

import pytest

from openekyc.cli.sandbox import ACCOUNT, NoSession, usable_key
from openekyc.credentials import permanent_key, temporary_key
from openekyc.storage.memory import MemoryAccountStore, MemoryKeyStore


async def test_a_usable_key_is_taken_and_else_one_is_made() -> None:
    store, now = MemoryKeyStore(MemoryAccountStore()), time.time()
    made = await usable_key(store, now)
    assert (made.account, made.sandbox) == (ACCOUNT, True)
    await store.add(temporary_key(ACCOUNT, await store.list(), now, 60))
    assert await usable_key(store, now) == made
    await store.disable(made.secret_id)
    assert (await usable_key(store, now)).secret_id != made.secret_id


async def test_an_ordinary_account_of_that_name_is_refused_with_a_remedy() -> None:
    store = MemoryKeyStore(MemoryAccountStore())
    await store.add(permanent_key(ACCOUNT, (), 0.0, sandbox=False))
    with pytest.raises(NoSession, match="ordinary") as refused:
        await usable_key(store, 0.0)
    assert "keys create --sandbox" in refused.value.remedy
