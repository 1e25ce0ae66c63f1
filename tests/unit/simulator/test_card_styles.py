"""Varied cards: names as long as customs have them, on one to three rows that stay on the card; the plain ones stay what they were."""

import re
from collections import Counter
from hashlib import sha256
from typing import get_args

import numpy as np
import pytest

from openekyc.engine.documents import mrz
from openekyc.engine.documents.values import KindName
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.sketch import Mark, is_zone
from openekyc.simulator.cards.typesetting import width
from openekyc.simulator.cards.wear import mark

KINDS = get_args(KindName)
PLAIN = "c7a1cbdd5ac15a55"


def together(text):
    return re.sub(r"[\s:]", "", text)


def test_plain_cards_are_those_of_earlier_versions():
    drawn = [(text.text, text.x, text.y) for kind in KINDS for plate in sketch(kind, 3, 21).sides.values() for text in plate.texts]
    assert sha256(repr(drawn).encode()).hexdigest()[:16] == PLAIN


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_is_the_same_card(kind):
    assert sketch(kind, 4, 9, "varied") == sketch(kind, 4, 9, "varied")
    assert sketch(kind, 4, 9, "varied") != sketch(kind, 4, 10, "varied")
    assert sketch(kind, 4, 9, "varied").fields.keys() <= sketch(kind, 4, 9).fields.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_all_stays_on_the_card_and_apart(kind):
    for number in range(25):
        drawn = sketch(kind, number, 5, "varied")
        for plate in drawn.sides.values():
            texts = sorted(plate.texts, key=lambda text: text.y)
            for text in texts:
                assert text.y + text.size <= drawn.size[1] - 4, text
                assert text.x + 0.9 * width(text) <= drawn.size[0], text
                assert text.size >= 11, text
            for place, upper in enumerate(texts):
                for lower in texts[place + 1 :]:
                    beside = upper.x < lower.x + 0.85 * width(lower) and lower.x < upper.x + 0.85 * width(upper)
                    assert not beside or lower.y - upper.y > 0.75 * min(upper.size, lower.size), (upper, lower)


@pytest.mark.parametrize(
    ("kind", "field"), [("IndonesiaIDCard", "FullName"), ("PhilippinesSSSID", "FullName"), ("SingaporeIDCard", "FullName")]
)
def test_a_name_stands_on_one_to_three_rows(kind, field):
    rows = Counter()
    for number in range(80):
        drawn = sketch(kind, number, 5, "varied")
        name, texts = together(drawn.fields[field]), [together(text.text) for text in drawn.sides["front"].texts]
        found = [count for at in range(len(texts)) for count in (1, 2, 3) if "".join(texts[at : at + count]) == name]
        assert found, name
        rows[min(found)] += 1
    assert set(rows) >= {1, 2}
    assert set(rows) <= {1, 2, 3}


def test_zones_hold_and_are_marked():
    marks = Counter()
    for kind, side in (("MLIDPassport", "front"), ("MacaoIDCard", "back")):
        for number in range(40):
            plate = sketch(kind, number, 5, "varied").sides[side]
            rows = [text for text in plate.texts if is_zone(text)]
            assert {text.face for text in rows} == {"ocrb"}
            zone = mrz.parse([text.text for text in rows])
            assert zone is not None
            assert zone.valid
            marks.update(one.form for one in plate.marks)
    assert set(marks) == {"fold", "stamp", "stroke"}


@pytest.mark.parametrize("form", ["fold", "stamp", "stroke"])
def test_a_mark_leaves_most_of_the_card(form):
    card = np.full((638, 1012, 3), 220, np.uint8)
    worn = mark(card, Mark(form, (500.0, 400.0), 0.3, (150, 40, 60)))
    changed = (worn != card).any(axis=2).mean()
    assert 0 < changed < 0.06
    assert (card == 220).all()
