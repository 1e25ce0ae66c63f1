"""The home folder: private, one server at a time, every fault with its remedy."""

import os
from pathlib import Path

import pytest

from openekyc.errors import HomeError
from openekyc.storage.home import MADE, accept_new_database, open_home, write_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_home_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = open_home(tmp_path / "deep" / "home")
    assert (mode(home.path), mode(home.master_key)) == (0o700, 0o600)
    assert len(home.master()) == 32


def test_the_master_key_stays(tmp_path: Path) -> None:
    assert open_home(tmp_path / "h").master() == open_home(tmp_path / "h").master() != open_home(tmp_path / "i").master()


def test_an_open_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "h").mkdir(mode=0o755)
    assert mode(open_home(tmp_path / "h").path) == 0o700


def test_a_master_key_others_can_read_is_refused(tmp_path: Path) -> None:
    open_home(tmp_path / "h").master_key.chmod(0o644)
    with pytest.raises(HomeError, match="can be read by other users") as caught:
        open_home(tmp_path / "h")
    assert "chmod 600" in caught.value.remedy


def test_a_lost_master_key_is_not_silently_replaced(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    home.database.touch()
    home.master_key.unlink()
    with pytest.raises(HomeError, match="is missing") as caught:
        open_home(tmp_path / "h")
    assert "backup" in caught.value.remedy


def test_a_damaged_master_key_is_refused(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    home.master_key.write_bytes(b"short")
    with pytest.raises(HomeError, match="damaged"):
        home.master()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "h").touch()
    with pytest.raises(HomeError, match="cannot be used"):
        open_home(tmp_path / "h")


def test_a_second_server_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    first, second = open_home(tmp_path / "h"), open_home(tmp_path / "h")
    with first.locked(), pytest.raises(HomeError, match=f"process {os.getpid()}") as caught, second.locked():
        pass
    assert "--home" in caught.value.remedy
    with second.locked():
        pass


def test_a_private_file_is_written_once(tmp_path: Path) -> None:
    assert write_private(tmp_path / "f", b"1")
    assert not write_private(tmp_path / "f", b"2")
    assert (tmp_path / "f").read_bytes() == b"1"
    assert mode(tmp_path / "f") == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "f"]


def made(home: Path) -> Path:
    """A home whose database was made."""
    found = open_home(home)
    found.database.write_bytes(b"SQLite format 3")
    found.database_made()
    return home


@pytest.mark.parametrize("names", [["lost+found"], ["openekyc.toml"], ["lock", "local.key"], []])
def test_a_folder_with_nothing_but_what_we_or_systems_make_is_ours(tmp_path: Path, names: list[str]) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    for name in names:
        (home / name).touch()
    open_home(home)
    assert mode(home) == 0o700


@pytest.mark.parametrize("names", [["thesis.tex"], ["openekyc.toml", "src"], [".ssh"], ["a", "b", "c", "d"]])
def test_a_folder_of_somebody_is_left_as_it_is(tmp_path: Path, names: list[str]) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    for name in names:
        (home / name).touch()
    with pytest.raises(HomeError, match="not openekyc's") as refused:
        open_home(home)
    assert "--home" in refused.value.remedy
    assert mode(home) == 0o755
    assert sorted(path.name for path in home.iterdir()) == sorted(names)


def test_a_persons_own_home_directory_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    link = tmp_path.with_name("link")
    link.symlink_to(tmp_path)
    for named in (tmp_path, link):
        with pytest.raises(HomeError, match="own home directory"):
            open_home(named)


def test_a_home_with_other_files_beside_its_database_stays_one(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    (home / "notes.txt").touch()
    assert open_home(home).master()


@pytest.mark.parametrize("left", [None, b""])
def test_a_database_that_was_lost_is_not_made_anew_in_silence(tmp_path: Path, left: bytes | None) -> None:
    home = made(tmp_path / "home")
    (home / "openekyc.db").unlink()
    if left is not None:
        (home / "openekyc.db").write_bytes(left)
    with pytest.raises(HomeError, match="although this home had one") as refused:
        open_home(home)
    assert "--accept-new-database" in refused.value.remedy
    accept_new_database(home)
    open_home(home)


def test_a_home_of_an_older_version_is_known_by_its_servers_mark(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    (home / MADE).unlink()
    with open_home(home).locked():
        pass
    (home / "openekyc.db").unlink()
    with pytest.raises(HomeError, match="is missing"):
        open_home(home)
    accept_new_database(home)
    open_home(home)


def test_a_home_that_only_ever_made_a_key_is_no_such_case(tmp_path: Path) -> None:
    first = open_home(tmp_path / "home").master()
    assert open_home(tmp_path / "home").master() == first


def test_a_database_is_not_given_up_under_a_running_server(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    with open_home(home).locked(), pytest.raises(HomeError, match="already runs"):
        accept_new_database(home)
