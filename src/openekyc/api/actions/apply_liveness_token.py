"""ApplyLivenessToken: open a liveness-only session."""

from typing import Annotated

import msgspec

from openekyc.api.action import MAINLAND_HOST, Action, Context
from openekyc.api.terms import LEVELS, level
from openekyc.sessions.model import Terms
from openekyc.wire.codes import InternalError, InternalUnKnown, InvalidParameter, InvalidParameterValue
from openekyc.wire.parameters import Note
from openekyc.wire.rules import OneOf


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    secure_level: Annotated[str, OneOf(*LEVELS), Note("1 silent, 2 blink, 3 light, 4 blink and light; a string")] = "4"


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """The token for the capture client and for GetLivenessResult."""

    sdk_token: Annotated[str, Note("for the capture client and for GetLivenessResult")]


async def run(params: Params, context: Context) -> Result:
    """Issue the token. The page has no RetryLimit, so the operator's applies."""
    terms = Terms("liveness", level=level(params.secure_level), retry_limit=context.settings.liveness_retry_limit)
    return Result((await context.sessions.issue(context.key, terms)).token)


ACTION = Action(
    "ApplyLivenessToken",
    Params,
    run,
    summary="Open a liveness-only session; returns the token for the capture client and the result call.",
    result=Result,
    windows=("start_window_s", "liveness_result_window_s"),
    errors=(InternalError, InternalUnKnown, InvalidParameter, InvalidParameterValue),
    host_regions={MAINLAND_HOST: frozenset({"ap-hongkong", "ap-jakarta", "ap-singapore"})},
)
