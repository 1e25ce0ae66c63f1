"""Identifiers and nonces, all from CSPRNGs: OpenSSL's, seeded by the operating system, or the operating system's own."""

import hashlib
import secrets
import ssl


def request_id() -> str:
    """A lower-case UUID, new for every request."""
    return _uuid4()


def sdk_token() -> str:
    """An opaque session token in the vendor's shape: 122 random bits as upper-case hex with dashes."""
    return _uuid4().upper()


def nonce() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def derived(token: str, part: str, number: int) -> str:
    """A lower-case UUID for one part of a session, the same at every reading. It tells nothing about the token."""
    return _uuid(hashlib.sha256(f"{token}/{part}/{number}".encode()).hexdigest())


def _uuid4() -> str:
    """As `str(uuid.uuid4())`, at half its cost: two are made for every call."""
    # os.urandom lets go of the interpreter's lock; getting it back from the writing thread costs more than the whole identifier.
    return _uuid(ssl.RAND_bytes(16).hex())


def _uuid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:32]}"
