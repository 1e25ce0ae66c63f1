"""What goes between the start page and the demo: JSON bodies as frozen values, with their bounds."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from openekyc.demo.latest import Who

NOTE = (
    "Sandbox: the cues that tell a recorded or rendered face apart are recorded without refusing, so a pass here proves nothing about "
    "anybody. A session of an ordinary account is stricter."
)
Subject = Annotated[str, Meta(pattern="^[a-z][a-z-]{0,19}$")]  # one of `openekyc capture --simulate`, which knows them


class Offer(msgspec.Struct, frozen=True):
    """What the start page can do."""

    address: str
    account: str
    levels: tuple[int, ...]
    python: str
    key_file: str  # where the key for the lines above lies; "" where that is nobody's business
    note: str


class Wish(msgspec.Struct, frozen=True):
    """A session to open."""

    level: Literal[1, 2, 3, 4] = 4
    who: Who = "me"


class Made(msgspec.Struct, frozen=True):
    """The session, and the page that answers it."""

    token: str
    verify: str
    level: int
    who: Who
    sandbox: bool = True


class Run(msgspec.Struct, frozen=True):
    """Which session the simulated subject is to answer, and as whom."""

    token: Annotated[str, Meta(max_length=64)]
    subject: Subject = "live"


class Shown(msgspec.Struct, frozen=True):
    """One result. `passed` is None before there is one; `explain` is the auditor's page, on this machine only."""

    token: str
    level: int
    who: Who
    when: float
    code: str
    description: str
    passed: bool | None
    without_light: bool  # judged without the flashing colours that its level asks for
    explain: str
    sandbox: bool = True


class Results(msgspec.Struct, frozen=True):
    """The newest results."""

    results: tuple[Shown, ...]
    note: str = NOTE
