"""Rules for the pieces of a recording: contiguous, acknowledged once each, bounded. Pure.

A slice that arrives again unchanged is acknowledged again (the acknowledgement was lost); other bytes at an offset already accepted
are a conflict, never an overwrite.
"""

import hashlib
from collections.abc import Sequence

from openekyc.containers import signature
from openekyc.errors import OffsetWrong, RecordingIncomplete, RecordingTooLarge, SliceConflict, SliceDamaged
from openekyc.sessions.model import Attempt, Media, Slice
from openekyc.settings import Settings

_EBML = b"\x1a\x45\xdf\xa3"
_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"


def check_slice(data: bytes, sha256: str) -> None:
    """Raises SliceDamaged if the slice is empty or not what its sender hashed."""
    if not data or hashlib.sha256(data).hexdigest() != sha256:
        raise SliceDamaged


def check_room(attempt: Attempt, size: int, settings: Settings) -> None:
    """Raises RecordingTooLarge if one more slice of `size` bytes does not fit."""
    if attempt.received + size > settings.recording_max_bytes:
        raise RecordingTooLarge
    if attempt.slices >= settings.recording_max_slices:
        raise RecordingTooLarge("The recording comes in too many slices. Send larger ones.")


def check_repeat(slices: Sequence[Slice], piece: Slice, received: int) -> None:
    """For an offset before the recording's end: return if exactly this slice was accepted there. Raises SliceConflict if another one
    starts there, OffsetWrong if none does."""
    known = next((other for other in slices if other.offset == piece.offset), None)
    if known is None:
        raise OffsetWrong(received)
    if known != piece:
        raise SliceConflict


def check_complete(data: bytes, size: int, sha256: str) -> None:
    """Raises RecordingIncomplete if the joined recording is not what its sender announced."""
    if len(data) != size or hashlib.sha256(data).hexdigest() != sha256:
        raise RecordingIncomplete


def media(key: str, data: bytes) -> Media:
    """What is recorded about a stored file. MD5 because the vendor's FileInfo asks for it."""
    return Media(key, md5(data), len(data), media_type(data))


def md5(data: bytes) -> str:
    """By which a stored file is known, and found to be whole; against damage, not against forgery."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def is_piece(piece: Slice, data: bytes) -> bool:
    """Whether these are the bytes that were acknowledged."""
    return len(data) == piece.size and hashlib.sha256(data).hexdigest() == piece.sha256


def media_type(data: bytes) -> str:
    """The media type by the first bytes; whether the file really decodes is the engine's to say."""
    if data.startswith(_EBML):
        return "video/webm" if b"webm" in data[:64] else "video/x-matroska"
    if data.startswith(_JPEG):
        return "image/jpeg"
    if data.startswith(_PNG):
        return "image/png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"{", b"[")):
        return "application/json"
    container = signature(data[:16]).container
    if container == "mov":
        return "video/mp4" if data[4:8] == b"ftyp" else "video/quicktime"
    return {"avi": "video/x-msvideo", "flv": "video/x-flv"}.get(container or "", "application/octet-stream")
