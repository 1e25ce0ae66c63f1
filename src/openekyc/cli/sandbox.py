"""A sandbox session of one's own, for a first try without an SDK: the account `demo` asks this home's server for a token."""

import asyncio
import time

from openekyc.credentials import AccountMixed, permanent_key
from openekyc.errors import OpenEkycError
from openekyc.sessions.model import ApiKey
from openekyc.sessions.ports import KeyStore
from openekyc.settings import Settings

ACCOUNT = "demo"


class NoSession(OpenEkycError):
    """No sandbox session can be opened."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def sandbox_token(settings: Settings, server: str, level: int = 4) -> str:
    """The SdkToken of a new session of the sandbox account `demo`. Raises NoSession, CallRefused, StartError."""
    from openekyc.simulator.integrator import CallRefused, Integrator

    key = asyncio.run(_key(settings))
    with Integrator(server, key.secret_id, key.secret_key) as integrator:
        try:
            return str(integrator.call("ApplyLivenessToken", SecureLevel=str(level))["SdkToken"])
        except CallRefused as refused:
            if not refused.code.startswith("AuthFailure.SecretId"):
                raise
            remedy = "Give the server's own home with --home, or a session's token with --token."
            raise NoSession(f"The server at {server} does not know the keys of {settings.home}.", remedy) from None


async def _key(settings: Settings) -> ApiKey:
    from openekyc.app import open_keys

    async with open_keys(settings) as store:
        return await usable_key(store, time.time())


async def usable_key(store: KeyStore, now: float) -> ApiKey:
    """A key of the sandbox account `demo`, made if there is none. Raises NoSession."""
    existing = await store.list()
    for key in existing:
        if key.account == ACCOUNT and key.sandbox and not key.disabled and key.session_token is None:
            return key
    try:
        made = permanent_key(ACCOUNT, existing, now, sandbox=True)
    except AccountMixed:
        raise NoSession(
            f"The account `{ACCOUNT}` is an ordinary one, so no sandbox session can be opened with it.",
            "Give a token of another sandbox account with --token: `openekyc keys create --sandbox --account NAME` makes one.",
        ) from None
    await store.add(made)
    return made
