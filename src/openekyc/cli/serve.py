"""`openekyc serve`: the server in this process, its engine workers in processes of their own.

Uvicorn serves; the app's lifespan is entered here rather than by uvicorn, so that a fault at start ends in its cause, remedy and
exit code, and so that the `ready` line is printed only when the socket accepts.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import uvicorn

from openekyc.app import App, create_app
from openekyc.cli.local import first_key, welcome
from openekyc.cli.options import settings_of, settings_options
from openekyc.errors import StartError
from openekyc.operations.logs import configure_logs
from openekyc.sessions.model import ApiKey
from openekyc.settings import Settings


@click.command(epilog="Example: openekyc serve --home ./data --port 9000")
@settings_options
@click.option("--host", help="Address to listen on [default: 127.0.0.1].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 picks a free one [default: 8080].")
def serve(home: Path | None, config: Path | None, host: str | None, port: int | None) -> None:
    """Start the server; stop it with Ctrl-C or SIGTERM.

    Prints `ready http://HOST:PORT` on a line of its own when it accepts calls. Logs go to stderr. On the first start it makes the
    account `local` and shows its key once.
    """
    settings = settings_of(home, config, host=host, port=port)
    configure_logs(settings.log_level, as_json=settings.log_json)
    with bound(settings.host, settings.port) as sock, asyncio.Runner(loop_factory=_loop_factory()) as runner:
        # A signal before the server accepts cancels the start; nothing was promised to anybody yet.
        with contextlib.suppress(asyncio.CancelledError):
            runner.run(_serve(settings, sock))


async def _serve(settings: Settings, sock: socket.socket) -> None:
    app = create_app(settings)
    server = _Server(app, settings, address(settings.host, sock.getsockname()[1]))
    with _signals(server, asyncio.current_task()):
        async with app.lifespan():
            server.fresh_key = await first_key(app.house.keys, settings.home, app.house.clock())
            await server.serve([sock])


class _Server(uvicorn.Server):
    """Uvicorn that says `ready` itself and leaves signals to `_signals`: its own handling would end the process before the app's
    lifespan has finished or returned the work."""

    def __init__(self, app: App, settings: Settings, url: str) -> None:
        grace = max(1, round(settings.shutdown_grace_s))
        super().__init__(
            # No access log: its lines would hold the tokens of media links.
            uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=grace)
        )
        self.url = url
        self.home = settings.home
        self.fresh_key: ApiKey | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        click.echo(welcome(self.url, self.home, self.fresh_key))
        click.echo(f"ready {self.url}")

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


@contextlib.contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket that does not listen yet. Raises StartError with a remedy if the address cannot be had."""
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(target)
    except OSError as error:
        remedy = "Stop what uses it, or choose another with --port (0 picks a free one) or --host."
        raise StartError(f"Cannot listen on {host} port {port}: {error.strerror or error}.", remedy) from None
    with sock:
        yield sock


def address(host: str, port: int) -> str:
    """The address as a URL."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
