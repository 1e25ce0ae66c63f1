"""The server process: uvicorn serves the app until a signal says otherwise.

The app's lifespan is entered here rather than by uvicorn, so that a fault at start ends in its cause, remedy and exit code, and so
that the `ready` line is printed only when the socket accepts.
"""

import asyncio
import contextlib
import functools
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import click
import structlog
import uvicorn

from openekyc.app import App, create_app
from openekyc.cli.listening import address, bound
from openekyc.cli.local import FILE_NAME, first_key, welcome
from openekyc.operations.doors import Doors, most_connections
from openekyc.operations.logs import configure_logs
from openekyc.operations.proxies import Proxies
from openekyc.sessions.model import ApiKey
from openekyc.settings import Settings

# Longer than the clients and proxies in front keep an idle connection (60 s at most by default): whoever closes first must not be the
# server, or a call that is just then on its way ends in "connection aborted", which SDKs do not repeat.
KEEP_ALIVE_S = 75
LOOK_EVERY = 10  # of uvicorn's ticks, which are a tenth of a second apart
COLLECT_AFTER = 10_000  # new objects; the interpreter's own 700 are a few calls


def run_server(settings: Settings, *, accept_new_database: bool = False) -> None:
    """Serve until SIGINT or SIGTERM. Raises StartError."""
    configure_logs(settings.log_level, as_json=settings.log_json)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # it has a line for every stranger who speaks no HTTP; the doors count them
    # A signal before the server accepts cancels the start; nothing was promised to anybody yet.
    cancelled = contextlib.suppress(asyncio.CancelledError)
    with bound(settings.host, settings.port) as sock, asyncio.Runner(loop_factory=_loop_factory()) as runner, cancelled:
        runner.run(_serve(settings, sock, accept_new_database=accept_new_database))


async def _serve(settings: Settings, sock: socket.socket, *, accept_new_database: bool) -> None:
    app = create_app(settings, accept_new_database=accept_new_database)
    server = _Server(app, settings, address(settings.host, sock.getsockname()[1]))
    with _signals(server, asyncio.current_task()):
        async with app.lifespan():
            server.fresh_key = await first_key(app.house.keys, settings.home, app.house.clock(), begin_anew=accept_new_database)
            server.doors.observe = app.house.metrics.refused
            server.entrance = app.house.demo.gate.entrance if app.house.demo else ""
            _spare_collector()
            await server.serve([sock])


def _spare_collector() -> None:
    """What was made at the start stays; looking through all of it again and again would be charged to the calls."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


class _Server(uvicorn.Server):
    """Uvicorn that says `ready` itself and leaves signals to `_signals`: its own handling would end the process before the app's
    lifespan has finished or returned the work."""

    def __init__(self, app: App, settings: Settings, url: str) -> None:
        grace = max(1, round(settings.shutdown_grace_s))
        self.doors = Doors(settings.connections_per_address, most_connections(), Proxies(settings.trusted_proxies))
        self._looked: float | None = None
        super().__init__(
            # No access log: its lines would hold the tokens of media links. No WebSocket: there is none, whatever libraries are about.
            uvicorn.Config(
                app,
                http=_protocol(self.doors),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # the app believes those of `trusted_proxies`, uvicorn those of everybody on this machine
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=grace,
            )
        )
        self.url = url
        self.home = settings.home
        self.fresh_key: ApiKey | None = None
        self.entrance = ""  # of the demo

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        structlog.get_logger().info("listening", url=self.url, home=str(self.home), key_of_local=str(self.home / FILE_NAME))
        link = f"{self.url}{self.entrance}" if self.entrance else ""
        click.echo("\n".join(filter(None, (f"ready {self.url}", link))))
        if self.fresh_key:
            click.echo(welcome(self.url, self.home, self.fresh_key, link))

    async def on_tick(self, counter: int) -> bool:
        if counter % LOOK_EVERY == 0:
            now = asyncio.get_running_loop().time()
            since_s, self._looked = now - (self._looked or now), now
            for connection in list(self.server_state.connections):
                look = getattr(connection, "look", None)
                if look:
                    look(now, since_s)
            self.doors.tell(now)
        return await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _signals(server: _Server, starting: asyncio.Task[None] | None) -> Iterator[None]:
    """The first SIGINT or SIGTERM stops gently, the second at once."""

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        if not server.started and starting:
            starting.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _protocol(doors: Doors) -> Any:
    try:
        from openekyc.operations.protocol import BoundedProtocol
    except ImportError:
        return "auto"
    return functools.partial(BoundedProtocol, doors=doors)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
