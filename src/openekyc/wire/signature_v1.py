"""The older signatures, HmacSHA1 and HmacSHA256 over the sorted parameters. Pure.

The Node SDK of the international edition signs this way unless told otherwise.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterator, Sequence

from openekyc.wire.signature_v3 import host_candidates

Pairs = Sequence[tuple[str, str]]
DIGESTS = {"HmacSHA1": "sha1", "HmacSHA256": "sha256"}


def signature(secret_key: str, text: bytes, method: str) -> bytes:
    """Base64 of the HMAC of `text`. `method` is a key of DIGESTS."""
    return b64encode(hmac.digest(secret_key.encode(), text, DIGESTS[method]))


def verify(
    method: bytes, host: bytes, pairs: Pairs, sign_method: str, claimed: str, secret_key: str, public_hosts: Sequence[bytes] = ()
) -> bool:
    """Whether `claimed` is the signature of `secret_key` over all pairs but `Signature`, under any candidate host.

    `pairs` are url-decoded, with undecodable bytes as surrogate escapes, so that the text is byte for byte what was sent."""
    wanted = claimed.encode("utf-8", "surrogateescape")
    for text in _texts(method, host_candidates(host, public_hosts), pairs):
        if hmac.compare_digest(signature(secret_key, text, sign_method), wanted):
            return True
    return False


def _texts(method: bytes, hosts: Sequence[bytes], pairs: Pairs) -> Iterator[bytes]:
    # Every pair enters, repeated names too: a name smuggled in twice must break the signature.
    plain = [(name, value) for name, value in pairs if name != "Signature"]
    dotted = [(name.replace("_", "."), value) for name, value in plain]  # the Python SDK's spelling
    for spelling in (plain,) if dotted == plain else (plain, dotted):
        encoded = sorted([(_raw(name), _raw(value)) for name, value in spelling])
        parameters = b"&".join([b"%b=%b" % pair for pair in encoded])
        for host in hosts:
            yield b"%b%b/?%b" % (method, host, parameters)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
