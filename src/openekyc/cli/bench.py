"""`openekyc bench`: how fast this machine is, in the units that size a deployment."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.credentials import permanent_key
from openekyc.sessions.model import ApiKey
from openekyc.sessions.ports import KeyStore
from openekyc.settings import Settings

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

WRITES = 500


@click.command(epilog="Example: openekyc bench --video selfie.webm")
@settings_options
@click.option("--video", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Judge this instead of a rendered recording.")
@json_option
def bench(home: Path | None, config: Path | None, video: Path | None, as_json: bool) -> None:
    """Measure one judgement, one face comparison and durable writes on this machine.

    Judging is what a deployment is sized by: processors divided by its CPU seconds are the judgements a second. Nothing is written into the
    home folder.
    """
    settings = settings_of(home, config)
    found = {**engine(settings, video), **asyncio.run(store())}
    if as_json:
        print_json(found)
    else:
        print_table(("what", "value"), [(name, f"{value:g}") for name, value in found.items()])


def engine(settings: Settings, video: Path | None) -> dict[str, float]:
    """CPU seconds of judging a level 2 recording and of comparing two pictures."""
    from openekyc.engine.runtime import Models
    from openekyc.engine.verify import compare_pictures, verify_file

    models = Models(settings.models_folder, settings.silent_model)
    recording, picture = video.read_bytes() if video else rendered(models), portrait(models)
    verify_file(models, recording, 2)  # networks are loaded at their first use
    return {
        "judging: CPU seconds": cpu_seconds(lambda: verify_file(models, recording, 2)),
        "comparing two pictures: CPU seconds": cpu_seconds(lambda: compare_pictures(models, picture, picture)),
    }


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process for one piece of work."""
    begin = time.process_time()
    work()
    return round(time.process_time() - begin, 3)


def rendered(models: "Models") -> bytes:
    """Eight seconds of the simulated subject."""
    from openekyc.simulator.knobs import Knobs
    from openekyc.simulator.subject import load_portrait, subject

    camera = subject("live", load_portrait(models, Knobs()), Knobs())
    camera.start((), 0.0)
    pieces = []
    while (due_ms := camera.due_ms()) is not None and due_ms < 8000:
        camera.shoot()
        pieces.append(camera.take())
    return b"".join([*pieces, camera.close()])


def portrait(models: "Models") -> bytes:
    """The packaged portrait's file."""
    from openekyc.engine.lock import read_lock

    return (models.folder / next(item.file for item in read_lock() if item.use == "simulator")).read_bytes()


async def store() -> dict[str, float]:
    """Durable writes in a second when many wait together, and the seconds of one alone."""
    from openekyc.app import open_keys

    with tempfile.TemporaryDirectory() as folder:
        async with open_keys(Settings(home=Path(folder) / "home")) as keys:
            made = [permanent_key("bench", (), time.time(), sandbox=True) for _ in range(WRITES + 1)]
            alone = await _seconds(keys, made[:1])
            together = await _seconds(keys, made[1:])
    return {"one durable write: ms": round(alone * 1000, 2), "durable writes: per second": round(WRITES / together)}


async def _seconds(keys: KeyStore, made: list[ApiKey]) -> float:
    begin = time.perf_counter()
    await asyncio.gather(*(keys.add(key) for key in made))
    return time.perf_counter() - begin
