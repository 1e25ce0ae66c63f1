"""The capture endpoints over the in-memory ports, called without a network."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from openekyc.capture.routes import routes
from tests.session_world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(world) as client:
        yield client


def client_of(world: World) -> httpx.AsyncClient:
    app = Starlette(routes=routes(world.service, world.keys, world.clock, world.settings))
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    return httpx.AsyncClient(transport=transport, base_url="http://test/capture/v1")


@pytest.fixture
def client_for() -> Callable[[World], Any]:
    return client_of
