"""Names and addresses as long as they are: every kind read from its varied card as a perfect recogniser would return it."""

import pytest

from openekyc.engine.documents import mrz
from openekyc.engine.documents.doubts import NAMES, doubts
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import Field, Line, Page
from openekyc.reports.card_fields import plain
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.sketch import is_zone
from openekyc.simulator.cards.typesetting import width
from tests.unit.engine.documents.pages import values

THAI = {"ThailandIDCard", "ThailandDrivingLicense"}  # their Thai lines are read by another program, with tests of their own


def page(side, plate):
    rows = [text.text for text in plate.texts if is_zone(text)]
    lines = [Line(text.text, 0.99, (text.x, text.y - 0.1 * text.size, width(text), 1.2 * text.size)) for text in plate.texts]
    lines.sort(key=lambda line: (line.box[1], line.box[0]))
    return Page(side, tuple(lines), mrz.parse(rows) if rows else None)


def read(kind, number, seed=31):
    """What is expected, what is read, and what is said about it."""
    drawn = sketch(kind, number, seed, "varied")
    pages = {side: page(side, plate) for side, plate in drawn.sides.items()}
    fields = KINDS[kind].parse(pages)
    return drawn.fields, values(fields), doubts(KINDS[kind], pages, fields)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in THAI and kind != "MLIDPassport"])
def test_every_field_is_read_whole(kind):
    for number in range(25):
        expected, found, _ = read(kind, number)
        assert {name: plain(found.get(name) or "") for name in expected} == {name: plain(value) for name, value in expected.items()}


@pytest.mark.parametrize("number", [37, 50, 55, 127])
def test_a_first_word_alone_on_its_row_belongs_to_the_name(number):
    expected, found, _ = read("PhilippinesSSSID", number, 12)
    assert found["FullName"] == expected["FullName"]


@pytest.mark.parametrize("number", [0, 10, 13, 14])
def test_a_name_too_long_for_the_zone_of_a_macao_card_is_the_printed_one(number):
    expected, found, notices = read("MacaoIDCard", number, 12)
    assert {name: found[name] for name in ("FirstName", "LastName")} == {name: expected[name] for name in ("FirstName", "LastName")}
    assert any(notice.partition(":")[0] in NAMES for notice in notices)


def test_no_passport_loses_a_name_without_a_notice():
    for number in range(150):
        expected, found, notices = read("MLIDPassport", number, 12)
        right = all(found[name] == expected[name] for name in ("Surname", "GivenName", "FullName"))
        assert right or any(notice.partition(":")[0] in NAMES for notice in notices), expected


def test_a_card_whose_name_is_not_found_says_so():
    fields = [Field("LicenseNumber", "9385-5100-018288"), Field("Birthday", "02-10-1950")]
    assert "LastName: not found." in doubts(KINDS["IndonesiaDrivingLicense"], {}, fields)
    assert doubts(KINDS["IndonesiaDrivingLicense"], {}, [*fields, Field("FirstName", "AGUS")]) == ()
    assert doubts(KINDS["IndonesiaDrivingLicense"], {}, []) == ()


def test_a_zone_is_no_witness_for_itself():
    """A stroke of a pen along the fillers is read as letters; the same row, read as print, does not vouch for them."""
    zone = mrz.parse(["P<UTOEL<<K<<IAI<IAIII<<<<K<<<<<<<<<<<<<<<<<<", "L338680159UTO9308237M3401181<<<<<<<<<<<<<<04"])
    printed = ("Surname", "EL", "Given names", "K", "P\u039bUTOEL\u039b\u039bK\u039b\u039bIAI\u039bIAIII\u039b")
    lines = tuple(Line(text, 0.99, (330.0, 100.0 + 40 * place, 200.0, 30.0)) for place, text in enumerate(printed))
    pages = {"front": Page("front", lines, zone)}
    fields = KINDS["MLIDPassport"].parse(pages)
    assert values(fields)["GivenName"] == "K"
    assert any(notice.startswith("GivenName") for notice in doubts(KINDS["MLIDPassport"], pages, fields))
