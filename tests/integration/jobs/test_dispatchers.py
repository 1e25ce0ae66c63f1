"""Every Dispatcher judges what was submitted, once."""

import asyncio

import pytest

from openekyc.jobs.local import LocalDispatcher
from openekyc.storage.memory import MemoryDispatcher


@pytest.mark.parametrize("kind", ["memory", "local"])
async def test_each_attempt_is_judged_once_however_often_it_is_submitted(kind: str) -> None:
    judged: list[tuple[str, int]] = []

    async def judge(token: str, number: int) -> None:
        judged.append((token, number))
        dispatcher.submit(token, number)
        await asyncio.sleep(0)

    dispatcher = MemoryDispatcher() if kind == "memory" else LocalDispatcher(2)
    dispatcher.bind(judge)
    for token in ("a", "b", "a", "c", "b"):
        dispatcher.submit(token, 1)
    assert judged == []
    await finished(dispatcher)
    assert judged == [("a", 1), ("b", 1), ("c", 1)]


@pytest.mark.parametrize("kind", ["memory", "local"])
async def test_pictures_are_read_beside_attempts_of_the_same_number(kind: str) -> None:
    done: list[tuple[str, str, int]] = []

    async def judge(token: str, number: int) -> None:
        done.append(("judge", token, number))

    async def read(token: str, number: int) -> None:
        done.append(("read", token, number))

    dispatcher = MemoryDispatcher() if kind == "memory" else LocalDispatcher(1)
    dispatcher.bind(judge, read)
    dispatcher.submit("a", 1)
    for _ in range(2):
        dispatcher.read("a", 1)
    await finished(dispatcher)
    assert done == [("judge", "a", 1), ("read", "a", 1)]


async def finished(dispatcher: MemoryDispatcher | LocalDispatcher) -> None:
    if isinstance(dispatcher, MemoryDispatcher):
        return await dispatcher.work()
    while dispatcher.waiting:  # noqa: ASYNC110 - drain gives back what waits
        await asyncio.sleep(0)
    return await dispatcher.drain(10)
