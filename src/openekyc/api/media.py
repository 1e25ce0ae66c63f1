"""Links to stored media: sealed, expiring tokens, and the endpoint that serves what they name.

A link is its own permission, as the vendor's are: no signature is asked for. It is encrypted, not just signed, because the stored
file's key holds the session token, which the link's reader has no business with.
"""

import os
import re
from hashlib import sha256

import msgspec
import pybase64
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.types import Receive, Scope, Send

from openekyc.api.ranges import RangeUnsatisfiable, read_range
from openekyc.clock import Clock
from openekyc.errors import LinkError, LinkExpired, LinkInvalid
from openekyc.sessions.model import Media
from openekyc.sessions.origin import ended
from openekyc.sessions.ports import Blobs, KeyStore

NONCE_BYTES = 12
SHOWN = b"default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""What a browser needs to show the file alone in a window: it wraps it in a page."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,1024}")
_CONTEXT = b"openekyc media link"


class _Content(msgspec.Struct, frozen=True, array_like=True):
    media: Media
    expires_at: float
    secret_id: str = ""  # of the key that asked for it


class Links:
    """Makes and opens link tokens. `secret`: at least 16 bytes; tokens live `seconds` from their making."""

    def __init__(self, secret: bytes, seconds: int, clock: Clock) -> None:
        self._cipher = AESGCM(sha256(_CONTEXT + secret).digest())
        self._seconds, self._clock = seconds, clock

    def sign(self, media: Media, secret_id: str = "") -> str:
        """A fresh token, safe in a path, that ends with the key of that SecretId."""
        nonce = os.urandom(NONCE_BYTES)
        content = msgspec.json.encode(_Content(media, self._clock() + self._seconds, secret_id))
        return pybase64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, content, _CONTEXT)).rstrip(b"=").decode()

    def open(self, token: str) -> tuple[Media, str]:
        """What the token names, and for which key it was made. Raises LinkInvalid or LinkExpired."""
        if not _TOKEN.fullmatch(token):
            raise LinkInvalid
        try:
            sealed = pybase64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            content = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _CONTEXT)
        except (ValueError, InvalidTag):
            raise LinkInvalid from None
        opened = msgspec.json.decode(content, type=_Content)
        if self._clock() >= opened.expires_at:
            raise LinkExpired
        return opened.media, opened.secret_id


class MediaEndpoint:
    """ASGI application for `/media/{token}`: GET and HEAD, one byte range."""

    def __init__(self, links: Links, keys: KeyStore, blobs: Blobs) -> None:
        self._links, self._keys, self._blobs = links, keys, blobs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, 405, "Only GET and HEAD are allowed here.", (b"allow", b"GET, HEAD"))
            return
        try:
            media, secret_id = self._links.open(scope["path"].rpartition("/")[2])
            if secret_id and await ended(self._keys, secret_id, "", 0.0):
                raise LinkExpired
            await self._serve(media, scope, send)
        except LinkError as error:
            await _refuse(send, 410 if isinstance(error, LinkExpired) else 403, error.message)
        except RangeUnsatisfiable:
            await _refuse(send, 416, "The range lies outside the file.", (b"content-range", b"bytes */%d" % media.size))
        except KeyError:
            await _refuse(send, 404, "The file is no longer stored.")

    async def _serve(self, media: Media, scope: Scope, send: Send) -> None:
        part = read_range(dict(scope["headers"]).get(b"range"), media.size)
        start, length = (part.start, len(part)) if part is not None else (0, media.size)
        pieces = self._blobs.stream(media.key, start, length)
        first = await anext(pieces, b"")  # before the status goes out, so that an absent file is still a 404
        await send({"type": "http.response.start", "status": 200 if part is None else 206, "headers": _headers(media, part)})
        if scope["method"] == "GET":
            await send({"type": "http.response.body", "body": first, "more_body": True})
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _headers(media: Media, part: range | None) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"content-type", media.content_type.encode("latin-1")),
        (b"content-length", b"%d" % (media.size if part is None else len(part))),
        (b"accept-ranges", b"bytes"),
        (b"etag", b'"%b"' % media.md5.encode()),
        (b"cache-control", b"private, no-store"),
        (b"content-security-policy", SHOWN),
    ]
    if part is not None:
        headers.append((b"content-range", b"bytes %d-%d/%d" % (part.start, part.stop - 1, media.size)))
    return headers


async def _refuse(send: Send, status: int, detail: str, *extra: tuple[bytes, bytes]) -> None:
    body = msgspec.json.encode({"title": "media", "status": status, "detail": detail})
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body)), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
