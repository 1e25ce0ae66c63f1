"""Identifiers and nonces, all from the operating system's CSPRNG."""

import secrets
import uuid


def request_id() -> str:
    """A lower-case UUID, new for every request."""
    return str(uuid.uuid4())


def sdk_token() -> str:
    """An opaque session token in the vendor's shape: 122 random bits as upper-case hex with dashes."""
    return str(uuid.uuid4()).upper()


def nonce() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)
