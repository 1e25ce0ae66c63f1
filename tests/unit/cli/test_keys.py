"""Keys by command: made before the first start, listed without secrets, disabled, issued for a while."""

import json
import stat
from pathlib import Path

import pytest

from openekyc.cli import exits
from openekyc.cli.local import write_secret
from openekyc.cli.main import run
from openekyc.errors import HomeError


@pytest.fixture
def call(home: Path, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["keys", arguments[0], "--home", str(home), *arguments[1:]])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_create_prints_the_pair(call, home: Path) -> None:
    code, out, _ = call("create", "--account", "acme", "--json")
    answer = json.loads(out)
    assert code == exits.DONE
    assert answer["SecretId"].startswith("AKID")
    assert len(answer["SecretKey"]) == 32
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_list_never_shows_a_secret(call) -> None:
    secret = json.loads(call("create", "--account", "acme", "--json")[1])["SecretKey"]
    assert secret not in call("list")[1]
    assert secret not in call("list", "--json")[1]


def test_disable(call) -> None:
    key = json.loads(call("create", "--account", "acme", "--json")[1])["SecretId"]
    assert call("disable", key)[0] == exits.DONE
    assert json.loads(call("list", "--json")[1])[0]["State"] == "disabled"
    code, _, err = call("disable", "AKIDunknown")
    assert code == exits.NO
    assert "keys list" in err


def test_issue_needs_an_account_and_inherits_its_kind(call) -> None:
    assert call("issue", "--account", "demo", "--json")[0] == exits.REFUSED
    call("create", "--account", "demo", "--sandbox")
    answer = json.loads(call("issue", "--account", "demo", "--ttl", "60", "--json")[1])
    assert answer["Token"]
    assert answer["Sandbox"] is True


def test_an_account_is_ordinary_or_a_sandbox_never_both(call) -> None:
    call("create", "--account", "acme")
    code, _, err = call("create", "--account", "acme", "--sandbox")
    assert code == exits.REFUSED
    assert "ordinary account" in err


def test_a_secret_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "local.key"
    write_secret(path, b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(HomeError):
        write_secret(path, b"y")
    assert path.read_bytes() == b"x"
