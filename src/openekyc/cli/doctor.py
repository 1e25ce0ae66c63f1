"""`openekyc doctor`: what could keep this machine from serving, each fault with its remedy."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.cli.program import here
from openekyc.settings import Settings

FREE_BYTES = 2_000_000_000
TEXTS = ("found", "remedy")
NEWEST_SANE = 4_102_444_800  # 2100-01-01


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    check: str
    ok: bool
    found: str
    remedy: str = ""


@click.command(epilog="Example: openekyc doctor --json")
@settings_options
@json_option
def doctor(home: Path | None, config: Path | None, as_json: bool) -> int:
    """Check Python, processor, weights, codecs, clock, disk, port and pip. Exit code 1 if something is wrong."""
    findings = [msgspec.structs.replace(one, remedy=here(one.remedy)) for one in examine(settings_of(home, config))]
    if as_json:
        print_json(findings)
    else:
        print_table(
            ("check", "state", "found", "remedy"), [(f.check, "ok" if f.ok else "FAULT", f.found, f.remedy) for f in findings], TEXTS
        )
    return exits.DONE if all(finding.ok for finding in findings) else exits.NO


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check in turn; none of them changes anything that stays."""
    yield python_version()
    yield processor()
    yield weights(settings)
    if settings.silent_model:
        yield own_network(settings.models_folder, settings.silent_model)
    yield from libraries()
    yield clock(settings)
    yield disk(settings)
    yield port(settings)
    yield tool("pip", [sys.executable, "-m", "pip", "--version"], f"Run `{sys.executable} -m ensurepip`; `openekyc models fetch` needs it.")
    yield npm()


def python_version() -> Finding:
    """Python 3.11 or newer on a 64-bit system."""
    ok = sys.version_info >= (3, 11) and sys.maxsize > 2**32
    return Finding("python", ok, sys.version.split()[0], "" if ok else "Use a 64-bit Python 3.11 or newer.")


def processor() -> Finding:
    """The vector instructions without which the networks crawl."""
    flags = _cpu_flags()
    if not flags:
        return Finding("processor", True, f"{os.cpu_count()} CPUs; flags not readable here")
    fast = flags & {"avx2", "asimd", "neon"}
    remedy = "" if fast else "Judging will be slow: use a processor with AVX2 or NEON (virtual machine: CPU type `host`)."
    return Finding("processor", bool(fast), f"{os.cpu_count()} CPUs, {', '.join(sorted(fast)) or 'no AVX2 or NEON'}", remedy)


def _cpu_flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return set()
    return {flag for line in lines if line.lower().startswith(("flags", "features")) for flag in line.split(":")[-1].split()}


def weights(settings: Settings) -> Finding:
    """Every weight file, by hash."""
    from openekyc.engine.lock import REMEDY, engine_files, state

    wrong = {item.file: found for item in engine_files() if (found := state(settings.models_folder, item)) != "present"}
    text = "; ".join(f"{name} {what}" for name, what in wrong.items()) or f"all present in {settings.models_folder}"
    return Finding("weights", not wrong, text, REMEDY if wrong else "")


def own_network(folder: Path, description: Path) -> Finding:
    """The operator's own network: there, unaltered, and it answers in the form its description gives."""
    from openekyc.engine.lock import OWN
    from openekyc.engine.runtime import Models
    from openekyc.errors import ModelError

    try:
        item = Models(folder, description).files[OWN]
    except ModelError as error:
        return Finding("own network", False, error.message, error.remedy)
    return Finding("own network", True, f"{description.parent / item.file} runs, as {description} describes it")


def libraries() -> Iterator[Finding]:
    """Codecs and network runtimes load."""
    from openekyc.engine.capabilities import decoders, network_runtimes

    remedy = f"Install openekyc again: `make setup` in its checkout, or `{sys.executable} -m pip install --force-reinstall WHEEL`."
    checks: tuple[tuple[str, Callable[[], dict[str, bool] | dict[str, str]]], ...] = (("codecs", decoders), ("networks", network_runtimes))
    for name, ask in checks:
        try:
            found = ask()
        except (ImportError, OSError) as error:
            yield Finding(name, False, str(error), remedy)
        else:
            ok = all(found.values())
            yield Finding(name, ok, ", ".join(f"{key} {_word(value)}" for key, value in found.items()), "" if ok else remedy)


def _word(value: bool | str) -> str:
    return value if isinstance(value, str) else "yes" if value else "MISSING"


def clock(settings: Settings) -> Finding:
    """Signatures carry the caller's time: a clock that is off refuses everybody."""
    now = time.time()
    built = Path(__file__).stat().st_mtime
    ok = built - 86_400 < now < NEWEST_SANE
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    remedy = f"Set the clock (NTP): calls signed more than {settings.signature_window_s} s off are refused."
    return Finding("clock", ok, f"{stamp}; compare it with a clock you trust", "" if ok else remedy)


def disk(settings: Settings) -> Finding:
    """Room, and a write that reaches the disk."""
    folder = next(path for path in (settings.home, *settings.home.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    try:
        seconds = _flushed_write(folder)
    except OSError as error:
        return Finding("disk", False, f"{folder}: {error.strerror}", "Make the home folder writable, or choose another with --home.")
    remedy = "" if free > FREE_BYTES else f"Free at least {FREE_BYTES // 10**9} GB, or choose another --home."
    return Finding("disk", free > FREE_BYTES, f"{folder}: {free / 1e9:.1f} GB free, a flushed write takes {seconds * 1000:.1f} ms", remedy)


def _flushed_write(folder: Path) -> float:
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        begin = time.perf_counter()
        file.write(b"\0" * 4096)
        file.flush()
        os.fsync(file.fileno())
        return time.perf_counter() - begin


def port(settings: Settings) -> Finding:
    """The configured port is free, or openekyc itself has it."""
    from openekyc.cli.listening import address, bound
    from openekyc.errors import StartError

    try:
        with bound(settings.host, settings.port):
            return Finding("port", True, f"{settings.host} port {settings.port} is free")
    except StartError as error:
        ours = _is_openekyc(address(settings.host, settings.port))
        return Finding("port", ours, "openekyc is running there" if ours else error.message, "" if ours else error.remedy)


def _is_openekyc(url: str) -> bool:
    import httpx

    try:
        return httpx.get(f"{url}/readyz", timeout=3).json().get("status") in {"ready", "not ready"}
    except (httpx.HTTPError, ValueError, AttributeError):
        return False


def npm() -> Finding:
    """Told because one weight file comes from npm's registry; without npm it is brought along, so its absence is no fault."""
    found = tool("npm", ["npm", "--version"], "")
    return found if found.ok else Finding("npm", True, f"{found.found}; not needed: what fetches weights brings its own")


def tool(name: str, command: list[str], remedy: str) -> Finding:
    """A program that setting up needs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return Finding(name, False, "not found", remedy)
    ok = done.returncode == 0
    return Finding(name, ok, (done.stdout.split() or ["?"])[1 if name == "pip" else 0] if ok else "does not run", "" if ok else remedy)
