"""A process that writes rows and blobs as fast as it can and prints each one's name once it was acknowledged."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from openekyc.storage.blobs import LocalBlobs
from openekyc.storage.database import Database
from openekyc.storage.sessions import SqlSessionStore
from tests.unit.storage.samples import session


def blob(name: str) -> bytes:
    """The bytes of the blob `name`."""
    return name.encode() * 5000


async def main(folder: Path) -> None:
    database = Database(folder / "openekyc.db")
    database.start()
    store, blobs, numbers = SqlSessionStore(database), LocalBlobs(folder / "blobs"), count()

    async def row() -> None:
        while True:
            token = f"t{next(numbers)}"
            await store.add(session(token))
            print("row", token, flush=True)

    async def file() -> None:
        while True:
            name = f"b{next(numbers)}"
            await blobs.put(f"blobs/{name}", blob(name))
            print("blob", name, flush=True)

    await asyncio.gather(*(row() for _ in range(20)), *(file() for _ in range(5)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
