"""Names on two and three rows, in every kind of document: none is cut, and what stays unexplained is said."""

from dataclasses import replace

import pytest

from openekyc.engine.documents.doubts import doubts
from openekyc.engine.documents.kinds import KINDS, malaysia_id, philippines_tin
from openekyc.engine.documents.values import KindName, Page, Pages, Side
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.sketch import Plate, Text
from tests.unit.engine.documents.pages import page as rows_page
from tests.unit.engine.documents.pages import values
from tests.unit.engine.documents.test_kinds_sketched import page

LATIN = ("MUHAMMAD HAFIZUDDIN", "KUSUMAWARDHANA")
HAN, KANA, THAI = ("阿里木江", "卡德尔"), ("ベルナルド", "マリア"), ("ณ อยุธยา", "ศรีสุขสวัสดิ์")
NAMES: tuple[tuple[KindName, str, tuple[str, ...]], ...] = (
    ("HK", "FullName", ("Esperanza Guadalupe", "Concepcion")),
    ("ML", "FullName", LATIN),
    ("IndonesiaIDCard", "FullName", LATIN),
    ("PhilippinesVoteID", "FirstName", LATIN),
    ("PhilippinesVoteID", "LastName", LATIN),
    ("PhilippinesDrivingLicense", "Name", LATIN),
    ("PhilippinesTinID", "FullName", LATIN),
    ("PhilippinesSSSID", "FullName", LATIN),
    ("PhilippinesUMID", "Surname", LATIN),
    ("PhilippinesUMID", "GivenName", LATIN),
    ("PhilippinesUMID", "MiddleName", LATIN),
    ("MacaoIDCard", "LastName", LATIN),
    ("MacaoIDCard", "FirstName", LATIN),
    ("ThailandIDCard", "FullName", THAI),
    ("ThailandIDCard", "FirstName", ("Somchaiwattana", "Phong")),
    ("ThailandIDCard", "LastName", ("Na Ayutthaya", "Phong")),
    ("MainlandIDCard", "FullName", HAN),
    ("SingaporeIDCard", "FullName", LATIN),
    ("JapanIDCard", "FullName", KANA),
    ("MLDrivingLicense", "FullName", LATIN),
    ("IndonesiaDrivingLicense", "FirstName", LATIN),
    ("ThailandDrivingLicense", "FullName", LATIN),
    ("ThailandDrivingLicense", "FullNameLocal", THAI),
    ("SingaporeDrivingLicense", "FullName", LATIN),
    ("JapanDrivingLicense", "FullName", KANA[:1]),
    ("TaiWanIDCard", "FullName", ("Rimuy", "Aki")),
    ("HMTPermit", "Name", HAN),
    ("HMTPermit", "EnglishName", LATIN),
)


def longer(plate: Plate, value: str, rows: tuple[str, ...], which: int = 0) -> Plate:
    """The plate with rows printed under a value; what stands below it moves down. `which` of several equal values."""
    first = [text for text in plate.texts if text.text.lstrip(": 1.").replace(" ", "").startswith(value.replace(" ", ""))][which]
    step = 1.2 * first.size
    left = first.x + first.size * 0.5 * (len(first.text) - len(first.text.lstrip(": 1.")))

    def moved(text: Text) -> Text:
        return replace(text, y=text.y + step * len(rows)) if text.y > first.y + 0.7 * first.size else text

    added = (replace(first, text=row, x=left, y=first.y + step * (number + 1)) for number, row in enumerate(rows))
    return Plate((*map(moved, plate.texts), *added), plate.portrait)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(("kind", "name", "more"), NAMES)
def test_a_name_goes_on_over_the_rows_under_it(kind: KindName, name: str, more: tuple[str, ...], count: int) -> None:
    more = more[:count]
    for number in range(4):
        drawn = sketch(kind, number, 11)
        printed = drawn.fields[name]
        if kind == "IndonesiaDrivingLicense":
            printed = f"{drawn.fields['FirstName']} {drawn.fields['LastName']}"
        front = longer(drawn.sides["front"], printed, more, -1 if name == "MiddleName" else 0)
        pages: dict[Side, Page] = {side: page(side, front if side == "front" else plate) for side, plate in drawn.sides.items()}
        if kind == "MacaoIDCard":
            del pages["back"]
        read = values(KINDS[kind].parse(pages))
        apart = "" if kind in {"MainlandIDCard", "JapanIDCard", "JapanDrivingLicense"} or (kind, name) == ("HMTPermit", "Name") else " "
        got = f"{read['FirstName']} {read['LastName']}" if kind == "IndonesiaDrivingLicense" else read.get(name)
        assert got == apart.join((printed, *more))
        untouched = {"FirstName", "LastName", "MiddleName", "FullName", "PassportCodeFirst", "Field1", "Field2", name}
        kept = {key: value for key, value in drawn.fields.items() if key not in untouched and (kind != "MacaoIDCard" or key in read)}
        assert {key: read.get(key) for key in kept} == kept
        assert doubts(KINDS[kind], pages, KINDS[kind].parse(pages)) == ()


def test_a_row_under_a_name_that_no_field_holds_is_said() -> None:
    """Longer than any name is read: the rest is not dropped in silence."""
    rows = [("SOCIAL SECURITY SYSTEM", 280, 20), ("12-3456789-0", 330, 100)]
    rows += [(f"MARIA CONCEPCION {number * 'A'}", 330, 180 + 40 * number) for number in range(1, 6)]
    pages: Pages = {"front": rows_page(*rows)}
    kind = KINDS["PhilippinesSSSID"]
    assert any(notice.startswith("FullName: ") for notice in doubts(kind, pages, kind.parse(pages)))


@pytest.mark.parametrize("first", ["PEKAN BARU", "SUNGAI BATU PINGGIR", "KPG AIR TAWAR", "PULAU INDAH", "SERI MERBAU"])
@pytest.mark.parametrize(
    "name", [("TAN MEI LING",), ("NUR FARAH ALISYA BINTI", "MOHAMAD KAMARULZAMAN"), ("NUR FARAH", "ALISYA BINTI", "MOHAMAD")]
)
def test_an_address_does_not_run_into_the_name_above_it(name: tuple[str, ...], first: str) -> None:
    address = (first, "93050 KUCHING", "SARAWAK")
    rows = [("KAD PENGENALAN", 60, 30), ("MyKad", 800, 30), ("931219-02-4602", 60, 130)]
    rows += [(row, 60, 340 + 38 * number) for number, row in enumerate(name)]
    rows += [(row, 60, 340 + 38 * len(name) + 20 + 38 * number) for number, row in enumerate(address)]
    read = values(malaysia_id.KIND.parse({"front": rows_page(*rows, height=32)}))
    assert read["FullName"] == " ".join(name)
    assert read["FormattedAddress"] == " ".join(address)


def test_names_that_begin_like_labels_are_names() -> None:
    rows = [("BUREAU OF INTERNAL REVENUE", 260, 80), ("TIN", 60, 160), ("217-574-464-000", 150, 160)]
    rows += [("MARIA CONCEPCION", 60, 230), ("TINA NAMERA", 60, 268), ("96 RIZAL STREET", 60, 330), ("BIRTH DATE", 60, 420)]
    read = values(philippines_tin.KIND.parse({"front": rows_page(*rows)}))
    assert read["FullName"] == "MARIA CONCEPCION TINA NAMERA"
    assert read["Address"] == "96 RIZAL STREET"
