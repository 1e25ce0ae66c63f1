"""Secrets at rest: AES-256-GCM under the master key. Each sealed value is bound to the row it belongs to, so that swapping two
rows' values is noticed, and carries the id of its key, so that another master key is told from damage."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openekyc.errors import SealBroken

KEY_BYTES = 32
_FORMAT = b"\x01"
_ID_BYTES, _NONCE_BYTES = 4, 12


class Seal:
    """Seals and opens under `master`, 32 random bytes."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._master = master
        self._cipher = AESGCM(self.derive("seal"))
        self._head = _FORMAT + self.derive("id")[:_ID_BYTES]

    def derive(self, purpose: str) -> bytes:
        """32 bytes for another use of the same master key; different for each purpose."""
        return hmac.digest(self._master, b"openekyc " + purpose.encode(), hashlib.sha256)

    def seal(self, plain: bytes, bound: str) -> bytes:
        """`plain`, encrypted and bound to the name `bound`."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._head + nonce + self._cipher.encrypt(nonce, plain, bound.encode())

    def fits(self, sealed: bytes) -> bool:
        """Whether the value was sealed under this master key."""
        return sealed.startswith(self._head)

    def open(self, sealed: bytes, bound: str) -> bytes:
        """What was sealed. Raises SealBroken."""
        head, rest = sealed[: len(self._head)], sealed[len(self._head) :]
        if head != self._head:
            raise SealBroken("A sealed value belongs to another master key.")
        try:
            return self._cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], bound.encode())
        except (InvalidTag, ValueError):
            raise SealBroken from None
