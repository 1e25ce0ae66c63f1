"""kill -9 in the middle of writes: everything that was acknowledged is there, whole, and the next start works."""

import subprocess
import sys
from pathlib import Path

from openekyc.storage.blobs import LocalBlobs
from openekyc.storage.database import Database
from openekyc.storage.sessions import SqlSessionStore
from tests.integration.storage.writer_process import blob
from tests.unit.storage.samples import session

ENOUGH = 400


def acknowledged_until_killed(folder: Path) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "tests.integration.storage.writer_process", str(folder)]
    names: dict[str, list[str]] = {"row": [], "blob": []}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for number, line in enumerate(process.stdout):
            if not line.endswith("\n"):
                break
            kind, name = line.split()
            names[kind].append(name)
            if number == ENOUGH:
                process.kill()
    return names


async def test_every_acknowledged_row_and_blob_survives(tmp_path: Path) -> None:
    names = acknowledged_until_killed(tmp_path)
    assert len(names["row"]) + len(names["blob"]) >= ENOUGH
    assert names["blob"]
    database = Database(tmp_path / "openekyc.db")
    database.start()
    store, blobs = SqlSessionStore(database), LocalBlobs(tmp_path / "blobs")
    for token in names["row"]:
        assert await store.session(token) == session(token)
    for name in names["blob"]:
        assert await blobs.get(f"blobs/{name}") == blob(name)
    await store.add(session("after"))
    database.stop()
