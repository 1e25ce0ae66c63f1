"""How memory that was freed goes back to the system."""

import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h (glibc)
_LARGE = 131_072  # bytes: glibc's own first value, which it raises to 32 MB as blocks are freed


def give_large_blocks_back() -> None:
    """From now on give every large block back as soon as it is freed, instead of keeping it for the next. It costs time where large blocks
    come and go all the time, so it is for commands that end soon. Without glibc nothing happens."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
