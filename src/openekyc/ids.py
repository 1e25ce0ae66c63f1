"""Identifiers and nonces, all from the operating system's CSPRNG."""

import os
import secrets


def request_id() -> str:
    """A lower-case UUID, new for every request."""
    return _uuid4()


def sdk_token() -> str:
    """An opaque session token in the vendor's shape: 122 random bits as upper-case hex with dashes."""
    return _uuid4().upper()


def nonce() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def _uuid4() -> str:
    """As `str(uuid.uuid4())`, at a third of its cost: two are made for every call."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"
