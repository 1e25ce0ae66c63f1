from pathlib import Path
from typing import cast

import pytest

from openekyc.app import App
from openekyc.cli.server import _Server
from openekyc.settings import Settings

LONGEST_IDLE_S = 60  # that clients and proxies keep a connection by their defaults


@pytest.mark.parametrize("grace", [0.2, 20.0])
def test_an_idle_connection_is_closed_by_the_client_not_by_the_server(tmp_path: Path, grace: float) -> None:
    app = cast(App, object())
    config = _Server(app, Settings(home=tmp_path, shutdown_grace_s=grace), "http://127.0.0.1:1").config
    assert config.timeout_keep_alive > LONGEST_IDLE_S
    assert config.timeout_graceful_shutdown == max(1, grace)
