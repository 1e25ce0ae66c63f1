"""A fresh API with one ordinary key."""

import pytest

from tests.unit.api.caller import Api


@pytest.fixture
async def api() -> Api:
    """The key is the vectors' one."""
    api = Api()
    await api.add_key()
    return api
