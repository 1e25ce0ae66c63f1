"""The documentation under /docs and its index for language models at /llms.txt, as `make docs` built them into the folder `site`.

Addresses end in a slash and mean the index.html of a folder. Only files that were there when the server started can be asked for, so
no path in a request ever reaches the file system.
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openekyc.pages import headers
from openekyc.pages.answer import Observe, answer
from openekyc.pages.files import folder

BUILT = Path(__file__).parent.parent / "site"
INDEX = "index.html"

NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>openekyc: documentation not built</title></head>
<body><h1>The documentation is not built</h1>
<p>This copy of openekyc comes from a checkout. Run <code>make docs</code> in the checkout, then start the server again.
Wheels hold the documentation. The same pages lie in the checkout's folder <code>docs</code> as Markdown.</p></body></html>
"""
TURNED_OFF = "This server shows no documentation: its setting `docs` is off.\n"


class Docs:
    """What is served of the documentation. Nobody may frame it."""

    def __init__(self, built: Path = BUILT, observe: Observe = lambda page, status: None, *, on: bool = True) -> None:
        """`on` False: every address says that there is no documentation here."""
        self._on = on
        self._files = folder(built) if on else {}
        self._guard = headers.guarded(())
        self._observe = observe

    def routes(self) -> list[BaseRoute]:
        """GET and HEAD."""
        return [Route("/docs", self._home), Route("/docs/{path:path}", self._page), Route("/llms.txt", self._llms)]

    async def _home(self, request: Request) -> Response:
        return await self._found(request, "docs/" if self._files else None)

    async def _page(self, request: Request) -> Response:
        path = str(request.path_params["path"])
        if path and not path.endswith("/") and f"{path}/{INDEX}" in self._files:
            # Relative, so that it holds behind any proxy.
            return await self._found(request, path.rpartition("/")[2] + "/")
        return await self._file(request, f"{path}{INDEX}" if not path or path.endswith("/") else path)

    async def _llms(self, request: Request) -> Response:
        return await self._file(request, "llms-root.txt")

    async def _found(self, request: Request, place: str | None) -> Response:
        if place is None:
            return await self._file(request, INDEX)
        query = f"?{request.url.query}" if request.url.query else ""
        return self._told(Response(status_code=308, headers=dict(self._guard) | {"Location": place + query}))

    async def _file(self, request: Request, name: str) -> Response:
        if not self._on:
            return self._told(Response(TURNED_OFF, 404, dict(self._guard), "text/plain"))
        if not self._files:
            return self._told(Response(NOT_BUILT, 503, dict(self._guard) | {"Cache-Control": "no-store"}, "text/html"))
        file, status = self._files.get(name), 200
        if file is None:
            file, status = self._files.get("404.html"), 404
        if file is None:
            return self._told(Response("There is no such page.\n", 404, dict(self._guard), "text/plain"))
        guard = dict(self._guard) | {"Cache-Control": headers.ASKED_EVERY_TIME}
        return self._told(await answer(request, file, guard, status))

    def _told(self, response: Response) -> Response:
        self._observe("docs", response.status_code)
        return response
