"""From read cards to the report: fields right and zones valid, in total, per kind, per condition and per field, with intervals by card.

A card that could not be read counts as wrong in every expected field; nothing is dropped. Thai-script fields are counted apart, because
another program reads them.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import msgspec
import numpy as np

from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import Card, KindName, Side
from openekyc.reports.card_fields import FieldResult, field_results
from openekyc.reports.card_manifest import CardSample
from openekyc.reports.card_names import Names, names
from openekyc.reports.intervals import rate_interval

TITLE = "Self-test of document reading"
LARGEST = 20_000_000  # bytes of a picture
WITH_ZONE: frozenset[KindName] = frozenset({"MLIDPassport", "MacaoIDCard"})

Reader = Callable[[Mapping[Side, bytes], KindName], Card]


class ReadCard(msgspec.Struct, frozen=True):
    """One card of the manifest as it was read, with its CPU seconds."""

    sample: CardSample
    card: Card
    fields: tuple[FieldResult, ...]
    seconds: float

    @property
    def zone_expected(self) -> bool:
        """Whether a zone should be there: the kind has one on a side that was given."""
        return (
            self.card.zone is not None or self.sample.kind == "MLIDPassport" or (self.sample.kind in WITH_ZONE and bool(self.sample.back))
        )


class Share(msgspec.Struct, frozen=True):
    """`right` of `n`, of `cards` cards, with the bounds of the 95 % interval. `rate` is None where nothing was counted."""

    rate: float | None
    n: int
    low: float
    high: float
    right: int
    cards: int


class FieldShare(Share, frozen=True):
    """One field by itself; `cer` is its character error rate."""

    cer: float | None = None


class Zones(msgspec.Struct, frozen=True):
    """`n` cards should show a zone; it was `found` on so many, and all check digits held (`valid`) on so many. `repaired`: of the valid
    ones, those where one sign was exchanged. `rate` is valid to n."""

    found: int
    valid: int
    n: int
    repaired: int
    rate: float | None
    low: float
    high: float


class Group(msgspec.Struct, frozen=True):
    """What is told of any group of cards."""

    cards: int
    real: int
    schematic: int
    mrz: Zones
    fields: Share
    thai_fields: Share
    names: Names
    cer: float | None
    problems: dict[str, int]
    warnings: dict[str, int]
    seconds_mean: float
    seconds_p95: float


class KindGroup(Group, frozen=True):
    """A kind, and each of its fields."""

    by_field: dict[str, FieldShare] = {}


class CardReport(Group, frozen=True):
    """The whole report; the totals are over all cards."""

    title: str = TITLE
    openekyc: str = ""
    weights: dict[str, str] = {}
    kinds: dict[str, KindGroup] = {}
    conditions: dict[str, Group] = {}


def measure(read: Reader, samples: Iterable[CardSample]) -> Iterator[ReadCard]:
    """Read each card, one in memory at a time."""
    for sample in samples:
        begin = time.process_time()
        card = _read(read, sample)
        yield ReadCard(sample, card, tuple(field_results(sample, card)), time.process_time() - begin)


def _read(read: Reader, sample: CardSample) -> Card:
    paths = {"front": sample.front} if sample.back is None else {"front": sample.front, "back": sample.back}
    if any(path.stat().st_size > LARGEST for path in paths.values()):
        return Card(sample.kind, "undecodable")
    sides: dict[Side, bytes] = {"front": sample.front.read_bytes()}
    if sample.back is not None:
        sides["back"] = sample.back.read_bytes()
    return read(sides, sample.kind)


def report(cards: Sequence[ReadCard], weights: Mapping[str, str]) -> CardReport:
    """The report over all cards."""
    kinds: dict[str, KindGroup] = {kind: kind_group(own) for kind in KINDS if (own := [one for one in cards if one.sample.kind == kind])}
    conditions = sorted({one.sample.condition for one in cards if one.sample.condition})
    return CardReport(
        **_shallow(group(cards)),
        openekyc=version("openekyc"),
        weights=dict(weights),
        kinds=kinds,
        conditions={name: group([one for one in cards if one.sample.condition == name]) for name in conditions},
    )


def kind_group(cards: Sequence[ReadCard]) -> KindGroup:
    """A kind's figures and those of each of its fields, in the order of the contract."""
    names = list(dict.fromkeys(result.name for one in cards for result in one.fields))
    order = KINDS[cards[0].sample.kind].fields
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    return KindGroup(**_shallow(group(cards)), by_field={name: _one_field(cards, name) for name in names})


def group(cards: Sequence[ReadCard]) -> Group:
    """What is told of some cards."""
    seconds = [one.seconds for one in cards] or [0.0]
    return Group(
        cards=len(cards),
        real=sum(one.sample.origin == "real" for one in cards),
        schematic=sum(one.sample.origin == "schematic" for one in cards),
        mrz=zones(cards),
        fields=share((result.right, one) for one in cards for result in one.fields if result.script != "thai"),
        thai_fields=share((result.right, one) for one in cards for result in one.fields if result.script == "thai"),
        names=names((one.card, one.fields) for one in cards),
        cer=_cer(result for one in cards for result in one.fields if result.script != "thai"),
        problems=_counted(one.card.problem for one in cards if one.card.problem),
        warnings=_counted(str(code) for one in cards for code in one.card.warnings),
        seconds_mean=round(float(np.mean(seconds)), 3),
        seconds_p95=round(float(np.percentile(seconds, 95)), 3),
    )


def zones(cards: Sequence[ReadCard]) -> Zones:
    """Zones found and valid among the cards that should show one."""
    expected = [one for one in cards if one.zone_expected]
    read = [(one, one.card.zone) for one in expected]
    valid = [zone is not None and zone.valid for _, zone in read]
    low, high = rate_interval(valid, [one.sample.card for one in expected])
    return Zones(
        found=sum(zone is not None for _, zone in read),
        valid=sum(valid),
        n=len(expected),
        repaired=sum(zone is not None and zone.valid and zone.repaired for _, zone in read),
        rate=round(sum(valid) / len(valid), 6) if valid else None,
        low=round(low, 6),
        high=round(high, 6),
    )


def share(pairs: Iterable[tuple[bool, ReadCard]]) -> Share:
    """The share of right ones with its interval, resampled by card."""
    listed = list(pairs)
    right, names = [one for one, _ in listed], [card.sample.card for _, card in listed]
    low, high = rate_interval(right, names)
    rate = round(sum(right) / len(right), 6) if right else None
    return Share(rate, len(right), round(low, 6), round(high, 6), sum(right), len(set(names)))


def _one_field(cards: Sequence[ReadCard], name: str) -> FieldShare:
    results = [(result, one) for one in cards for result in one.fields if result.name == name]
    whole = share((result.right, one) for result, one in results)
    return FieldShare(**msgspec.structs.asdict(whole), cer=_cer(result for result, _ in results))


def _cer(results: Iterable[FieldResult]) -> float | None:
    listed = list(results)
    length = sum(result.length for result in listed)
    return round(sum(result.distance for result in listed) / length, 6) if length else None


def _counted(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _shallow(found: Group) -> dict[str, Any]:
    return msgspec.structs.asdict(found)
