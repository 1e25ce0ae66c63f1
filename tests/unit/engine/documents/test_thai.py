"""What Tesseract writes for several pages: a table with a word for every sign, then the text with spaces where people put them."""

import subprocess

import numpy as np
import pytest

from openekyc.engine.documents import doubts, thai
from openekyc.engine.documents.recognise import Text

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


@pytest.mark.parametrize("printed", ["", "\f", OUTPUT.splitlines()[0], "some text and no table"])
def test_a_program_that_ends_well_without_a_table_has_failed(monkeypatch, printed):
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, printed.encode(), b""))
    assert thai.read_thai([np.full((96, 300, 3), 255, np.uint8)]) is None


@pytest.mark.skipif(not thai.installed(), reason="Tesseract with Thai is not installed")
def test_data_without_their_settings_are_a_failure_and_a_blank_line_is_none(monkeypatch, tmp_path):
    blank = [np.full((96, 300, 3), 255, np.uint8)]
    listed = subprocess.run([thai.PROGRAM, "--list-langs"], capture_output=True, text=True, check=True).stdout
    assert thai.read_thai(blank) == [thai.Text("", 0.0, ())]
    for language in ("tha", "eng"):
        (tmp_path / f"{language}.traineddata").symlink_to(f"{listed.split(chr(34))[1]}/{language}.traineddata")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert thai.read_thai(blank) is None


def test_the_surer_cut_is_taken_and_a_dispute_is_uncertain():
    cuts = [
        Text("นาย สมชาย", 0.8, ()),
        Text("นาย.สมชาย", 0.9, ()),
        Text("นายสมขาย", 0.95, ()),
        Text("นาย สมชาย", 0.9, ()),
        Text("wat", 0.99, ()),
    ]
    agreed, disputed, latin = thai._surest([*cuts, Text("วิชัย", 0.4, ())], [2, 2, 2])
    assert (agreed.text, agreed.score) == ("นาย.สมชาย", 0.9)
    assert (disputed.text, disputed.score) == ("นายสมขาย", thai.DISPUTED)
    assert (latin.text, latin.score) == ("วิชัย", 0.4)
    assert thai.DISPUTED < doubts.FAINT
