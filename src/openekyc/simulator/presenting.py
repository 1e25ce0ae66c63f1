"""The document part of a session without a screen: send a picture of each side, wait for its reading, confirm what was read."""

from collections.abc import Callable, Mapping
from pathlib import Path

from openekyc.capture.client import CaptureClient
from openekyc.capture.messages import DocumentPlan
from openekyc.engine.documents.values import Side
from openekyc.errors import OpenEkycError
from openekyc.sessions.model import CardHint

Pictures = Callable[[DocumentPlan], Mapping[Side, bytes]]
"""The encoded pictures of what a plan asks for, by side."""


class DocumentMissing(OpenEkycError):
    """The session asks for a document, and no picture of it is at hand."""

    remedy = "Give its pictures with --document FILE, and --document-back FILE for a kind with two sides."


class DocumentNotAccepted(OpenEkycError):
    """The server asks for another picture of the document, or refuses it."""

    remedy = "Take another picture of the document and run the command again with the same token."

    def __init__(self, side: Side, state: str, hints: tuple[CardHint, ...]) -> None:
        super().__init__(
            f"The picture of the {side} was not accepted ({state}): {', '.join(hints).replace('_', ' ') or 'no reason given'}."
        )
        self.side, self.state, self.hints = side, state, hints


def present(client: CaptureClient, plan: DocumentPlan, pictures: Pictures) -> None:
    """Everything the plan still lacks. Raises DocumentMissing, DocumentNotAccepted, CaptureRefused."""
    if plan.confirmed:
        return
    at_hand = pictures(plan)
    for side in plan.sides:
        if side not in plan.done_sides:
            _side(client, side, at_hand)
    client.confirm()


def from_files(files: Mapping[Side, Path]) -> Pictures:
    """Pictures in files."""
    return lambda _: {side: path.read_bytes() for side, path in files.items()}


def _side(client: CaptureClient, side: Side, at_hand: Mapping[Side, bytes]) -> None:
    if side not in at_hand:
        raise DocumentMissing
    client.put_picture(side, at_hand[side])
    answer = client.wait_picture(side)
    if answer.state != "accepted":
        raise DocumentNotAccepted(side, answer.state, answer.hints)
