"""Thai lines through Tesseract, where the operator has installed it: no recogniser with weights in a package knows the script.

One process for all lines of a card; the lines travel through its standard input as pages of one picture file, so nothing is written to
disk. A process that takes too long is stopped, and the card is then read without Thai.
"""

import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import cv2

from openekyc.engine.documents.recognise import Text
from openekyc.engine.face.values import Image

PROGRAM = "tesseract"
LANGUAGES = "tha+eng"
TIMEOUT_S = 12.0
MOST_LINES = 40
DISPUTED = 0.55  # of a line whose cuts are read differently: little enough for a notice
MISSING = "Thai text was not read: Tesseract with its Thai language is not installed (Debian: apt install tesseract-ocr-tha)."
FAILED = "Thai text was not read: Tesseract failed, took too long or printed no table (its data need `configs/tsv`)."


@cache
def installed() -> bool:
    """Whether Tesseract and its Thai language can be called."""
    program = shutil.which(PROGRAM)
    if program is None:
        return False
    try:
        done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return {"tha", "eng"} <= set(done.stdout.split())


def has_thai(text: str) -> bool:
    """Whether two characters or more are Thai."""
    return sum("\u0e00" <= character <= "\u0e7f" for character in text) > 1


def read_thai(lines: Sequence[Sequence[Image]]) -> list[Text] | None:
    """What stands in each line, of which there are several cuts (grey): that of the cut Tesseract is surest of. None if it failed. At most
    `MOST_LINES` are read."""
    pages = [cut for line in lines[:MOST_LINES] for cut in line]
    if not pages:
        return []
    encoded, data = cv2.imencodemulti(".tiff", pages)
    if not encoded:
        return None
    command = [PROGRAM, "stdin", "stdout", "--psm", "7", "-l", LANGUAGES, "tsv", "txt"]
    try:
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, input=bytes(data), capture_output=True, timeout=TIMEOUT_S, check=False, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return None
    texts = _parsed(done.stdout.decode(errors="replace"), len(pages)) if done.returncode == 0 else None
    return None if texts is None else _surest(texts, [len(line) for line in lines[:MOST_LINES]])


def _surest(texts: Sequence[Text], cuts: Sequence[int]) -> list[Text]:
    """The surest of each line's cuts; one with Thai in it before one without. Where the cuts are read differently neither is certain,
    however sure Tesseract is."""
    chosen = []
    for count, end in zip(cuts, accumulate(cuts), strict=True):
        own = texts[end - count : end]
        best = max(own, key=lambda text: (has_thai(text.text), text.score))
        agreed = len({_letters(text.text) for text in own}) == 1
        chosen.append(best if agreed else best._replace(score=min(best.score, DISPUTED)))
    return chosen


def _letters(text: str) -> str:
    """Without blanks and stops, which come and go."""
    return re.sub(r"[\s.]+", "", text)


def _parsed(output: str, lines: int) -> list[Text] | None:
    """Of every page the mean probability of the words in its table, and the text that follows the table: in the table every Thai sign is a
    word of its own, the text has spaces where people put them. None without a table: a Tesseract whose configuration files are missing
    ends well and prints none."""
    if not any(row.count("\t") == 11 and row.split("\t")[1].isdigit() for row in output.splitlines()):
        return None  # even a page without text has a row for itself
    scores: list[list[float]] = [[] for _ in range(lines)]
    texts = [""] * lines
    page = 0
    for row in output.splitlines()[1:]:
        cells = row.replace("\f", "").split("\t")
        if len(cells) == 12 and cells[1].isdigit():
            page = int(cells[1])
            if cells[0] == "5" and 1 <= page <= lines and cells[11].strip():
                scores[page - 1].append(float(cells[10]) / 100)
        elif cells[0].strip() and 1 <= page <= lines:
            texts[page - 1] = f"{texts[page - 1]} {cells[0].strip()}".strip()
    return [
        Text(unicodedata.normalize("NFKC", text), sum(found) / len(found) if found else 0.0, ())
        for text, found in zip(texts, scores, strict=True)
    ]
