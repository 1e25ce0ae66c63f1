"""Whatever a recogniser returns, parsing and checking neither fail nor take long: text on a card is chosen by whoever prints it."""

from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import KindName, Line, Page, Zone
from openekyc.simulator.cards.catalogue import sketch

WORDS = sorted(
    {text.text for kind in get_args(KindName) for plate in sketch(kind, 0, 1).sides.values() for text in plate.texts}
    | {"", " ", "0", "-" * 40, "<" * 44, "*" * 9, "姓", "民國", "日生", "まで", "()", "(", "1 " * 30, "A" * 200, "2" * 300, "\u0e4d\u0e32"}
)
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=40), st.from_regex(r"[0-9A-Z()./ -]{0,30}", fullmatch=True))
BOXES = st.tuples(*(st.floats(-50, 1100, allow_nan=False) for _ in range(2)), *(st.floats(0, 400, allow_nan=False) for _ in range(2)))
LINES = st.lists(st.builds(Line, TEXTS, st.floats(0, 1), BOXES), max_size=14)
ZONES = st.one_of(
    st.none(),
    st.builds(
        Zone,
        st.sampled_from(["TD1", "TD2", "TD3", "MRVA", "MRVB"]),
        st.tuples(st.text(max_size=44)),
        st.dictionaries(st.sampled_from(["number", "birth", "expiry", "sex", "surname", "given", "issuer"]), st.text(max_size=12)),
        st.booleans(),
    ),
)


@pytest.mark.parametrize("kind", get_args(KindName))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, ZONES)
def test_any_page(kind, lines, zone):
    pages = {side: Page(side, tuple(lines), zone) for side in ("front", "back")}
    fields = KINDS[kind].parse(pages)
    assert all(field.value and field.name for field in fields)
    assert len({field.name for field in fields}) == len(fields)
    values = {field.name: field.value for field in fields}
    assert set(KINDS[kind].check(values, zone)) <= {-8101, -8102}
    assert isinstance(KINDS[kind].hints(values), tuple)


@pytest.mark.parametrize("kind", get_args(KindName))
@given(
    st.dictionaries(st.sampled_from(["LicenseNumber", "Birthday", "Sex", "CRN", "LicenseNo", "Number", "NRICCode"]), st.text(max_size=20))
)
@settings(max_examples=30)
def test_any_edit(kind, values):
    assert set(KINDS[kind].check(values, None)) <= {-8101, -8102}
    assert isinstance(KINDS[kind].hints(values), tuple)
