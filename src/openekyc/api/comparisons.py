"""CompareResults of GetSdkVerificationResult: one for every liveness attempt that was judged."""

from typing import Annotated

import msgspec

from openekyc import ids
from openekyc.api.action import Context
from openekyc.api.results import FileInfo, describe, file_info, light_declined
from openekyc.engine.values import Verdict
from openekyc.sessions.model import Attempt, Media, Session
from openekyc.wire.parameters import Note
from openekyc.wire.responses import Null

BILLED = frozenset({"0", "1002", "1005", "1201", "2017"})
"""The result codes the contract marks as billed for the SDK family; what it leaves open counts as not billed."""

NOT_REACHED = ""


class CompareResult(msgspec.Struct, frozen=True, rename="pascal"):
    """One attempt: liveness first, then the comparison. `compare_error_code` is empty where no comparison was reached or asked for."""

    error_code: Annotated[str, Note("the result code of this attempt")]
    error_msg: Annotated[str, Note("ErrorCode in words")]
    live_data: Annotated[FileInfo, Note("always empty: the vendor's SDK has a package of its own there")]
    live_video: Annotated[FileInfo, Note("the recording, as the client sent it")]
    action_video: Annotated[FileInfo, Note("the part of it that holds the gestures; empty at levels without gestures")]
    live_error_code: Annotated[str, Note("the result code of the liveness part")]
    live_error_msg: Annotated[str, Note("LiveErrorCode in words")]
    best_frame: Annotated[FileInfo, Note("the best picture of the face (JPEG); empty where no face was seen")]
    profile_image: Annotated[FileInfo, Note("the portrait as cut from the document (JPEG); empty without a document")]
    compare_error_code: Annotated[str, Note("the result code of the comparison; empty where none was reached or asked for")]
    compare_error_msg: Annotated[str, Note("CompareErrorCode in words; empty as it is")]
    sim: Annotated[float, Note("similarity, 0 to 100; 0 where nothing was compared")]
    is_need_charge: Annotated[bool, Note("whether the vendor would bill the attempt; here nothing is billed")]
    card_info_input_json: Annotated[FileInfo | None, Note("the vendor has no use for it either"), Null("always")]
    request_id: Annotated[str, Note("an id of this attempt, the same in every call")]
    liveness_info_tag: Annotated[
        tuple[str, ...] | None,
        Note("the reasons found against this attempt; an empty list if there are none"),
        Null("with the setting `paid_tiers`, unless SdkVersion was PLUS"),
    ]


def compare_result(session: Session, attempt: Attempt, verdict: Verdict, portrait: Media | None, context: Context) -> CompareResult:
    """The result of one judged attempt, with fresh links. `portrait`: as cut from the document, if there is one."""
    live, compared = parts(verdict, compare=session.terms.compare)

    def words(code: str) -> str:
        declined = light_declined(session, attempt)
        return describe(code, sandbox=session.sandbox, language=context.language, declined=declined) if code else ""

    return CompareResult(
        error_code=verdict.code,
        error_msg=words(verdict.code),
        live_data=FileInfo(),
        live_video=file_info(attempt.video, context),
        action_video=file_info(attempt.action_video, context),
        live_error_code=live,
        live_error_msg=words(live),
        best_frame=file_info(attempt.best_frame, context),
        profile_image=file_info(portrait, context),
        compare_error_code=compared,
        compare_error_msg=words(compared),
        sim=(verdict.similarity or 0.0) if compared else 0.0,
        is_need_charge=verdict.code in BILLED,
        card_info_input_json=None,
        request_id=ids.derived(session.token, "attempt", attempt.number),
        liveness_info_tag=_tags(session, verdict, context),
    )


def parts(verdict: Verdict, *, compare: bool) -> tuple[str, str]:
    """The codes of the liveness part and of the comparison. Liveness decides first: unless it passed, no comparison counts."""
    passed = verdict.code == "0" or any(cue.name == "compare" and cue.decision in ("deny", "retry") for cue in verdict.cues)
    failed = any(cue.name != "compare" and cue.decision in ("deny", "retry") for cue in verdict.cues)
    if failed or not passed:
        return verdict.code, NOT_REACHED
    return "0", verdict.code if compare else NOT_REACHED


def charge_count(verdicts: tuple[Verdict, ...]) -> int:
    """How many attempts the vendor would bill."""
    return sum(verdict.code in BILLED for verdict in verdicts)


def _tags(session: Session, verdict: Verdict, context: Context) -> tuple[str, ...] | None:
    if context.settings.paid_tiers and session.terms.sdk_version != "PLUS":
        return None
    return verdict.tags
