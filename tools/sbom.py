"""Writes the bill of materials: what runs when openekyc runs, as CycloneDX 1.6 JSON.

    python tools/sbom.py [OUT]

It names the Python packages (their pinned versions, from the first part of constraints.txt), the packages that are built into the pages
(web/package-lock.json) and the files of weights (models.lock.toml, with their SHA-256 and the package that carries each). The wheel's
build hook writes it too, so every wheel holds the bill of its own day under `*.dist-info/sboms/`. The same sources give the same bytes.
"""

import base64
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "openekyc.cdx.json"
DEVELOPMENT = "# Tests, linters"


def bill() -> Bom:
    """The whole bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    itself = Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        bom_ref="openekyc",
        licenses=[DisjunctiveLicense(id=project["license"])],
        purl=PackageURL("pypi", None, project["name"], project["version"]),
    )
    parts = [*python_packages(), *page_packages(), *weights()]
    bom = Bom(components=parts)
    bom.metadata.component = itself
    bom.register_dependency(itself, parts)
    # Not random, and no time of day: the same sources give the same bill.
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, " ".join(sorted(str(part.purl) + str(part.version) for part in parts)))
    bom.metadata.timestamp = None  # type: ignore[assignment]
    return bom


def python_packages() -> Iterator[Component]:
    """Those that running needs."""
    needed = (ROOT / "constraints.txt").read_text().split(DEVELOPMENT)[0]
    for line in needed.splitlines():
        if "==" in line:
            name, version = line.strip().split("==")
            plain = re.sub(r"[-_.]+", "-", name).lower()
            yield Component(name=plain, version=version, bom_ref=f"pypi:{plain}", purl=PackageURL("pypi", None, plain, version))


def page_packages() -> Iterator[Component]:
    """Those whose code is in the built pages."""
    locked: dict[str, Any] = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    for place, found in sorted(locked.items()):
        if not place.startswith("node_modules/") or found.get("dev") or found.get("link") or found.get("devOptional"):
            continue
        name = place.removeprefix("node_modules/")
        group, _, short = name.rpartition("/")
        yield Component(
            name=short,
            group=group or None,
            version=found["version"],
            bom_ref=f"npm:{name}",
            hashes=[_integrity(found["integrity"])] if "integrity" in found else [],
            licenses=[DisjunctiveLicense(id=found["license"])] if "license" in found else [],
            purl=PackageURL("npm", group or None, short, found["version"]),
        )


def _integrity(text: str) -> HashType:
    kind, digest = text.split("-", 1)
    return HashType(alg=HashAlgorithm(kind.upper().replace("SHA", "SHA-")), content=base64.b64decode(digest).hex())


def weights() -> Iterator[Component]:
    """The files of weights; they are fetched at set-up, from the packages named."""
    for item in tomllib.loads((ROOT / "src" / "openekyc" / "models.lock.toml").read_text())["file"]:
        if item["use"] != "engine":
            continue
        carriers = ", ".join(f"{one['package']} {one['version']} ({one['archive']})" for one in item["source"])
        yield Component(
            type=ComponentType.MACHINE_LEARNING_MODEL,
            name=item["name"],
            version=item["sha256"][:12],
            bom_ref=f"weights:{item['name']}",
            description=item["origin"],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=item["sha256"])],
            licenses=[DisjunctiveLicense(name=item["licence"])],
            properties=[Property(name="openekyc:file", value=item["file"]), Property(name="openekyc:carriers", value=carriers)],
        )


def write(out: Path = OUT) -> Path:
    """Write it; the folder is made if missing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(JsonV1Dot6(bill()).output_as_string(indent=2) + "\n")
    return out


if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT))
