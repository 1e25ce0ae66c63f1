"""`openekyc simulate-cards`: schematic identity cards with their manifest, for `openekyc card-report`."""

from pathlib import Path
from typing import cast, get_args

import click

from openekyc.cli import exits
from openekyc.cli.options import settings_of, settings_options
from openekyc.cli.reporting import followed, report_folder
from openekyc.engine.documents.values import KindName
from openekyc.simulator.cards.sketch import Style

CONDITIONS = ("flat", "tilt", "turn", "half", "blur", "glare", "jpeg", "screen", "photocopy")
STYLES: tuple[Style, ...] = ("varied", "plain")
NO_OCRB = (
    "Zones are drawn in Noto Sans Mono instead of OCR-B: {folder}/OCRB.otf is missing. Install Debian's package fonts-ocr-b, or copy "
    "its OCRB.otf there."
)


@click.command(
    "simulate-cards", epilog="Example: openekyc simulate-cards --out cards --kinds HK,TaiWanIDCard --degrade flat,tilt --count 5"
)
@settings_options
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder; made if missing.")
@click.option("--kinds", metavar="LIST", default="all", show_default=True, help="Values of IdCardType with commas, or `all`.")
@click.option("--count", type=click.IntRange(1, 1_000), default=1, show_default=True, metavar="N", help="Cards of each kind and condition.")
@click.option(
    "--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, metavar="N", help="The same seed draws the same cards."
)
@click.option(
    "--degrade",
    metavar="LIST",
    default="flat",
    show_default=True,
    help=f"How the cards are photographed, with commas, or `all`: {', '.join(CONDITIONS)}.",
)
@click.option(
    "--style",
    type=click.Choice(STYLES),
    default="varied",
    show_default=True,
    help="varied: names and addresses of one to three rows, worn cards, zones in OCR-B. plain: short names on one row, clean cards.",
)
@click.option("--fetch", is_flag=True, help="Fetch the fonts (20 MB, OFL) first, through pip, checked by SHA-256.")
def simulate_cards(
    home: Path | None, config: Path | None, out: Path, kinds: str, count: int, seed: int, degrade: str, style: Style, fetch: bool
) -> int:
    """Draw schematic identity cards of invented people: a tint and a SPECIMEN line, no national art, valid check digits.

    They show whether reading got worse, and how it degrades. They are too easy to estimate the accuracy on real cards. Writes pictures and
    manifest.csv into the folder. Kinds whose font is missing are left out and named; exit code 1 if that leaves none.
    """
    from openekyc.simulator.cards.drawing import ocrb
    from openekyc.simulator.cards.writing import fonts, missing_font, write_cards

    chosen = _kinds(kinds)
    conditions = CONDITIONS if degrade == "all" else tuple(_known(degrade, CONDITIONS, "--degrade"))
    folder = settings_of(home, config).models_folder
    if fetch:
        from openekyc.engine.fetch import fetch as fetch_files

        fetch_files(folder, fonts())
    drawn = tuple(kind for kind in chosen if missing_font(folder, kind) is None)
    for kind in chosen:
        if kind not in drawn:
            click.echo(f"{kind} is left out: the font {missing_font(folder, kind)} is not in {folder}. Add --fetch.", err=True)
    if not drawn:
        return exits.NO
    if style == "varied" and ocrb(folder) is None:
        click.echo(NO_OCRB.format(folder=folder), err=True)
    cards = write_cards(report_folder(out), drawn, conditions, count, seed, folder, style)
    written = sum(1 for _ in followed(cards, len(drawn) * len(conditions) * count, "cards"))
    click.echo(f"{written} cards and manifest.csv are in {out}.")
    return exits.DONE


def _kinds(words: str) -> tuple[KindName, ...]:
    every = cast(tuple[KindName, ...], get_args(KindName))
    return every if words == "all" else cast(tuple[KindName, ...], tuple(_known(words, every, "--kinds")))


def _known(words: str, every: tuple[str, ...], option: str) -> list[str]:
    chosen = [word.strip() for word in words.split(",") if word.strip()]
    for word in chosen:
        if word not in every:
            raise click.UsageError(f"{option} does not know {word!r}; it takes {', '.join(every)}.")
    if not chosen:
        raise click.UsageError(f"{option} is empty.")
    return chosen
