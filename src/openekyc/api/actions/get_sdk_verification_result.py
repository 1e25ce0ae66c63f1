"""GetSdkVerificationResult: the outcome of an identity-verification session, every attempt of it, media as links."""

from typing import Annotated

import msgspec

from openekyc.api.action import MAINLAND_HOST, Action, Context, Findings
from openekyc.api.comparisons import CompareResult, charge_count, compare_result
from openekyc.api.documents import DOCUMENT_EXPIRED, CardVerifyResult, card_result, document_expired, portrait
from openekyc.api.results import (
    DOCUMENT_REFUSED,
    Description,
    DeviceInfoLevel,
    Downgraded,
    Extra,
    ResultCode,
    SdkToken,
    describe,
    light_declined,
    marked,
    read_history,
)
from openekyc.codes_help import ANSWERED_WARNINGS, RESULTS, TAGS
from openekyc.sessions.model import Media
from openekyc.sessions.outcome import NOT_FINISHED, History
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal, InternalError, InvalidParameter, OperationDenied
from openekyc.wire.parameters import Note


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    sdk_token: SdkToken


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """`result` is "0" for passed and "-999" before the end, when the lists are empty; both lists are in order, and their last counts."""

    result: ResultCode
    description: Description
    charge_count: Annotated[int, Note("how many attempts the vendor would bill; here nothing is billed")]
    card_verify_results: Annotated[
        tuple[CardVerifyResult, ...], Note("one for each reading of the document, in order; the last counts; empty without a document")
    ]
    compare_results: Annotated[tuple[CompareResult, ...], Note("one for each judged liveness attempt, in order; the last counts")]
    extra: Extra
    device_info_level: DeviceInfoLevel
    document_expired: Annotated[bool, Note(DOCUMENT_EXPIRED)]
    downgraded: Downgraded


async def run(params: Params, context: Context) -> Result:
    """Read everything that happened; every call makes fresh links."""
    history = await read_history(params.sdk_token, context.settings.sdk_result_window_s, context)
    session = history.session
    readings = await context.sessions.readings(session)
    finished = history.code != NOT_FINISHED
    return Result(
        result=history.code,
        description=_description(history, context),
        charge_count=charge_count(history.verdicts) if finished else 0,
        card_verify_results=tuple(card_result(session, one, context) for one in readings) if finished else (),
        compare_results=_compared(history, portrait(readings), context) if finished else (),
        extra=session.terms.extra,
        device_info_level="",
        document_expired=finished and document_expired(readings),
        downgraded=finished and _declined(history),
    )


def _description(history: History, context: Context) -> str:
    session = history.session
    if session.document == "refused":
        return marked(DOCUMENT_REFUSED, sandbox=session.sandbox, language=context.language)
    return describe(history.code, sandbox=session.sandbox, language=context.language, declined=_declined(history))


def _declined(history: History) -> bool:
    return light_declined(history.session, history.attempts[-1] if history.attempts else None)


def _compared(history: History, portrait: Media | None, context: Context) -> tuple[CompareResult, ...]:
    session = history.session
    return tuple(compare_result(session, one, one.verdict, portrait, context) for one in history.attempts if one.verdict is not None)


ACTION = Action(
    "GetSdkVerificationResult",
    Params,
    run,
    summary="Fetch the outcome of an identity-verification session: document readings, liveness attempts, media as links.",
    result=Result,
    windows=("sdk_result_window_s", "link_seconds"),
    findings=Findings(RESULTS, TAGS, ANSWERED_WARNINGS),
    errors=(InternalError, InvalidParameter, BizTokenExpired, BizTokenIllegal, OperationDenied),
    host_regions={MAINLAND_HOST: frozenset({"ap-hongkong", "ap-jakarta", "ap-singapore"})},
)
