"""The hosted page's family in the vendor's numbers: result codes are integers there, and LivenessInfoTag counts otherwise. Pure."""

from typing import Annotated

import msgspec

from openekyc.api.comparisons import parts
from openekyc.api.results import DOCUMENT_REFUSED, marked
from openekyc.codes_help import WEB_RESULTS
from openekyc.engine.values import Hint, Verdict
from openekyc.sessions.model import Attempt, AttemptState, Session, SessionState
from openekyc.wire.call import Language
from openekyc.wire.parameters import Note
from openekyc.wire.responses import Null

PASSED, EXPIRED, RETRIES_USED_UP, NOT_FINISHED, NO_VIDEO, TIMED_OUT, LEFT = 0, 15, 16, 17, 202, 1409, 1410
REFUSED_DOCUMENT = 2015  # there is nothing to compare a face with

WORDS: dict[int, tuple[str, str]] = {int(code): (about.meaning, about.chinese) for code, about in WEB_RESULTS.items()}
"""Every code this server answers for the hosted page. 14 (already finished) is never a result: the page shows it as its end."""

_CODES: dict[tuple[str, Hint], int] = {
    ("1004", "recording_incomplete"): 1107,
    ("1004", "recording_unsupported"): 1107,
    ("1004", "recording_damaged"): 1107,
    ("1004", "recording_too_short"): 1107,
    ("1004", "recording_too_long"): 1107,
    ("1004", "recording_too_few_frames"): 1107,
    ("1004", "one_person_only"): 2012,
    ("1004", "move_closer"): 1205,
    ("1004", "move_back"): 1203,
    ("1004", "face_covered"): 1210,
    ("2017", "face_covered"): 1210,
    ("1201", "less_light"): 1202,
}
"""Where the web list has a finer code than the SDK's, told apart by the tip the person got."""

_TAGS = {
    "01": "01", "02": "02", "03": "03", "04": "04", "05": "04", "06": "04", "07": "05", "08": "06", "09": "07", "11": "09", "12": "09",
    "13": "11",
}  # fmt: skip
"""LivenessInfoTag: SDK numbering -> web numbering, but for 10 (face check), which the web list splits."""


class Detail(msgspec.Struct, frozen=True, rename="pascal"):
    """One attempt: VerificationDetail. The comparison's members are null where none was reached or asked for."""

    error_code: Annotated[int, Note("the result code of this attempt")]
    error_msg: Annotated[str, Note("ErrorCode in words")]
    liveness_error_code: Annotated[int, Note("the result code of the liveness part")]
    liveness_error_msg: Annotated[str, Note("LivenessErrorCode in words")]
    compare_error_code: Annotated[int | None, Note("the result code of the comparison"), Null("where none was reached or asked for")]
    compare_error_msg: Annotated[str | None, Note("CompareErrorCode in words"), Null("where CompareErrorCode is")]
    req_timestamp: Annotated[int, Note("when the attempt began, in Unix milliseconds")]
    similarity: Annotated[float, Note("0 to 100; 0 where nothing was compared")]
    seq: Annotated[str, Note("an id of this attempt, the same in every call")]
    liveness_info_tag: Annotated[
        tuple[str, ...] | None,
        Note("the reasons found against this attempt, in the page's numbers; an empty list if there are none"),
        Null("with the setting `paid_tiers`, unless Version was PLUS"),
    ]


def final_code(session: Session, attempts: tuple[Attempt, ...]) -> int:
    """ErrorCode of the whole session: the latest attempt's, unless the person left or time ran out after it."""
    if session.state in (SessionState.CAPTURING, SessionState.JUDGING):
        return NOT_FINISHED
    if session.document == "refused":
        return REFUSED_DOCUMENT
    if session.state is SessionState.PASSED and not session.terms.liveness:
        return PASSED
    if session.ended:
        return LEFT if session.ended == "left" else TIMED_OUT
    counted = [attempt for attempt in attempts if is_told(attempt)]
    judged = [attempt for attempt in counted if attempt.verdict is not None]
    if session.state is SessionState.FAILED and (not counted or counted[-1].verdict is None):
        return RETRIES_USED_UP
    if judged:
        return attempt_code(judged[-1])
    return EXPIRED if session.state is SessionState.EXPIRED else NOT_FINISHED


def is_told(attempt: Attempt) -> bool:
    """Whether the integrator hears of it: those given up to begin anew are nobody's business, unless they were judged all the same."""
    return attempt.counts or attempt.verdict is not None


def attempt_code(attempt: Attempt) -> int:
    """ErrorCode of one attempt that is over."""
    if attempt.verdict is None:
        return {"left": LEFT, "timed_out": TIMED_OUT}.get(attempt.given_up, NO_VIDEO)
    return code(attempt.verdict.code, attempt.verdict.hint)


def code(text: str, hint: Hint) -> int:
    """A result code of the SDK family in the web's numbers."""
    return _CODES.get((text, hint), 1210 if text == "2017" else int(text))


def tags(verdict: Verdict) -> tuple[str, ...]:
    """LivenessInfoTag in the web's numbers, each once, in order."""
    swapped = any(cue.name == "continuity" and cue.decision == "deny" for cue in verdict.cues)
    found = [_TAGS.get(tag, "08" if swapped else "09") for tag in verdict.tags]
    if verdict.hint == "face_covered":
        found.append("14")
    return tuple(dict.fromkeys(found))


def told(number: int, session: Session, language: Language, *, declined: bool) -> str:
    """ErrorMsg."""
    if session.document == "refused":
        return marked(DOCUMENT_REFUSED, sandbox=session.sandbox, language=language)
    return marked(WORDS[number], sandbox=session.sandbox, language=language, declined=declined)


def details(session: Session, attempts: tuple[Attempt, ...], language: Language, *, tagged: bool, seq: list[str]) -> tuple[Detail, ...]:
    """One for each attempt that is over and counts, in order. `seq`: an id for each of `attempts`."""
    return tuple(
        _detail(session, attempt, language, tagged=tagged, seq=own)
        for attempt, own in zip(attempts, seq, strict=True)
        if is_told(attempt) and attempt.state in (AttemptState.CONCLUDED, AttemptState.ABANDONED)
    )


def _detail(session: Session, attempt: Attempt, language: Language, *, tagged: bool, seq: str) -> Detail:
    verdict, whole = attempt.verdict, attempt_code(attempt)
    live, compared = (str(whole), "") if verdict is None else parts(verdict, compare=session.terms.compare)
    hint: Hint = verdict.hint if verdict else ""
    live_code, compare_code = code(live, hint), code(compared, hint) if compared else None

    def words(number: int) -> str:
        return told(number, session, language, declined=attempt.level < session.terms.level)

    return Detail(
        error_code=whole,
        error_msg=words(whole),
        liveness_error_code=live_code,
        liveness_error_msg=words(live_code),
        compare_error_code=compare_code,
        compare_error_msg=None if compare_code is None else words(compare_code),
        req_timestamp=round(attempt.opened_at * 1000),
        similarity=(verdict.similarity or 0.0) if verdict and compared else 0.0,
        seq=seq,
        liveness_info_tag=(tags(verdict) if verdict else ()) if tagged else None,
    )
