"""The home folder: private, one server at a time, every fault with its remedy."""

import os
from pathlib import Path

import pytest

from openekyc.errors import HomeError
from openekyc.storage.home import open_home, write_private


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
    with pytest.raises(HomeError, match="is a file"):
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
