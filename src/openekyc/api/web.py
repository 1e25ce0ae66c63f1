"""The hosted page's family in the vendor's numbers: result codes are integers there, and LivenessInfoTag counts otherwise. Pure."""

import msgspec

from openekyc.api.comparisons import parts
from openekyc.api.results import DOCUMENT_REFUSED, marked
from openekyc.engine.values import Hint, Verdict
from openekyc.sessions.model import Attempt, AttemptState, Session, SessionState
from openekyc.wire.call import Language

PASSED, EXPIRED, RETRIES_USED_UP, NOT_FINISHED, NO_VIDEO, TIMED_OUT, LEFT = 0, 15, 16, 17, 202, 1409, 1410
REFUSED_DOCUMENT = 2015  # there is nothing to compare a face with

WORDS: dict[int, tuple[str, str]] = {
    PASSED: ("Success", "成功"),
    EXPIRED: ("The token expired before the verification was finished", "Token 已过期，核验未完成"),
    RETRIES_USED_UP: ("All attempts are used up", "重试次数已用完"),
    NOT_FINISHED: ("The verification process is not finished", "核验流程未完成"),
    NO_VIDEO: ("The video could not be obtained", "未能获取视频"),
    1001: ("Failed to call the liveness engine", "调用活体引擎失败"),
    1002: ("The recording is suspected to be spoofed", "视频疑似翻拍或伪造"),
    1004: ("Face detection failed", "人脸检测失败"),
    1005: ("The liveness check failed", "活体检测未通过"),
    1107: ("The video is empty or of unsuitable length", "视频为空或时长不符合要求"),
    1201: ("The light is too dark", "光线过暗"),
    1202: ("The light is too bright", "光线过强"),
    1203: ("The face is too close", "人脸过近"),
    1205: ("The face is too far away", "人脸过远"),
    1210: ("No complete face, or it is covered", "未检测到完整人脸或人脸有遮挡"),
    TIMED_OUT: ("The verification timed out", "核验超时"),
    LEFT: ("The person left the verification", "用户退出核验"),
    2004: ("The supplied picture is too large or too small", "传入的图片过大或过小"),
    2012: ("There is more than one face", "存在多张人脸"),
    2013: ("There is no face, or the face is not complete", "没有人脸或人脸不完整"),
    2014: ("The resolution or quality of the picture is too low", "图片分辨率或质量过低"),
    2015: ("The comparison failed", "比对失败"),
    2016: ("The similarity is below the pass mark", "比对相似度低于通过标准"),
}
"""Every code this server answers for the hosted page. 14 (already finished) is never a result: the page shows it as its end."""

_CODES: dict[tuple[str, Hint], int] = {
    ("1004", "recording_incomplete"): 1107,
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

    error_code: int
    error_msg: str
    liveness_error_code: int
    liveness_error_msg: str
    compare_error_code: int | None
    compare_error_msg: str | None
    req_timestamp: int  # milliseconds
    similarity: float
    seq: str
    liveness_info_tag: tuple[str, ...] | None


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
    counted = [attempt for attempt in attempts if attempt.counts]
    judged = [attempt for attempt in counted if attempt.verdict is not None]
    if session.state is SessionState.FAILED and (not counted or counted[-1].verdict is None):
        return RETRIES_USED_UP
    if judged:
        return attempt_code(judged[-1])
    return EXPIRED if session.state is SessionState.EXPIRED else NOT_FINISHED


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
        if attempt.counts and attempt.state in (AttemptState.CONCLUDED, AttemptState.ABANDONED)
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
