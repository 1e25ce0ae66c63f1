"""How a setting's text is read: lists in any of their three spellings, and the names, addresses and networks that stand in them.

Every function answers the value to keep, or raises ValueError with a cause that goes on after "is not valid: ".
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

LONGEST_QUOTE = 60  # characters of a faulty value that a message repeats
DEFAULT_PORTS = {"http": 80, "https": 443}

_LABELS = r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*"
_HOST = re.compile(rf"(?P<name>{_LABELS}|\[[0-9a-f:.]{{2,45}}\])(?::(?P<port>[0-9]{{1,5}}))?", re.IGNORECASE)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.\-]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_REGION = re.compile(r"[a-z][a-z0-9-]{0,31}")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def listed(value: object) -> tuple[object, ...]:
    """A list from a TOML array, from the text of a JSON list, or from words with commas between them; blank text is the empty list."""
    if isinstance(value, list | tuple):
        return tuple(value)
    if not isinstance(value, str):
        raise ValueError(f"expected a list, got {quoted(value)}")
    text = value.strip()
    if text.startswith("["):
        return _json_list(text)
    parts = tuple(part.strip() for part in text.split(",")) if text else ()
    if "" in parts:
        raise ValueError("an element is empty: there is a comma too many")
    return parts


def _json_list(text: str) -> tuple[object, ...]:
    try:
        found = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise ValueError('text that begins with `[` must be a JSON list such as ["a", "b"]')
    return tuple(found)


def host(text: str) -> str:
    """A host name or address, with or without a port, as a Host header has it: `ekyc.example.com`, `[2001:db8::1]:8443`."""
    written = ascii_host(text)
    found = _HOST.fullmatch(written)
    if found is None or not _port_fits(found["port"]) or not _address_fits(found["name"]):
        raise ValueError(f"{quoted(text)} is not a host name or address (no scheme, no path, no *; IPv6 in brackets)")
    return written


def ascii_host(text: str) -> str:
    """The host as it travels: a name in another script in its `xn--` spelling."""
    if text.isascii():
        return text
    import idna

    name, colon, port = text.partition(":")
    try:
        return idna.encode(name, uts46=True).decode() + colon + port
    except idna.IDNAError:
        raise ValueError(f"{quoted(text)} is not a host name") from None


def origin(text: str) -> str:
    """A web origin as browsers send it: in lower case and without the scheme's own port. It goes into a header as it is."""
    found = _ORIGIN.fullmatch(text)
    if found is None or not _port_fits(found["port"]):
        raise ValueError(f"{quoted(text)} is not an origin such as https://shop.example (no path, no slash at its end, no *)")
    scheme, name = found["scheme"].lower(), found["host"].lower()
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    return f"{scheme}://{name}" if port == DEFAULT_PORTS[scheme] else f"{scheme}://{name}:{port}"


def region(text: str) -> str:
    """A region's name, the vendor's or one of the operator's own."""
    if not _REGION.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not a region's name such as ap-singapore")
    return text


def network(text: str) -> str:
    """An address or network in its usual spelling."""
    return str(as_network(text))


def as_network(text: str) -> Network:
    """An address (a network of one) or a network of fewer than all addresses; IPv4 inside IPv6 is taken for IPv4."""
    try:
        found = ipaddress.ip_network(text.strip())
    except ValueError as error:
        more = ": it has bits beyond its mask" if "host bits" in str(error) else ""
        raise ValueError(f"{quoted(text)} is not an address or network such as 127.0.0.0/8 or ::1{more}") from None
    if found.prefixlen == 0:
        raise ValueError(f"{quoted(text)} is every address there is; name the proxies' own")
    mapped = found.network_address.ipv4_mapped if isinstance(found, ipaddress.IPv6Network) else None
    if mapped is not None and found.prefixlen > 96:
        return ipaddress.IPv4Network((mapped, found.prefixlen - 96))
    return found


def public_address(text: str) -> str:
    """The address that links begin with, without a slash at its end; "" stays."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        netloc = host(parts.netloc)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not an address such as https://ekyc.example.com") from None
    if parts.scheme not in DEFAULT_PORTS or parts.query or parts.fragment or not re.fullmatch(r"[A-Za-z0-9/._~%-]*", parts.path):
        raise ValueError(f"{quoted(text)} is not an http or https address of host, port and path alone, such as https://ekyc.example.com")
    return f"{parts.scheme}://{netloc}{parts.path}".rstrip("/")


def names_of(address: str) -> tuple[str, ...]:
    """The host of an address as clients may write it: with its port and without."""
    if not address:
        return ()
    parts = urlsplit(address)
    bare = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    return (bare, f"{bare}:{parts.port or DEFAULT_PORTS[parts.scheme]}")


def oval(values: Iterable[float]) -> tuple[float, ...]:
    """x, y, width and height as shares of the frame, all of it inside."""
    x, y, width, height = numbers = tuple(values)
    if not (0 <= x < 1 and 0 <= y < 1 and 0 < width <= 1 - x and 0 < height <= 1 - y):
        raise ValueError("x, y, width and height must be shares of the frame from 0 to 1, and the oval must lie inside it")
    return numbers


def quoted(value: object) -> str:
    """A faulty value in a message: short and on one line."""
    text = value if isinstance(value, str) else repr(value)
    return "`" + "".join(char if char.isprintable() else "?" for char in text[:LONGEST_QUOTE]) + "`"


def _port_fits(port: str | None) -> bool:
    return port is None or 0 < int(port) < 65536


def _address_fits(name: str) -> bool:
    if not name.startswith("["):
        return True
    try:
        ipaddress.IPv6Address(name[1:-1])
    except ValueError:
        return False
    return True


def each(check: Callable[[str], str]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """`check` on every element."""
    return lambda values: tuple(check(value) for value in values)


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "capture_origins": each(origin),
    "capture_oval": oval,
    "embed_origins": each(origin),
    "public_hosts": each(host),
    "public_url": public_address,
    "regions": each(region),
    "trusted_proxies": each(network),
}
"""What a setting's value must be beyond its type, by the setting's name."""
