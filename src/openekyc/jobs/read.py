"""The job that reads one picture of a document. It may be started any number of times: concluding takes effect once."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

import structlog

from openekyc.engine.documents.values import Card, KindName, Side
from openekyc.errors import EngineFault, FileDamaged, SessionError
from openekyc.jobs.local import EngineLost
from openekyc.jobs.verify import REMEDY
from openekyc.sessions.documenting import Pictures


class Read(Protocol):
    """The job's view of the session service."""

    async def pictures(self, token: str, number: int) -> Pictures: ...

    async def conclude_reading(self, token: str, number: int, card: Card | None, damaged: tuple[str, ...] = ()) -> bool: ...


class Reader(Protocol):
    """The job's view of the engine processes."""

    async def read_card(self, sides: Mapping[Side, bytes], kind: KindName) -> Card: ...


async def read(service: Read, engine: Reader, token: str, number: int) -> None:
    """Picture in, card out. One the engine fails on is asked for again; so is one that the store has lost or altered, and that counts for
    none of the pictures that may be asked for again."""
    try:
        await service.conclude_reading(token, number, await _card(service, engine, token, number))
    except FileDamaged as error:
        structlog.get_logger().error("picture_damaged", picture=number, remedy=REMEDY)
        await _give_up(service, token, number, error.sides)
    except SessionError as error:  # concluded by another run, or gone
        structlog.get_logger().info("reading_skipped", picture=number, problem=error.problem)


async def _card(service: Read, engine: Reader, token: str, number: int) -> Card | None:
    try:
        return await _twice(engine, await service.pictures(token, number), number)
    except EngineFault as error:
        structlog.get_logger().error("engine_fault", picture=number, error=type(error).__name__, cause=error.message)
    return None


async def _give_up(service: Read, token: str, number: int, damaged: tuple[str, ...]) -> None:
    with suppress(SessionError):
        await service.conclude_reading(token, number, None, damaged)


async def _twice(engine: Reader, pictures: Pictures, number: int) -> Card:
    """A lost process may be the machine's doing: once more."""
    try:
        return await engine.read_card(pictures.sides, pictures.kind)
    except EngineLost as error:
        structlog.get_logger().warning("engine_lost", picture=number, cause=error.message)
        return await engine.read_card(pictures.sides, pictures.kind)
