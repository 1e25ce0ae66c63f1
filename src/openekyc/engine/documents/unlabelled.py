"""A name with an address under it, both without labels: where the one ends and the other begins.

A name has no figures. Between the two the gap is wider than between the rows of either, or the type grows smaller; only where neither tells
do words decide that addresses begin with.
"""

import re
from collections.abc import Sequence
from statistics import median

from openekyc.engine.documents.layout import bottom, stacked
from openekyc.engine.documents.values import Line
from openekyc.engine.documents.words import tidy

MOST_NAME_ROWS = 3
WIDER = 1.6  # times the median gap of the other rows, and
WIDER_BY = 0.2  # heights more than it: the gap that parts the two
SMALLER = 0.88  # of the height: the type of the address
PARAGRAPH = 1.5  # heights between two rows of one paragraph
_ADDRESS = re.compile(
    r"\d|^(NO|LOT|KG|KPG|KAMPUNG|JALAN|JLN|TAMAN|TMN|BLOK|BLK|FLAT|PT|BATU|FELDA|RUMAH|UNIT|PPR|APT|PANGSAPURI|LORONG|LRG|PERSIARAN|BANDAR"
    r"|PEKAN|SUNGAI|SG|PULAU|DESA|SIMPANG|PARIT|UJONG|BUKIT|LADANG|KEM|BARANGAY|BRGY|STREET|PUROK|SITIO|POBLACION)\b"
)


def name_and_address(rows: Sequence[Line]) -> tuple[Line | None, Line | None]:
    """The rows under each other as one name and one address."""
    if not rows:
        return None, None
    cut = _cut(rows)
    return stacked(rows[:cut]), stacked(_paragraph(rows[cut:]))


def _cut(rows: Sequence[Line]) -> int:
    """How many of the rows are the name's."""
    figures = next((index for index, row in enumerate(rows) if index and re.search(r"\d", row.text)), len(rows))
    most = min(figures, MOST_NAME_ROWS, max(len(rows) - 1, 1))
    if most <= 1:
        return 1
    by_word = next((index for index, row in enumerate(rows) if index and _ADDRESS.search(tidy(row.text).upper())), most)
    return _by_gap(rows, most) or _by_size(rows, most) or max(min(by_word, most), 1)


def _by_gap(rows: Sequence[Line], most: int) -> int:
    """The cut at a gap that is clearly wider than the others; 0 if there is none."""
    height = median(row.box[3] for row in rows)
    gaps = [rows[index].box[1] - bottom(rows[index - 1]) for index in range(1, len(rows))]
    widest = max(range(1, most + 1), key=lambda index: gaps[index - 1])
    usual = max(median(gap for index, gap in enumerate(gaps, 1) if index != widest), 0.0) if len(gaps) > 1 else 0.0
    gap = gaps[widest - 1]
    return widest if len(gaps) > 1 and gap > WIDER * usual and gap > usual + WIDER_BY * height else 0


def _by_size(rows: Sequence[Line], most: int) -> int:
    """The cut where the type grows smaller for good; 0 if it does not."""
    for index in range(1, most + 1):
        if max(row.box[3] for row in rows[index:]) < SMALLER * min(row.box[3] for row in rows[:index]):
            return index
    return 0


def _paragraph(rows: Sequence[Line]) -> list[Line]:
    """Those that follow each other closely."""
    kept = list(rows[:1])
    for row in rows[1:]:
        if row.box[1] - bottom(kept[-1]) > PARAGRAPH * kept[-1].box[3]:
            break
        kept.append(row)
    return kept
