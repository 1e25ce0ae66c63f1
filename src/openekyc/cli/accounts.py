"""`openekyc accounts list|show|set`: what each account has of its own. Works before the first start and while the server runs."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from openekyc.accounts import CONSENT, OWN, Account, AccountAbsent, AccountSettingRefused, effective, own_values, revised
from openekyc.cli.options import json_option, settings_options
from openekyc.cli.output import plain, print_json, print_table
from openekyc.sessions.model import ApiKey
from openekyc.setting_sources import Resolved, meaning, resolve, shown

if TYPE_CHECKING:
    from openekyc.app import Desk

Answer = TypeVar("Answer")
TRIES = 8  # while others set the same account
TEXT_BYTES = 65_536
BEGINNING = 60


@click.group()
def accounts() -> None:
    """Accounts: the integrators of this server, and the settings that each has of its own.

    An account is made with its first key (`openekyc keys create`).
    """


@accounts.command("list", epilog="Example: openekyc accounts list --json")
@settings_options
@json_option
def list_accounts(home: Path | None, config: Path | None, as_json: bool) -> None:
    """List every account with the names of the settings it has of its own."""

    async def read(desk: "Desk") -> list[dict[str, Any]]:
        keys = await desk.keys.list()
        return [_row(account, [key for key in keys if key.account == account.name]) for account in await desk.accounts.list()]

    rows = _at_desk(_resolved(home, config), read)
    if as_json:
        print_json(rows)
    else:
        print_table(("account", "sandbox", "keys", "made", "settings of its own"), [_cells(row) for row in rows], ("settings of its own",))


@accounts.command(short_help="Show what holds for an account, and why.", epilog="Example: openekyc accounts show acme")
@settings_options
@click.argument("name")
@json_option
def show(home: Path | None, config: Path | None, name: str, as_json: bool) -> None:
    """Show what holds for account NAME: each setting's value, and whether it is the account's own or comes from the server's default,
    file or environment. (A running server knows the options and environment it was started with.)
    """
    found = _resolved(home, config)
    _print(found, _at_desk(found, lambda desk: _account(desk, name)), as_json)


@accounts.command(
    "set",
    short_help="Set or reset settings of an account.",
    epilog="Example: openekyc accounts set acme brand_name='Acme Ltd.' brand_logo=acme.png brand_consent.en=@consent.txt",
)
@settings_options
@click.argument("name")
@click.argument("values", nargs=-1, required=True, metavar="KEY=VALUE...")
@json_option
def set_values(home: Path | None, config: Path | None, name: str, values: tuple[str, ...], as_json: bool) -> None:
    """Set settings of account NAME; a running server follows within two seconds.

    `KEY=` goes back to the server's setting. brand_logo takes a file, which is copied. A consent text is set for one language as
    brand_consent.en=TEXT, or brand_consent.en=@FILE. `openekyc accounts show NAME` lists every KEY.
    """
    wanted = dict(_pair(value) for value in values)
    found = _resolved(home, config)
    _print(found, _at_desk(found, lambda desk: _set(desk, name, wanted)), as_json, {key.partition(".")[0] for key in wanted})


async def _set(desk: "Desk", name: str, wanted: dict[str, str]) -> Account:
    account = await _account(desk, name)
    revised(account.settings, wanted | ({"brand_logo": ""} if "brand_logo" in wanted else {}))  # refuse before anything is kept
    wanted = await _with_kept_logo(desk, wanted)
    for _ in range(TRIES):
        account = await _account(desk, name)
        changed = Account(name, revised(account.settings, wanted), account.created_at, account.version)
        if changed.settings == account.settings or await desk.accounts.save(changed):
            return changed
    raise AccountSettingRefused(f"Others are changing the account `{name}` at this moment.", "Try again.")


async def _with_kept_logo(desk: "Desk", wanted: dict[str, str]) -> dict[str, str]:
    """With the name under which the logo is kept, in place of its file."""
    if not wanted.get("brand_logo"):
        return wanted
    from openekyc import logos

    return wanted | {"brand_logo": await logos.kept(Path(wanted["brand_logo"]), desk.blobs)}


async def _account(desk: "Desk", name: str) -> Account:
    account = await desk.accounts.find(name)
    if account is None:
        raise AccountAbsent(name, [one.name for one in await desk.accounts.list()])
    return account


def _pair(value: str) -> tuple[str, str]:
    key, equals, text = value.partition("=")
    if not key or not equals:
        raise click.UsageError(f"`{value}` is not KEY=VALUE. `KEY=` goes back to the server's setting.")
    if key.startswith(f"{CONSENT}.") and text.startswith("@"):
        text = _text_of(Path(text[1:]))
    return key, text


def _text_of(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            text = file.read(TEXT_BYTES).decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        raise AccountSettingRefused(f"The file {path} is not UTF-8 text of at most {TEXT_BYTES} bytes.", "Save it as UTF-8.") from None
    except OSError as error:
        raise AccountSettingRefused(f"The file {path} cannot be read: {error.strerror}.", "Name a text file after the @.") from None
    if not text:
        raise AccountSettingRefused(f"The file {path} is empty.", "Write the text into it.")
    return text


def _print(found: Resolved, account: Account, as_json: bool, named: Collection[str] = OWN) -> None:
    """`named`: the settings a person is shown. JSON has all."""
    own, holds = own_values(account.settings), effective(found.settings, account.settings)
    rows = [(name, getattr(holds, name), "account" if name in own else found.sources[name]) for name in OWN]
    if as_json:
        told = {name: {"value": value, "source": source, "meaning": meaning(name)} for name, value, source in rows}
        print_json({"Account": account.name, "Created": account.created_at, "Settings": told})
    else:
        click.echo(f"Account {plain(account.name)}, made {_moment(account.created_at)}")
        cells = [cell for name, value, source in rows if name in named for cell in _lines(name, value, source)]
        print_table(("setting", "value", "source"), cells, ("value",))


def _lines(name: str, value: Any, source: str) -> list[tuple[str, str, str]]:
    """One line, or one for each language of the consent with its beginning (`--json` prints all of it)."""
    if name == "brand_logo" and source == "account":
        return [(name, f"{value[:8]}….{value.rpartition('.')[2]}", source)]  # named by its SHA-256
    if not isinstance(value, dict) or not value:
        return [(name, shown(value), source)]
    return [(f"{name}.{key}", text[:BEGINNING] + ("…" if len(text) > BEGINNING else ""), source) for key, text in value.items()]


def _row(account: Account, keys: list[ApiKey]) -> dict[str, Any]:
    return {
        "Account": account.name,
        "Sandbox": any(key.sandbox for key in keys),
        "Keys": sum(not key.disabled and key.session_token is None for key in keys),
        "Created": account.created_at,
        "Settings": own_values(account.settings),
    }


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    sandbox = "yes" if row["Sandbox"] else "no"
    return row["Account"], sandbox, row["Keys"], _moment(row["Created"]), ", ".join(row["Settings"]) or "(none)"


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _resolved(home: Path | None, config: Path | None) -> Resolved:
    return resolve(config, options={"home": home and home.absolute()})


def _at_desk(found: Resolved, use: Callable[["Desk"], Awaitable[Answer]]) -> Answer:
    from openekyc.app import open_accounts

    async def run() -> Answer:
        async with open_accounts(found.settings) as desk:
            return await use(desk)

    return asyncio.run(run())
