"""What an account may have of its own: some of the server's settings, under the same names and the same bounds. Pure.

When a change takes effect on a session that exists already depends on what was decided by then:

- `liveness_retry_limit` was told to the integrator with the token: it is the session's from its issue on (kept in its terms).
- `refuse_expired` is the session's from the issue of its token on, likewise.
- `drawn_gestures`, `capture_no_light`, `capture_other_gesture` and `capture_session_s` are decided when an attempt begins, and kept
  with the attempt.
- `attempts_per_...` and `velocity_...` are followed whenever a token is issued or an attempt begins.
- `pass_similarity` is what counts when an attempt is judged; the evidence record names it.
- `rate_per_second`, `paid_tiers`, `capture_handoff` and the brand are followed at every call. What a person agreed to is kept as it
  stood on the screen.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, cast, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict, fields, replace

from openekyc import setting_sources as server
from openekyc.branding import LOGO, Spoken
from openekyc.errors import OpenEkycError, SettingsError
from openekyc.settings import Settings

OWN = (
    "rate_per_second",
    "liveness_retry_limit",
    "paid_tiers",
    "refuse_expired",
    "drawn_gestures",
    "capture_no_light",
    "capture_other_gesture",
    "capture_handoff",
    "capture_session_s",
    "pass_similarity",
    "attempts_per_token",
    "attempts_per_extra",
    "attempts_per_address",
    "attempts_per_hour",
    "velocity_tokens",
    "velocity_failures",
    "velocity_addresses",
    "velocity_devices",
    "brand_name",
    "brand_logo",
    "brand_color",
    "brand_purpose",
    "brand_kept",
    "brand_privacy_url",
    "brand_terms_url",
    "brand_support",
    "brand_consent",
)
"""Which settings these are."""

CONSENT = "brand_consent"
NAME_MOST = 64


class AccountAbsent(OpenEkycError):
    """There is no such account."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no account `{name}`.")
        self.remedy = f"{_near(name, known)}`openekyc accounts list` shows them; the first key of an account makes it."


class AccountSettingRefused(OpenEkycError):
    """This cannot be set for an account."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class AccountSettings(msgspec.Struct, frozen=True):
    """The settings an account has of its own; UNSET where the server's holds. The fields are made below, from the server's."""


def _own_type(field: msgspec.structs.FieldInfo) -> Any:
    """The server's type; of a logo, the name under which it is kept."""
    return Annotated[str, Meta(pattern=LOGO)] if field.name == "brand_logo" else field.type


STORED = cast(
    type[AccountSettings],
    msgspec.defstruct(
        "StoredAccountSettings",
        [(field.name, _own_type(field) | UnsetType, UNSET) for field in fields(Settings) if field.name in OWN],
        bases=(AccountSettings,),
        frozen=True,
        omit_defaults=True,
    ),
)
"""With its fields, as it is stored."""

NOTHING_OWN = STORED()


class Account(msgspec.Struct, frozen=True):
    """An integrator on this server. `version` counts writes and guards against lost updates."""

    name: str
    settings: AccountSettings = NOTHING_OWN
    created_at: float = 0.0
    version: int = 0


def own_values(own: AccountSettings) -> dict[str, Any]:
    """What is set, by the setting's name."""
    return {name: value for name, value in asdict(own).items() if value is not UNSET}


def effective(settings: Settings, own: AccountSettings) -> Settings:
    """What holds for the account: its own settings, and the server's where it has none. Every decision about a session is made by these."""
    return settings if own == NOTHING_OWN else replace(settings, **own_values(own))


def revised(own: AccountSettings, wanted: Mapping[str, str]) -> AccountSettings:
    """With the values a person typed: `name` or `brand_consent.LANGUAGE`; an empty one goes back to the server's. Logos are given by the
    name under which they are kept. Raises AccountSettingRefused."""
    values = own_values(own)
    for key, text in wanted.items():
        name, dot, language = key.partition(".")
        if name not in OWN or (dot and name != CONSENT):
            raise _unknown(key)
        if name == CONSENT and not dot and text and not text.startswith("{"):
            raise AccountSettingRefused(f"`{CONSENT}` holds texts by language.", f"Write `{CONSENT}.en=TEXT`; `{CONSENT}=` drops all.")
        value = _consents(values.get(CONSENT, {}), language, text) if dot else _checked(name, text)
        values.pop(name, None)
        if value not in ("", {}):
            values[name] = value
    return msgspec.convert(values, STORED)


def _consents(before: Mapping[str, str], language: str, text: str) -> dict[str, str]:
    if language not in get_args(Spoken):
        near = _near(language, get_args(Spoken))
        raise AccountSettingRefused(f"The page does not speak `{language}`.", f"{near}It speaks {', '.join(get_args(Spoken))}.")
    kept = {spoken: words for spoken, words in before.items() if spoken != language}
    return kept | _checked(CONSENT, {language: text}) if text else kept


def _checked(name: str, given: str | dict[str, str]) -> Any:
    if not given or name == "brand_logo":
        return given
    try:
        return server.checked(name, given)
    except SettingsError as error:
        raise AccountSettingRefused(error.message, error.remedy) from None


def _unknown(key: str) -> AccountSettingRefused:
    if key in Settings.__struct_fields__:
        return AccountSettingRefused(f"`{key}` is a setting of the whole server.", f"Set it in {server.FILE_NAME}. {_every()}")
    return AccountSettingRefused(f"There is no setting `{key}` of accounts.", f"{_near(key, OWN)}{_every()}")


def _every() -> str:
    return f"Accounts have: {', '.join(OWN)}; {CONSENT}.LANGUAGE for one language."


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Did you mean `{near[0]}`? " if near else ""


def check_name(name: str) -> None:
    """Whether a new account may be called so: letters and digits of any script, and ._@+- after the first. Raises
    AccountSettingRefused. Accounts of earlier versions keep whatever name they have."""
    if not (name[:1].isalnum() and len(name) <= NAME_MOST and all(sign.isalnum() or sign in "._@+-" for sign in name)):
        raise AccountSettingRefused(
            f"An account cannot be called `{name[:NAME_MOST]}`.",
            f"Use 1 to {NAME_MOST} letters and digits, and . _ @ + - after the first, such as `acme` or `shop.example`.",
        )
