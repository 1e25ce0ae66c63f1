"""Whether the slices of a recording, as far as they came, show that it cannot be judged. Only headers are looked at, in few reads."""

from collections.abc import Sequence

from openekyc.containers import Finding, look
from openekyc.sessions import places
from openekyc.sessions.model import Slice
from openekyc.sessions.ports import Blobs


async def found(blobs: Blobs, stored: Sequence[Slice], piece: Slice, data: bytes) -> Finding:
    """What `piece`, holding `data`, shows after the slices `stored` before it. Raises KeyError if one of those is gone."""
    looking = look(piece.offset + piece.size, piece.offset)
    try:
        start, length = next(looking)
        while True:
            start, length = looking.send(await _read(blobs, stored, piece, data, start, start + length))
    except StopIteration as done:
        finding: Finding = done.value
        return finding


async def _read(blobs: Blobs, stored: Sequence[Slice], piece: Slice, data: bytes, start: int, stop: int) -> bytes:
    parts = []
    for one in stored:
        low, high = max(start, one.offset), min(stop, one.offset + one.size)
        if low < high and one.offset < piece.offset:
            parts += [part async for part in blobs.stream(places.piece(one), low - one.offset, high - low)]
    return b"".join(parts) + data[max(start - piece.offset, 0) : max(stop - piece.offset, 0)]
