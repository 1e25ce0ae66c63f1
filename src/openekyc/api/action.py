"""What an API action is: its declared parameters and errors, and `run`, which turns params and a context into a result."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

import msgspec

from openekyc.api.media import Links
from openekyc.codes_help import Help
from openekyc.errors import ApiError
from openekyc.sessions.model import ApiKey, Media
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.wire.call import Language
from openekyc.wire.codes import WireError
from openekyc.wire.parameters import BadParameterValue, Description

P = TypeVar("P", bound=msgspec.Struct)
R = TypeVar("R", bound=msgspec.Struct)
MAINLAND_HOST = "faceid.tencentcloudapi.com"


class Context(msgspec.Struct, frozen=True):
    """What an action may use: who calls, in which language, reached under which address, and the services."""

    key: ApiKey
    language: Language
    base_url: str  # scheme and host, without a slash at the end
    sessions: SessionService
    links: Links
    settings: Settings  # the account's

    def link(self, media: Media) -> str:
        """A fresh address that serves `media` for `settings.link_seconds`."""
        return f"{self.base_url}/media/{self.links.sign(media, self.key.secret_id)}"


class Findings(msgspec.Struct, frozen=True):
    """What a result may say about a verification, beside its own fields: codes, tags and warnings, each with its help."""

    results: Mapping[str, Help] = {}
    tags: Mapping[str, Help] = {}
    warnings: Mapping[int, Help] = {}


class Action(Generic[P]):
    """One action. `result` declares what `run` answers, `findings` which codes stand in it, `windows` names the settings that bound its
    token's time. `errors` are the codes its page lists beyond the common ones; `host_regions` narrows the regions under a host name;
    `large_result` results are encoded off the event loop; `per_second` None = the account's rate."""

    def __init__(
        self,
        name: str,
        params: type[P],
        run: Callable[[P, Context], Awaitable[R]],
        *,
        summary: str,
        result: type[R],
        errors: tuple[type[ApiError], ...],
        bad_value: type[WireError] = BadParameterValue,
        host_regions: Mapping[str, frozenset[str]] | None = None,
        per_second: int | None = None,
        large_result: bool = False,
        windows: tuple[str, ...] = (),
        findings: Findings | None = None,
    ) -> None:
        self.name, self.run, self.summary, self.errors = name, run, summary, errors
        self.description = Description(params, bad_value)
        self.host_regions = host_regions or {}
        self.per_second = per_second
        self.large_result = large_result
        self.result: type[msgspec.Struct] = result
        self.windows, self.findings = windows, findings or Findings()
