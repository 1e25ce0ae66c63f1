"""`openekyc match-report`: how well people are told apart, measured on labelled pairs of pictures."""

from collections.abc import Mapping
from importlib.metadata import version
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
    from openekyc.reports.embeddings import Acquired
    from openekyc.reports.match import MatchReport, Scored
    from openekyc.reports.pairs import Pairs


@click.command("match-report", epilog="Example: openekyc match-report --pairs pairs.csv --out report")
@settings_options
@click.option("--pairs", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="Labelled pairs (CSV).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the report; made if missing.")
@click.option("--keep-embeddings", is_flag=True, help="Leave embeddings.jsonl (personal data) for a further run over these pictures.")
@json_option
def match_report(home: Path | None, config: Path | None, path: Path, out: Path, keep_embeddings: bool, as_json: bool) -> int:
    """Measure the comparison of faces on labelled pairs of pictures: a self-test of false match and false non-match rates.

    \b
    The list, a CSV file:
    a,b,same
    ann/1.jpg,ann/2.jpg,1
    ann/1.jpg,bob/1.jpg,0

    Paths are relative to the list. Columns subject_a and subject_b may say who is shown. Thresholds come from all pairs of pictures of
    different people. A picture without a usable face is counted as a failure to acquire.

    Writes index.html, report.json and scores.csv into the folder. An interrupted run goes on where it was.
    """
    from openekyc.engine.runtime import Models
    from openekyc.reports.match import report, score
    from openekyc.reports.pairs import read_pairs

    pairs = read_pairs(path)
    models = Models(settings_of(home, config).models_folder)
    acquired = _acquired(models, pairs, report_folder(out))
    scored = score(pairs, acquired)
    with announced("intervals"):
        found = report(models, pairs, acquired, scored)
    _write(found, pairs, acquired, scored, out)
    if not keep_embeddings:
        _forget(out)
    print_json(found) if as_json else _show(found, out)
    return exits.DONE


def _acquired(models: "Models", pairs: "Pairs", out: Path) -> "Mapping[str, Acquired]":
    from openekyc.reports.embeddings import acquire

    pictures = pairs.pictures
    with resumable(f"what {out} holds"):
        return dict(followed(acquire(models, version("openekyc"), pairs.folder, pictures, out), len(pictures), "pictures"))


def _write(found: "MatchReport", pairs: "Pairs", acquired: "Mapping[str, Acquired]", scored: "Scored", out: Path) -> None:
    from openekyc.reports.match_page import page
    from openekyc.reports.scores import write_match_scores

    write_match_scores(out / "scores.csv", pairs, acquired, scored)
    (out / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2))
    (out / "index.html").write_text(page(found, scored), "utf-8")


def _forget(out: Path) -> None:
    from openekyc.reports.embeddings import CACHE

    (out / CACHE).unlink(missing_ok=True)


def _show(found: "MatchReport", out: Path) -> None:
    from openekyc.reports.match_page import rows

    click.echo(found.title)
    print_table(("measure", "value", "95 % interval", "rests on"), rows(found), texts=("measure", "rests on"))
    click.echo(f"{out / 'index.html'}")
