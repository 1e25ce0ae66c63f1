"""`openekyc card-report`: how well documents are read, measured on cards whose fields are known."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.cli.reporting import followed, report_folder

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models
    from openekyc.reports.card_manifest import CardSample
    from openekyc.reports.cards import CardReport, ReadCard


@click.command("card-report", epilog="Example: openekyc card-report --manifest cards/manifest.csv --out report")
@settings_options
@click.option(
    "--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="Cards and their fields (CSV)."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the report; made if missing.")
@json_option
def card_report(home: Path | None, config: Path | None, manifest: Path, out: Path, as_json: bool) -> int:
    """Measure the reading of documents: fields, machine-readable zones, warnings and time.

    \b
    The manifest, a CSV file:
    path,back,kind,expected
    card.jpg,,HK,"{""FullName"": ""CHAN TAI MAN""}"

    Paths are relative to the manifest; the back may be empty, kind is a value of IdCardType, expected has the printed fields as a JSON
    object. Optional: origin (real or schematic), condition, card. `openekyc simulate-cards` writes a manifest to look at.

    Writes index.html, report.json, kinds.md, cards.csv and fields.csv (personal data, as in the manifest) into the folder. An interrupted
    run leaves the cards so far.
    """
    from openekyc.engine.runtime import Models
    from openekyc.reports.card_manifest import read_card_manifest
    from openekyc.reports.cards import report

    samples = read_card_manifest(manifest)
    models = Models(settings_of(home, config).models_folder)
    cards = _cards(models, samples, report_folder(out))
    found = report(cards, {item.file: item.sha256 for item in models.files.values()})
    _write(found, out)
    print_json(found) if as_json else _show(found, out)
    return exits.DONE


def _cards(models: "Models", samples: "Sequence[CardSample]", out: Path) -> "list[ReadCard]":
    from openekyc.engine.documents.read_card import read_card
    from openekyc.reports.card_page import write_cards
    from openekyc.reports.cards import measure

    cards: list[ReadCard] = []
    try:
        read = measure(lambda sides, kind: read_card(models, sides, kind), samples)
        cards.extend(followed(read, len(samples), "cards"))
    finally:
        write_cards(out, cards)
    return cards


def _write(found: "CardReport", out: Path) -> None:
    from openekyc.reports.card_page import kinds_table, page

    (out / "kinds.md").write_text(kinds_table(found), "utf-8")
    (out / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2))
    (out / "index.html").write_text(page(found), "utf-8")


def _show(found: "CardReport", out: Path) -> None:
    from openekyc.reports.card_page import short, told, told_names, told_zones

    click.echo(found.title)
    rows = [("fields", told(found.fields)), ("fields in Thai script", told(found.thai_fields)), ("zones", told_zones(found.mrz))]
    rows.append(("names", told_names(found.names)))
    rows += [(name, short(kind.fields)) for name, kind in found.kinds.items()]
    rows += [(f"names of {name}", told_names(kind.names)) for name, kind in found.kinds.items() if kind.names.wrong]
    rows += [(f"condition {name}", short(group.fields)) for name, group in found.conditions.items()]
    rows.append(("CPU seconds of a card", f"{found.seconds_mean:.2f} on average, {found.seconds_p95:.2f} for 19 of 20"))
    print_table(("measure", "value"), rows, texts=("value",))
    click.echo(f"{out / 'index.html'}")
