"""What reading an identity document yields, as frozen values without arrays.

Light on purpose (no numpy, no codecs): the API process and the session rules may import it. Field names are those of the vendor's
`NormalCardInfo` types. Boxes are x, y, width, height in pixels of the rectified card (1012 x 638; a passport's page 1012 x 712).
"""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

KindName = Literal[
    "HK", "ML", "IndonesiaIDCard", "PhilippinesVoteID", "PhilippinesDrivingLicense", "PhilippinesTinID", "PhilippinesSSSID",
    "PhilippinesUMID", "MLIDPassport", "MacaoIDCard", "ThailandIDCard", "MainlandIDCard", "SingaporeIDCard", "JapanIDCard",
    "MLDrivingLicense", "IndonesiaDrivingLicense", "ThailandDrivingLicense", "SingaporeDrivingLicense", "JapanDrivingLicense",
    "TaiWanIDCard", "HMTPermit",
]  # fmt: skip
"""The 21 values of `IdCardType`."""

FORMAT_WARNING, MISMATCH_WARNING = -8101, -8102

Side = Literal["front", "back"]
Script = Literal["latin", "han", "kana", "thai"]
Box = tuple[float, float, float, float]


class Line(msgspec.Struct, frozen=True):
    """One line of text: NFKC-normalised, the recogniser's mean probability 0..1, and where it stands."""

    text: str
    score: float
    box: Box


class Zone(msgspec.Struct, frozen=True):
    """A machine-readable zone (ICAO 9303). `fields`: code, issuer, number, nationality, birth, sex, expiry, surname, given, optional,
    optional2; fillers removed but in dates (YYMMDD), where they stand for unknown parts. `valid`: every check digit holds, and a repaired
    number stands so in print; `repaired`: one character was exchanged and the composite digit agrees; `number_as_read`: the number before
    it was repaired; `number_printed`: whether the print has the zone's number (None: it was not found there)."""

    form: Literal["TD1", "TD2", "TD3", "MRVA", "MRVB"]
    lines: tuple[str, ...]
    fields: Mapping[str, str]
    valid: bool
    repaired: bool = False
    number_as_read: str = ""
    number_printed: bool | None = None


class Page(msgspec.Struct, frozen=True):
    """One side as it was read: lines from top to bottom, left to right."""

    side: Side
    lines: tuple[Line, ...]
    zone: Zone | None = None


class Field(msgspec.Struct, frozen=True):
    """One value of a card, normalised as the contract wants it (dates, sex ...). `score` is the least of its lines'; without a `box` it
    was derived."""

    name: str
    value: str
    score: float = 1.0
    box: Box | None = None


Problem = Literal["", "undecodable", "not_a_card", "wrong_kind", "wrong_side", "unreadable", "no_portrait"]
Pages = Mapping[Side, Page]


class Card(msgspec.Struct, frozen=True):
    """A read document. `warnings` are -9101 ... -8102; `unchecked` those that could not be told of these photographs (answered as -9109);
    `notices` are sentences for the operator; `portrait` and `rectified` are JPEG. With a `problem` the fields may be empty. `withheld`: the
    pictures show what may not be kept, so nothing of them is here, and they must be erased."""

    kind: KindName
    problem: Problem = ""
    seen_kind: KindName | None = None  # with wrong_kind: what it looks like instead
    fields: tuple[Field, ...] = ()
    zone: Zone | None = None
    warnings: tuple[int, ...] = ()
    unchecked: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()
    portrait: bytes | None = None
    rectified: Mapping[Side, bytes] = {}
    withheld: bool = False
    numbers: Mapping[str, float] = {}  # what the warnings' tests measured, by name
    seconds: Mapping[str, float] = {}  # CPU seconds per stage


def no_hints(_fields: Mapping[str, str]) -> tuple[str, ...]:
    """Of a kind without unofficial rules."""
    return ()


def nothing_withheld(_page: Page) -> bool:
    """Of a kind that shows nothing which the law forbids to keep."""
    return False


def no_notes(_pages: Pages) -> tuple[str, ...]:
    """Of a kind that has nothing to say about how its fields were found."""
    return ()


class Kind(msgspec.Struct, frozen=True):
    """One kind of document: how it is recognised, read and checked. One module under `kinds/` each, holding `KIND`."""

    name: KindName
    title: str  # English, for people
    sides: tuple[Side, ...]  # what must be photographed
    scripts: frozenset[Script]
    anchors: Mapping[Side, tuple[str, ...]]  # printed words that tell this kind from the others, NFKC, upper case
    fields: tuple[str, ...]  # names in the order of the contract
    parse: Callable[[Pages], tuple[Field, ...]]
    check: Callable[[Mapping[str, str], Zone | None], tuple[int, ...]]  # field values, zone -> -8101 and/or -8102
    labels: tuple[str, ...] = ()  # all printed words that are no values: where a value ends
    passport: bool = False  # the page's shape is ID-3 instead of ID-1
    portrait: Side | None = "front"
    key_fields: tuple[str, ...] = ("LicenseNumber",)  # without these the document counts as unreadable
    hints: Callable[[Mapping[str, str]], tuple[str, ...]] = no_hints  # broken rules that nothing official vouches for: notices, no warnings
    notes: Callable[[Pages], tuple[str, ...]] = no_notes  # what is not sure about the fields: notices that begin with a field's name
    withheld: Callable[[Page], bool] = nothing_withheld  # whether a side shows what may not be kept: such a picture is refused and erased
    number: str = ""  # its form, for people
    rules: str = ""  # what `check` holds it to, for people
    unofficial: str = ""  # what `hints` looks at, for people
