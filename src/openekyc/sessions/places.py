"""Where a session's blobs lie. Keys that name content hold its hash: two writers of different bytes never share one."""

from openekyc.sessions.model import Slice


def session(token: str) -> str:
    """Prefix of everything the session keeps."""
    return f"sessions/{token.lower()}"


def attempt(token: str, number: int) -> str:
    """Prefix of everything one attempt keeps."""
    return f"{session(token)}/{number}"


def reference(token: str, md5: str) -> str:
    """The picture to compare with."""
    return f"{session(token)}/reference-{md5}"


def client(token: str) -> str:
    """What the capture client said about itself."""
    return f"{session(token)}/client.json"


def slices(token: str, number: int) -> str:
    """Prefix of the recording's pieces, gone once it is joined."""
    return f"{attempt(token, number)}/slices"


def piece(piece: Slice) -> str:
    """One piece of the recording."""
    return f"{slices(piece.token, piece.number)}/{piece.offset:012d}-{piece.sha256[:16]}"


def video(token: str, number: int, sha256: str) -> str:
    """The joined recording."""
    return f"{attempt(token, number)}/video-{sha256}"


def shots(token: str) -> str:
    """Prefix of the pictures of the document and what was read of them."""
    return f"{session(token)}/document"
