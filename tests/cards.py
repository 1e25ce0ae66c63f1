"""Documents drawn on the spot: plain shapes and OpenCV's own line font, so that no font file is needed."""

import struct
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

INK = (40, 30, 30)
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def card(
    lines: Sequence[tuple[str, int, int]], *, width: int = 1012, height: int = 638, colour: tuple[int, int, int] = (225, 235, 215)
) -> Image:
    """A card with lines of text at x, y."""
    image = np.full((height, width, 3), colour, np.uint8)
    for text, x, y in lines:
        cv2.putText(image, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, 1.0, INK, 2, cv2.LINE_AA)
    return image


def passport(zone: Sequence[str] = ZONE, portrait: Image | None = None) -> Image:
    """A page with a zone in evenly spaced signs, and a portrait if one is given."""
    page = card([("PASSPORT", 340, 80), ("UTOPIA", 640, 80), ("ERIKSSON", 340, 180), ("ANNA MARIA", 340, 260)], height=712)
    for row, text in enumerate(zone):
        evenly(page, text, 40, 600 + 60 * row, 930 / len(text))
    if portrait is not None:
        page[120:480, 40:310] = cv2.resize(portrait, (270, 360), interpolation=cv2.INTER_AREA)
    return page


def evenly(image: Image, text: str, x: float, y: int, pitch: float) -> None:
    """Signs of a fixed pitch, as OCR-B has them."""
    size = pitch / 21
    for place, sign in enumerate(text):
        cv2.putText(image, sign, (int(x + place * pitch), y), cv2.FONT_HERSHEY_SIMPLEX, size, INK, 2, cv2.LINE_AA)


def photographed(
    image: Image, *, turn: float = 0.0, share: float = 0.5, lean: float = 0.0, frame: tuple[int, int] = (1600, 1200), table: int = 70
) -> Image:
    """The card on a table, turned by degrees, `share` of the frame's area, one side nearer by `lean`."""
    height, width = image.shape[:2]
    across = (share * frame[0] * frame[1] * width / height) ** 0.5
    half = np.array([across, across * height / width]) / 2
    corners = np.array([[-1, -1], [1, -1 - lean], [1, 1 + lean], [-1, 1]]) * half
    angle = np.deg2rad(turn)
    corners = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) + np.array(frame) / 2
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    ground = np.random.default_rng(0).normal(table, 3, (frame[1], frame[0], 3)).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.warpPerspective(image, matrix, frame, ground, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT), np.uint8)


def encoded(image: Image, form: str = ".jpg") -> bytes:
    """As a file."""
    return bytes(cv2.imencode(form, image)[1])


def exif_turned(data: bytes, orientation: int) -> bytes:
    """A JPEG that says it has to be turned."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">H", 1) + entry + b"\x00\x00\x00\x00"
    body = b"Exif\x00\x00" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]
