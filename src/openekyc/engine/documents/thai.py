"""Thai lines through Tesseract, where the operator has installed it: no recogniser with weights in a package knows the script.

One process for all lines of a card; the lines travel through its standard input as pages of one picture file, so nothing is written to
disk. A process that takes too long is stopped, and the card is then read without Thai.
"""

import os
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from openekyc.engine.documents.recognise import Text
from openekyc.engine.face.values import Floats, Image

PROGRAM = "tesseract"
LANGUAGES = "tha+eng"
TIMEOUT_S = 12.0
HEIGHT = 96  # pixels of a line; twice what the other recognisers take
UPWARDS = 0.3  # share of its height by which a box grows at the top, for tone marks
MARGIN = 16  # white pixels around a line
MOST_LINES = 40
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


def read_thai(lines: Sequence[Image]) -> list[Text] | None:
    """What stands in each line; None if Tesseract failed. At most `MOST_LINES` are read.

    It also counts as failed if it ends well but prints no table, which it does where its data lack `configs/tsv`.
    """
    if not lines:
        return []
    pages = [_page(line) for line in lines[:MOST_LINES]]
    encoded, data = cv2.imencodemulti(".tiff", pages)
    if not encoded:
        return None
    command = [PROGRAM, "stdin", "stdout", "--psm", "7", "-l", LANGUAGES, "tsv", "txt"]
    try:
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, input=bytes(data), capture_output=True, timeout=TIMEOUT_S, check=False, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return None
    output = done.stdout.decode(errors="replace")
    return _parsed(output, len(pages)) if done.returncode == 0 and _has_table(output) else None


def crop(image: Image, box: Floats) -> Image:
    """A box with room for tone marks, level, at Tesseract's height."""
    down = (box[3] - box[0] + box[2] - box[1]) / 2
    grown = box - np.stack([down, down, down * 0, down * 0]) * UPWARDS
    width, height = float(np.linalg.norm(grown[1] - grown[0])), float(np.linalg.norm(grown[3] - grown[0]))
    across = int(np.clip(round(HEIGHT * width / max(height, 1.0)), HEIGHT // 2, 4000))
    frame = np.array([[0, 0], [across, 0], [across, HEIGHT], [0, HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(grown.astype(np.float32), frame)
    level = cv2.warpPerspective(image, matrix, (across, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(level, np.uint8)


def _page(line: Image) -> Image:
    grey = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.copyMakeBorder(grey, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REPLICATE), np.uint8)


def _has_table(output: str) -> bool:
    """Whether there is a table with a row: even a page without text has one for the page itself."""
    return any(row.count("\t") == 11 and row.split("\t")[1].isdigit() for row in output.splitlines())


def _parsed(output: str, lines: int) -> list[Text]:
    """Of every page the mean probability of the words in its table, and the text that follows the table: in the table every Thai sign is a
    word of its own, the text has spaces where people put them."""
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
