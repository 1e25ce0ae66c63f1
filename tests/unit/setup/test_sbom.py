"""The bill of materials names what runs, and nothing that only tests need."""

import importlib.metadata as metadata
import json
import re

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from openekyc.engine.lock import engine_files
from tools import sbom


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(root: str) -> set[str]:
    """Every package that `root` needs on this machine, directly or not."""
    found, todo = set(), [root]
    while todo:
        name = todo.pop()
        if plain(name) in found:
            continue
        found.add(plain(name))
        needs = map(Requirement, metadata.requires(name) or [])
        todo += [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    return found - {root}


def test_the_first_part_of_the_pins_is_what_running_needs():
    assert {part.name for part in sbom.python_packages()} == closure("openekyc")


def test_the_versions_are_those_that_are_installed():
    assert {part.name: part.version for part in sbom.python_packages()} == {name: metadata.version(name) for name in closure("openekyc")}


def test_every_file_of_weights_is_named_with_its_hash():
    hashes = {part.name: next(iter(part.hashes)).content for part in sbom.weights()}
    assert hashes == {item.name: item.sha256 for item in engine_files()}


def test_what_is_built_into_the_pages_is_named_and_their_tools_are_not():
    names = {str(part.purl) for part in sbom.page_packages()}
    assert any(name.startswith("pkg:npm/lit@") for name in names)
    assert not any("vitest" in name or "typescript" in name for name in names)


def test_the_bill_is_valid_cyclonedx_and_the_same_every_time(tmp_path):
    first, second = sbom.write(tmp_path / "a.json").read_text(), sbom.write(tmp_path / "b.json").read_text()
    assert first == second
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(first) is None
    bill = json.loads(first)
    assert bill["metadata"]["component"]["name"] == "openekyc"
    assert len(bill["components"]) > len(closure("openekyc"))
