"""A session service over the in-memory ports."""

import pytest

from tests.session_world import World


@pytest.fixture
def world() -> World:
    return World()
