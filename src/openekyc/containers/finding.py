"""What looking at headers comes to, and how it asks for bytes."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

from openekyc.containers.codecs import CONTAINERS, DECODERS, LIST, Container

MOST_TRACKS = 16
MOST_BOXES = 32  # boxes, elements or chunks of the outermost level before the one that describes the tracks
MOST_INNER = 4_096  # of the levels below it
MOST_INDEX = 4_000_000  # bytes of the part that describes the tracks; half a minute needs a fortieth


MOST_PIXELS = 1920 * 1080  # of a frame, in whatever shape


class Pictures(NamedTuple):
    """A track of pictures as its description has it; width and height are 0 where it does not tell."""

    codec: str
    width: int = 0
    height: int = 0


class Finding(NamedTuple):
    """`fault` says in words why the recording cannot be judged, `container` and `pictures` what it is. All are empty as long as the bytes
    so far do not tell."""

    container: Container | None = None
    pictures: Pictures = Pictures("")
    fault: str = ""


class TooMuch(Exception):
    """More boxes, elements or chunks within others than are looked at."""


UNTOLD = Finding()

Looking = Generator[tuple[int, int], bytes, Finding]
"""Yields (start, length) of bytes it wants to see, takes what there is of them, returns what it found. Reads are few and bounded."""


def judged(container: Container, tracks: int, known: Sequence[Pictures]) -> Finding:
    """By the number of tracks, and what is told of those that hold pictures."""
    if tracks > MOST_TRACKS:
        return Finding(container, fault=f"it has more than {MOST_TRACKS} tracks")
    if not known:
        return Finding(container, fault="it holds no video")
    chosen = next((one for one in known if one.codec in DECODERS), None)
    if chosen is None:
        fault = f"its video is {known[0].codec} in {CONTAINERS[container]}, and what is judged is {LIST}"
        return Finding(container, known[0], fault)
    if far_too_large(chosen.width, chosen.height):
        fault = f"its {chosen.codec} pictures have {chosen.width} x {chosen.height} pixels, and the most is {MOST_PIXELS:,} (1920 x 1080)"
        return Finding(container, chosen, fault)
    return Finding(container, chosen)


def far_too_large(width: int, height: int, most: int = MOST_PIXELS) -> bool:
    """Whether a size is over the limit even if it was rounded up to what a codec works in; then nothing needs to be decoded to know."""
    return width * height > room(most)


def room(most: int) -> int:
    """Pixels a codec may ask for where a picture may have `most`: it rounds sides up, by how much depends on the processor."""
    return most * 5 // 4 + 65_536


def excessive(container: Container) -> Finding:
    """Headers no camera writes."""
    return Finding(container, fault=f"its headers are larger than those of any {CONTAINERS[container]} that a camera writes")
