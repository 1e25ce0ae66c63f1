"""Every kind read from its schematic card, as a perfect recogniser would return it: all fields, and nothing to warn of."""

from typing import get_args

import pytest

from openekyc.engine.documents import mrz
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import KindName, Line, Page, Side
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.sketch import Plate
from tests.unit.engine.documents.pages import values

EM = {"mono": 0.5}


def page(side: Side, plate: Plate) -> Page:
    """Lines where the texts are printed; the zone from those that are one."""
    rows = [text.text for text in plate.texts if "<" in text.text and len(text.text) >= 30]
    zone = mrz.parse(rows) if rows else None
    lines = []
    for text in plate.texts:
        width = sum(text.size * ((1.0 if ord(c) > 0x2E80 else 0.5) + text.apart) for c in text.text)
        lines.append(Line(text.text, 0.99, (text.x, text.y - 0.1 * text.size, width, 1.2 * text.size)))
    lines.sort(key=lambda line: (line.box[1], line.box[0]))
    return Page(side, tuple(lines), zone)


@pytest.mark.parametrize("kind", get_args(KindName))
def test_what_is_printed_is_what_is_read(kind):
    for number in range(12):
        drawn = sketch(kind, number, 7)
        pages = {side: page(side, plate) for side, plate in drawn.sides.items()}
        read = values(KINDS[kind].parse(pages))
        assert {name: read.get(name) for name in drawn.fields} == dict(drawn.fields)
        zone = next((one.zone for one in pages.values() if one.zone), None)
        assert KINDS[kind].check(read, zone) == ()
        assert KINDS[kind].hints(read) == ()


@pytest.mark.parametrize("kind", get_args(KindName))
def test_the_same_seed_is_the_same_card(kind):
    assert sketch(kind, 3, 7) == sketch(kind, 3, 7)
    assert sketch(kind, 3, 7).fields != sketch(kind, 4, 7).fields
    assert sketch(kind, 3, 7).fields != sketch(kind, 3, 8).fields
    assert set(sketch(kind, 3, 7).sides) == set(KINDS[kind].sides)
