"""Keys by command: made before the first start, listed without secrets, disabled, issued for a while."""

import asyncio
import itertools
import json
import stat
import time
from pathlib import Path

import click
import pytest

from openekyc.cli import exits
from openekyc.cli.keys import find_key
from openekyc.cli.local import write_secret
from openekyc.cli.main import run
from openekyc.errors import HomeError
from openekyc.sessions.model import ApiKey, Session, SessionState, Terms
from openekyc.settings import Settings


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


def test_permanent_keys_never_expire_and_the_clock_is_read_once(call, monkeypatch: pytest.MonkeyPatch) -> None:
    call("create", "--account", "acme")
    call("issue", "--account", "acme", "--ttl", "60")
    ticks = itertools.count(time.time() + 30, 0.001)
    monkeypatch.setattr("openekyc.cli.keys.time.time", lambda: next(ticks))
    assert [row["State"] for row in json.loads(call("list", "--json")[1])] == ["active", "active"]
    ticks = itertools.count(time.time() + 3600, 0.001)
    assert [row["State"] for row in json.loads(call("list", "--json")[1])] == ["active", "expired"]


@pytest.mark.parametrize("columns", ["40", "80"])
def test_a_leaked_key_can_be_disabled_from_the_list_of_a_narrow_terminal(call, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = json.loads(call("create", "--account", "an-account-with-a-long-name", "--json")[1])["SecretId"]
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("openekyc.cli.output.sys.stdout.isatty", lambda: True)
    listed = call("list")[1]
    assert key in listed.split()
    assert "an-account-with-a-long-name" in listed.split()
    assert call("disable", next(word for word in listed.split() if word.startswith("AKID")))[0] == exits.DONE


def test_disable_takes_a_beginning_that_fits_one_key_only(call) -> None:
    first, second = (json.loads(call("create", "--account", "acme", "--json")[1])["SecretId"] for _ in range(2))
    code, _, err = call("disable", "AKID")
    assert (code, "at least 10" in err) == (exits.NO, True)
    assert call("disable", first[:10])[1].startswith(first)
    states = {row["SecretId"]: row["State"] for row in json.loads(call("list", "--json")[1])}
    assert states == {first: "disabled", second: "active"}


def test_a_beginning_of_several_keys_disables_none_and_names_them() -> None:
    keys = [ApiKey(f"AKIDabcdef{end}", "s", "acme", False, 0.0) for end in ("", "1", "2")]
    assert find_key(keys, "AKIDabcdef").secret_id == "AKIDabcdef"  # the whole of one
    with pytest.raises(click.ClickException) as refused:
        find_key(keys[1:], "AKIDabcdef")
    assert "AKIDabcdef1" in refused.value.message
    assert "AKIDabcdef2" in refused.value.message


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


def test_disabling_says_how_many_people_it_cuts_off(call, home: Path) -> None:
    key = json.loads(call("create", "--account", "acme", "--json")[1])["SecretId"]
    call("issue", "--account", "acme")
    asyncio.run(_issue(home, key, 3))
    other = json.loads(call("create", "--account", "acme", "--json")[1])["SecretId"]
    assert "0 people with an open token, and ends 0 temporary keys" in call("disable", other)[1]
    assert "go on" in call("disable", key, "--keep-tokens")[1]
    out = call("disable", key)[1]
    assert out.splitlines()[1] == "This cuts off 3 people with an open token, and ends 1 temporary key."
    assert json.loads(call("disable", key, "--json")[1]) == {
        "SecretId": key, "Account": "acme", "PeopleCutOff": 3, "TemporaryKeysEnded": 1,
    }  # fmt: skip


async def _issue(home: Path, secret_id: str, number: int) -> None:
    from openekyc.app import open_accounts

    async with open_accounts(Settings(home=home)) as desk:
        now = time.time()
        for token in range(number):
            session = Session(str(token), "acme", False, Terms("liveness"), SessionState.READY, now, now + 600, secret_id=secret_id)
            await desk.sessions.add(session)


def test_a_temporary_key_comes_from_the_newest_permanent_one(call) -> None:
    keys = [json.loads(call("create", "--account", "acme", "--json")[1])["SecretId"] for _ in range(2)]
    temporary = json.loads(call("issue", "--account", "acme", "--json")[1])["SecretId"]
    parents = {row["SecretId"]: row["Parent"] for row in json.loads(call("list", "--json")[1])}
    assert parents == {keys[0]: "", keys[1]: "", temporary: keys[1]}
