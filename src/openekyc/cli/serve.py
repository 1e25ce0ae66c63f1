"""`openekyc serve`: start the server."""

from pathlib import Path

import click

from openekyc.cli.options import settings_of, settings_options


@click.command(epilog="Example: openekyc serve --home ./data --port 9000")
@settings_options
@click.option("--host", help="Address to listen on; :: is every address, IPv6 and IPv4 [default: 127.0.0.1].")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Port to listen on; 0 picks a free one [default: 8080].")
@click.option("--accept-new-database", is_flag=True, help="Begin with an empty database where the one of this home was lost.")
def serve(home: Path | None, config: Path | None, host: str | None, port: int | None, accept_new_database: bool) -> None:
    """Start the server; stop it with Ctrl-C or SIGTERM.

    Prints `ready http://HOST:PORT` on a line of its own when it accepts calls; where it listens
    on every address, HOST is this machine's own. Where the demo is on, its link is the second line:
    whoever has it may use the demo until the server stops. Logs go to stderr. The first start makes
    the account `local` and shows its key once, below these lines.
    """
    from openekyc.cli.server import run_server

    run_server(settings_of(home, config, host=host, port=port), accept_new_database=accept_new_database)
