"""What a capture client learns about a session's document: its plan, how far it is, and hints for a better picture. Pure."""

from openekyc.capture.messages import CardAnswer, CardField, DocumentPlan
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import Side
from openekyc.errors import SideUnknown
from openekyc.sessions import cards
from openekyc.sessions.documenting import DocumentView


def plan(known: DocumentView) -> DocumentPlan:
    """What is to be photographed, and how far that is."""
    terms, kind = known.terms, KINDS[known.terms.kind]
    return DocumentPlan(
        kind=kind.name,
        title=kind.title,
        sides=kind.sides,
        shutter=terms.shutter,
        auto_timeout_ms=terms.auto_timeout_ms,
        upload=terms.upload,
        review=terms.review,
        editable=terms.review and terms.editable,
        fields=tuple(name for name in kind.fields if not terms.shown or name in terms.shown),
        done_sides=tuple(side for side in kind.sides if side in cards.done(kind.name, known.shots)),
        confirmed=known.session.document == "confirmed",
        retakes_left=_retakes_left(known),
    )


def answer(known: DocumentView, name: str) -> CardAnswer:
    """How one side is. Raises SideUnknown."""
    sides = cards.view(known.terms.kind, known.shots)
    side: Side | None = next((side for side in sides if side == name), None)
    if side is None:
        raise SideUnknown
    return CardAnswer(sides[side].state, sides[side].hints, _retakes_left(known), _fields(known))


def _retakes_left(known: DocumentView) -> int:
    return max(0, cards.RETAKES - cards.retakes(known.shots))


def _fields(known: DocumentView) -> tuple[CardField, ...]:
    """For the review alone: before it nothing is sure, and after it nobody needs to see a name again."""
    if known.card is None or not known.terms.review or known.session.document != "read":
        return ()
    return tuple(CardField(name, value, known.terms.editable) for name, value in cards.shown(known.card, known.terms))
