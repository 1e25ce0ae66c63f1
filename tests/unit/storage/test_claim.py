"""Which folders may become a home, and what is said of a home that is not whole."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from openekyc.cli import exits
from openekyc.cli.local import FILE_NAME, first_key
from openekyc.cli.main import run
from openekyc.errors import HomeError
from openekyc.storage.connect import connect
from openekyc.storage.database import Database
from openekyc.storage.home import Home, open_home
from openekyc.storage.keys import SqlKeyStore
from openekyc.storage.opened import open_store
from tests.unit.storage.samples import key

RAILS = b"0123456789abcdef0123456789abcdef"  # what other programs keep as master.key


def lay(folder: Path, *names: str) -> Path:
    """A folder with empty files and, where a name ends in a slash, folders."""
    folder.mkdir(mode=0o755)
    for name in names:
        path = folder / name
        if name.endswith("/"):
            path.mkdir()
        else:
            path.touch(mode=0o600)
    return folder


def refused(folder: Path) -> HomeError:
    """What is said of a folder that may not become a home, and that it is as it was."""
    before = sorted(folder.iterdir()), folder.stat().st_mode
    with pytest.raises(HomeError) as caught:
        open_home(folder)
    assert (sorted(folder.iterdir()), folder.stat().st_mode) == before
    assert caught.value.remedy
    return caught.value


async def lived_in(folder: Path, blob: bool = False) -> Home:
    """A home whose database holds one key."""
    with open_store(folder, alone=True) as (home, database, seal):
        await SqlKeyStore(database, seal).add(key("AKID1"))
        if blob:
            (home.blobs / "sessions").mkdir(parents=True)
    return home


@pytest.mark.parametrize(
    "names", [(), ("lost+found/",), ("openekyc.toml",), ("lost+found/", "openekyc.toml", ".master.key.0123456789abcdef")]
)
def test_an_empty_folder_becomes_a_home(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert open_home(lay(tmp_path / "h", *names)).path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "names", [("thesis.odt",), (".bashrc",), ("src/", "package.json"), ("openekyc.toml", "notes"), ("blobs/", "other/")]
)
def test_a_folder_of_somebody_elses_things_is_left_as_it_is(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert "no home of openekyc" in refused(lay(tmp_path / "h", *names)).message


def test_only_a_few_names_are_quoted(tmp_path: Path) -> None:
    assert refused(lay(tmp_path / "h", *(f"f{n}" for n in range(9)))).message.endswith("it holds f0, f1, f2 and 6 more.")


def test_another_programs_master_key_makes_no_home(tmp_path: Path) -> None:
    folder = lay(tmp_path / "h", "database.yml", "master.key")
    (folder / "master.key").write_bytes(RAILS)
    assert "database.yml" in refused(folder).message


@pytest.mark.parametrize("keep", ["openekyc.db", "master.key"])
async def test_our_database_or_key_shows_that_a_folder_is_ours(tmp_path: Path, keep: str) -> None:
    home = await lived_in(tmp_path / "h")
    (home.path / "notes").touch()
    for name in {"openekyc.db", "openekyc.db.made", "master.key"} - {keep}:
        (home.path / name).unlink()
    if keep == "master.key":
        assert open_home(home.path).master()
    else:
        assert "master.key is missing" in refused(home.path).message


@pytest.mark.parametrize("folder", [Path("/"), Path("/etc"), Path(os.path.expanduser("~"))])  # noqa: PTH111 - as a shell says it
def test_folders_named_by_mistake_are_refused(folder: Path) -> None:
    if folder.stat().st_uid == os.geteuid() and any(folder.iterdir()):
        refused(folder)
    else:
        pytest.skip("empty, or another user's")


def test_a_folder_that_everybody_shares_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    assert "everybody shares" in refused(tmp_path / "shared").message


async def test_a_linked_home_is_as_good(tmp_path: Path) -> None:
    home = await lived_in(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert open_home(tmp_path / "link").master() == home.master()
    lay(tmp_path / "other", "thesis.odt")
    (tmp_path / "wrong").symlink_to(tmp_path / "other")
    with pytest.raises(HomeError, match=r"thesis\.odt"):
        open_home(tmp_path / "wrong")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.touch(), "is a file"),
        (lambda path: path.symlink_to("nowhere"), "leads nowhere"),
        (lambda path: path.symlink_to(path.name), "leads nowhere"),
        (lambda path: path.with_name("h").symlink_to("/dev/null"), "is a file"),
    ],
)
def test_what_is_no_folder_is_no_home(tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    make(tmp_path / "h")
    with pytest.raises(HomeError, match=words):
        open_home(tmp_path / "h")


@pytest.mark.parametrize("name", ["~nobody-of-that-name/x", "a\0b", "/dev/null/x", "x" * 300])
def test_names_that_lead_nowhere_are_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HomeError) as caught:
        open_home(Path(name))
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["openekyc.db", "openekyc.db-wal", "master.key", "local.key", "lock", "openekyc.toml"])
@pytest.mark.parametrize("dangling", [False, True])
def test_a_folder_or_dead_link_in_place_of_a_file_is_named(tmp_path: Path, name: str, dangling: bool) -> None:
    folder = lay(tmp_path / "h")
    (folder / name).symlink_to("nowhere") if dangling else (folder / name).mkdir()
    assert name in refused(folder).message


@pytest.mark.parametrize("dangling", [False, True])
def test_a_file_or_dead_link_in_place_of_the_blobs_is_named(tmp_path: Path, dangling: bool) -> None:
    folder = lay(tmp_path / "h")
    (folder / "blobs").symlink_to("nowhere") if dangling else (folder / "blobs").touch()
    assert "blobs" in refused(folder).message


def remove(home: Home) -> None:
    for path in home.path.glob("openekyc.db*"):
        if path.name != "openekyc.db.made":
            path.unlink()


def truncate(home: Home) -> None:
    home.database.write_bytes(b"")


def blank(home: Home) -> None:
    remove(home)
    with closing(sqlite3.connect(home.database)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE somebody_elses (x)")


@pytest.mark.parametrize("lose", [remove, truncate, blank])
async def test_a_lost_database_is_not_silently_replaced(tmp_path: Path, lose: Callable[[Home], None]) -> None:
    home = await lived_in(tmp_path / "h")
    lose(home)
    for _ in range(2):  # refusing makes nothing that would be taken for a database the next time
        with pytest.raises(HomeError, match="though this home has had one") as caught, open_store(home.path, alone=True):
            pass
        assert "--accept-new-database" in caught.value.remedy
        with pytest.raises(HomeError, match="though this home has had one"), open_store(home.path):
            pass  # nor by a command
    with open_store(home.path, alone=True, accept_new_database=True) as (_, database, seal):
        assert await SqlKeyStore(database, seal).list() == []
    with open_store(home.path, alone=True):
        pass  # from now on it is the home's


@pytest.mark.parametrize("trace", ["local.key", "blobs", "openekyc.db-wal"])
async def test_homes_of_before_show_by_other_files_that_they_had_a_database(tmp_path: Path, trace: str) -> None:
    home = await lived_in(tmp_path / "h", blob=trace == "blobs")
    remove(home)
    (home.path / "openekyc.db.made").unlink()
    if trace != "blobs":
        (home.path / trace).write_bytes(b"x")
    with pytest.raises(HomeError, match=f"{trace} shows it"):
        open_home(home.path)


def test_a_home_that_only_ever_made_a_key_begins(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    (home.path / "blobs").mkdir()  # a volume mounted there
    (home.path / "blobs" / "lost+found").mkdir()
    with open_store(home.path, alone=True):
        pass


async def test_accepting_a_new_database_never_harms_one_that_is_there(tmp_path: Path) -> None:
    home = await lived_in(tmp_path / "h")
    with open_store(home.path, alone=True, accept_new_database=True) as (_, database, seal):
        assert [one.secret_id for one in await SqlKeyStore(database, seal).list()] == ["AKID1"]
    home.database.write_bytes(b"no database at all, " * 500)
    with pytest.raises(HomeError, match="not a database") as caught, open_store(home.path, alone=True, accept_new_database=True):
        pass
    assert "backup" in caught.value.remedy


async def test_another_master_key_is_noticed_at_the_start(tmp_path: Path) -> None:
    home, other = await lived_in(tmp_path / "h"), open_home(tmp_path / "other")
    shutil.copy(other.master_key, home.master_key)
    with pytest.raises(HomeError, match="is not the key that") as caught, open_store(home.path):
        pass
    assert "same backup" in caught.value.remedy


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_the_wrong_size_is_damaged(tmp_path: Path, size: int) -> None:
    home = open_home(tmp_path / "h")
    home.master_key.write_bytes(bytes(size))
    with pytest.raises(HomeError, match=f"holds {size} bytes"), open_store(home.path):
        pass


async def test_who_holds_the_database_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openekyc.storage.database.BUSY_S", 0.05)
    database = Database(tmp_path / "a.db", busy_s=0.05)
    database.start()
    database.stop()
    with connect(tmp_path / "a.db", read_only=False) as holder:
        holder.exec_driver_sql("BEGIN EXCLUSIVE")
        with pytest.raises(HomeError, match="locked") as caught:
            Database(tmp_path / "a.db", busy_s=0.05).start()
    assert "Another process" in caught.value.remedy


async def test_a_first_key_whose_account_is_gone_is_no_matter_of_course(tmp_path: Path) -> None:
    with open_store(tmp_path / "h", alone=True) as (home, database, seal):
        keys = SqlKeyStore(database, seal)
        first = await first_key(keys, home.path, 1.0)
        assert await first_key(keys, home.path, 2.0) is None
        await database.write(lambda connection: connection.exec_driver_sql("DELETE FROM keys"))
        with pytest.raises(HomeError, match="account `local`"):
            await first_key(keys, home.path, 3.0)
        second = await first_key(keys, home.path, 4.0, begin_anew=True)
        assert first
        assert second
        assert first.secret_id != second.secret_id
        assert second.secret_id in (home.path / FILE_NAME).read_text()
        assert first.secret_id in (home.path / f"{FILE_NAME}.before").read_text()
        assert await first_key(keys, home.path, 5.0, begin_anew=True) is None
    open_home(home.path)  # all of it is ours


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write away: by rights, or for root, whom they do not bind, by a mount."""
    if os.geteuid():
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
        return
    try:
        subprocess.run(["mount", "--bind", folder, folder], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root without the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("fresh", [False, True])
async def test_a_home_that_cannot_be_written_is_told_with_its_remedy(tmp_path: Path, fresh: bool) -> None:
    folder = lay(tmp_path / "h") if fresh else (await lived_in(tmp_path / "h")).path
    folder.chmod(0o700)
    with read_only(folder):
        for alone in (False, True):
            with pytest.raises(HomeError) as caught, open_store(folder, alone=alone):
                pass
            assert "written" in caught.value.remedy or "write" in caught.value.remedy


def test_a_command_says_the_cause_and_the_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "list", "--home", str(lay(tmp_path / "h", "thesis.odt"))]) == exits.CANNOT_START
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "master.key").mkdir()
    assert run(["keys", "list", "--home", str(tmp_path / "g")]) == exits.CANNOT_START
    told = capsys.readouterr().err
    assert "defect" not in told
    assert "thesis.odt" in told
