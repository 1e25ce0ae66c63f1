"""Every Blobs keeps the same promises; keys never leave the folder."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openekyc.sessions.ports import Blobs
from openekyc.storage.blobs import LocalBlobs, check_key
from openekyc.storage.memory import MemoryBlobs

KEY = "sessions/t-1/1/video"
HOSTILE = ["", "/", "/etc/passwd", "..", "a/../b", "a//b", "a/", "a/./b", ".hidden", "a/.b", "a\\b", "a\0b", "a\n", "a b", "ä", "a" * 301]


@pytest.fixture(params=["memory", "local"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return MemoryBlobs() if request.param == "memory" else LocalBlobs(tmp_path / "blobs")


async def collected(blobs: Blobs, *span: int | None) -> bytes:
    return b"".join([piece async for piece in blobs.stream(KEY, *span)])  # type: ignore[arg-type]


async def test_bytes_come_back_and_a_put_replaces(blobs: Blobs) -> None:
    for data in (os.urandom(3_000_000), b"short", b""):
        await blobs.put(KEY, data)
        assert await blobs.get(KEY) == data
        assert await collected(blobs) == data


@pytest.mark.parametrize("span", [(0, 4), (3, None), (3, 2), (8, 100), (9, 5), (10, None), (11, 3), (0, 0)])
async def test_a_stream_may_be_any_part(blobs: Blobs, span: tuple[int, int | None]) -> None:
    await blobs.put(KEY, b"0123456789")
    start, length = span
    assert await collected(blobs, start, length) == b"0123456789"[start : None if length is None else start + length]


async def test_an_absent_key_is_a_key_error(blobs: Blobs) -> None:
    await blobs.put(KEY, b"1")
    for key in ("sessions/t-2", "sessions/t-1/1", "other"):
        with pytest.raises(KeyError):
            await blobs.get(key)
        with pytest.raises(KeyError):
            await anext(blobs.stream(key))


async def test_delete_takes_a_key_or_all_beneath_but_no_neighbour(blobs: Blobs) -> None:
    keys = ["s/t-1/1/video", "s/t-1/reference", "s/t-10/1/video", "s/t-2"]
    for key in keys:
        await blobs.put(key, b"1")
    for prefix in ("s/t-1", "s/t-2", "s/t-2", "absent/too"):
        await blobs.delete(prefix)
    assert await blobs.get("s/t-10/1/video") == b"1"
    for key in [key for key in keys if "t-10" not in key]:
        with pytest.raises(KeyError):
            await blobs.get(key)


async def test_puts_and_deletes_beside_each_other_never_fail(blobs: Blobs) -> None:
    work = [blobs.put(f"s/t/slices/{i}", b"x") if i % 3 else blobs.delete("s/t/slices") for i in range(60)]
    await asyncio.gather(*work)


@pytest.mark.parametrize("key", HOSTILE)
async def test_hostile_keys_are_refused_everywhere(blobs: Blobs, key: str) -> None:
    for call in (blobs.put(key, b""), blobs.get(key), blobs.delete(key), anext(blobs.stream(key))):
        with pytest.raises(ValueError, match="not a blob key"):
            await call


@given(st.text(alphabet=st.sampled_from("aZ0._-/\\.%~\n é"), max_size=30) | st.text(max_size=30))
@example("a/..")
def test_an_accepted_key_names_a_file_inside_the_folder(key: str) -> None:
    try:
        check_key(key)
    except ValueError:
        return
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        asyncio.run(LocalBlobs(root).put(key, b"here"))
        [file] = [path for path in root.rglob("*") if path.is_file()]
        assert file.relative_to(root).as_posix() == key
        assert file.read_bytes() == b"here"


async def test_what_a_crash_left_half_written_is_swept_at_start(tmp_path: Path) -> None:
    (tmp_path / ".staging").mkdir()
    (tmp_path / ".staging" / "half").write_bytes(b"half")
    await LocalBlobs(tmp_path, alone=True).put(KEY, b"whole")
    assert files(tmp_path) == [b"whole"]


async def test_a_command_beside_the_server_leaves_what_the_server_is_writing(tmp_path: Path) -> None:
    LocalBlobs(tmp_path, alone=True)
    (tmp_path / ".staging" / "half").write_bytes(b"half")
    await LocalBlobs(tmp_path).put(KEY, b"whole")
    assert sorted(files(tmp_path)) == [b"half", b"whole"]


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
