"""ApplyWebVerificationBizTokenIntl: open a verification on the hosted page; the answer is where to send the person."""

from typing import Annotated, cast

import msgspec

from openekyc.api.action import Action, Context
from openekyc.api.documents import allow_expired
from openekyc.engine.documents.values import KindName
from openekyc.engine.values import GESTURES, LEVELS_WITH_GESTURES, Gesture, Level
from openekyc.sessions.model import CardTerms, Page, Terms
from openekyc.settings import Settings
from openekyc.wire.codes import (
    InternalError,
    InvalidParameter,
    InvalidParameterValue,
    PictureTooLarge,
    RuleIdNotExist,
)
from openekyc.wire.parameters import Effect, Note
from openekyc.wire.rules import Base64Picture, Between, ColourOrNone, CommaList, MaxChars, NumberList, OneNumberOf, OneOf, WebAddress

IMAGE_LIMIT = 8_388_608
DEFAULT_GESTURES: tuple[Gesture, ...] = ("blink",)
WARNINGS = (-9101, -9102, -9103, -9104, -9107, -9108, -8101, -8102)
OF_A_DOCUMENT, COMPARING = frozenset({1, 4}), frozenset({1, 2})
CARDS: dict[str, KindName] = {
    "HKIDCard": "HK",
    "MLIDCard": "ML",
    "IndonesiaIDCard": "IndonesiaIDCard",
    "PhilippinesVoteID": "PhilippinesVoteID",
    "PhilippinesDrivingLicense": "PhilippinesDrivingLicense",
    "PhilippinesTinID": "PhilippinesTinID",
    "PhilippinesSSSID": "PhilippinesSSSID",
    "PhilippinesUMID": "PhilippinesUMID",
    "InternationalIDPassport": "MLIDPassport",
    "ThailandIDCard": "ThailandIDCard",
    "SingaporeIDCard": "SingaporeIDCard",
    "MainlandIDCard": "MainlandIDCard",
}
"""The web family's names."""

LANGUAGES = {
    "en": "en", "th": "th", "zh-cn": "zh-Hans", "zh-tc": "zh-Hant", "id": "id",
    "ja": "ja", "ko": "ko", "ms": "ms", "vi": "vi", "pt-br": "pt-BR", "ar": "ar", "auto": "",
}  # fmt: skip
"""The contract's five, and what the page speaks beside them; `auto` is the browser's."""
WITH_DOCUMENT = "with CheckMode 1 and 4"


class Config(msgspec.Struct, frozen=True, rename="pascal"):
    """How the page behaves."""

    auto_skip_start_page: Annotated[bool, Note("nothing says what will happen; consent and the notice about flashing colours stay")] = False
    auto_skip: Annotated[bool, Note("after success straight to RedirectURL")] = False
    check_mode: Annotated[
        int,
        OneNumberOf(1, 2, 3, 4),
        Note("1 document, liveness and comparison, 2 liveness and comparison with CompareImageBase64, 3 liveness, 4 document"),
    ] = 2
    id_card_type: Annotated[str, OneOf(*CARDS), Note(WITH_DOCUMENT)] = msgspec.field(default="HKIDCard", name="IDCardType")
    disable_check_ocr_warnings: Annotated[bool, Note(f"{WITH_DOCUMENT}; as in ApplySdkVerificationToken")] = False
    security_level: Annotated[int, OneNumberOf(1, 2, 3, 4), Note("1 silent, 2 gestures, 3 light, 4 gestures and light; an integer")] = 3
    skip_privacy_policy: Annotated[bool, Note("no consent is asked for; the notice about flashing colours stays where they will flash")] = (
        False
    )
    id_card_cut_return: Annotated[bool, Note(f"{WITH_DOCUMENT}; true: the flattened card beside the photograph")] = False
    theme_color: Annotated[str, ColourOrNone(), Note("none: the account's `brand_color`, else #2d72f1")] = ""
    language: Annotated[str, OneOf(*LANGUAGES), Note("those after id are this server's own; auto is the browser's")] = "en"
    auto_downgrade: Annotated[
        int,
        OneNumberOf(1, 2),
        Note(
            "with 1 the vendor falls back to the silent check; here 1 lets the person decline flashing colours: the attempt is judged as "
            "SecurityLevel 2, by at least two different gestures, drawn ones beside yours or the blink, at most three times a token, and "
            "Downgraded in the result is true; 2 forbids it"
        ),
    ] = 1
    action_list: Annotated[
        tuple[Gesture, ...] | None,
        CommaList(*GESTURES, most=2),
        Note("default blink and `drawn_gestures` more; with SecurityLevel 2 and 4 only"),
    ] = None
    liveness_retry_limit: Annotated[int, Between(1, 99), Note("attempts inside one token")] = 99
    liveness_timeout: Annotated[
        int, Between(0, 600), Note("seconds for one try, from the camera's start to the recording's end; 0 = no limit; then 1409")
    ] = 45
    selected_warning_codes: Annotated[tuple[int, ...], NumberList(*WARNINGS), Note(f"{WITH_DOCUMENT}; the warnings that count")] = ()
    allow_expired_document: Annotated[bool | None, Note(f"{WITH_DOCUMENT}; HK only, as in ApplySdkVerificationToken")] = None
    version: Annotated[str, OneOf("BASIC", "PLUS"), Effect("stored"), Note("acts on LivenessInfoTag where the paid tiers are set")] = (
        "BASIC"
    )


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    redirect_url: Annotated[str, WebAddress(), Note("where the page sends the person afterwards, with `token=BizToken` in the query")] = (
        msgspec.field(name="RedirectURL")
    )
    compare_image_base64: Annotated[
        bytes | None, Base64Picture(IMAGE_LIMIT, PictureTooLarge), Note("required with CheckMode 2, not kept otherwise")
    ] = None
    extra: Annotated[str, MaxChars(1000), Effect("stored"), Note("comes back unchanged with the result")] = ""
    rule_id: Annotated[str, Note("there are no flow templates here: any is unknown")] = ""
    config: Config | None = None


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """The token, and the page's address in both spellings."""

    biz_token: Annotated[str, Note("for GetWebVerificationResultIntl")]
    verification_url: Annotated[str, Note("where to send the person: the hosted page with the token in its query")]
    verification_url_: Annotated[str, Note("the same address: SDKs know both spellings")] = msgspec.field(name="VerificationURL")


def check_combinations(params: Params, config: Config) -> None:
    """Raises InvalidParameter for values that do not go together."""
    if config.check_mode == 2 and params.compare_image_base64 is None:
        raise InvalidParameter(
            "`Config.CheckMode` 2, the default, needs `CompareImageBase64`.",
            "`Config.CheckMode` 为 2（默认值）时必须传入 `CompareImageBase64`。",
        )
    if config.action_list is not None and config.security_level not in LEVELS_WITH_GESTURES:
        raise InvalidParameter(
            "`Config.ActionList` goes with `Config.SecurityLevel` 2 and 4 only.",
            "`Config.ActionList` 仅可与 `Config.SecurityLevel` 2 和 4 一起使用。",
        )


def check_business(params: Params) -> None:
    """Raises RuleIdNotExist."""
    if params.rule_id:
        raise RuleIdNotExist.about(params.rule_id[:64])


async def run(params: Params, context: Context) -> Result:
    """Issue the token; the picture is kept only to be compared with."""
    config = params.config or Config()
    check_combinations(params, config)
    check_business(params)
    picture = params.compare_image_base64 if config.check_mode == 2 else None
    session = await context.sessions.issue(context.key, terms(params, config, context.settings), picture)
    address = f"{context.base_url}/verify?token={session.token}"
    return Result(session.token, address, address)


def terms(params: Params, config: Config, settings: Settings) -> Terms:
    """What the session has to keep of it."""
    return Terms(
        "web",
        level=cast(Level, config.security_level),
        gestures=config.action_list or DEFAULT_GESTURES,
        gestures_named=config.action_list is not None,
        compare=config.check_mode in COMPARING,
        retry_limit=config.liveness_retry_limit,
        extra=params.extra,
        sdk_version=config.version,
        page=_page(params, config),
        card=_card(config, settings) if config.check_mode in OF_A_DOCUMENT else None,
        liveness=config.check_mode != 4,
    )


def _card(config: Config, settings: Settings) -> CardTerms:
    """The page shows what was read; corrections are not for this family, whose result has no place for them."""
    kind = CARDS[config.id_card_type]
    return CardTerms(
        kind=kind,
        check_warnings=not config.disable_check_ocr_warnings,
        blocking=config.selected_warning_codes,
        allow_expired=allow_expired(kind, config.allow_expired_document, settings),
        editable=False,
        cut=config.id_card_cut_return,
    )


def _page(params: Params, config: Config) -> Page:
    return Page(
        redirect_url=params.redirect_url,
        skip_intro=config.auto_skip_start_page,
        skip_result=config.auto_skip,
        skip_consent=config.skip_privacy_policy,
        theme_color=config.theme_color,
        language=LANGUAGES[config.language],
        session_s=config.liveness_timeout,
        no_light=config.auto_downgrade == 1,
    )


ACTION = Action(
    "ApplyWebVerificationBizTokenIntl",
    Params,
    run,
    summary="Open a verification on the hosted page; returns the BizToken and the address to send the person to.",
    result=Result,
    windows=("start_window_s", "web_result_window_s"),
    errors=(InternalError, InvalidParameter, InvalidParameterValue, RuleIdNotExist),
)
