"""Which kind a page is, by its words."""

import pytest

from openekyc.engine.documents.anchors import sight
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import KindName, Line, Page, Side


def page(*lines: str, side: Side = "front") -> Page:
    return Page(side, tuple(Line(text, 0.95, (10.0, 40.0 * place, 200.0, 30.0)) for place, text in enumerate(lines)))


HONG_KONG = page("香港永久性居民身份證", "HONG KONG PERMANENT IDENTITY CARD", "LEE, Chi Nan")
TAIWAN = page("中華民國國民身分證", "姓名 陳筱玲", "統一編號")


@pytest.mark.parametrize(("shown", "kind"), [(HONG_KONG, "HK"), (TAIWAN, "TaiWanIDCard")])
def test_a_page_is_of_its_kind(shown: Page, kind: KindName) -> None:
    found = sight(shown, KINDS[kind], KINDS)
    assert (found.anchored, found.other, found.other_side) == (True, None, False)


@pytest.mark.parametrize("asked", [name for name in KINDS if name != "HK"])
def test_a_hong_kong_card_is_of_no_other_kind(asked: KindName) -> None:
    assert sight(HONG_KONG, KINDS[asked], KINDS).other == "HK"


def test_words_are_found_with_letters_wrong() -> None:
    assert sight(page("HONG KONG PERMANENT IDENIITYCARD"), KINDS["HK"], KINDS).anchored
    assert sight(page("中華民國國民身分証"), KINDS["TaiWanIDCard"], KINDS).anchored


def test_short_words_stand_alone() -> None:
    assert not sight(page("MARTIN", "SUNIK"), KINDS["PhilippinesTinID"], KINDS).anchored
    assert sight(page("TIN 123-456-789"), KINDS["PhilippinesTinID"], KINDS).anchored


def test_the_other_side_is_told() -> None:
    found = sight(page("签发机关", "有效期限"), KINDS["MainlandIDCard"], KINDS)
    assert (found.anchored, found.other, found.other_side) == (False, None, True)


def test_any_text_is_no_document() -> None:
    assert sight(page("DEAR CUSTOMER", "YOUR ORDER HAS BEEN SHIPPED", "TOTAL 12.50"), KINDS["HK"], KINDS).evidence == 0


def test_an_individual_number_card_whose_title_is_not_read_is_no_driving_licence():
    """Both print until when they are valid; the card's title is set in letters that are often misread."""
    front = page(
        "氏名 番号 花子",
        "住所 東京都千代田区霞が関2丁目1番2号",
        "平成元年3月31日生",
        "性別 女",
        "2027年3月31日まで有効",
        "セキュリティコード 1234",
    )
    found = sight(front, KINDS["JapanIDCard"], KINDS)
    assert (found.other, found.anchored) == (None, True)
    assert sight(front, KINDS["JapanDrivingLicense"], KINDS).other == "JapanIDCard"
