"""The steps of setting up: what each is called, whether it has something to do, the room it takes, and doing it."""

import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import build_web
import setup_environment as environment

from openekyc.cli.progress import ProgressLine
from openekyc.engine import node
from openekyc.engine.causes import AGAIN, Cause
from openekyc.engine.clients import Client, ClientFailed, Moment, megabytes

BUILD = environment.ROOT / "build"
CACHE = BUILD / "cache"  # of pip and npm, where the user's own cannot be written


class ToldAlready(Exception):
    """A step failed that told its cause and remedy itself."""


@dataclass(frozen=True)
class Step:
    """One step. `room` is what it needs on the disk while it works, in MB."""

    name: str
    room: int
    needed: Callable[[], bool]
    work: Callable[[], None]


@dataclass
class Telling:
    """What the user sees: the step that is being done, and how far it is."""

    line: ProgressLine
    step: str = ""

    def moment(self, now: Moment) -> None:
        size = f", {megabytes(now.size)}" if now.size > 10_000_000 else ""
        self.line.now(f"{self.step} ({now.seconds:.0f} s{size})  {now.line.strip()[:120]}")


def steps(client: Client, telling: Telling, *, dev: bool) -> list[Step]:
    """In their order."""
    client = replace(client, told=telling.moment)
    installing = replace(client, watched=(environment.VENV,))
    local = replace(client, silent_s=None)  # what needs no network may be silent for long
    packages = "Python packages with the developer's tools" if dev else "Python packages"
    return [
        Step(
            "virtual environment",
            50,
            lambda: not environment.healthy(),
            lambda: environment.make(replace(local, watched=(environment.VENV,))),
        ),
        Step(packages, 2200 if dev else 1200, lambda: not environment.installed(dev=dev), lambda: environment.install(installing, dev=dev)),
        Step("Node.js, for the build alone", 300, _node_missing, lambda: _bring_node(client)),
        Step("weights", 200, lambda: not environment.weights_there(), lambda: _fetch_weights(client, telling)),
        Step("pages", 450, lambda: not build_web.up_to_date(), lambda: _build_pages(client)),
    ]


def clients_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What pip and npm are given: no options that would lead them out of .venv, and a cache that can be written."""
    found = {**environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    home = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for name, own, folder in (("PIP_CACHE_DIR", home / "pip", "pip"), ("npm_config_cache", Path.home() / ".npm", "npm")):
        if name not in found and not _writable(own):
            found[name] = str(CACHE / folder)
    return found


def room_for(steps: list[Step], folder: Path) -> Cause | None:
    """What is wrong if the disk cannot hold what the steps bring."""
    needed, free = sum(step.room for step in steps), shutil.disk_usage(folder).free // 10**6
    if free >= needed:
        return None
    return Cause(f"The disk of {folder} has {free} MB free; this needs about {needed} MB while it works.", f"Make room. {AGAIN}")


def sizes() -> Iterator[str]:
    """What lies where, and how large it is on the disk."""
    models = environment.VENV / "share" / "openekyc" / "models"
    whole, weights = on_disk(environment.VENV), on_disk(models)
    yield f"For running: .venv {megabytes(whole)}, {megabytes(weights)} of it weights."
    rest = [(build_web.BROUGHT, "Node.js"), (build_web.WEB / "node_modules", "npm packages")]
    there = [f"{path.relative_to(environment.ROOT)} {megabytes(on_disk(path))} ({name})" for path, name in rest if path.is_dir()]
    if there:
        yield f"For building the pages alone, not needed afterwards: {', '.join(there)}."


def on_disk(folder: Path) -> int:
    """Bytes a folder takes, as du counts them."""
    seen: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):
        for status in (os.lstat(os.path.join(place, name)) for name in (*names, ".")):  # noqa: PTH118
            seen[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(seen.values())


def _writable(folder: Path) -> bool:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return os.access(there, os.W_OK)


def _node_missing() -> bool:
    if build_web.up_to_date() and environment.weights_there():
        return False
    try:
        build_web.node()
    except build_web.NoNode:
        return True
    return False


def _bring_node(client: Client) -> None:
    shutil.rmtree(build_web.BROUGHT, ignore_errors=True)
    try:
        node.bring(client, build_web.BROUGHT, str(environment.PYTHON))
    except (zipfile.BadZipFile, ValueError, KeyError) as error:
        raise ClientFailed(Cause(f"The package {node.PACKAGE} is damaged: {error}.", f"Put Node.js on PATH. {AGAIN}")) from None


def _fetch_weights(client: Client, telling: Telling) -> None:
    telling.line.clear()
    _, programs = build_web.node()
    path = os.pathsep.join((str(programs), client.environ.get("PATH", os.defpath)))
    if environment.fetch_weights({**client.environ, "PATH": path}):
        raise ToldAlready


def _build_pages(client: Client) -> None:
    def run(command: list[str], environ: Mapping[str, str]) -> None:
        installing = "ci" in command
        watched = (build_web.WEB / "node_modules",) if installing else ()
        own = replace(client, watched=watched, silent_s=client.silent_s if installing else None, environ={**client.environ, **environ})
        own.run(command, cwd=build_web.WEB)

    build_web.build(run)


def python_words() -> str:
    """The Python that sets up."""
    return f"Python {sys.version.split()[0]} ({sys.executable})"
