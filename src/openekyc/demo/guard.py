"""Who may use the demo: a browser on this machine that shows this server's own start page. Nothing there asks for a key, so a page of
another site must not be able to use it, neither by a request of its own nor by a name that it lets point to this machine."""

import ipaddress
import re
from typing import ClassVar
from urllib.parse import urlsplit

from starlette.requests import Request

from openekyc.errors import OpenEkycError
from openekyc.settings import Settings, is_loopback

FORWARDED = ("forwarded", "x-real-ip", "via")  # and every X-Forwarded-*
HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
JSON = "application/json"


class DemoError(OpenEkycError):
    """The demo refuses this."""

    problem: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    remedy: ClassVar[str] = "Reload the start page and try again."


class NotHere(DemoError):
    """The demo answers only to this server's own start page."""

    problem, status = "not_same_origin", 403
    remedy = "Open the start page by the server's own address. On another host than this machine the setting `demo` turns it on."


def demo_on(settings: Settings) -> bool:
    """As set; if nothing is set, when the server listens for this machine alone and is not reached through another address."""
    return settings.local_only if settings.demo is None else settings.demo


def is_local(request: Request) -> bool:
    """Whether the request comes from this machine, by its own name, and through no proxy."""
    client = request.client.host if request.client else ""
    return is_loopback(client) and is_loopback(_host(request)) and not _passed_on(request)


def _passed_on(request: Request) -> bool:
    """Whether a proxy shows: by a header it adds, or by a connection that no browser makes (nginx, as it comes, adds no header)."""
    added = any(name in FORWARDED or name.startswith("x-forwarded-") for name in request.headers)
    return added or request.scope.get("http_version") == "1.0" or request.headers.get("connection", "").lower() == "close"


def check(request: Request, settings: Settings) -> None:
    """Raises NotHere for a request that does not come from the start page."""
    allowed = is_local(request) or (settings.demo is True and _named(_host(request), settings))
    if not allowed or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotHere
    if request.method == "POST":
        _check_post(request)


def _check_post(request: Request) -> None:
    """A form of another site can send neither this type nor this origin."""
    origin, kind = urlsplit(request.headers.get("origin", "")), request.headers.get("content-type", "")
    if origin.netloc.lower() != request.headers.get("host", "").lower() or kind.split(";")[0].strip().lower() != JSON:
        raise NotHere


def _named(host: str, settings: Settings) -> bool:
    """An address in digits cannot be made to point elsewhere; a name must be the operator's."""
    known = {settings.host, *(urlsplit(f"//{name}").hostname for name in settings.signed_hosts)}
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host in known
    return True


def _host(request: Request) -> str:
    host = request.headers.get("host", "")
    try:
        return (urlsplit(f"//{host}").hostname or "") if HOST.fullmatch(host) else ""
    except ValueError:
        return ""
