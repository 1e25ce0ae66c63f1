"""The composition root: settings in, a running house out.

Everything with a lifetime is created here, in the order of its needs, and ended in the opposite order: home folder (locked), weights
(checked by hash before anything is promised), master key, database, stores, engine workers, dispatcher, expiry. No network, codec or
array library is imported into this process; only the workers load those.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from openekyc import logos
from openekyc.api.endpoint import ApiEndpoint
from openekyc.api.media import Links, MediaEndpoint
from openekyc.capture.routes import routes as capture_routes
from openekyc.clock import Clock, system_clock
from openekyc.demo.guard import OFF, Gate, demo_on
from openekyc.demo.routes import Demo, account_ready
from openekyc.demo.routes import routes as demo_routes
from openekyc.demo.simulation import Simulation
from openekyc.engine.documents.values import Card
from openekyc.engine.lock import Weights, files
from openekyc.engine.values import Evidence, Verdict
from openekyc.errors import HomeError
from openekyc.jobs.expire import expire_forever
from openekyc.jobs.local import EnginePool, LocalDispatcher
from openekyc.jobs.read import read
from openekyc.jobs.verify import judge, resume
from openekyc.operations.doors import block
from openekyc.operations.edge import RequestLog, on_fault, templates
from openekyc.operations.health import Readiness, Room, healthz, keeps
from openekyc.operations.limits import FailOpen
from openekyc.operations.metrics import Metrics
from openekyc.operations.proxies import Proxies
from openekyc.pages.docs import Docs
from openekyc.pages.logo import LogoEndpoint
from openekyc.pages.routes import Pages, is_visit
from openekyc.purse import NAME, Budget, Purse
from openekyc.sessions.ports import AccountStore, Blobs, KeyStore, RateLimiter, SessionStore
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.storage.accounts import SqlAccountStore
from openekyc.storage.blobs import LocalBlobs
from openekyc.storage.database import Database
from openekyc.storage.home import Home
from openekyc.storage.keys import SqlKeyStore
from openekyc.storage.limiter import MovingWindowLimiter
from openekyc.storage.migrate import Told
from openekyc.storage.opened import open_store
from openekyc.storage.sessions import SqlSessionStore

log = structlog.get_logger()
DEMO_SECRET_BYTES = 24


def to_stderr(text: str) -> None:
    """A plain line beside what a command answers."""
    sys.stderr.write(f"{text}\n")


@dataclass(frozen=True)
class House:
    """What runs while the server runs."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    database: Database
    keys: KeyStore
    blobs: Blobs
    service: SessionService
    limiter: RateLimiter
    links: Links
    pool: EnginePool
    dispatcher: LocalDispatcher
    room: Room
    demo: Demo | None = None


class App(Starlette):
    """The ASGI application. `house` is there while its lifespan runs; `/` bypasses routing, since nearly every call goes there."""

    house: House
    proxies: Proxies
    bodies: Budget
    _api: ApiEndpoint | None = None
    _known: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.proxies.believe(scope)
            scope[NAME] = purse = Purse(self.bodies, block((scope.get("client") or ("", 0))[0]))
            try:
                await self._routed(scope, receive, send)
            finally:
                purse.release()
        else:
            await super().__call__(scope, receive, send)

    async def _routed(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._api is not None and scope["type"] == "http" and scope["path"] == "/" and (scope["method"] != "GET" or not is_visit(scope)):
            await self._api(scope, receive, send)
        else:
            # Outside everything Starlette does, so that a fault's log line has the RequestId too.
            await RequestLog(super().__call__, self._known)(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Start and end everything; for a server that does not run the lifespan protocol itself."""
        async with self.router.lifespan_context(self):
            yield

    def furnish(self, house: House) -> None:
        """Put the routes of a running house in place."""
        self.house = house
        self._api = ApiEndpoint(
            house.keys, house.service, house.limiter, house.links, house.clock, house.settings, observe=house.metrics.called
        )
        self.router.routes[:] = _routes(house)
        self._known = templates(self.router.routes)


def create_app(settings: Settings, clock: Clock = system_clock, told: Told = to_stderr, *, accept_new_database: bool = False) -> App:
    """The whole server as an ASGI application. Nothing is touched before its lifespan starts; then StartErrors come through. `told`
    hears of what makes a start long. `accept_new_database`: begin with an empty one where the home's was lost."""

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        async with open_house(settings, clock, told, accept_new_database=accept_new_database) as house:
            app.furnish(house)
            yield

    app = App(lifespan=lifespan, exception_handlers={Exception: on_fault})
    app.proxies = Proxies(settings.trusted_proxies)
    app.bodies = Budget(settings.bodies_in_flight_bytes)
    app.router.redirect_slashes = False  # such a redirect would name whatever Host a stranger sent
    return app


@asynccontextmanager
async def open_house(
    settings: Settings, clock: Clock = system_clock, told: Told = to_stderr, *, accept_new_database: bool = False
) -> AsyncIterator[House]:
    """Everything that runs while the server runs. Raises StartError before anything was promised to anybody."""
    weights = Weights(settings.models_folder, settings.silent_model)
    files(weights)
    async with AsyncExitStack() as stack:
        opened = open_store(settings.home, alone=True, told=told, accept_new_database=accept_new_database)
        home, database, seal = stack.enter_context(opened)
        metrics = Metrics()
        pool = EnginePool(settings.workers, settings.judge_timeout_s, weights)
        dispatcher = LocalDispatcher(settings.workers)
        store = SqlSessionStore(database)
        blobs = LocalBlobs(home.blobs, alone=True)
        settings = await logos.with_kept(settings, blobs)
        service = SessionService(store, SqlAccountStore(database), blobs, dispatcher, clock, settings)
        house = House(
            settings,
            clock,
            metrics,
            database,
            SqlKeyStore(database, seal),
            blobs,
            service,
            FailOpen(MovingWindowLimiter(), metrics.limiter_failed),
            Links(seal.derive("links"), settings.link_seconds, clock),
            pool,
            dispatcher,
            Room((home.path, home.blobs), settings.disk_free_min_bytes),
        )
        await _run_jobs(stack, house, store)
        yield replace(house, demo=await _demo(stack, house))


@asynccontextmanager
async def open_keys(settings: Settings) -> AsyncIterator[KeyStore]:
    """The key store alone, for a command; works beside a running server. Raises StartError."""
    with open_store(settings.home) as (_home, database, seal):
        yield SqlKeyStore(database, seal)


class Desk(NamedTuple):
    """What a command on accounts needs."""

    accounts: AccountStore
    keys: KeyStore
    blobs: Blobs
    sessions: SessionStore


@asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncIterator[Desk]:
    """The accounts, for a command; works beside a running server. Raises StartError."""
    with open_store(settings.home) as (home, database, seal):
        yield Desk(SqlAccountStore(database), SqlKeyStore(database, seal), LocalBlobs(home.blobs), SqlSessionStore(database))


@asynccontextmanager
async def open_sessions(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[SessionService]:
    """The sessions of a home folder for a command that looks at them; works beside a running server and judges nothing. Raises
    StartError."""
    if not Home(settings.home.expanduser()).database.exists():
        raise HomeError(f"The home folder {settings.home} holds no sessions.", "Name the server's home folder with --home.")
    with open_store(settings.home) as (home, database, _seal):
        store, accounts = SqlSessionStore(database), SqlAccountStore(database)
        yield SessionService(store, accounts, LocalBlobs(home.blobs), LocalDispatcher(1), clock, settings)


async def _run_jobs(stack: AsyncExitStack, house: House, store: SqlSessionStore) -> None:
    """Warm the workers, take up what a previous run left, and expire what nobody finishes. Ends by finishing or returning work."""
    house.dispatcher.bind(lambda token, number: _judged(house, token, number), lambda token, number: _read(house, token, number))
    house.metrics.watch_queue(lambda: house.dispatcher.waiting)
    house.metrics.watch_disk(house.room.free)
    stack.push_async_callback(house.pool.stop)
    await house.pool.start()
    stack.push_async_callback(house.dispatcher.drain, house.settings.shutdown_grace_s)
    await resume(store, house.dispatcher)
    expiry = asyncio.create_task(expire_forever(house.service, store, house.dispatcher))
    stack.push_async_callback(_cancelled, expiry)


async def _demo(stack: AsyncExitStack, house: House) -> Demo | None:
    """The start page's sandbox account, where it is on."""
    if not demo_on(house.settings) or not await account_ready(house.keys, house.clock()):
        return None
    simulation = Simulation(house.settings, house.clock)
    stack.push_async_callback(simulation.stop)
    gate = Gate(secrets.token_urlsafe(DEMO_SECRET_BYTES), house.settings)
    return Demo(house.service, house.blobs, house.limiter, house.clock, house.settings, simulation, gate)


async def _judged(house: House, token: str, number: int) -> None:
    watched = _Watched(house)
    await judge(watched, watched, token, number)


async def _read(house: House, token: str, number: int) -> None:
    await read(_WatchedReading(house), house.pool, token, number)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class _Watched:
    """One judgement as the job sees it, service and engine in one, counted on the way."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sandbox = False

    async def evidence(self, token: str, number: int) -> Evidence:
        evidence = await self._house.service.evidence(token, number)
        self._sandbox = evidence.sandbox
        return evidence

    async def verify(self, evidence: Evidence) -> Verdict:
        return await self._house.pool.verify(evidence)

    async def conclude(self, token: str, number: int, verdict: Verdict) -> bool:
        effective = await self._house.service.conclude(token, number, verdict)
        if effective:
            self._house.metrics.judged(verdict, sandbox=self._sandbox)
            against = [cue.name for cue in verdict.cues if cue.decision in ("deny", "retry")]
            cpu_s = round(sum(verdict.seconds.values()), 3)
            log.info("judged", attempt=number, code=verdict.code, against=against, sandbox=self._sandbox, cpu_s=cpu_s)
        return effective


class _WatchedReading:
    """One reading as the job sees it, counted on the way. What was read is told to nobody here."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.pictures = house.service.pictures

    async def conclude_reading(self, token: str, number: int, card: Card | None) -> bool:
        effective = await self._house.service.conclude_reading(token, number, card)
        if effective and card is not None:
            self._house.metrics.read(card)
            cpu_s = round(sum(card.seconds.values()), 3)
            log.info("document_read", picture=number, kind=card.kind, problem=card.problem, warnings=card.warnings, cpu_s=cpu_s)
        return effective


def _routes(house: House) -> list[BaseRoute]:
    checks = {"store": house.database.ready, "workers": house.pool.ready}
    readiness = Readiness(checks | {"writes": house.database.writes, "media": keeps(house.blobs), "space": house.room.enough})
    instead = house.demo.gate.instead if house.demo else lambda request: OFF
    return [
        Route("/healthz", healthz),
        Route("/readyz", readiness.endpoint),
        Route("/metrics", house.metrics.endpoint),
        Route("/media/{token}", MediaEndpoint(house.links, house.keys, house.blobs)),
        *demo_routes(house.demo),
        *Pages(house.settings, observe=house.metrics.paged, instead=instead).routes(),
        Route("/brand/{name}", LogoEndpoint(house.blobs)),
        *Docs(observe=house.metrics.paged, on=house.settings.docs).routes(),
        *capture_routes(house.service, house.keys, house.clock, house.settings),
    ]
