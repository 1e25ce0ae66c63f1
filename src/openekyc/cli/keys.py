"""`openekyc keys create|list|disable|issue`: API credentials. Works before the first start and while the server runs."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from openekyc.cli.local import key_object
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import plain, print_json, print_table
from openekyc.credentials import MAX_TTL_S, permanent_key, temporary_key
from openekyc.sessions.model import ApiKey
from openekyc.sessions.ports import KeyStore

COLUMNS = ("SecretId", "account", "state", "made")
SHORTEST_PREFIX = len("AKID") + 6  # 36 bits: two keys of one home hardly ever share them

Answer = TypeVar("Answer")
account_option = click.option("--account", required=True, metavar="NAME", help="The account's name.")


@click.group(epilog="Example: openekyc keys create --account acme")
def keys() -> None:
    """API keys: SecretId and SecretKey, as the SDKs take them."""


@keys.command(epilog="Example: openekyc keys create --account acme --json")
@settings_options
@account_option
@click.option("--sandbox", is_flag=True, help="A sandbox account: the simulator may answer its sessions, and every result says so.")
@json_option
def create(home: Path | None, config: Path | None, account: str, sandbox: bool, as_json: bool) -> None:
    """Make a permanent key. Its secret is shown only now: keep it."""

    async def make(store: KeyStore) -> ApiKey:
        key = permanent_key(account, await store.list(), time.time(), sandbox=sandbox)
        await store.add(key)
        return key

    _show(_with_store(home, config, make), as_json)


@keys.command(short_help="Make a temporary key of an account.", epilog="Example: openekyc keys issue --account acme --ttl 3600")
@settings_options
@account_option
@click.option(
    "--ttl",
    type=click.IntRange(1, MAX_TTL_S),
    default=7200,
    show_default=True,
    metavar="SECONDS",
    help=f"How long the key works, {MAX_TTL_S} at most.",
)
@json_option
def issue(home: Path | None, config: Path | None, account: str, ttl: int, as_json: bool) -> None:
    """Make a temporary key with its session token for an account that has a key. It comes from the account's newest permanent key and
    ends with it.
    """

    async def make(store: KeyStore) -> ApiKey:
        key = temporary_key(account, await store.list(), time.time(), ttl)
        await store.add(key)
        return key

    _show(_with_store(home, config, make), as_json)


@keys.command("list", epilog="Example: openekyc keys list")
@settings_options
@json_option
def list_keys(home: Path | None, config: Path | None, as_json: bool) -> None:
    """List every key without its secret."""

    async def read(store: KeyStore) -> list[ApiKey]:
        return list(await store.list())

    now = time.time()
    found = [_row(key, now) for key in _with_store(home, config, read)]
    if as_json:
        print_json(found)
    else:
        print_table(COLUMNS, map(_cells, found))


@keys.command(epilog="Example: openekyc keys disable AKIDx1y2z3")
@settings_options
@click.argument("secret_id")
@click.option("--keep-tokens", is_flag=True, help="For rotation: tokens, links and temporary keys that came from it go on.")
@json_option
def disable(home: Path | None, config: Path | None, secret_id: str, keep_tokens: bool, as_json: bool) -> None:
    """Refuse every further call signed with this key. A running server follows within two seconds.

    What came from the key ends with it: tokens that people have not finished, links to recordings,
    temporary keys. The answer says how many people that cuts off; --keep-tokens lets all of it go on.

    SECRET_ID is the whole SecretId or its beginning: AKID and at least six more characters that no other key shares.
    """
    from openekyc.app import open_accounts

    async def switch_off() -> tuple[ApiKey, int, int]:
        async with open_accounts(settings_of(home, config)) as desk:
            known, now = await desk.keys.list(), time.time()
            key = find_key(known, secret_id)
            temporary = temporary_of(key, known, now)
            await desk.keys.disable(key.secret_id, at=now, keep_tokens=keep_tokens)
            people = await desk.sessions.unfinished(key.account, [key.secret_id, *temporary], now)
            kept = next(one for one in await desk.keys.list() if one.secret_id == key.secret_id).keeps_tokens
            return key, 0 if kept else people, 0 if kept else len(temporary)

    key, people, temporary = asyncio.run(switch_off())
    if as_json:
        print_json({"SecretId": key.secret_id, "Account": key.account, "PeopleCutOff": people, "TemporaryKeysEnded": temporary})
        return
    click.echo(f"{key.secret_id} is disabled (account {plain(key.account)}).")
    if keep_tokens:
        click.echo("Tokens, links and temporary keys that came from it go on.")
    else:
        click.echo(
            f"This cuts off {counted(people, 'person', 'people')} with an open token, and ends {counted(temporary, 'temporary key')}."
        )


def counted(number: int, one: str, several: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def temporary_of(key: ApiKey, known: Sequence[ApiKey], now: float) -> list[str]:
    """SecretIds of the temporary keys that still work and came from this key, or from one that is not known."""
    if key.session_token is not None:
        return []
    own = (one for one in known if one.account == key.account and one.session_token is not None and one.parent in ("", key.secret_id))
    return [one.secret_id for one in own if not one.disabled and (one.expires_at is None or one.expires_at > now)]


def find_key(known: Sequence[ApiKey], wanted: str) -> ApiKey:
    """The key of that SecretId, or the only one that begins so. Raises click.ClickException."""
    begun = [key for key in known if key.secret_id.startswith(wanted)]
    exact = [key for key in begun if key.secret_id == wanted]
    if exact or (len(begun) == 1 and len(wanted) >= SHORTEST_PREFIX):
        return (exact or begun)[0]
    if len(wanted) < SHORTEST_PREFIX:
        raise click.ClickException(f"{wanted!r} is too short: give at least {SHORTEST_PREFIX} characters of the SecretId.")
    if not begun:
        raise click.ClickException(f"There is no key {plain(wanted)}. `openekyc keys list` shows them.")
    listed = ", ".join(f"{key.secret_id} (account {plain(key.account)})" for key in begun)
    raise click.ClickException(f"{len(begun)} keys begin with {wanted}; none was disabled. Give more of it: {listed}.")


def _with_store(home: Path | None, config: Path | None, use: Callable[[KeyStore], Awaitable[Answer]]) -> Answer:
    from openekyc.app import open_keys

    async def run() -> Answer:
        async with open_keys(settings_of(home, config)) as store:
            return await use(store)

    return asyncio.run(run())


def _show(key: ApiKey, as_json: bool) -> None:
    if as_json:
        print_json(key_object(key))
    else:
        for name, value in key_object(key).items():
            click.echo(f"{name:<12}{plain(value)}")


def _row(key: ApiKey, now: float) -> dict[str, object]:
    expired = key.expires_at is not None and key.expires_at <= now
    state = "disabled" if key.disabled else "expired" if expired else "active"
    expires = "never" if key.expires_at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(key.expires_at))
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(key.created_at))
    return {
        "SecretId": key.secret_id,
        "Account": key.account,
        "Sandbox": key.sandbox,
        "State": state,
        "Expires": expires,
        "Created": made,
        "Parent": key.parent,
    }


def _cells(row: dict[str, object]) -> tuple[object, ...]:
    account = f"{row['Account']} (sandbox)" if row["Sandbox"] else row["Account"]
    state = f"active until {row['Expires']}" if row["State"] == "active" and row["Expires"] != "never" else row["State"]
    return row["SecretId"], account, state, str(row["Created"])[:10]
