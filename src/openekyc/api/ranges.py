"""The Range header, one range only (RFC 9110, section 14)."""

import re

_FORM = re.compile(rb"bytes=(\d{0,15})-(\d{0,15})")


class RangeUnsatisfiable(Exception):
    """The range lies outside the file."""


def read_range(header: bytes | None, size: int) -> range | None:
    """The bytes asked for; None = the whole file, also for several ranges and unknown units. Raises RangeUnsatisfiable."""
    found = _FORM.fullmatch(header.strip()) if header else None
    if found is None or found.groups() == (b"", b""):
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    if start >= stop:
        raise RangeUnsatisfiable
    return range(start, stop)
