"""The document part of a session without a screen: send a picture of each side, wait for its reading, confirm what was read."""

from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import cast

from openekyc.capture.client import CaptureClient
from openekyc.capture.messages import DocumentPlan
from openekyc.engine.documents.values import KindName, Side
from openekyc.errors import OpenEkycError
from openekyc.sessions.model import CardHint

Pictures = Callable[[DocumentPlan], Mapping[Side, bytes]]
"""The encoded pictures of what a plan asks for, by side."""


class DocumentMissing(OpenEkycError):
    """The session asks for a document, and no picture of it is at hand."""

    remedy = "Give its pictures with --document FILE, and --document-back FILE for a kind with two sides."


class FontMissing(OpenEkycError):
    """The schematic card cannot be drawn."""

    remedy = "`openekyc simulate-cards --fetch --out FOLDER` gets the fonts; or give pictures with --document."


class DocumentNotAccepted(OpenEkycError):
    """The server asks for another picture of the document, or refuses it."""

    remedy = "Take another picture of the document and run the command again with the same token."

    def __init__(self, side: Side, state: str, hints: tuple[CardHint, ...]) -> None:
        super().__init__(
            f"The picture of the {side} was not accepted ({state}): {', '.join(hints).replace('_', ' ') or 'no reason given'}."
        )
        self.side, self.state, self.hints = side, state, hints


def present(client: CaptureClient, plan: DocumentPlan, pictures: Pictures) -> None:
    """Everything the plan still lacks; where a side is asked for again, a new picture of it, if there is one. Raises DocumentMissing,
    DocumentNotAccepted, CaptureRefused."""
    if plan.confirmed:
        return
    for side in plan.sides:
        if side not in plan.done_sides:
            _show(client, plan, side, pictures)
    client.confirm()


def from_files(files: Mapping[Side, Path]) -> Pictures:
    """Pictures in files."""
    return lambda _: {side: path.read_bytes() for side, path in files.items()}


def schematic(models: Path, seed: int = 1) -> Pictures:
    """A schematic card of the kind that is asked for, with an invented person's data and the face of the simulated subject, each time
    photographed anew. `models` holds the fonts and the portrait. Raises FontMissing, ModelError."""
    takes = count()

    def drawn(plan: DocumentPlan) -> Mapping[Side, bytes]:
        from openekyc.simulator.cards.writing import missing_font, photographed

        kind = cast(KindName, plan.kind)
        if font := missing_font(models, kind):
            raise FontMissing(f"The schematic card cannot be drawn: the font {font} is not in {models}.")
        return photographed(kind, models, seed, next(takes))

    return drawn


def _show(client: CaptureClient, plan: DocumentPlan, side: Side, pictures: Pictures) -> None:
    last = b""
    while True:
        picture = pictures(plan).get(side)
        if picture is None:
            raise DocumentMissing
        if picture != last:
            client.put_picture(side, picture)
        answer = client.wait_picture(side)
        if answer.state == "accepted":
            return
        if answer.state != "retake" or picture == last:
            raise DocumentNotAccepted(side, answer.state, answer.hints)
        last = picture
