"""The two views on a session: all of it for the integrator, next to nothing for the capture client. Pure."""

from typing import Literal

import msgspec

from openekyc.engine.values import Hint, Verdict
from openekyc.sessions.model import Attempt, AttemptState, Session, SessionState

NOT_FINISHED = "-999"
NOT_COMPARED = "2015"  # of a session whose document was refused: there is nothing to compare a face with

UNSUPPORTED = "unsupported"  # why an attempt was given up whose recording is of a kind that is not judged


class Outcome(msgspec.Struct, frozen=True):
    """What the integrator may read: `code` is the latest concluded attempt's, NOT_FINISHED while none is or one is under way."""

    code: str
    session: Session
    attempt: Attempt | None = None


class History(msgspec.Struct, frozen=True):
    """The same with every judged attempt, in order."""

    code: str
    session: Session
    attempts: tuple[Attempt, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One for each attempt."""
        return tuple(attempt.verdict for attempt in self.attempts if attempt.verdict is not None)


class Progress(msgspec.Struct, frozen=True):
    """What the capture client may know. `waiting`: nothing to tell yet. `retry`: another attempt may begin,
    `hint` says what to do better."""

    state: Literal["waiting", "pass", "retry", "fail", "expired"]
    hint: Hint
    attempts_left: int
    sandbox: bool


_STATES: dict[SessionState, Literal["waiting", "pass", "fail", "expired"]] = {
    SessionState.READY: "waiting",
    SessionState.CAPTURING: "waiting",
    SessionState.JUDGING: "waiting",
    SessionState.PASSED: "pass",
    SessionState.FAILED: "fail",
    SessionState.EXPIRED: "expired",
}


def attempts_left(session: Session) -> int:
    """How many attempts may still begin; 0 in a final state."""
    if session.state in (SessionState.PASSED, SessionState.FAILED, SessionState.EXPIRED):
        return 0
    return session.terms.retry_limit - session.attempts + session.restarts + session.faults


def progress(session: Session, attempt: Attempt | None) -> Progress:
    """`attempt` is the latest one, whatever its state."""
    left = attempts_left(session)
    if session.state is SessionState.READY and session.attempts:
        return Progress("retry", _hint(attempt), left, session.sandbox)
    return Progress(_STATES[session.state], "", left, session.sandbox)


def outcome(session: Session, concluded: Attempt | None) -> Outcome:
    """`concluded` is the latest attempt with a verdict."""
    if session.document == "refused":
        return Outcome(NOT_COMPARED, session)
    if session.state is SessionState.PASSED and not session.terms.liveness:
        return Outcome("0", session)
    under_way = session.state in (SessionState.CAPTURING, SessionState.JUDGING)
    if under_way or concluded is None or concluded.verdict is None:
        return Outcome(NOT_FINISHED, session)
    return Outcome(concluded.verdict.code, session, concluded)


def _hint(attempt: Attempt | None) -> Hint:
    if attempt is not None and attempt.given_up == UNSUPPORTED:
        return "recording_unsupported"
    judged = attempt is not None and attempt.state is AttemptState.CONCLUDED and attempt.verdict is not None
    return attempt.verdict.hint if judged and attempt and attempt.verdict else "try_again"
