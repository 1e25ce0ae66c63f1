"""The page of all codes."""

from collections.abc import Mapping

from openekyc.api.registry import discover
from openekyc.capture import problems
from openekyc.codes_help import API_ERRORS, CARD_PROBLEMS, HINTS, RESULTS, TAGS, WARNINGS, WEB_RESULTS, WEB_TAGS, Help, anchor
from openekyc.errors import ApiError, SessionError
from openekyc.wire import codes
from tools.reference_pages.text import bullets, page, sentence

PAGE = "codes.md"
WEB = "GetWebVerificationResultIntl"

INTRO = """Every code that openekyc answers, why it comes and what to do about it. Each code has a heading of its own, so that a link can
lead to it. Error texts of the API and of the capture protocol end with such a link.

- [Result codes](#result-codes) say how a verification went. They are no errors of the call.
- [Tags](#tags) say why an attempt was not accepted.
- [Warnings about documents](#warnings-about-documents) and [problems of a picture](#problems-of-a-picture-of-a-document).
- [Errors of the API](#errors-of-the-api) mean that a call was not served.
- [Problems of the capture protocol](#problems-of-the-capture-protocol) are answered to the page or the app of the person.
- [Hints to the person](#hints-to-the-person)."""

RESULT_INTRO = f"""Strings in `Result` of `GetLivenessResult`, `GetFaceIdResultIntl` and `GetSdkVerificationResult`, and in the codes of
`CompareResults`. Integers in `ErrorCode` of `{WEB}` and in the codes of `VerificationDetailList`."""

TAG_INTRO = f"""`LivenessInfoTag` of `GetFaceIdResultIntl` and `GetSdkVerificationResult`. The hosted page counts otherwise: its tags are
called web tags here, and stand in `{WEB}`."""

ERROR_INTRO = """`Error.Code` of an answer. The HTTP status is 200 all the same. Chinese texts come with `X-TC-Language: zh-CN`."""

PROBLEM_INTRO = """Refusals under `/capture/v1` (`application/problem+json`). `problem` is the name, `type` the link to it here. Scores and
reasons of a judgement never leave this way."""


def render() -> str:
    """The whole page."""
    return page(
        "Codes",
        INTRO,
        "## Result codes",
        RESULT_INTRO,
        *(_result(code) for code in sorted({*RESULTS, *WEB_RESULTS}, key=int)),
        "## Tags",
        TAG_INTRO,
        *(_entry(f"Tag {number}", about) for number, about in TAGS.items()),
        *(_entry(f"Web tag {number}", about) for number, about in WEB_TAGS.items()),
        "## Warnings about documents",
        "`WarnCardInfos` of `GetSdkVerificationResult` and of `OCRResult`.",
        *(_entry(str(number), about) for number, about in WARNINGS.items()),
        "## Problems of a picture of a document",
        "They keep a picture from being used. `openekyc read-card` and `openekyc explain` name them.",
        *(_entry(name, about) for name, about in CARD_PROBLEMS.items()),
        "## Errors of the API",
        ERROR_INTRO,
        *(_api_error(code) for code in API_ERRORS),
        _never(),
        "## Problems of the capture protocol",
        PROBLEM_INTRO,
        *(_problem(kind) for kind in sorted(_problems().values(), key=lambda kind: kind.problem)),
        "## Hints to the person",
        "All that the person in front of the camera learns of an attempt that did not pass.",
        bullets([f"`{name}`: {words}" for name, words in HINTS.items() if name]),
    )


def link(code: str, up: str = "../") -> str:
    """A link to a code from a page in a folder beside this one."""
    return f"[`{code}`]({up}{PAGE}#{anchor(code)})"


def _result(code: str) -> str:
    sdk, web = RESULTS.get(code), WEB_RESULTS.get(code)
    if sdk is not None and web is not None and sdk is not web:
        return "\n\n".join([f"### {code}", _body(sdk), f"In the answer of `{WEB}`:", _body(web)])
    only = "" if sdk and web else f"In the answer of `{WEB}` only." if web else f"Not in the answer of `{WEB}`."
    about = sdk or web
    assert about is not None
    return "\n\n".join(part for part in (f"### {code}", _body(about), only) if part)


def _entry(title: str, about: Help) -> str:
    return f"### {title}\n\n{_body(about)}"


def _body(about: Help) -> str:
    return f"{sentence(about.meaning)}\n\n{_why(about.cause, about.remedy)}"


def _why(cause: str, remedy: str) -> str:
    return bullets([f"Cause: {cause}", f"What to do: {remedy}"])


def message(code: str) -> str:
    """An API error's message, its gaps shown as dots."""
    return " ".join((_classes()[code].__doc__ or "").split()).replace("{}", "…")


def common() -> list[str]:
    """The API errors that any action may answer."""
    own = {error.code for error in codes.BUILT_ACTION_CODES}
    return [code for code in API_ERRORS if code not in own]


def _api_error(code: str) -> str:
    advice = API_ERRORS[code]
    own = [f"`{action.name}`" for action in discover() if code in {error.code for error in action.errors}]
    where = "" if code in common() else f"Answered by {', '.join(own)}."
    parts = (f"### {code}", f"Message: {message(code)}", _why(advice.cause, advice.remedy), where)
    return "\n\n".join(part for part in parts if part)


def _classes() -> Mapping[str, type[ApiError]]:
    found = [value for value in vars(codes).values() if isinstance(value, type) and issubclass(value, codes.WireError)]
    return {each.code: each for each in reversed(found) if each is not codes.WireError}


def _never() -> str:
    never = ", ".join(f"`{code}`" for code in sorted(_classes().keys() - API_ERRORS.keys()))
    return f"Codes of the original that this server knows and never answers: {never}."


def _problems() -> Mapping[str, type[SessionError | problems.CaptureError]]:
    return {kind.problem: kind for kind in (*_below(SessionError), *_below(problems.CaptureError)) if kind.problem in problems.REMEDIES}


def _below(kind: type) -> list[type]:
    return [found for child in kind.__subclasses__() for found in (child, *_below(child))]


def _problem(kind: type[SessionError | problems.CaptureError]) -> str:
    happened = " ".join((kind.__doc__ or "").split())
    return f"### {kind.problem}\n\n{happened} HTTP status {kind.status}.\n\n- What to do: {problems.REMEDIES[kind.problem]}"
