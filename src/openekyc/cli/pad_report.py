"""`openekyc pad-report`: how well attacks are told from bona fide presentations, measured on labelled samples."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.cli.reporting import announced, followed, report_folder, resumable

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models
    from openekyc.reports.judged import Judged
    from openekyc.reports.manifest import Sample
    from openekyc.reports.pad import PadReport


@click.command("pad-report", epilog="Example: openekyc pad-report --manifest samples.csv --out report")
@settings_options
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="Labelled samples (CSV).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the report; made if missing.")
@click.option(
    "--rendered",
    is_flag=True,
    help="The faces are rendered, as by `openekyc simulate --render`: the silent check is recorded and decides nothing.",
)
@json_option
def pad_report(home: Path | None, config: Path | None, manifest: Path, out: Path, rendered: bool, as_json: bool) -> int:
    """Measure how well attacks are told from real people, on labelled pictures and recordings: a self-test in the terms of ISO/IEC 30107-3.

    \b
    The manifest, a CSV file:
    path,label,species,subject
    ann.jpg,bona_fide,,P1
    ann-printed.webm,attack,print,P1

    Paths are relative to the manifest. The species is the kind of attack, the subject whoever is shown. Optional for recordings: level (1
    to 4) and challenge (a file as `openekyc verify --challenge` takes it; levels 3 and 4 need one).

    Writes index.html, report.json and scores.csv into the folder. An interrupted run leaves the scores so far, and the
    same command goes on where it was.
    """
    from openekyc.engine.runtime import Models
    from openekyc.reports.manifest import read_manifest
    from openekyc.reports.pad import report

    samples = read_manifest(manifest)
    settings = settings_of(home, config)
    models = Models(settings.models_folder, settings.silent_model)
    judged = _judged(models, samples, report_folder(out), rendered=rendered)
    with announced("intervals"):
        found = report(models, judged, rendered=rendered)
    _write(found, judged, out)
    print_json(found) if as_json else _show(found, out)
    return exits.DONE


def _judged(models: "Models", samples: "Sequence[Sample]", out: Path, *, rendered: bool) -> "list[Judged]":
    from openekyc.reports.journal import JOURNAL, resumed
    from openekyc.reports.scores import write_scores

    judged: list[Judged] = []
    try:
        with resumable(f"what {out} holds"):
            judged.extend(followed(resumed(models, samples, out, rendered=rendered), len(samples), "samples"))
    finally:
        write_scores(out / "scores.csv", judged)
    (out / JOURNAL).unlink(missing_ok=True)
    return judged


def _write(found: "PadReport", judged: "Sequence[Judged]", out: Path) -> None:
    from openekyc.reports.pad_page import page

    (out / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2))
    (out / "index.html").write_text(page(found, judged), "utf-8")


def _show(found: "PadReport", out: Path) -> None:
    from openekyc.reports.page import percent, told
    from openekyc.reports.rates import Rate

    rows = [("BPCER", told(found.bpcer)), *((f"APCER {species}", told(rate)) for species, rate in found.apcer.items())]
    rows += [(f"no response {group}", told(rate)) for group, rate in found.non_response.items() if isinstance(rate, Rate)]
    for name, point in found.cues.items():
        if point.auc is not None:
            at = ", ".join(f"{percent(rate)} at BPCER {level}" for level, rate in point.apcer_at_bpcer.items())
            words = f"AUC {point.auc:.3f}, EER {percent(point.eer)}, APCER {at} ({point.bona_fide} bona fide, {point.attacks} attacks)"
            rows.append((f"cue {name}", words))
    click.echo(found.title)
    print_table(("measure", "value"), rows, texts=("value",))
    click.echo(f"{out / 'index.html'}")
