"""ApplySdkVerificationToken: open an identity-verification session: document, liveness and comparison, as CheckMode says."""

from typing import Annotated, cast, get_args

import msgspec

from openekyc.api.action import Action, Context
from openekyc.api.documents import allow_expired
from openekyc.engine.documents.values import KindName
from openekyc.engine.values import GESTURES, LEVELS_WITH_GESTURES, Gesture, Level
from openekyc.sessions.model import CardTerms, Page, Shutter, Terms
from openekyc.settings import Settings
from openekyc.wire.codes import ImageSizeTooLarge, InternalError, InternalUnKnown, InvalidParameter, InvalidParameterValue
from openekyc.wire.parameters import Effect, Note
from openekyc.wire.rules import Base64Picture, Between, Clamped, CommaList, EachOf, MaxChars, OneNumberOf, OneOf, ShortList

IMAGE_LIMIT = 8_388_608
DEFAULT_GESTURES: tuple[Gesture, ...] = ("blink",)
WARNINGS = (-9101, -9102, -9103, -9104, -9107, -9108, -8101, -8102)
SHUTTERS: dict[str, Shutter] = {
    "OCR_DETECT_MANUAL": "manual",
    "OCR_DETECT_AUTO_MANUAL": "auto_manual",
    "OCR_DETECT_AUTO": "auto",
    "OCR_DETECT_AUTO_MULTI": "auto",
}
"""The last one differs from the third in the vendor's app alone: it takes several pictures with the flash."""


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    check_mode: Annotated[
        int, OneNumberOf(1, 2, 3), Note("1 document, liveness and comparison, 2 liveness and comparison with CompareImage, 3 liveness")
    ] = 1
    security_level: Annotated[int, OneNumberOf(1, 2, 3, 4), Note("1 silent, 2 gestures, 3 light, 4 gestures and light; an integer")] = 4
    id_card_type: Annotated[str, OneOf(*get_args(KindName)), Note("with CheckMode 1")] = "HK"
    compare_image: Annotated[
        bytes | None, Base64Picture(IMAGE_LIMIT, ImageSizeTooLarge), Note("required with CheckMode 2, not kept otherwise")
    ] = None
    need_verify_id_card: Annotated[bool, Effect("ignored"), Note("no authority is asked: there is none this server could reach")] = False
    disable_change_ocr_result: Annotated[bool, Note("true: the person may not correct what was read")] = False
    disable_check_ocr_warnings: Annotated[
        bool,
        Note(
            "false: a warning asks for another picture, twice at most, and then ends the session for HK, ML and MLIDPassport, or for every "
            "kind if SelectedWarningCodes names codes; true: warnings are reported and stop nothing"
        ),
    ] = False
    selected_warning_codes: Annotated[tuple[int, ...], EachOf(*WARNINGS), Note("the warnings that count; empty = all")] = ()
    extra: Annotated[str, MaxChars(1024), Effect("stored"), Note("comes back unchanged with the result")] = ""
    sdk_version: Annotated[
        str, OneOf("BASIC", "ENHANCED", "PRO", "PLUS"), Effect("stored"), Note("acts on LivenessInfoTag where the paid tiers are set")
    ] = "BASIC"
    action_list: Annotated[
        tuple[Gesture, ...] | None,
        CommaList(*GESTURES, most=2),
        Note("default blink and `drawn_gestures` more; with SecurityLevel 2 and 4 only"),
    ] = None
    allow_expired_document: Annotated[
        bool | None,
        Note(
            "HK only. false: a card of the series before 2018 whose validity was ended by order is refused; true: it is not; "
            "default: the setting `refuse_expired`, by which all other kinds go"
        ),
    ] = None
    skip_result_page: Annotated[bool, Note("true: after success the page is done at once")] = False
    card_ocr_display_fields: Annotated[
        tuple[str, ...],
        ShortList(most=64, chars=64),
        Note("names as in NormalCardInfo; empty = all; a name this kind of document lacks shows nothing"),
    ] = ()
    retry_limit: Annotated[int, Between(1, 5), Note("liveness attempts inside one token")] = 5
    enable_forgery_detection_images: Annotated[
        bool, Effect("ignored"), Note("one picture of each side is taken; refused together with AllowUploadPhoto")
    ] = False
    meta_data: Annotated[str, Effect("ignored")] = ""
    skip_launch_page: Annotated[
        bool, Note("true: straight to the camera, without introduction and consent; the notice about flashing colours stays")
    ] = False
    skip_ocr_confirm_page: Annotated[bool, Note("true: the person does not review what was read")] = False
    hide_progress_bar: Annotated[bool, Note("true: neither the steps are counted nor is told how much is uploaded")] = False
    allow_upload_photo: Annotated[bool, Note("true: the picture of the document may be a file")] = False
    enable_bot_bg_detection: Annotated[bool, Effect("ignored")] = False
    ocr_auto_detect_timeout: Annotated[int, Clamped(5_000, 180_000), Note("milliseconds")] = 20_000
    ocr_mode_type: Annotated[
        str,
        OneOf(*SHUTTERS),
        Note("manual shutter, automatic with manual fallback, automatic; AUTO_MULTI is as AUTO, one picture without flash"),
    ] = "OCR_DETECT_AUTO_MANUAL"


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """The token for the capture client and for GetSdkVerificationResult."""

    sdk_token: Annotated[str, Note("for the capture client and for GetSdkVerificationResult")]
    server_param_info: Annotated[str, Note("always empty: no capture client of this server needs it")] = ""


def check_combinations(params: Params) -> None:
    """Raises InvalidParameter for values that do not go together."""
    if params.check_mode == 2 and params.compare_image is None:
        raise InvalidParameter("`CheckMode` 2 needs `CompareImage`.", "`CheckMode` 为 2 时必须传入 `CompareImage`。")
    if params.action_list is not None and params.security_level not in LEVELS_WITH_GESTURES:
        raise InvalidParameter(
            "`ActionList` goes with `SecurityLevel` 2 and 4 only.", "`ActionList` 仅可与 `SecurityLevel` 2 和 4 一起使用。"
        )
    if params.allow_upload_photo and params.enable_forgery_detection_images:
        raise InvalidParameter(
            "`AllowUploadPhoto` does not go with `EnableForgeryDetectionImages`.",
            "`AllowUploadPhoto` 不可与 `EnableForgeryDetectionImages` 同时使用。",
        )


async def run(params: Params, context: Context) -> Result:
    """Issue the token; the picture is kept only to be compared with."""
    check_combinations(params)
    picture = params.compare_image if params.check_mode == 2 else None
    session = await context.sessions.issue(
        context.key, terms(params, context.settings), picture, valid_s=context.settings.sdk_start_window_s
    )
    return Result(session.token)


def terms(params: Params, settings: Settings) -> Terms:
    """What the session has to keep of it."""
    return Terms(
        "sdk",
        level=cast(Level, params.security_level),
        gestures=params.action_list or DEFAULT_GESTURES,
        gestures_named=params.action_list is not None,
        compare=params.check_mode != 3,
        retry_limit=params.retry_limit,
        extra=params.extra,
        sdk_version=params.sdk_version,
        page=Page(
            skip_intro=params.skip_launch_page,
            skip_result=params.skip_result_page,
            skip_consent=params.skip_launch_page,  # it stands on that page
            hide_progress=params.hide_progress_bar,
        ),
        card=_card(params, settings) if params.check_mode == 1 else None,
    )


def _card(params: Params, settings: Settings) -> CardTerms:
    kind = cast(KindName, params.id_card_type)
    return CardTerms(
        kind=kind,
        check_warnings=not params.disable_check_ocr_warnings,
        blocking=params.selected_warning_codes,
        allow_expired=allow_expired(kind, params.allow_expired_document, settings),
        review=not params.skip_ocr_confirm_page,
        editable=not params.disable_change_ocr_result,
        shown=params.card_ocr_display_fields,
        shutter=SHUTTERS[params.ocr_mode_type],
        auto_timeout_ms=params.ocr_auto_detect_timeout,
        upload=params.allow_upload_photo,
    )


ACTION = Action(
    "ApplySdkVerificationToken",
    Params,
    run,
    summary="Open an identity-verification session: document, liveness and comparison, as CheckMode says. The token is good for 7,200 s.",
    result=Result,
    windows=("sdk_start_window_s", "sdk_result_window_s"),
    errors=(ImageSizeTooLarge, InternalError, InternalUnKnown, InvalidParameter, InvalidParameterValue),
)
