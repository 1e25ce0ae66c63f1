"""Who may use the demo: a browser that opened the link which the server printed at this start, on this machine, with no proxy in
between. Nothing else there asks for a key, so neither a page of another site nor who is let through by a proxy may be able to use it."""

import hmac
import ipaddress
import re
from typing import ClassVar
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from openekyc.errors import OpenEkycError
from openekyc.settings import Settings, is_loopback

# What proxies, tunnels and load balancers add. Browsers send no X- header of their own but the one that WebViews do.
FORWARDING = re.compile(
    r"x-(?!requested-with$).*|via|cf-.*|cdn-.*|fastly-.*|fly-.*|akamai-.*|tailscale-.*|ngrok-.*|traceparent|tracestate|b3"
    r"|cloudfront-.*|remote-.*|surrogate-.*|.*-ip(v[46])?|.*(forward|proxy|client-?ip|real-?ip).*"
)
HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
JSON = "application/json"
ENTRANCE = "/demo/enter"
LINK_IS = "The demo's link stands on the server's second line of output."
OFF = "The demo is off on this server."


class DemoError(OpenEkycError):
    """The demo refuses this."""

    problem: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    remedy: ClassVar[str] = "Reload the start page and try again."


class NotHere(DemoError):
    """The demo answers only to this server's own start page."""

    problem, status = "not_same_origin", 403
    remedy = "Open the start page by the server's own address. On another host than this machine the setting `demo` turns it on."


class DemoOff(DemoError):
    """There is no demo here."""

    problem, status = "demo_off", 404
    remedy = "Where the setting `demo` allows it, it answers to a browser that reaches the server with no proxy in between."


class NotEntered(DemoError):
    """The demo answers only to a browser that opened its link. It is another one after each start of the server."""

    problem, status = "link_needed", 404
    remedy = "Open the link that stands on the server's second line of output."


class Gate:
    """Lets in who opened the link. `secret` is made at each start, goes out in the link alone, and comes back as a cookie."""

    def __init__(self, secret: str, settings: Settings) -> None:
        self._secret, self._settings = secret, settings

    @property
    def entrance(self) -> str:
        """The link without scheme and host."""
        return f"{ENTRANCE}?key={self._secret}"

    def check(self, request: Request) -> None:
        """Raises DemoOff or NotEntered for a stranger, NotHere for a request that does not come from the start page."""
        if passed_on(request):
            raise DemoOff
        if not self._same(request.cookies.get(_cookie(request), "")):
            raise NotEntered
        check(request, self._settings)

    def instead(self, request: Request) -> str:
        """What is said in place of the start page; "" to a browser that may see it."""
        return "" if not passed_on(request) and self._same(request.cookies.get(_cookie(request), "")) else LINK_IS

    def enter(self, request: Request) -> Response:
        """The answer to the link: a cookie, and on to the start page. Raises DemoOff or NotEntered."""
        if passed_on(request):
            raise DemoOff
        if not self._same(request.query_params.get("key", "")):
            raise NotEntered
        answer = _onwards(request)
        secure = request.url.scheme == "https"
        answer.set_cookie(_cookie(request), self._secret, path="/", httponly=True, samesite="strict", secure=secure)
        return answer

    def _same(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret.encode())


def _cookie(request: Request) -> str:
    """Cookies are shared by all ports of a host, and each may be another server."""
    return f"openekyc_demo_{(request.scope.get('server') or ('', 0))[1]}"


def _onwards(request: Request) -> Response:
    """To the start page. A redirect would be part of a visit that another site began, and strict cookies stay away from such."""
    headers = {"Cache-Control": "no-store"}
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return Response('<!doctype html><meta http-equiv="refresh" content="0; url=/"><a href="/">openekyc</a>', 200, headers, "text/html")
    return Response(status_code=303, headers=headers | {"Location": "/"})


def demo_on(settings: Settings) -> bool:
    """As set; if nothing is set, when the server listens for this machine alone and is not reached through another address."""
    return settings.local_only if settings.demo is None else settings.demo


def is_local(request: Request) -> bool:
    """Whether the request comes from this machine, by its own name, and through no proxy."""
    client = request.client.host if request.client else ""
    return is_loopback(client) and is_loopback(_host(request)) and not passed_on(request)


def passed_on(request: Request) -> bool:
    """Whether a proxy shows: by a header it adds, or by a connection that no browser makes (nginx, as it comes, adds no header)."""
    added = any(FORWARDING.fullmatch(name.replace("_", "-")) for name in request.headers)
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
