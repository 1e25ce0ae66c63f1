"""Signs that stand apart in a row are read again as one line, and nothing else is."""

from types import SimpleNamespace

import numpy as np

from openekyc.engine.documents.recognise import Text
from openekyc.engine.documents.strips import rejoined
from openekyc.engine.documents.values import Line

IMAGE = np.full((638, 1012, 3), 255, np.uint8)


def models(text: str, score: float = 0.99):
    seen: list[tuple[int, ...]] = []

    def chances(line):
        seen.append(line.shape)
        return line

    return SimpleNamespace(text_reader_large=SimpleNamespace(chances=chances, text=lambda _: Text(text, score, ())), seen=seen)


def line(text: str, x: float, y: float = 40.0, width: float = 50.0, score: float = 0.9) -> Line:
    return Line(text, score, (x, y, width, 45.0))


def test_a_name_in_pieces_becomes_one_line():
    lines = (
        line("氏名", 49, width=58),
        line("口", 174, score=0.58),
        line("本", 280),
        line("花", 390),
        line("昭和61年5月1日生", 657, width=310),
    )
    found = rejoined(models("氏名日本花"), IMAGE, lines, 1.0)
    assert [one.text for one in found] == ["氏名日本花", "昭和61年5月1日生"]
    assert found[0].box == (49.0, 40.0, 391.0, 45.0)


def test_a_worse_reading_is_not_taken():
    lines = (line("王", 100), line("明", 200))
    assert rejoined(models("王"), IMAGE, lines, 1.0) == lines  # a sign is lost
    assert rejoined(models("王明", 0.2), IMAGE, lines, 1.0) == lines  # less sure than its parts


def test_rows_and_columns_are_left_alone():
    reader = models("xx")
    lines = (line("父", 50, 60), line("母", 50, 200), line("配偶", 700, 60), line("AB", 120, 60), line("地址一二三", 200, 300, 200))
    assert rejoined(reader, IMAGE, lines, 1.0) == lines
    assert not reader.seen
