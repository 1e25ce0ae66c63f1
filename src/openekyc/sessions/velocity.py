"""How often the same person, address and device came within an hour, and where an account draws the line. Pure.

What identifies somebody is kept as a hash with a salt that is drawn anew every day (UTC) and then forgotten, so an hour that
crosses midnight is counted from midnight. The device is the client's own word, and the person is the integrator's: `Extra`, or
without it the token.
"""

import hashlib
import hmac
import ipaddress

from openekyc.errors import TooOften
from openekyc.sessions.model import Counts, Session
from openekyc.settings import Settings

HOUR_S, DAY_S = 3600.0, 86_400
KEPT_S = 2 * HOUR_S  # of each mark; nothing looks back further than an hour
LIMITS = (
    "attempts_per_token",
    "attempts_per_extra",
    "attempts_per_address",
    "attempts_per_hour",
    "velocity_tokens",
    "velocity_failures",
    "velocity_addresses",
    "velocity_devices",
)


def hashed(salt: bytes, what: str, value: str | bytes) -> str:
    """24 hex digits for a value, "" for none; equal values of different kinds differ."""
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return hmac.new(salt, what.encode() + b"\0" + data, hashlib.sha256).hexdigest()[:24] if data else ""


def whose(address: str) -> str:
    """The address as one caller may change it least: of IPv6 the /64, since a household has all of it; anything else as it is."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


def limited(settings: Settings) -> bool:
    """Whether anything is limited at all, so that attempts have to be counted one after the other."""
    return any(getattr(settings, name) for name in LIMITS)


def check_begin(session: Session, counts: Counts, settings: Settings) -> None:
    """Raises TooOften if another attempt of the session would go over a limit. `counts` are those before it."""
    check_person(counts, settings)
    _check(settings.attempts_per_token, session.attempts - session.restarts + 1)
    _check(settings.attempts_per_address, counts.attempts_of_address + 1)


def check_issue(counts: Counts, settings: Settings) -> None:
    """Raises TooOften if another token, or the attempt it is for, would go over a limit."""
    check_person(counts, settings)
    _check(settings.velocity_tokens, counts.tokens + 1)


def check_person(counts: Counts, settings: Settings) -> None:
    """What holds for both."""
    _check(settings.attempts_per_extra, counts.attempts_of_extra + 1)
    _check(settings.attempts_per_hour, counts.attempts_of_account + 1)
    _check(settings.velocity_failures, counts.failures + 1)
    _check(settings.velocity_addresses, counts.addresses)
    _check(settings.velocity_devices, counts.devices)


def _check(limit: int, count: int) -> None:
    if limit and count > limit:
        raise TooOften
