"""The writes that move a session: values in, one all-or-nothing Change out. Pure; `machine.py` decides what is allowed."""

from msgspec.structs import replace

from openekyc.engine.values import Challenge, Gesture, Level, Verdict
from openekyc.errors import DocumentRequired
from openekyc.sessions.machine import AttemptEvent, SessionEvent, move_attempt, move_session
from openekyc.sessions.model import Attempt, AttemptState, Ended, Fingerprint, Media, Session, SessionState
from openekyc.sessions.outcome import attempts_left
from openekyc.sessions.policy import broken_off
from openekyc.sessions.ports import Change
from openekyc.settings import Settings

FAULT = Verdict(code="1001", hint="try_again")
"""Of an attempt that could not be judged, for no fault of the person's."""


def begin(
    session: Session, challenge: Challenge, now: float, level: Level, unable: tuple[Gesture, ...] = (), try_until: float | None = None
) -> tuple[Session, Attempt]:
    """The session with one more attempt, and that attempt, at its own level. Raises the SessionError that forbids it."""
    state = move_session(session.state, SessionEvent.BEGIN)
    if session.terms.card and session.document != "confirmed":
        raise DocumentRequired
    number = session.attempts + 1
    attempt = Attempt(
        session.token, number, AttemptState.CAPTURING, challenge, level, opened_at=now, touched_at=now, unable=unable, try_until=try_until
    )
    return replace(session, state=state, attempts=number, ended=""), attempt


def submit(session: Session, attempt: Attempt, video: Media, now: float) -> Change:
    """The recording is complete: the attempt waits for its verdict."""
    state = move_session(session.state, SessionEvent.SUBMIT)
    moved = move_attempt(attempt.state, AttemptEvent.SUBMIT)
    return Change(
        session=replace(session, state=state),
        attempt=replace(attempt, state=moved, video=video, submitted_at=now, touched_at=now),
    )


def conclude(session: Session, attempt: Attempt, verdict: Verdict, now: float, settings: Settings, *, counts: bool = True) -> Change:
    """The verdict holds. A refusal with attempts left opens the next one for `retry_window_s`; one that does not count leaves as many as
    there were."""
    session = session if counts else replace(session, faults=session.faults + 1)
    event = SessionEvent.PASS if verdict.code == "0" else SessionEvent.REFUSE if attempts_left(session) else SessionEvent.REFUSE_LAST
    moved = move_attempt(attempt.state, AttemptEvent.CONCLUDE)
    return Change(
        session=_moved_on(session, event, now, settings),
        attempt=replace(attempt, state=moved, verdict=verdict.without_media(), concluded_at=now, counts=counts),
        fingerprint=_fingerprint(session, attempt, verdict, now) if settings.replay_days else None,
    )


def spoil(session: Session, attempt: Attempt, now: float, settings: Settings) -> Change:
    """The recording was damaged before it could be handed over: the attempt ends in FAULT, without counting."""
    handed = replace(session, state=move_session(session.state, SessionEvent.SUBMIT))
    over = replace(attempt, state=move_attempt(attempt.state, AttemptEvent.SUBMIT), submitted_at=now, touched_at=now)
    return conclude(handed, over, FAULT, now, settings, counts=False)


def _fingerprint(session: Session, attempt: Attempt, verdict: Verdict, now: float) -> Fingerprint | None:
    """Whatever the verdict was: a recording that was refused must not come back either."""
    if verdict.fingerprint is None:
        return None
    return Fingerprint(session.token, attempt.number, session.account, now, verdict.fingerprint)


def abandon(session: Session, attempt: Attempt, why: str, now: float, settings: Settings, ended: Ended = "") -> Change:
    """The attempt was given up; it is never judged, and it counts. `ended`: the visit ended with it."""
    event = SessionEvent.LOSE if attempts_left(session) else SessionEvent.LOSE_LAST
    moved = move_attempt(attempt.state, AttemptEvent.ABANDON)
    return Change(
        session=_moved_on(session, event, now, settings, ended),
        attempt=replace(attempt, state=moved, touched_at=now, given_up=why),
    )


def restart(session: Session, attempt: Attempt, reason: str, now: float, settings: Settings) -> Change:
    """The attempt broke off for a technical reason. It does not count while restarts are left; afterwards it does."""
    if not restarts_left(session, settings):
        return abandon(session, attempt, reason, now, settings)
    moved = move_attempt(attempt.state, AttemptEvent.ABANDON)
    again = _moved_on(session, SessionEvent.RESTART, now, settings)
    return Change(
        session=replace(again, restarts=session.restarts + 1),
        attempt=replace(attempt, state=moved, touched_at=now, counts=False, given_up=reason),
    )


def restarts_left(session: Session, settings: Settings) -> int:
    """How many attempts may still be given up without counting."""
    return max(0, settings.capture_restarts - session.restarts)


def overdue(session: Session, attempt: Attempt | None, now: float, settings: Settings) -> Change | None:
    """What time alone does: a session nobody began in time expires, an attempt over its idle or total budget or over the person's time
    is abandoned. One that fell silent after its colours were known broke off where it cannot be taken up again, and counts no more than
    if the client had said so. Who does not come back from a technical break has timed out too."""
    if session.state is SessionState.READY:
        if _timed_out_after_a_break(session, attempt, now):
            return Change(session=replace(session, ended="timed_out"))
        if now >= session.start_by:
            return Change(session=replace(session, state=move_session(session.state, SessionEvent.EXPIRE)))
    if attempt and attempt_overdue(attempt, now, settings):
        if attempt.light_disclosed_at is not None and _silent_at(attempt, settings) <= min(now, submit_by(attempt, settings)):
            return restart(session, attempt, "connection", now, settings)
        return abandon(session, attempt, "timed_out", now, settings, "timed_out")
    return None


def _timed_out_after_a_break(session: Session, attempt: Attempt | None, now: float) -> bool:
    over = attempt is not None and broken_off(attempt) and attempt.try_until is not None and now >= attempt.try_until
    return over and not session.ended


def attempt_overdue(attempt: Attempt, now: float, settings: Settings) -> bool:
    """Whether an attempt that is being captured has used up its time."""
    return attempt.state is AttemptState.CAPTURING and now >= min(_silent_at(attempt, settings), submit_by(attempt, settings))


def submit_by(attempt: Attempt, settings: Settings) -> float:
    """When the recording must be in: within the total budget, and where the person's time is limited soon after its end."""
    total = attempt.opened_at + settings.attempt_total_s
    return total if attempt.try_until is None else min(total, attempt.try_until + settings.capture_upload_s)


def _silent_at(attempt: Attempt, settings: Settings) -> float:
    return attempt.touched_at + settings.attempt_idle_s


def _moved_on(session: Session, event: SessionEvent, now: float, settings: Settings, ended: Ended = "") -> Session:
    begin_by = max(session.start_by, now + settings.retry_window_s)
    return replace(session, state=move_session(session.state, event), start_by=begin_by, ended=ended)
