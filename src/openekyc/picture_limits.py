"""How large a picture may be, known from its header alone: one rule for whoever takes pictures in and for the engine that decodes them."""

MOST_BYTES = 20_000_000
LEAST_SIDE = 80  # pixels of the shorter side of a picture of a face; less holds none that can be compared
_JPEG = b"\xff\xd8"
_MOST_JPEG = 68_000_000  # what phones of 64 megapixels give out; a JPEG is shrunk while it is decoded
_MOST = 50_000_000  # of PNG, WebP and BMP, which are decoded whole
_IN_MEMORY = 17_000_000  # pixels that are left of a shrunk JPEG


def most_pixels(data: bytes) -> int:
    """How many pixels a picture that begins so may have."""
    return _MOST_JPEG if data.startswith(_JPEG) else _MOST


def divisor(data: bytes, width: int, height: int) -> int:
    """By how much (1, 2, 4, 8) the sides of a picture of this size are to be divided while it is decoded."""
    if not data.startswith(_JPEG):
        return 1
    return next((step for step in (1, 2, 4) if width * height <= _IN_MEMORY * step * step), 8)
