"""Making API credentials: permanent keys of an account and temporary ones with a session token.

A key is shaped as the vendor's: SecretId is `AKID` and 32 letters or digits, SecretKey 32 letters or digits (190 random bits).
An account is either ordinary or a sandbox; its keys cannot mix the two.
"""

import secrets
import string
from collections.abc import Sequence

from msgspec.structs import replace

from openekyc.accounts import check_name
from openekyc.errors import OpenEkycError
from openekyc.sessions.model import ApiKey

ALPHABET = string.ascii_letters + string.digits
MAX_TTL_S = 129_600  # the vendor's own limit for temporary keys: 36 hours


class AccountUnknown(OpenEkycError):
    """The account has no usable key."""


class AccountMixed(OpenEkycError):
    """An account is either ordinary or a sandbox."""

    def __init__(self, account: str, *, sandbox: bool) -> None:
        super().__init__(f"The account `{account}` is {'a sandbox' if sandbox else 'an ordinary'} account.")
        self.remedy = f"{'Add --sandbox' if sandbox else 'Leave out --sandbox'}, or name another account."


def permanent_key(account: str, existing: Sequence[ApiKey], now: float, *, sandbox: bool) -> ApiKey:
    """A new key for `account`; `existing` are all keys of the store. Raises AccountMixed, or AccountSettingRefused for a new account whose
    name is not allowed."""
    if not any(key.account == account for key in existing):
        check_name(account)
    if any(key.account == account and key.sandbox != sandbox for key in existing):
        raise AccountMixed(account, sandbox=not sandbox)
    return ApiKey(f"AKID{_random(32)}", _random(32), account, sandbox, now)


def temporary_key(account: str, existing: Sequence[ApiKey], now: float, ttl_s: int) -> ApiKey:
    """A key that works for `ttl_s` seconds, only together with its session token, and only while the permanent key stands that it comes
    from: the newest of `existing`, which are ordered by age. Raises AccountUnknown."""
    for key in reversed(existing):
        if key.account == account and not key.disabled and key.session_token is None:
            made = ApiKey(f"AKID{_random(32)}", _random(32), account, key.sandbox, now, False, _random(96), now + ttl_s)
            return replace(made, parent=key.secret_id)
    raise AccountUnknown(f"The account `{account}` has no usable permanent key.")


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
