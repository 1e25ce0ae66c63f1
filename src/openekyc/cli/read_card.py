"""`openekyc read-card IMAGE`: what stands on this document?"""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table, say
from openekyc.cli.results import CODES_PAGE, say_result, warning_step, warning_words
from openekyc.codes_help import CARD_PROBLEMS
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import Card, KindName, Side

picture = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("read-card", epilog="Example: openekyc read-card card.jpg --kind HK")
@settings_options
@click.argument("image", type=picture)
@click.option("--back", type=picture, help="The back of the document, for kinds that have data there.")
@click.option(
    "--kind",
    type=click.Choice(get_args(KindName)),
    required=True,
    metavar="KIND",
    help=f"Which kind of document it is, as IdCardType has it: {', '.join(get_args(KindName))}.",
)
@json_option
def read_card(home: Path | None, config: Path | None, image: Path, back: Path | None, kind: KindName, as_json: bool) -> int:
    """Read an identity document from photographs (JPEG, PNG, WebP, BMP), without a server.

    Prints the fields, what is wrong with the photograph, and what was not checked. With --json everything that was measured, the boxes of
    the fields, and the flattened card and the portrait as base64. Exit code 1 if the document cannot be read or a warning was given.
    """
    from openekyc.engine.documents.read_card import read_card as read
    from openekyc.engine.runtime import Models

    sides: dict[Side, bytes] = {"front": image.read_bytes()}
    if back is not None:
        sides["back"] = back.read_bytes()
    card = read(Models(settings_of(home, config).models_folder), sides, kind)
    if as_json:
        print_json(card)
    else:
        _print(card)
    return exits.NO if card.problem or card.warnings else exits.DONE


def _print(card: Card) -> None:
    say_result(*_told(card))
    if card.fields:
        click.echo()
        print_table(("field", "value", "certainty"), [(field.name, field.value, f"{field.score:.2f}") for field in card.fields])
    click.echo()
    for line in _notes(card):
        say(line)


def _told(card: Card) -> tuple[str, str, str]:
    """Words, codes and what to do."""
    title = KINDS[card.kind].title
    if card.problem:
        shown = f": {KINDS[card.seen_kind].title}, not {title}" if card.seen_kind else ""
        problem = CARD_PROBLEMS[card.problem]
        return f"Not read: {problem.meaning}{shown}.", f"problem {card.problem}", problem.remedy
    if not card.warnings:
        return f"Read, without a warning: {title}.", "no warning", "Compare the fields with the photograph; certainty is the reader's own."
    meanings = "; ".join(warning_words(code) for code in card.warnings)
    codes = ", ".join(f"warning {code}" for code in card.warnings)
    steps = " ".join(dict.fromkeys(warning_step(code) for code in card.warnings))
    return f"Read, with warnings: {title} ({meanings}).", codes, f"{steps} More: {CODES_PAGE}"


def _notes(card: Card) -> Iterator[str]:
    if card.zone:
        state = "every check digit holds" if card.zone.valid else "check digits do not hold"
        repaired = ", one character was corrected" if card.zone.repaired else ""
        yield f"machine-readable zone {card.zone.form}: {state}{repaired}"
    for code in card.warnings:
        yield f"warning {code}: {warning_words(code)}"
    for code in card.unchecked:
        yield f"not checked {code}: {warning_words(code)}"
    for notice in card.notices:
        yield f"note: {notice}"
    yield f"portrait: {'found' if card.portrait else 'none'}; {sum(card.seconds.values()):.2f} CPU seconds"
