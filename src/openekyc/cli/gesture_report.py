"""`openekyc gesture-report`: how well gestures are found, measured on labelled recordings."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table, say
from openekyc.cli.reporting import followed, report_folder
from openekyc.errors import OpenEkycError

TEXTS = ("recall", "false gestures")

if TYPE_CHECKING:
    from openekyc.reports.gestures import GestureReport, Watched


class NothingLeft(OpenEkycError):
    """No recording is left to measure."""

    remedy = "Give a larger --longest, or recordings that can be used."


@click.command("gesture-report", epilog="Example: openekyc gesture-report --manifest labels.json --out report")
@settings_options
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="Labels (JSON).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the page, report.json and curves of each clip.")
@click.option("--fps", type=click.FloatRange(5, 60), metavar="N", help="Look at 5 to 60 frames a second only [default: every frame].")
@click.option(
    "--longest", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Leave longer recordings out [default: none]."
)
@json_option
def gesture_report(
    home: Path | None, config: Path | None, manifest: Path, out: Path | None, fps: float | None, longest: float | None, as_json: bool
) -> int:
    """Measure how many labelled gestures (blink, mouth, nod, shake) are found, and how many are found that nobody made.

    \b
    The manifest, a JSON file:
    [{"clip": "ann.mp4", "kind": "live", "events": [
      {"action": "blink", "start": 1.3, "end": 1.5}]}]

    Times are seconds, clips relative to the manifest. An action `ignore:GESTURE` marks a span that counts neither as hit nor as false.

    Recordings may be of any length. What is left out, a recording over --longest or a label after the last frame, is named on stderr and
    in the report, and counted nowhere.
    """
    from openekyc.engine.runtime import Models
    from openekyc.reports.gesture_page import notes
    from openekyc.reports.gestures import Looking, looked_at, report, watch
    from openekyc.reports.labels import read_labels

    clips = read_labels(manifest)
    models = Models(settings_of(home, config).models_folder)
    folder = report_folder(out) if out else None
    watched = list(followed(watch(models, manifest.parent, clips, Looking(fps, longest)), len(clips), "recordings"))
    found = report(watched, fps)
    for note in notes(found):
        say(note, err=True)
    if not looked_at(watched):
        raise NothingLeft(f"Every recording of {manifest} is left out.")
    if folder:
        _write(found, watched, folder)
    print_json(found) if as_json else _show(found, folder)
    return exits.DONE


def _write(found: "GestureReport", watched: "Sequence[Watched]", folder: Path) -> None:
    from openekyc.reports.gesture_page import curves, page

    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2))
    (folder / "index.html").write_text(page(found, watched), "utf-8")
    for place, one in enumerate(watched, 1):
        if one.left_out:
            continue
        (folder / f"{place:03}-{_file_name(one.clip.clip)}.svg").write_text(curves(one), "utf-8")


def _file_name(clip: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in Path(clip).stem)[:80]


def _show(found: "GestureReport", folder: Path | None) -> None:
    from openekyc.reports.gesture_page import false_told, recall_told

    click.echo(found.title)
    rows = [("all", found.total), *found.gestures.items()]
    print_table(
        ("gesture", "recall", "false gestures"), [(name, recall_told(score), false_told(score)) for name, score in rows], texts=TEXTS
    )
    if folder:
        click.echo(f"{folder / 'index.html'}")
