"""What the start page calls: open a sandbox session, let the simulated subject answer it, show the last results.

All of it belongs to the sandbox account `demo`, so none of its results can be mistaken for a verification.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import urlsplit

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from openekyc.api.results import describe, light_declined
from openekyc.capture.bodies import Incoming, decode
from openekyc.capture.messages import Problem
from openekyc.capture.problems import MEDIA_TYPE, REMEDIES, BodyTooLarge, CaptureError, PathUnknown
from openekyc.clock import Clock
from openekyc.credentials import AccountMixed, permanent_key
from openekyc.demo.guard import ENTRANCE, DemoError, DemoOff, Gate, is_local
from openekyc.demo.latest import Entry, Latest
from openekyc.demo.messages import NOTE, Made, Offer, Results, Run, Shown, Wish
from openekyc.demo.simulation import Simulation
from openekyc.errors import SessionError, TokenUnknown
from openekyc.sessions.model import ApiKey, Page, Session, Terms
from openekyc.sessions.outcome import NOT_FINISHED
from openekyc.sessions.ports import Blobs, KeyStore, RateLimiter
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings

ACCOUNT = "demo"
BODY_BYTES, BODY_S = 4096, 10.0
PER_SECOND = 5
KEPT_S = 259_200
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LINES = (
    "# pip install tencentcloud-sdk-python-intl-en",
    "from tencentcloud.common import common_client as c, credential as k, profile as p",
    'client = c.CommonClient("faceid", "2018-03-01", k.Credential("SECRET_ID", "SECRET_KEY"), "ap-singapore",'
    ' p.client_profile.ClientProfile(httpProfile=p.http_profile.HttpProfile("{scheme}", "{host}")))',
    'print(client.call_json("ApplyWebVerificationBizTokenIntl",'
    ' {{"RedirectURL": "{address}/", "Config": {{"CheckMode": 3}}}})["Response"]["VerificationURL"])',
)
EXPLAINED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[Request], Awaitable[Response]]

_log = structlog.get_logger(__name__)


class TooFast(DemoError):
    """Too many sessions at once."""

    problem, status, remedy = "too_fast", 429, "Wait a second."


class Demo:
    """The account and what runs for it."""

    def __init__(
        self,
        service: SessionService,
        blobs: Blobs,
        limiter: RateLimiter,
        clock: Clock,
        settings: Settings,
        simulation: Simulation,
        gate: Gate,
    ) -> None:
        self.gate = gate
        self._service, self._limiter, self._clock, self._settings = service, limiter, clock, settings
        self._latest, self._simulation = Latest(blobs), simulation
        self._key = ApiKey("", "", ACCOUNT, sandbox=True, created_at=0.0)

    async def enter(self, request: Request) -> Response:
        return self.gate.enter(request)

    async def nothing(self, _request: Request) -> Response:
        raise PathUnknown

    async def offer(self, request: Request) -> Response:
        address = _address(request, self._settings)
        parts = urlsplit(address)
        python = "\n".join(LINES).format(scheme=parts.scheme, host=parts.netloc, address=address)
        key_file = str(self._settings.home / "local.key") if is_local(request) else ""
        return _answer(Offer(address, ACCOUNT, (1, 2, 3, 4), python, key_file, NOTE))

    async def open(self, request: Request) -> Response:
        wish = decode(await _body(request), Wish)
        if not await self._limiter.hit(ACCOUNT, "demo", PER_SECOND):
            raise TooFast
        # No address of its own: the page goes on to this server's start page, which shows the result.
        page = Page(redirect_url=f"{_address(request, self._settings)}/", no_light=True)
        terms = Terms("faceid", level=wish.level, page=page)
        session = await self._service.issue(self._key, terms)
        await self._latest.add(Entry(session.token, wish.who, wish.level, session.created_at))
        return _answer(Made(session.token, f"/verify#token={session.token}", wish.level, wish.who), 201)

    async def simulate(self, request: Request) -> Response:
        run = decode(await _body(request), Run)
        if await self._latest.find(run.token) is None:
            raise TokenUnknown
        return _answer(self._simulation.start(_listening(request), run.token, run.subject), 202)

    async def simulation(self, request: Request) -> Response:
        return _answer(self._simulation.latest)

    async def frame(self, _request: Request) -> Response:
        """The simulated camera's picture, for the start page to show."""
        picture = await self._simulation.frame()
        return Response(picture, 200 if picture else 204, {"Cache-Control": "no-store"}, "image/jpeg")

    async def results(self, request: Request) -> Response:
        shown = [await self._shown(entry, local=is_local(request)) for entry in await self._latest.read()]
        return _answer(Results(tuple(one for one in shown if one)))

    async def explain(self, request: Request) -> Response:
        from openekyc.explain.page import page

        entry = await self._latest.find(request.path_params["token"])
        if entry is None or not is_local(request):
            raise TokenUnknown
        return Response(page(await self._service.dossier(entry.token)), 200, EXPLAINED, "text/html")

    async def _shown(self, entry: Entry, *, local: bool) -> Shown | None:
        """None for a session that is there no more."""
        try:
            outcome = await self._service.result(entry.token, ACCOUNT, "faceid", KEPT_S)
        except SessionError:
            return None
        code = outcome.code
        return Shown(
            token=entry.token,
            level=outcome.attempt.level if outcome.attempt else entry.level,
            who=entry.who,
            when=entry.made_at,
            code=code,
            description=_words(outcome.session, code),
            passed=None if code == NOT_FINISHED else code == "0",
            without_light=light_declined(outcome.session, outcome.attempt),
            explain=f"/demo/results/{entry.token}" if local and outcome.session.attempts else "",
        )


def _words(session: Session, code: str) -> str:
    return describe(code, sandbox=session.sandbox, language="en-US")


async def account_ready(keys: KeyStore, now: float) -> bool:
    """See to it that `demo` is a sandbox account. False if it is an ordinary one already."""
    existing = await keys.list()
    try:
        key = permanent_key(ACCOUNT, existing, now, sandbox=True)
    except AccountMixed:
        _log.warning("demo_off", reason="the account `demo` is an ordinary one")
        return False
    if not any(known.account == ACCOUNT for known in existing):
        await keys.add(key)
    return True


def routes(demo: Demo | None) -> list[BaseRoute]:
    """The demo's endpoints; without a demo they say that it is off."""
    table: list[tuple[str, str, str]] = [
        (ENTRANCE, "GET", "enter"),
        ("/demo", "GET", "offer"),
        ("/demo/sessions", "POST", "open"),
        ("/demo/simulate", "POST", "simulate"),
        ("/demo/simulate", "GET", "simulation"),
        ("/demo/simulate/frame", "GET", "frame"),
        ("/demo/results", "GET", "results"),
        ("/demo/results/{token}", "GET", "explain"),
    ]
    # Whatever else is asked for: a stranger learns neither which paths nor which methods there are.
    rest = [Route(path, partial(_serve, demo, "nothing"), methods=METHODS) for path in ("/demo", "/demo/{rest:path}")]
    return [*(Route(path, partial(_serve, demo, name), methods=[method]) for path, method, name in table), *rest]


async def _serve(demo: Demo | None, name: str, request: Request) -> Response:
    try:
        if demo is None:
            raise DemoOff
        if name != "enter":
            demo.gate.check(request)
        handler: Handler = getattr(demo, name)
        return await handler(request)
    except DemoError as error:
        return _problem(error.problem, error.message, error.remedy, error.status)
    except (CaptureError, SessionError) as error:
        return _problem(error.problem, error.message, REMEDIES[error.problem], error.status)
    except ClientDisconnect:
        return Response(status_code=400)


async def _body(request: Request) -> bytes:
    return await Incoming(request, BODY_BYTES, BODY_S, BodyTooLarge).read()


def _address(request: Request, settings: Settings) -> str:
    """The server as this browser reaches it."""
    return settings.public_url.rstrip("/") or f"{request.url.scheme}://{request.headers['host']}"


def _listening(request: Request) -> str:
    """The address the connection came in at: the simulated subject is on this machine."""
    host, port = request.scope["server"]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _answer(value: msgspec.Struct, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, {"Cache-Control": "no-store"}, "application/json")


def _problem(problem: str, detail: str, remedy: str, status: int) -> Response:
    body = msgspec.json.encode(Problem(problem, detail, remedy))
    return Response(body, status, {"Cache-Control": "no-store"}, MEDIA_TYPE)
