"""The rules about pictures of a document: which are taken again, which are refused, which go on with a warning."""

from datetime import date
from typing import Any

import pytest

from openekyc.engine.documents.values import Card, Field
from openekyc.errors import EditsInvalid
from openekyc.sessions import cards
from openekyc.sessions.model import CardShot, CardTerms, Media, ShotState

TODAY = date(2026, 1, 31)
READ = (Field("LicenseNumber", "A123456(3)"), Field("FullName", "LEE, Chi Nan"), Field("Birthday", "01-02-1985"))
GOOD = Card("HK", fields=READ)
ACCEPTED, RETAKE, REFUSED = ShotState.ACCEPTED, ShotState.RETAKE, ShotState.REFUSED


def ruled(card: Card, retakes: int = 0, whole: bool = True, side: Any = "front", **terms: Any) -> cards.Ruling:
    wish = CardTerms(**{"kind": card.kind, **terms})
    return cards.rule(card, wish, side, whole=whole, retakes=retakes, today=TODAY)


def test_a_good_picture_is_accepted() -> None:
    assert ruled(GOOD) == (ACCEPTED, (), ())


@pytest.mark.parametrize("problem", ["undecodable", "not_a_card", "wrong_kind", "unreadable", "no_portrait"])
def test_an_unusable_picture_is_taken_again_twice_and_then_refused(problem: Any) -> None:
    states = [ruled(Card("TaiWanIDCard", problem=problem), retakes).state for retakes in range(3)]
    assert states == [RETAKE, RETAKE, REFUSED]


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (-9101, "border"), (-9102, "photocopy"), (-9103, "screen"), (-9107, "glare"), (-9108, "blur"), (-8101, "not_accepted"),
        (-8102, "not_accepted"),
    ],
)  # fmt: skip
def test_each_warning_has_its_hint(code: int, hint: str) -> None:
    assert ruled(Card("HK", warnings=(code,))).hints == (hint,)


# kind, check_warnings, blocking, warnings -> state at the first picture, state after two retakes
WARNED: list[tuple[str, bool, tuple[int, ...], tuple[int, ...], Any, Any]] = [
    ("HK", True, (), (-9107,), RETAKE, REFUSED),
    ("ML", True, (), (-9102,), RETAKE, REFUSED),
    ("MLIDPassport", True, (), (-8102,), RETAKE, REFUSED),
    ("TaiWanIDCard", True, (), (-9107,), RETAKE, ACCEPTED),
    ("TaiWanIDCard", True, (-9107,), (-9107,), RETAKE, REFUSED),
    ("HK", True, (-9103,), (-9107, -9108), ACCEPTED, ACCEPTED),
    ("HK", True, (-9103,), (-9107, -9103), RETAKE, REFUSED),
    ("HK", False, (), (-9107, -9103), ACCEPTED, ACCEPTED),
    ("HK", False, (-9107,), (-9107,), ACCEPTED, ACCEPTED),
    ("HK", True, (), (-9109,), ACCEPTED, ACCEPTED),
]


@pytest.mark.parametrize(("kind", "check", "blocking", "warnings", "first", "last"), WARNED)
def test_warnings_count_as_the_token_says(kind: Any, check: bool, blocking: Any, warnings: Any, first: Any, last: Any) -> None:
    card = Card(kind, warnings=warnings)
    states = [ruled(card, retakes, check_warnings=check, blocking=blocking).state for retakes in range(3)]
    assert states == [first, first, last]


def test_what_cannot_be_checked_is_told() -> None:
    assert cards.told_warnings(Card("HK", warnings=(-9107,), unchecked=(-9104, -9103))) == (-9107, -9109)
    assert cards.told_warnings(GOOD) == ()


@pytest.mark.parametrize(
    ("version", "birthday", "over"),
    [
        ("HKID-2003", "01-02-1985", True),
        ("HKID-2003", "01-02-1955", False),  # until October 2026
        ("HKID-2018", "01-02-1985", False),
        ("", "01-02-1985", False),
        ("HKID-2003", "", False),
    ],
)
def test_the_old_hong_kong_series_has_ended(version: str, birthday: str, over: bool) -> None:
    card = Card("HK", fields=(Field("HKIDVersion", version), Field("Birthday", birthday)))
    assert cards.expired(card, TODAY) is over
    assert ruled(card).state is ACCEPTED
    assert [ruled(card, retakes, allow_expired=False).state for retakes in (0, 2)] == ([RETAKE, REFUSED] if over else [ACCEPTED] * 2)


REFUSED_FOR = {
    "digits": (Card("HK", fields=READ, warnings=(-8101,)), {}),
    "sides that disagree": (Card("HK", fields=READ, warnings=(-8102,)), {}),
    "expired": (Card("HK", fields=(Field("HKIDVersion", "HKID-2003"), Field("Birthday", "01-02-1985"))), {"allow_expired": False}),
}


@pytest.mark.parametrize("retakes", [0, 2])
def test_what_is_wrong_with_a_sharp_document_is_not_told(retakes: int) -> None:
    told = {ruled(card, retakes, **terms) for card, terms in REFUSED_FOR.values()}
    assert len(told) == 1
    assert told.pop().hints == ("not_accepted",)


def test_a_better_picture_is_asked_for_before_anything_is_refused() -> None:
    assert ruled(Card("HK", warnings=(-8101, -9108))).hints == ("blur",)
    half = Card("MacaoIDCard", warnings=(-8101,))
    assert ruled(half, whole=False, allow_expired=False).hints == ()


def test_a_first_side_need_not_hold_the_number() -> None:
    assert ruled(Card("MacaoIDCard", problem="unreadable"), whole=False).state is ACCEPTED
    assert ruled(Card("MacaoIDCard", warnings=(-8101,)), whole=False).state is ACCEPTED
    assert ruled(Card("MacaoIDCard", problem="not_a_card"), whole=False).undoes == ("front",)


def test_sides_that_disagree_are_both_taken_again() -> None:
    assert ruled(Card("MacaoIDCard", warnings=(-8102,)), side="back").undoes == ("front", "back")
    assert ruled(Card("MacaoIDCard", problem="unreadable"), side="back").undoes == ("front", "back")
    assert ruled(Card("MacaoIDCard", warnings=(-9107,)), side="back").undoes == ("back",)


# --- where the document stands ------------------------------------------------------------------------------------------


def shot(number: int, side: Any, state: ShotState, **more: Any) -> CardShot:
    return CardShot("T", number, side, state, Media("k", "", 1, "image/jpeg"), float(number), **more)


def test_a_side_is_as_its_latest_picture() -> None:
    shots = [shot(1, "front", RETAKE, undoes=("front",), hints=("blur",))]
    assert cards.view("MacaoIDCard", shots)["front"][:2] == ("retake", ("blur",))
    shots += [shot(2, "front", ACCEPTED), shot(3, "back", ShotState.SUBMITTED)]
    assert {side: seen.state for side, seen in cards.view("MacaoIDCard", shots).items()} == {"front": "accepted", "back": "reading"}
    assert list(cards.done("MacaoIDCard", shots)) == ["front"]
    shots[-1] = shot(3, "back", RETAKE, undoes=("front", "back"), hints=("unreadable",))
    assert cards.done("MacaoIDCard", shots) == {}
    assert cards.retakes(shots) == 2


def test_a_refusal_is_of_the_whole_document() -> None:
    seen = cards.view("MacaoIDCard", [shot(1, "front", ACCEPTED), shot(2, "back", REFUSED, hints=("screen",))])
    assert {one.state for one in seen.values()} == {"refused"}


def test_an_integrator_is_told_every_reading_but_the_half_ones() -> None:
    shots = [
        shot(1, "front", RETAKE),
        shot(2, "front", ACCEPTED),
        shot(3, "back", RETAKE, whole=True),
        shot(4, "back", ACCEPTED, whole=True),
    ]
    assert [one.number for one in cards.telling(shots)] == [1, 3, 4]
    assert [one.number for one in cards.telling(shots[:2])] == [1, 2]


# --- review and edit ----------------------------------------------------------------------------------------------------


def test_the_review_shows_what_was_read_in_the_contracts_order() -> None:
    names = [name for name, _ in cards.shown(GOOD, CardTerms("HK"))]
    assert names == ["FullName", "Birthday", "LicenseNumber"]
    assert cards.shown(GOOD, CardTerms("HK", shown=("Sex", "FullName", "Nonsense"))) == (("FullName", "LEE, Chi Nan"), ("Sex", ""))


def test_edits_keep_the_original() -> None:
    changed = cards.edits(GOOD, CardTerms("HK"), {"FullName": " LEE, Chi Nam ", "Birthday": "01-02-1985"})
    assert changed == (cards.Edit("FullName", "LEE, Chi Nan", "LEE, Chi Nam"),)


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        (CardTerms("HK", editable=False), {"FullName": "X"}),
        (CardTerms("HK", review=False), {"FullName": "X"}),
        (CardTerms("HK", shown=("Birthday",)), {"FullName": "X"}),
        (CardTerms("HK"), {"Nonsense": "X"}),
        (CardTerms("HK"), {"FullName": "X" * 513}),
    ],
)
def test_forbidden_edits_are_refused(terms: CardTerms, wanted: dict[str, str]) -> None:
    with pytest.raises(EditsInvalid):
        cards.edits(GOOD, terms, wanted)


def test_confirming_unchanged_values_is_no_edit() -> None:
    assert cards.edits(GOOD, CardTerms("HK", editable=False), {"FullName": "LEE, Chi Nan"}) == ()


# --- expiry --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "value", "over"),
    [
        ("MLIDPassport", "DateOfExpiration", "2026-01-30", True),
        ("MLIDPassport", "DateOfExpiration", "2026-01-31", False),  # good on its last day
        ("MLIDPassport", "DateOfExpiration", "", False),
        ("MacaoIDCard", "ExpirationDate", "30-01-2026", True),
        ("MainlandIDCard", "ValidDate", "2016.01.30-2026.01.30", True),
        ("MainlandIDCard", "ValidDate", "2016.01.30-2036.01.30", False),
        ("MainlandIDCard", "ValidDate", "2016.01.30-长期", False),
        ("HMTPermit", "ValidDate", "2015.12.01-2020.11.30", True),
        ("IndonesiaIDCard", "DueDate", "SEUMUR HIDUP", False),
        ("IndonesiaIDCard", "DueDate", "30-01-2026", True),
        ("JapanDrivingLicense", "ExpirationDate", "2026年01月30日", True),
        ("ThailandIDCard", "ThaiExpirationDate", "30 ม.ค. 2569", True),
        ("ThailandIDCard", "ThaiExpirationDate", "31 ม.ค. 2569", False),
        ("TaiWanIDCard", "IssuedDate", "2001-01-01", False),
    ],
)
def test_a_document_has_expired_the_day_after_its_last(kind: Any, name: str, value: str, over: bool) -> None:
    card = Card(kind, fields=(Field("Birthday", "1990-01-01"), Field(name, value)))
    assert cards.expired(card, TODAY) is over
    assert ruled(card, 2, allow_expired=False).state is (REFUSED if over else ACCEPTED)
    assert ruled(card, 2).state is ACCEPTED


def test_today_is_the_day_where_it_ends_last() -> None:
    noon = 1_767_268_800.0  # 2026-01-01 12:00 UTC
    assert (cards.today(noon - 1), cards.today(noon)) == (date(2025, 12, 31), date(2026, 1, 1))
