"""What the result actions share: the words for a result code, FileInfo, and reading an outcome for its owner."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import msgspec
import pybase64
import structlog

from openekyc.api.action import Context
from openekyc.codes_help import RESULTS
from openekyc.errors import FileDamaged, TokenExpired, TokenUnknown
from openekyc.sessions.model import Attempt, Family, Media, Session
from openekyc.sessions.outcome import History, Outcome
from openekyc.sessions.policy import downgraded
from openekyc.wire.call import Language
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal
from openekyc.wire.parameters import Note

T = TypeVar("T")

MAX_TOKEN = 64
PAID_TIERS = frozenset({"PRO", "PLUS"})
SANDBOX = " (sandbox)"
DECLINED = (" (flashing colours declined)", "（未进行闪光检测）")

DESCRIPTIONS: dict[str, tuple[str, str]] = {code: (about.meaning, about.chinese) for code, about in RESULTS.items()}
"""English and Chinese words for every result code of the SDK family."""

DOCUMENT_REFUSED = ("The document was not accepted", "证件未通过")
"""The words for a session that ended with its document; its code is that of a comparison that could not be made."""

SdkToken = Annotated[str, Note("the token whose result is wanted; it may be read many times")]
ResultCode = Annotated[str, Note("the result code as a string: 0 passed, -999 not finished")]
Description = Annotated[str, Note("Result in words, in the language asked for; sandbox sessions say so")]
Extra = Annotated[str, Note("the text sent with the apply call, unchanged; empty if none was")]
Downgraded = Annotated[
    bool,
    Note(
        "this server's own: the attempt that counts was judged as level 2, by gestures, because the person declined the colours "
        "of level 3 or 4; false while there is no result"
    ),
]
DeviceInfoLevel = Annotated[str, Note("always empty: devices are not rated here")]


ReferenceNotices = Annotated[
    tuple[str, ...],
    Note(
        "what to know about the picture compared with: other_faces = it shows more than one face and the foremost was compared; "
        "empty as a rule, and where nothing was compared"
    ),
]


def reference_notices(attempt: Attempt | None) -> tuple[str, ...]:
    """Those of an attempt's verdict."""
    cues = attempt.verdict.cues if attempt is not None and attempt.verdict is not None else ()
    return tuple(notice for cue in cues for notice in cue.notices)


class FileInfo(msgspec.Struct, frozen=True, rename="pascal"):
    """A file to fetch. All empty while there is none."""

    url: Annotated[str, Note("fetch it without a signature; each call makes a fresh address; empty while there is no file")] = ""
    md5: Annotated[str, Note("of the file, 32 hex digits; empty while there is no file")] = msgspec.field(default="", name="MD5")
    size: Annotated[int, Note("bytes; 0 while there is no file")] = 0


def describe(code: str, *, sandbox: bool, language: Language, declined: bool = False) -> str:
    """The words for a result code. A sandbox session says so, and an attempt without the light that was asked for."""
    return marked(DESCRIPTIONS[code], sandbox=sandbox, language=language, declined=declined)


def marked(words: tuple[str, str], *, sandbox: bool, language: Language, declined: bool = False) -> str:
    """English or Chinese words with what has to be said beside every result."""
    place = 1 if language == "zh-CN" else 0
    return words[place] + (DECLINED[place] if declined else "") + (SANDBOX if sandbox else "")


def told(outcome: Outcome, language: Language) -> str:
    """The words for an outcome."""
    declined = light_declined(outcome.session, outcome.attempt)
    return describe(outcome.code, sandbox=outcome.session.sandbox, language=language, declined=declined)


def light_declined(session: Session, attempt: Attempt | None) -> bool:
    """Whether the attempt was judged below the level that was asked for, because the person declined flashing colours."""
    return attempt is not None and downgraded(session.terms, attempt.level)


def file_info(media: Media | None, context: Context) -> FileInfo:
    """FileInfo with a fresh link."""
    return FileInfo() if media is None else FileInfo(context.link(media), media.md5, media.size)


async def inline(media: Media | None, context: Context) -> str:
    """A stored file as Base64; "" if there is none, or none any more, or it is not what was stored."""
    if media is None:
        return ""
    try:
        data = await context.sessions.media(media)
    except KeyError:
        return ""
    except FileDamaged:
        structlog.get_logger(__name__).error("file_damaged", remedy="Restore the blobs folder from a backup.")
        return ""
    return await asyncio.to_thread(pybase64.b64encode_as_string, data)


async def read_outcome(token: str, family: Family, window_s: int, context: Context) -> Outcome:
    """The outcome of the caller's own token. Raises BizTokenIllegal or BizTokenExpired."""
    return await _own(token, context.sessions.result(token, context.key.account, family, window_s))


async def read_history(token: str, window_s: int, context: Context) -> History:
    """Everything that happened in the caller's own identity session. Raises BizTokenIllegal or BizTokenExpired."""
    return await _own(token, context.sessions.history(token, context.key.account, "sdk", window_s))


async def read_attempts(token: str, family: Family, window_s: int, context: Context) -> tuple[Session, tuple[Attempt, ...]]:
    """The caller's own session with every attempt, judged or not. Raises BizTokenIllegal or BizTokenExpired."""
    return await _own(token, context.sessions.attempts(token, context.key.account, family, window_s))


async def _own(token: str, reading: Coroutine[Any, Any, T]) -> T:
    if not token or len(token) > MAX_TOKEN:
        reading.close()
        raise BizTokenIllegal
    try:
        return await reading
    except TokenUnknown:
        raise BizTokenIllegal from None
    except TokenExpired:
        raise BizTokenExpired from None
