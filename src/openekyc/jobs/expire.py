"""The job that ends what nobody ends: sessions whose time is up. It also takes up again what was submitted and not judged,
should the store have been unable to conclude it at the time."""

import asyncio
from typing import Protocol

import structlog

from openekyc.jobs.verify import Backlog, resume
from openekyc.sessions.ports import Dispatcher

PERIOD_S = 15.0


class Expiring(Protocol):
    """The job's view of the session service."""

    async def expire(self) -> int: ...


async def expire_forever(service: Expiring, store: Backlog, dispatcher: Dispatcher, period_s: float = PERIOD_S) -> None:
    """Run until cancelled. A round that fails is logged; the next one tries again."""
    while True:
        try:
            await service.expire()
            await resume(store, dispatcher)
        except Exception:  # noqa: BLE001 - the worker's edge
            structlog.get_logger().exception("expiry_failed")
        await asyncio.sleep(period_s)
