"""GetFaceIdTokenIntl: open a selfie-verification session, liveness alone or compared with a picture."""

from typing import Annotated

import msgspec

from openekyc.api.action import Action, Context
from openekyc.api.terms import LEVELS, level
from openekyc.engine.values import GESTURES, LEVELS_WITH_GESTURES, Gesture
from openekyc.sessions.model import Terms
from openekyc.wire.codes import ImageSizeTooLarge, InternalError, InvalidParameter
from openekyc.wire.parameters import BadValue, Effect, Note
from openekyc.wire.rules import Base64Picture, Between, CommaList, MaxChars, OneOf

IMAGE_LIMIT = 8_388_608
DEFAULT_GESTURES: tuple[Gesture, ...] = ("blink",)


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    check_mode: Annotated[str, OneOf("liveness", "compare"), Note("liveness alone, or compared with Image")] = "liveness"
    secure_level: Annotated[str, OneOf(*LEVELS), Note("1 silent, 2 gestures, 3 light, 4 gestures and light; a string")] = "4"
    image: Annotated[
        bytes | None, Base64Picture(IMAGE_LIMIT, ImageSizeTooLarge), Note("required with CheckMode compare, not kept otherwise")
    ] = None
    extra: Annotated[str, MaxChars(1024), Effect("stored"), Note("comes back unchanged with the result")] = ""
    action_list: Annotated[
        tuple[Gesture, ...] | None,
        CommaList(*GESTURES, most=2),
        Note("default blink and `drawn_gestures` more; with SecureLevel 2 and 4 only"),
    ] = None
    sdk_version: Annotated[
        str, OneOf("BASIC", "ENHANCED", "PRO", "PLUS"), Effect("stored"), Note("acts on LivenessInfoTag where the paid tiers are set")
    ] = "BASIC"
    retry_limit: Annotated[int, Between(1, 5), Note("attempts inside one token")] = 5
    enable_bot_bg_detection: Annotated[bool, Effect("ignored")] = False
    meta_data: Annotated[str, Effect("ignored")] = ""


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """The token for the capture client and for GetFaceIdResultIntl."""

    sdk_token: Annotated[str, Note("for the capture client and for GetFaceIdResultIntl")]
    server_param_info: Annotated[str, Note("always empty: no capture client of this server needs it")] = ""


def check_combinations(params: Params) -> None:
    """Raises InvalidParameter for values that do not go together."""
    if params.check_mode == "compare" and params.image is None:
        raise InvalidParameter("`CheckMode` compare needs `Image`.", "`CheckMode` 为 compare 时必须传入 `Image`。")
    if params.action_list is not None and level(params.secure_level) not in LEVELS_WITH_GESTURES:
        raise InvalidParameter("`ActionList` goes with `SecureLevel` 2 and 4 only.", "`ActionList` 仅可与 `SecureLevel` 2 和 4 一起使用。")


async def run(params: Params, context: Context) -> Result:
    """Issue the token; the picture is kept only to be compared with."""
    check_combinations(params)
    compare = params.check_mode == "compare"
    terms = Terms(
        "faceid",
        level=level(params.secure_level),
        gestures=params.action_list or DEFAULT_GESTURES,
        gestures_named=params.action_list is not None,
        compare=compare,
        retry_limit=params.retry_limit,
        extra=params.extra,
        sdk_version=params.sdk_version,
    )
    session = await context.sessions.issue(context.key, terms, params.image if compare else None)
    return Result(session.token)


ACTION = Action(
    "GetFaceIdTokenIntl",
    Params,
    run,
    summary="Open a selfie-verification session: liveness, optionally compared with a supplied photo.",
    result=Result,
    windows=("start_window_s", "faceid_result_window_s"),
    errors=(ImageSizeTooLarge, InternalError, InvalidParameter),
    bad_value=BadValue,
)
