"""What Tesseract writes for several pages: a table with a word for every sign, then the text with spaces where people put them."""

import pytest

from openekyc.engine.documents import thai

OUTPUT = "\n".join(
    [
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
        "1\t1\t0\t0\t0\t0\t0\t0\t700\t96\t-1\t",
        "5\t1\t1\t1\t1\t1\t21\t38\t27\t33\t90\tน",
        "5\t1\t1\t1\t1\t2\t58\t37\t21\t33\t80\tา",
        "นา ย",
        "1\t2\t0\t0\t0\t0\t0\t0\t700\t96\t-1\t",
        "\f1\t3\t0\t0\t0\t0\t0\t0\t700\t96\t-1\t",
        "5\t3\t1\t1\t1\t1\t26\t30\t55\t40\t92\t14",
        "14 ส.ค. 2565",
        "\f",
    ]
)


def test_text_and_score_of_every_page():
    first, second, third = thai._parsed(OUTPUT, 3)
    assert (first.text, first.score) == ("นา ย", pytest.approx(0.85))
    assert (second.text, second.score) == ("", 0.0)
    assert (third.text, third.score) == ("14 ส.ค. 2565", pytest.approx(0.92))


def test_pages_beyond_the_lines_are_left_alone():
    assert len(thai._parsed(OUTPUT, 1)) == 1
