"""The virtual environment of the checkout: .venv, what is installed in it, and the weights."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from openekyc.engine.clients import Client

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON, PROGRAM = VENV / "bin" / "python", VENV / "bin" / "openekyc"
STAMP = VENV / ".installed.json"
PROJECT, PINS, LOCK = ROOT / "pyproject.toml", ROOT / "constraints.txt", ROOT / "src" / "openekyc" / "models.lock.toml"
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
USES = ("engine", "simulator")  # weights of these uses are fetched
PROBE = "import sys, pip; print(sys.version_info >= (3, 11), sys.prefix)"


def healthy() -> bool:
    """Whether .venv runs here, has pip, and is where it was made."""
    try:
        done = subprocess.run([str(PYTHON), "-c", PROBE], capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    said = done.stdout.strip()
    return said == f"True {VENV}" and _moved_here()


def make(client: Client) -> None:
    """Make .venv, or mend what is left of one; if that does not help, begin anew, but keep the weights."""
    command = [sys.executable, "-m", "venv", str(VENV)]
    if (VENV / "pyvenv.cfg").exists() and _moved_here():
        client.run(command)
        if healthy():
            return
    kept = VENV.with_name("build") / "kept-models"
    shutil.rmtree(kept, ignore_errors=True)
    models = VENV / "share" / "openekyc" / "models"
    if models.is_dir():
        shutil.move(models, kept)
    client.run([*command[:3], "--clear", *command[3:]])
    if kept.is_dir():
        models.parent.mkdir(parents=True)
        shutil.move(kept, models)


def installed(*, dev: bool) -> bool:
    """Whether what pyproject.toml and constraints.txt name is installed already."""
    return PROGRAM.exists() and _stamp().get("dev" if dev else "run") == _wanted(dev=dev)


def install(client: Client, *, dev: bool) -> None:
    """The dependencies, for running alone or with the developer's tools, and openekyc itself as the checkout."""
    # Python compiles what it imports when it first does; compiled files of everything else would be a tenth of the folder.
    command = [
        *PIP,
        "install",
        "--progress-bar",
        "off",
        "--no-compile",
        "--no-warn-script-location",
        "--constraint",
        str(PINS),
        "--editable",
    ]
    client.run([*command, f"{ROOT}[dev]" if dev else str(ROOT)], cwd=ROOT)
    if not dev and not _stamp():
        # Python 3.11 puts setuptools into every environment; nothing that runs here uses it.
        client.run([*PIP, "uninstall", "--yes", "setuptools"])
    stamp = {"run": _wanted(dev=False), **({"dev": _wanted(dev=True)} if dev else {})}
    part = STAMP.with_suffix(".part")
    part.write_text(json.dumps(stamp))
    part.replace(STAMP)


def weights_there() -> bool:
    """Whether every weight file lies where the server looks for it; the server checks their hashes."""
    folder = Path(os.environ.get("OPENEKYC_MODELS") or VENV / "share" / "openekyc" / "models")
    wanted = [item for item in tomllib.loads(LOCK.read_text())["file"] if item["use"] in USES]
    return all((path := folder / item["file"]).is_file() and path.stat().st_size == item["size"] for item in wanted)


def fetch_weights(environ: Mapping[str, str]) -> int:
    """`openekyc models fetch`, which tells its own progress and failures; its exit status."""
    child = subprocess.Popen([str(PROGRAM), "models", "fetch"], env=dict(environ))
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def _stamp() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _wanted(*, dev: bool) -> str:
    """A hash over what is to be installed, and where: scripts name the folder they were made in."""
    project = tomllib.loads(PROJECT.read_text())["project"]
    parts = [str(VENV), PINS.read_text(), project["dependencies"], project["scripts"]]
    parts += [project["optional-dependencies"]["dev"]] if dev else []
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _moved_here() -> bool:
    """False for an environment that was made elsewhere: the first line of its programs names that place."""
    try:
        line = (VENV / "bin" / "pip").read_bytes()[:1000]
    except OSError:
        return True  # nothing in it yet that could be wrong
    return str(VENV).encode() in line
