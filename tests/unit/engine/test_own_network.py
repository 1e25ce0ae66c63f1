"""The operator's own network is checked before anything is promised: what is missing, altered or does not fit stops the start."""

from pathlib import Path

import pytest

from openekyc.engine.lock import OWN, Weights, files, own_file, read_own
from openekyc.engine.runtime import Models
from openekyc.errors import ModelError
from openekyc.settings import Settings
from tests.own_network import described, network

FOLDER = Settings().models_folder


def test_a_network_that_fits_is_named_beside_the_packaged_ones(tmp_path: Path) -> None:
    found = files(Weights(FOLDER, described(tmp_path)))
    assert found[OWN].file == "own.onnx"
    assert found[OWN].input is not None
    assert list(found)[-1] == OWN
    assert OWN not in files(Weights(FOLDER))


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    description = described(tmp_path)
    (tmp_path / "own.onnx").unlink()
    with pytest.raises(ModelError, match="missing") as caught:
        own_file(description)
    assert "silent_model" in caught.value.remedy


def test_an_altered_file_stops_the_start(tmp_path: Path) -> None:
    description = described(tmp_path)
    (tmp_path / "own.onnx").write_bytes(network() + b"\0")
    with pytest.raises(ModelError, match="altered"):
        Models(FOLDER, description)


@pytest.mark.parametrize(
    "changes",
    [
        {"colours": "GBR"},
        {"scale": "0..2"},
        {"live_class": -1},
        {"threshold": 0},
        {"crop": 0.5},
        {"sha256": "00"},
        {"licence": ""},
        {"width": 5000},
    ],
)
def test_a_description_that_is_not_valid_names_the_field(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ModelError, match=f"not valid.*{next(iter(changes))}") as caught:
        read_own(described(tmp_path, **changes))
    assert "docs/how-to/use-your-own-network.md" in caught.value.remedy


def test_no_description_or_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_own(tmp_path / "absent.toml")
    (tmp_path / "broken.toml").write_bytes(b"\xff = [")
    with pytest.raises(ModelError, match="not valid"):
        read_own(tmp_path / "broken.toml")


@pytest.mark.parametrize(
    ("onnx", "changes"),
    [
        (b"not a network", {}),
        (network(side=64), {}),  # takes another size than it says
        (network(classes=4), {}),  # wants four planes
        (None, {"live_class": 3}),  # has no such class
    ],
)
def test_a_network_that_does_not_fit_its_description_stops_the_start(
    tmp_path: Path, onnx: bytes | None, changes: dict[str, object]
) -> None:
    with pytest.raises(ModelError, match=r"does not run|answers") as caught:
        Models(FOLDER, described(tmp_path, onnx, **changes))
    assert "silent_model" in caught.value.remedy
