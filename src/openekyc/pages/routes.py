"""The hosted page at /verify, the start page at /, and the files they are made of under /assets.

The pages are built from TypeScript into the folder `web` of the package; wheels hold it. Without it the addresses say how to build it.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from openekyc.engine.lock import engine_files
from openekyc.pages import headers
from openekyc.pages.answer import Observe, answer
from openekyc.pages.files import File, folder, packed
from openekyc.settings import Settings

BUILT = Path(__file__).parent.parent / "web"
ASSETS = "assets"
LANDMARKS = "face_landmarker.task"
MODEL = f"{ASSETS}/models/{LANDMARKS}"

Endpoint = Callable[[Request], Awaitable[Response]]

NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>openekyc: pages not built</title></head>
<body><h1>The pages are not built</h1>
<p>This copy of openekyc comes from a checkout, and the pages that people see are built from TypeScript.
Run <code>make web</code> in the checkout, then start the server again. Wheels hold the pages; installing one needs no build.</p>
<p>The API and the capture protocol work without them.</p></body></html>
"""

SENTENCE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>openekyc</title></head><body><p>{}</p></body></html>
"""


class Pages:
    """What browsers are given. `embed_origins` may frame the hosted page, nobody the start page. `instead`: the sentence that a visitor
    gets in place of the start page; "" for who may see it."""

    def __init__(
        self,
        settings: Settings,
        built: Path = BUILT,
        observe: Observe = lambda page, status: None,
        instead: Callable[[Request], str] = lambda request: "",
    ) -> None:
        self._files = {**folder(built), **_model(settings.models_folder)}
        self._framed, self._unframed = headers.guarded(settings.embed_origins), headers.guarded(())
        self._observe, self._instead = observe, instead
        self._begin = self._page("start", self._unframed)
        # The component on an integrator's own site may load its files from here.
        allowed = settings.capture_origins
        self._cors = [Middleware(CORSMiddleware, allow_origins=allowed, allow_methods=["GET"])] if allowed else []

    def routes(self) -> list[BaseRoute]:
        """GET and HEAD."""
        return [
            Route("/", self._start),
            Route("/verify", self._page("verify", self._framed)),
            Route(f"/{ASSETS}/{{path:path}}", self._asset, middleware=self._cors),
        ]

    async def _start(self, request: Request) -> Response:
        sentence = self._instead(request)
        if not sentence:
            return await self._begin(request)
        guard = dict(self._unframed) | {"Cache-Control": "no-store"}
        return self._told("start", Response(SENTENCE.format(sentence), 200, guard, "text/html"))

    def _page(self, name: str, guard: Mapping[str, str]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            file = self._files.get(f"{name}.html")
            if file is None:
                return self._told(name, Response(NOT_BUILT, 503, dict(guard) | {"Cache-Control": "no-store"}, "text/html"))
            return self._told(name, await answer(request, file, dict(guard) | {"Cache-Control": headers.ASKED_EVERY_TIME}))

        return endpoint

    async def _asset(self, request: Request) -> Response:
        name = f"{ASSETS}/{request.path_params['path']}"
        file = self._files.get(name)
        if file is None:
            return self._told("asset", Response("There is no such file.\n", 404, dict(self._unframed), "text/plain"))
        kept = headers.ASKED_EVERY_TIME if name == MODEL else headers.KEPT_FOREVER
        return self._told("asset", await answer(request, file, dict(self._framed) | {"Cache-Control": kept}))

    def _told(self, page: str, response: Response) -> Response:
        self._observe(page, response.status_code)
        return response


def is_visit(scope: Scope) -> bool:
    """Whether a request for `/` is a browser's, not an API call by GET: it takes HTML, and neither names an action nor is signed."""
    if scope["method"] != "GET" or b"Action=" in scope["query_string"]:
        return False
    sent = dict(scope["headers"])
    return b"text/html" in sent.get(b"accept", b"") and b"authorization" not in sent and b"x-tc-action" not in sent


def _model(models: Path) -> Mapping[str, File]:
    """The landmark file is the engine's own, checked by its hash when the server started."""
    item = next(item for item in engine_files() if item.file == LANDMARKS)
    return {MODEL: packed(models / item.file, item.sha256)}
