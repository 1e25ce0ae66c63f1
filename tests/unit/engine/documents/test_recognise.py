"""Reading what a line recogniser says: the spaces that it all but sees."""

import numpy as np
import pytest

from openekyc.engine.documents.recognise import LIKELY_SPACE, Reader

LISTED = b"A\nB\n\xe7\x8e\x8b"  # classes 1 to 3, between the blank (0) and the space (4)


def columns(*rows: dict[int, float]) -> np.ndarray:
    chances = np.zeros((len(rows), 5), np.float32)
    for row, some in enumerate(rows):
        for symbol, chance in some.items():
            chances[row, symbol] = chance
        chances[row, 0] = max(0.0, 1.0 - sum(some.values()))
    return chances


@pytest.mark.parametrize(
    ("between", "text"),
    [({4: LIKELY_SPACE}, "A B"), ({4: LIKELY_SPACE / 2}, "AB"), ({4: 0.9}, "A B"), ({}, "AB")],
)
def test_a_space_that_is_likely_between_two_letters_is_read(between: dict[int, float], text: str) -> None:
    reader = Reader(lambda line: line, LISTED)
    assert reader.text(columns({1: 0.9}, {}, between, {}, {2: 0.9})).text == text


def test_nothing_is_added_at_the_ends() -> None:
    reader = Reader(lambda line: line, LISTED)
    assert reader.text(columns({4: 0.2}, {1: 0.9}, {4: 0.2})).text == "A"
    assert reader.text(columns({}, {})).text == ""
