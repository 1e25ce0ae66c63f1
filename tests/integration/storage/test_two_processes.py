"""A server and the command line on one home, as processes of their own."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from openekyc.errors import HomeError
from openekyc.storage.database import Database
from openekyc.storage.home import open_home
from openekyc.storage.keys import SqlKeyStore
from openekyc.storage.seal import Seal
from openekyc.storage.sessions import SqlSessionStore
from tests.unit.storage.samples import key, session

CREATE_KEYS = """
import asyncio, sys
from pathlib import Path
from openekyc.storage.database import Database
from openekyc.storage.home import open_home
from openekyc.storage.keys import SqlKeyStore
from openekyc.storage.seal import Seal
from tests.unit.storage.samples import key

async def main():
    home = open_home(Path(sys.argv[1]))
    database = Database(home.database)
    database.start()
    store = SqlKeyStore(database, Seal(home.master()))
    for number in range(20):
        await store.add(key(f"AKID{number}"))
    database.stop()

asyncio.run(main())
"""

HOLD_LOCK = """
import sys
from pathlib import Path
from openekyc.storage.home import open_home

with open_home(Path(sys.argv[1])).locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


async def test_keys_are_created_while_the_server_writes(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    database = Database(home.database)
    with home.locked():
        database.start()
        store, stop = SqlSessionStore(database), asyncio.Event()

        async def serve(name: int) -> int:
            written = 0
            while not stop.is_set():
                await store.add(session(f"T-{name}-{written}"))
                written += 1
            return written

        serving = asyncio.gather(*(serve(name) for name in range(8)))
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", CREATE_KEYS, str(home.path))
        assert await process.wait() == 0
        stop.set()
        assert min(await serving) > 0
        keys = SqlKeyStore(database, Seal(home.master()))
        assert [await keys.find(f"AKID{number}") for number in range(20)] == [key(f"AKID{number}") for number in range(20)]
        database.stop()


def test_a_home_is_served_once_and_freed_by_kill(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    command = [sys.executable, "-c", HOLD_LOCK, str(home.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(HomeError, match=f"process {process.pid}"), home.locked():
            pass
        process.kill()
        process.wait()
    with home.locked():
        pass


def test_many_first_starts_at_once_agree_on_one_master_key_and_schema(tmp_path: Path) -> None:
    script = CREATE_KEYS.replace("range(20)", "range(int(sys.argv[2]), int(sys.argv[2]) + 1)")
    command = [sys.executable, "-c", script, str(tmp_path / "home")]
    started = [subprocess.Popen([*command, str(number)]) for number in range(4)]
    assert [process.wait() for process in started] == [0] * 4
    home = open_home(tmp_path / "home")
    database = Database(home.database)
    database.start()
    assert len(asyncio.run(SqlKeyStore(database, Seal(home.master())).list())) == 4
    database.stop()
