"""A started database in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from openekyc.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "openekyc.db")
    database.start()
    yield database
    database.stop()
