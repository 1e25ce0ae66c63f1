"""What becomes of a picture of a document: accepted, to be taken again, or refused. Pure.

A picture that cannot be used, or that raises a warning that counts, is asked for again, RETAKES times in one session at most. The next
one decides: it is refused if it still cannot be used or if the warning blocks, else it is accepted and the warning is told with the
result. A better picture of a side that is accepted may come of the person's own accord; if it fails, it is dropped. The capture client
learns hints that help an honest person; what a test measured it never learns.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Literal, NamedTuple

import msgspec

from openekyc.engine.documents import dates
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import Card, KindName, Side
from openekyc.errors import EditsInvalid
from openekyc.sessions.model import CardHint, CardShot, CardTerms, ShotState

RETAKES = 2
MOST_SHOTS = 12  # of one session, those taken again of the person's own accord among them
UNCHECKED = -9109  # "this warning ability is not enabled"
BLOCKING_KINDS = frozenset({"HK", "ML", "MLIDPassport"})
"""Whose warnings block by default; for the others only those do that SelectedWarningCodes names."""

MOST_EDITS = 64
LONGEST_EDIT = 512

_OF_WARNING: Mapping[int, CardHint] = {
    -9101: "border",
    -9102: "photocopy",
    -9103: "screen",
    -9104: "photocopy",
    -9107: "glare",
    -9108: "blur",
    -8101: "not_accepted",
    -8102: "not_accepted",
}
_OF_PROBLEM: Mapping[str, CardHint] = {
    "undecodable": "unreadable",
    "not_a_card": "not_a_card",
    "wrong_kind": "wrong_kind",
    "wrong_side": "wrong_side",
    "unreadable": "unreadable",
    "no_portrait": "no_portrait",
}
_OF_CONTENT = frozenset({-8101, -8102})
_NEUTRAL: tuple[CardHint, ...] = ("not_accepted",)
_OF_ALL_SIDES = frozenset({"unreadable", "no_portrait"})

HKID_OLD = "HKID-2003"
HKID_ENDS = ((1970, date(2025, 5, 12)), (0, date(2026, 10, 12)))
"""The old series of Hong Kong identity cards ended by order: for holders born in 1970 or later, and for all others."""

LAST_ON_EARTH = timezone(timedelta(hours=-12))
_EXPIRY = ("DueDate", "ExpiresDate", "DateOfExpiration", "ExpirationDate", "ValidDate", "ThaiExpirationDate")


class Ruling(NamedTuple):
    """What a reading leads to. `undoes`: the sides to be photographed again."""

    state: ShotState
    hints: tuple[CardHint, ...] = ()
    undoes: tuple[Side, ...] = ()


def rule(card: Card, terms: CardTerms, side: Side, *, whole: bool, retakes: int, today: date, asked: bool = True) -> Ruling:
    """`card`: what was read with this picture of `side`; `whole`: no side is missing any more; `retakes`: asked for so far; `asked`: the
    side was not accepted before."""
    unusable = _unusable(card, terms, whole=whole, today=today)
    counting = [code for code in _counting(card, terms) if whole or code not in _OF_CONTENT]
    hints = _told((*unusable, *(_OF_WARNING[code] for code in counting)))
    if not hints:
        return Ruling(ShotState.ACCEPTED)
    if not asked:
        return Ruling(ShotState.DROPPED, hints)
    if retakes < RETAKES:
        every = whole and (card.problem in _OF_ALL_SIDES or not _OF_CONTENT.isdisjoint(counting) or hints == _NEUTRAL)
        return Ruling(ShotState.RETAKE, hints, sides(terms.kind) if every else (side,))
    if unusable or (counting and blocks(terms)):
        return Ruling(ShotState.REFUSED, hints)
    return Ruling(ShotState.ACCEPTED)


def blocks(terms: CardTerms) -> bool:
    """Whether a warning that stays after the last retake ends the session."""
    return terms.check_warnings and (terms.kind in BLOCKING_KINDS or bool(terms.blocking))


def told_warnings(card: Card) -> tuple[int, ...]:
    """The warnings as the integrator reads them."""
    return (*card.warnings, *((UNCHECKED,) if card.unchecked else ()))


def today(at: float) -> date:
    """The day by which a document has expired: where it ends last, so that none is called expired while it is still good somewhere."""
    return datetime.fromtimestamp(at, LAST_ON_EARTH).date()


def expired(card: Card, today: date) -> bool:
    """Whether the document is known not to be valid any more: the last day printed on it lies before `today`. Hong Kong identity cards
    bear no date of expiry, but their older series was ended. What could not be read is not known."""
    fields = {field.name: field.value for field in card.fields}
    if card.kind != "HK":
        last = next((day for name in _EXPIRY if (day := dates.last(fields.get(name, "")))), None)
        return last is not None and last < today
    if fields.get("HKIDVersion") != HKID_OLD:
        return False
    born = fields.get("Birthday", "")[-4:]
    if not born.isdecimal():
        return False
    return today >= next(end for since, end in HKID_ENDS if int(born) >= since)


def sides(kind: KindName) -> tuple[Side, ...]:
    """What has to be photographed."""
    return KINDS[kind].sides


def _unusable(card: Card, terms: CardTerms, *, whole: bool, today: date) -> tuple[CardHint, ...]:
    if card.problem and (whole or card.problem != "unreadable"):  # the number may stand on the side that is still missing
        return (_OF_PROBLEM[card.problem],)
    if whole and not terms.allow_expired and expired(card, today):  # like the content, it is judged once all of it is there
        return _NEUTRAL
    return ()


def _told(hints: tuple[CardHint, ...]) -> tuple[CardHint, ...]:
    """Each once. What helps to take a better picture goes before the neutral one, which stands alone."""
    return tuple(dict.fromkeys(hint for hint in hints if hint not in _NEUTRAL)) or _NEUTRAL[: len(hints)]


def _counting(card: Card, terms: CardTerms) -> list[int]:
    if not terms.check_warnings:
        return []
    return [code for code in card.warnings if code in _OF_WARNING and (not terms.blocking or code in terms.blocking)]


# --- where a session's document stands -----------------------------------------------------------------------------------

SideState = Literal["none", "reading", "accepted", "retake", "refused"]


class SideView(NamedTuple):
    """One side, by its latest picture and by what later ones undid."""

    state: SideState = "none"
    hints: tuple[CardHint, ...] = ()
    shot: CardShot | None = None


def view(kind: KindName, shots: Sequence[CardShot]) -> dict[Side, SideView]:
    """Every side of the kind."""
    found: dict[Side, SideView] = {side: SideView() for side in sides(kind)}
    for shot in shots:
        match shot.state:
            case ShotState.SUBMITTED:
                found[shot.side] = SideView("reading", (), shot)
            case ShotState.ACCEPTED:
                found[shot.side] = SideView("accepted", (), shot)
            case ShotState.RETAKE | ShotState.LOST:
                found |= {side: SideView("retake", shot.hints, shot) for side in shot.undoes}
            case ShotState.REFUSED:
                found = {side: SideView("refused", shot.hints, shot) for side in found}
    return found


def done(kind: KindName, shots: Sequence[CardShot]) -> dict[Side, CardShot]:
    """The pictures that are accepted so far."""
    return {side: seen.shot for side, seen in view(kind, shots).items() if seen.state == "accepted" and seen.shot}


def whole_reading(kind: KindName, shots: Sequence[CardShot]) -> CardShot | None:
    """The picture with whose reading the document is complete; None while a side is missing or being read."""
    if set(done(kind, shots)) != set(sides(kind)):
        return None
    return next((shot for shot in reversed(shots) if shot.state is ShotState.ACCEPTED and shot.whole), None)


def retakes(shots: Sequence[CardShot]) -> int:
    """How many pictures were asked for again."""
    return sum(shot.state is ShotState.RETAKE for shot in shots)


def telling(shots: Sequence[CardShot]) -> list[CardShot]:
    """The readings an integrator is told: all but those of a first side that the next one went on from, and of pictures dropped or lost."""
    known = [shot for shot in shots if shot.state not in (ShotState.SUBMITTED, ShotState.DROPPED, ShotState.LOST)]
    return [shot for shot in known if shot.whole or _failed(shot) or shot is known[-1]]


def _failed(shot: CardShot) -> bool:
    return shot.state in (ShotState.RETAKE, ShotState.REFUSED)


# --- review and edit ------------------------------------------------------------------------------------------------------


class Edit(msgspec.Struct, frozen=True):
    """One corrected field, with what had been read."""

    name: str
    original: str
    revised: str


def shown(card: Card, terms: CardTerms) -> tuple[tuple[str, str], ...]:
    """The fields of the review, name and value, in the contract's order; what was not read is shown empty."""
    values = {field.name: field.value for field in card.fields}
    names = KINDS[terms.kind].fields
    return tuple((name, values.get(name, "")) for name in names if (name in terms.shown if terms.shown else name in values))


def edits(card: Card, terms: CardTerms, wanted: Mapping[str, str]) -> tuple[Edit, ...]:
    """The real changes among `wanted`. Raises EditsInvalid for a field that was not shown, or where nothing may be corrected."""
    values = dict(shown(card, terms)) if terms.review else {}
    found = tuple(Edit(name, values.get(name, ""), value.strip()) for name, value in wanted.items())
    if any(edit.name not in values for edit in found):
        raise EditsInvalid
    changed = tuple(edit for edit in found if edit.revised != edit.original)
    if changed and not terms.editable:
        raise EditsInvalid
    if len(wanted) > MOST_EDITS or any(len(edit.revised) > LONGEST_EDIT for edit in changed):
        raise EditsInvalid("A corrected text is too long.")
    return changed
