from pathlib import Path
from typing import cast

from openekyc.app import App
from openekyc.cli.server import _Server
from openekyc.settings import Settings

LONGEST_IDLE_S = 60  # that clients and proxies keep a connection by their defaults


def test_an_idle_connection_is_closed_by_the_client_not_by_the_server(tmp_path: Path) -> None:
    server = _Server(cast(App, object()), Settings(home=tmp_path), "http://127.0.0.1:1")
    assert server.config.timeout_keep_alive > LONGEST_IDLE_S
