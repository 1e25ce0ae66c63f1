"""Wrong names, and how many of them nobody is told of: what an integrator takes over is a wrong legal name."""

from collections.abc import Iterable

import msgspec

from openekyc.engine.documents.doubts import NAMES
from openekyc.engine.documents.values import Card
from openekyc.reports.card_fields import FieldResult, plain

SHORTER = 2  # signs from which a name counts as lost in part


class Names(msgspec.Struct, frozen=True):
    """Of `n` expected name fields so many are `wrong`; of these `silent` ones come with no problem and no notice about a name, and of the
    silent ones `lost` are shorter than printed by two signs or more."""

    n: int = 0
    wrong: int = 0
    silent: int = 0
    lost: int = 0


def names(cards: Iterable[tuple[Card, Iterable[FieldResult]]]) -> Names:
    """Counted over cards and their fields."""
    found = [(result, told(card)) for card, results in cards for result in results if result.name in NAMES]
    wrong = [(result, noticed) for result, noticed in found if not result.right]
    silent = [result for result, noticed in wrong if not noticed]
    return Names(len(found), len(wrong), len(silent), sum(shorter(result) for result in silent))


def told(card: Card) -> bool:
    """Whether the reader says that a name is not sure, or that the card could not be read."""
    return bool(card.problem) or any(notice.partition(":")[0] in NAMES for notice in card.notices)


def silent(card: Card, result: FieldResult) -> bool:
    """Whether a field is a wrong name that nobody is told of."""
    return result.name in NAMES and not result.right and not told(card)


def shorter(result: FieldResult) -> bool:
    """Whether signs of the name are missing."""
    return len(plain(result.read)) <= len(plain(result.expected)) - SHORTER
