"""`openekyc read-card IMAGE`: what stands on this document?"""

from pathlib import Path
from typing import get_args

import click

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_fault, print_json, print_table
from openekyc.engine.documents.values import Card, KindName, Side

picture = click.Path(exists=True, dir_okay=False, path_type=Path)

WARNINGS = {
    -9101: "the card's edge is cut off or covered",
    -9102: "a grey photocopy",
    -9103: "photographed from a screen",
    -9104: "an edited picture",
    -9107: "a reflection covers part of the card",
    -9108: "blurred",
    -8101: "a field breaks its format or check digit",
    -8102: "fields contradict each other",
}
PROBLEMS = {
    "undecodable": (
        "The picture cannot be used.",
        "Send a JPEG, PNG, WebP or BMP of at most 68 megapixels (50 if it is no JPEG) and 20 MB that is complete.",
    ),
    "not_a_card": ("No document is seen in the picture.", "Photograph the document so that it fills most of the frame."),
    "wrong_kind": ("The picture shows another kind of document{seen}.", "Choose the kind that is in the picture with --kind."),
    "wrong_side": ("The picture shows the other side of the document.", "Give the front as IMAGE and the back with --back."),
    "unreadable": ("The document cannot be read.", "Photograph it again: sharp, without reflections, all of it in the frame."),
    "no_portrait": ("No portrait is found on the document.", "Photograph the side with the portrait, without reflections on it."),
}


@click.command("read-card", epilog="Example: openekyc read-card card.jpg --kind HK")
@settings_options
@click.argument("image", type=picture)
@click.option("--back", type=picture, help="The back of the document, for kinds that have data there.")
@click.option("--kind", type=click.Choice(get_args(KindName)), required=True, help="Which kind of document it is (IdCardType).")
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
    if card.fields:
        print_table(("field", "value", "certainty"), [(field.name, field.value, f"{field.score:.2f}") for field in card.fields])
    if card.zone:
        state = "every check digit holds" if card.zone.valid else "check digits do not hold"
        repaired = ", one sign was corrected" if card.zone.repaired else ""
        click.echo(f"machine-readable zone {card.zone.form}: {state}{repaired}")
    for code in card.warnings:
        click.echo(f"warning {code}: {WARNINGS[code]}")
    for code in card.unchecked:
        click.echo(f"not checked {code}: {WARNINGS[code]}")
    for notice in card.notices:
        click.echo(f"note: {notice}")
    click.echo(f"portrait: {'found' if card.portrait else 'none'}; {sum(card.seconds.values()):.2f} CPU seconds")
    if card.problem:
        cause, remedy = PROBLEMS[card.problem]
        print_fault(cause.format(seen=_seen(card)), remedy)


def _seen(card: Card) -> str:
    from openekyc.engine.documents.kinds import KINDS

    wanted = KINDS[card.kind].title
    return f": {KINDS[card.seen_kind].title}, not {wanted}" if card.seen_kind else ""
