"""Logos of those who ask, served under the digest of their bytes: what an address names never changes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from openekyc.branding import is_logo, logo_key
from openekyc.pages.headers import KEPT_FOREVER
from openekyc.sessions.ports import Blobs

GUARD = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the component shows it on an integrator's own page
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ABSENT = GUARD | {"Cache-Control": "no-store"}


class LogoEndpoint:
    """ASGI application for `/brand/{name}`: GET and HEAD. A replaced logo stays, since a page may still show it."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self._answer(Request(scope)))(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        name = request.path_params["name"]
        if request.method not in ("GET", "HEAD"):
            return Response("Only GET and HEAD are allowed here.\n", 405, ABSENT | {"Allow": "GET, HEAD"}, "text/plain")
        try:
            data = await self._blobs.get(logo_key(name)) if is_logo(name) else None
        except KeyError:
            data = None
        if data is None:
            return Response("There is no such logo.\n", 404, ABSENT, "text/plain")
        described = GUARD | {"Cache-Control": KEPT_FOREVER, "ETag": f'"{name}"'}
        if request.headers.get("if-none-match") == described["ETag"]:
            return Response(status_code=304, headers=described)
        return Response(data, 200, described, f"image/{name.rpartition('.')[2]}")
