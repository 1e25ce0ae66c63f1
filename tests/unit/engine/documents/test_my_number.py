"""The individual number on the back of a Japanese card may be read by hardly anybody: a picture that shows it yields nothing."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from openekyc.engine.documents import checks
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.read_card import read_card
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests.assets import asset
from tests.unit.engine.documents.pages import page

BODY = "12345678901"
NUMBER = BODY + checks.my_number_digit(BODY)
OTHER = BODY + str((int(NUMBER[-1]) + 1) % 10)
WITHHELD = KINDS["JapanIDCard"].withheld


@pytest.mark.parametrize("text", [NUMBER, f"{NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:]}", f"番号 {NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8:]}"])
def test_a_number_whose_check_digit_holds_is_withheld(text):
    assert WITHHELD(page((text, 300, 200)))


def test_a_number_in_pieces_of_one_row_is_withheld():
    assert WITHHELD(page((NUMBER[:4], 300, 200), (NUMBER[4:8], 420, 201), (NUMBER[8:], 540, 199)))


def test_a_misread_number_beside_its_label_is_withheld():
    assert WITHHELD(page(("個人番号", 60, 200), (OTHER[:10], 300, 200)))


@pytest.mark.parametrize(
    "rows",
    [
        [("個人番号カード", 60, 40), ("氏名 山田 太郎", 60, 90), ("昭和60年7月23日生", 60, 200), ("2030年7月23日まで有効", 60, 260)],
        [("住所 東京都千代田区1-2-3", 60, 120), (OTHER, 300, 200)],
        [("1234567890123456", 300, 200)],
    ],
)
def test_the_front_is_not(rows):
    assert not WITHHELD(page(*rows))


def test_no_other_kind_withholds_anything():
    assert [name for name, kind in KINDS.items() if kind.withheld(page((NUMBER, 300, 200)))] == ["JapanIDCard"]


@pytest.mark.parametrize("wanted", ["JapanIDCard", "JapanDrivingLicense", "HK"])
def test_nothing_of_such_a_picture_is_given_out(wanted):
    drawn = Image.new("RGB", (1012, 638), (236, 230, 222))
    pen = ImageDraw.Draw(drawn)
    font = ImageFont.truetype(str(asset("NotoSansCJK-Regular.ttc")), 44)
    rows = ((f"個人番号 {NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:]}", 160), ("氏名 山田 太郎", 260), ("昭和60年7月23日生", 350))
    for text, y in rows:
        pen.text((80, y), text, (30, 30, 30), font)
    done, data = cv2.imencode(".jpg", np.asarray(drawn)[:, :, ::-1])
    assert done
    card = read_card(Models(Settings().models_folder), {"front": bytes(data)}, wanted)
    assert (card.problem, card.withheld, card.fields, card.portrait) == ("wrong_side", True, (), None)
    assert not card.rectified
    assert NUMBER[8:] not in repr(card)
