"""Where a value stands on a card: the line that carries a label, what follows it in its row, and what stands under it.

Labels are found tolerantly, because a recogniser confuses letters and prefers one form of a character to another. Positions are those of
the rectified card, so a row is horizontal.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openekyc.engine.documents.values import Box, Line, Page, Pages, Side
from openekyc.engine.documents.words import begins, breadth, distance, folded, loose, rest, slack, stop, tidy

ROW_GAP = 0.9  # heights between two rows of one value
COLUMN, INDENT = 0.8, 1.5  # heights by which a row may begin left or right of the first one
WORD_GAP = 2.0  # heights between two pieces of one row
AS_LARGE = 0.72  # of the height: rows of one value are printed in one size
FARTHEST = 5.0  # heights between two parts of one value; wider apart they are two values


@dataclass(frozen=True, slots=True)
class Spot:
    """A label that was found: the line it stands in and what follows it there."""

    line: Line
    rest: str


class Sheet:
    """One side of a card, asked for its values. `labels` are all printed words of the kind: a value ends where one of them begins."""

    def __init__(self, page: Page | None, labels: Iterable[str] = ()) -> None:
        self.lines: tuple[Line, ...] = page.lines if page else ()
        self._labels = tuple(sorted({folded(label) for label in labels}, key=len, reverse=True))
        self._folded = {id(line): folded(line.text) for line in self.lines}

    def find(self, *labels: str) -> Spot | None:
        """The first of the labels that stands at the beginning of a line, or exactly inside one; a tolerant match only if no exact one."""
        for label in map(folded, labels):
            for line in self.lines:
                if begins(line.text, self._folded[id(line)], label):
                    return Spot(line, rest(line.text, len(label)))
            for line in self.lines:
                position = self._inside(line, label)
                if position > 0:
                    return Spot(line, rest(line.text, position + len(label)))
        return next((spot for label in map(folded, labels) if (spot := self._near(label))), None)

    def _inside(self, line: Line, label: str) -> int:
        """Where a label begins inside a line, in folded characters; Latin ones are whole words there. -1: nowhere."""
        if not label.isascii():
            return self._folded[id(line)].find(label) if len(label) > 2 or _telling(label) else -1
        text = unicodedata.normalize("NFKC", line.text)
        found = re.search(loose(label), text, re.I) if len(label) > 2 else None
        return len(folded(text[: found.start()])) if found else -1

    def _near(self, label: str) -> Spot | None:
        allowed = slack(label)
        best: tuple[int, Spot] | None = None
        for line in self.lines if allowed else ():
            text = self._folded[id(line)][: len(label) + allowed]
            wrong, end = distance(label, text) if len(text) >= len(label) - allowed else (allowed + 1, 0)
            if wrong <= allowed and (best is None or wrong < best[0]):
                best = wrong, Spot(line, rest(line.text, end))
        return best[1] if best else None

    def right(self, *labels: str) -> Line | None:
        """What follows a label in its row, up to the next label; None if nothing does."""
        spot = self.find(*labels)
        return self._following(spot) if spot else None

    def _following(self, spot: Spot) -> Line | None:
        box = _rest_box(spot)
        parts = [Line(spot.rest, spot.line.score, box)] if tidy(spot.rest) else []
        if parts and (cut := self._cut(spot.rest)) is not None:
            return Line(tidy(spot.rest[:cut]), spot.line.score, box) if tidy(spot.rest[:cut]) else None
        for line in self.row(spot.line):
            if line.box[0] <= spot.line.box[0]:
                continue
            if self.is_label(line) or (parts and line.box[0] - _end(parts[-1]) > FARTHEST * line.box[3]):
                break
            parts.append(line)
        return joined(parts)

    def _cut(self, text: str) -> int | None:
        """Where the next label begins inside a text."""
        places = [match.start() for label in self._labels if len(label) > 2 for match in [re.search(loose(label), text, re.I)] if match]
        return min(places, default=None)

    def row(self, anchor: Line) -> list[Line]:
        """The lines that stand in one row with `anchor`, itself left out, from left to right."""
        return sorted((line for line in self.lines if line is not anchor and same_row(anchor, line)), key=lambda line: line.box[0])

    def is_label(self, line: Line) -> bool:
        """Whether a line begins with a printed word of the kind. TINA does not begin with the word TIN."""
        text = self._folded.get(id(line)) or folded(line.text)
        return any(begins(line.text, text, label) if len(label) > 2 else text == label for label in self._labels) or any(
            len(label) > 4 and abs(len(text) - len(label)) <= slack(label) and distance(label, text)[0] <= slack(label)
            for label in self._labels
        )

    def below(self, *labels: str, rows: int = 1, reach: float = 3.0) -> Line | None:
        """The nearest `rows` lines under a label that share its column, up to the next label; `reach`: in heights of the label, per row."""
        spot = self.find(*labels)
        if spot is None:
            return None
        found: list[Line] = []
        last = spot.line
        for line in sorted(self.lines, key=lambda line: line.box[1]):
            gap = line.box[1] - (last.box[1] + last.box[3])
            if line is last or middle(line) <= bottom(last) - 0.2 * last.box[3] or not overlap(spot.line, line):
                continue
            if gap > reach * last.box[3] or self.is_label(line) or len(found) == rows:
                break
            found.append(line)
            last = line
        return joined(found)

    def value(self, *labels: str, pattern: str = r"\S", rows: int = 1) -> Line | None:
        """What stands right of a label if it fits `pattern`, else what stands under it."""
        for line in (self.right(*labels), self.below(*labels, rows=rows)):
            if line and re.search(pattern, line.text, re.I):
                return line
        return None

    def rows_of(self, *labels: str, pattern: str = r"\S", rows: int = 3, going_on: str = r"\S") -> Line | None:
        """A value of up to `rows` rows: what stands right of a label or under it, and the rows in which it goes on."""
        return self.going_on(self.value(*labels, pattern=pattern), rows=rows, pattern=going_on)

    def going_on(self, first: Line | None, rows: int = 3, pattern: str = r"\S") -> Line | None:
        """A value with the rows in which it goes on: close below, from its column, as large, without a label of their own."""
        if first is None:
            return None
        parts = [first]
        while len(parts) < rows and (line := self.next_row(parts[-1], first)) is not None and re.search(pattern, tidy(line.text)):
            parts.append(line)
        return stacked(parts)

    def lowest(self, lines: Sequence[Line], pattern: str = r"\S", rows: int = 3) -> Line | None:
        """The last of the lines, from top to bottom, as one value with those above that go on into it."""
        whole = None
        for line in reversed(lines):
            longer = self.going_on(line, rows=rows, pattern=pattern)
            if whole is not None and (longer is None or bottom(longer) < bottom(whole)):
                break
            whole = longer
        return whole

    def next_row(self, last: Line, first: Line) -> Line | None:
        """The row close below `last` in which a value that begins with `first` goes on, if there is one."""
        below = [line for line in self.lines if middle(line) > bottom(last) and line.box[0] < _end(first) and _end(line) > first.box[0]]
        line = min(below, key=lambda line: line.box[1], default=None)
        if line is None or line.box[1] - bottom(last) > ROW_GAP * last.box[3] or not _as_large(line, last):
            return None
        if not -COLUMN * last.box[3] < line.box[0] - first.box[0] < INDENT * last.box[3]:
            return None
        if self.is_label(line) or line.text.lstrip().startswith(":") or self._labelled(line):
            return None
        beside = [
            other for other in self.row(line) if other.box[0] - line.box[0] > 0 and other.box[0] - _end(line) < WORD_GAP * line.box[3]
        ]
        return joined([line, *(other for other in beside if not self.is_label(other))])

    def _labelled(self, line: Line) -> bool:
        """Whether a label stands left of a line in its row."""
        return any(self.is_label(other) for other in self.row(line) if other.box[0] < line.box[0])

    def above(self, *labels: str, pattern: str = r"\S") -> Line | None:
        """The nearest line over a label that shares its column and fits `pattern`, at most three heights away."""
        spot = self.find(*labels)
        if spot is None:
            return None
        lines = [line for line in self.lines if line is not spot.line and overlap(spot.line, line) and re.search(pattern, tidy(line.text))]
        lines = [line for line in lines if 0 < middle(spot.line) - middle(line) < 3 * spot.line.box[3]]
        return max(lines, key=middle, default=None)

    def block(self, *labels: str, rows: int = 4) -> Line | None:
        """A value of several lines that begins right of its label and goes on under its own beginning."""
        first = self.right(*labels)
        if first is None:
            return self.below(*labels, rows=rows)
        parts = [first]
        for line in sorted(self.lines, key=lambda line: line.box[1]):
            above = parts[-1]
            if len(parts) == rows or middle(line) <= bottom(above) or line.box[0] > first.box[0] + first.box[2]:
                continue
            if line.box[1] - bottom(above) > 1.2 * above.box[3] or self.is_label(line) or self._labelled(line):
                break
            if not -2 * first.box[3] <= line.box[0] - first.box[0] < FARTHEST * first.box[3]:
                break
            parts.append(line)
        return joined(parts)

    def search(self, pattern: str, *, skip: Iterable[Line] = ()) -> Line | None:
        """The first text that fits `pattern` (its first group, if it has one): in one line, else across the lines of a row."""
        skipped = {id(line) for line in skip}
        for line in self.lines:
            found = re.search(pattern, tidy(line.text)) if id(line) not in skipped else None
            if found:
                return Line(_group(found), line.score, line.box)
        for row in self.rows():
            found = re.search(pattern, tidy(row.text))
            if found and id(row) not in skipped:
                return Line(_group(found), row.score, row.box)
        return None

    def rows(self) -> list[Line]:
        """The lines, those of one row joined from left to right."""
        return in_rows(self.lines)

    def between(self, top: float, end: float) -> list[Line]:
        """The lines whose middle lies between two heights."""
        return [line for line in self.lines if top < middle(line) < end]


def sheets(pages: Pages, labels: Iterable[str]) -> Mapping[Side, Sheet]:
    """Front and back; a side that was not photographed has no lines."""
    words = tuple(labels)
    return {"front": Sheet(pages.get("front"), words), "back": Sheet(pages.get("back"), words)}


def joined(lines: Sequence[Line]) -> Line | None:
    """Several lines as one: texts with a space between (none between Han), the least score, the box around all."""
    if not lines:
        return None
    boxes = [line.box for line in lines]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, low = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    box: Box = (left, top, right - left, low - top)
    text = " ".join(line.text for line in lines)
    return Line(tidy(text) + stop(text), min(line.score for line in lines), box)


def in_rows(lines: Iterable[Line]) -> list[Line]:
    """Lines from top to bottom, those of one row joined from left to right."""
    left = sorted(lines, key=middle)
    found = []
    while left:
        row = [line for line in left if line is left[0] or same_row(left[0], line)]
        kept = {id(line) for line in row}
        left = [line for line in left if id(line) not in kept]
        whole = joined(sorted(row, key=lambda line: line.box[0]))
        if whole:
            found.append(whole)
    return found


def stacked(lines: Sequence[Line]) -> Line | None:
    """Rows below each other as one text; a word divided by a hyphen stays one."""
    whole = joined(lines)
    if whole is None or len(lines) == 1:
        return whole
    return Line(re.sub(r"(?<=[^\W\d_])-\s+(?=[^\W\d_])", "-", whole.text), whole.score, whole.box)


def middle(line: Line) -> float:
    """The height of a line's middle."""
    return line.box[1] + line.box[3] / 2


def bottom(line: Line) -> float:
    """The lower edge of a line."""
    return line.box[1] + line.box[3]


def _telling(label: str) -> bool:
    """Two Han characters say as much as a word of Latin letters."""
    return len(label) == 2 and ord(label[0]) > 0x2E80


def _end(line: Line) -> float:
    return line.box[0] + line.box[2]


def same_row(one: Line, other: Line) -> bool:
    """Whether two lines stand beside each other."""
    low, high = max(one.box[1], other.box[1]), min(bottom(one), bottom(other))
    return high - low > 0.55 * min(one.box[3], other.box[3])


def overlap(one: Line, other: Line) -> bool:
    """Whether two lines share a part of their width."""
    low, high = max(one.box[0], other.box[0]), min(one.box[0] + one.box[2], other.box[0] + other.box[2])
    return high - low > 0.2 * min(one.box[2], other.box[2])


def _as_large(one: Line, other: Line) -> bool:
    return min(one.box[3], other.box[3]) > AS_LARGE * max(one.box[3], other.box[3])


def _rest_box(spot: Spot) -> Box:
    """Where the text after a label stands, by the widths of its characters."""
    x, y, width, height = spot.line.box
    share = min(breadth(spot.rest.strip()) / max(breadth(spot.line.text.strip()), 1.0), 1.0)
    return x + width * (1 - share), y, width * share, height


def _group(found: "re.Match[str]") -> str:
    return found.group(1) if found.re.groups else found.group()
