"""The writes that move a session: values in, one all-or-nothing Change out. Pure; `machine.py` decides what is allowed."""

from msgspec.structs import replace

from openekyc.engine.values import Challenge, Verdict
from openekyc.sessions.machine import AttemptEvent, SessionEvent, move_attempt, move_session
from openekyc.sessions.model import Attempt, AttemptState, Fingerprint, Media, Session, SessionState
from openekyc.sessions.outcome import attempts_left
from openekyc.sessions.ports import Change
from openekyc.settings import Settings


def begin(session: Session, challenge: Challenge, now: float) -> tuple[Session, Attempt]:
    """The session with one more attempt, and that attempt. Raises the SessionError that forbids it."""
    state = move_session(session.state, SessionEvent.BEGIN)
    number = session.attempts + 1
    attempt = Attempt(session.token, number, AttemptState.CAPTURING, challenge, opened_at=now, touched_at=now)
    return replace(session, state=state, attempts=number), attempt


def submit(session: Session, attempt: Attempt, video: Media, now: float) -> Change:
    """The recording is complete: the attempt waits for its verdict."""
    state = move_session(session.state, SessionEvent.SUBMIT)
    moved = move_attempt(attempt.state, AttemptEvent.SUBMIT)
    return Change(
        session=replace(session, state=state),
        attempt=replace(attempt, state=moved, video=video, submitted_at=now, touched_at=now),
    )


def conclude(session: Session, attempt: Attempt, verdict: Verdict, now: float, settings: Settings) -> Change:
    """The verdict counts. A refusal with attempts left opens the next one for `retry_window_s`."""
    event = SessionEvent.PASS if verdict.code == "0" else SessionEvent.REFUSE if attempts_left(session) else SessionEvent.REFUSE_LAST
    moved = move_attempt(attempt.state, AttemptEvent.CONCLUDE)
    return Change(
        session=_moved_on(session, event, now, settings),
        attempt=replace(attempt, state=moved, verdict=verdict.without_media(), concluded_at=now),
        fingerprint=_fingerprint(session, attempt, verdict, now) if settings.replay_days else None,
    )


def _fingerprint(session: Session, attempt: Attempt, verdict: Verdict, now: float) -> Fingerprint | None:
    """Whatever the verdict was: a recording that was refused must not come back either."""
    if verdict.fingerprint is None:
        return None
    return Fingerprint(session.token, attempt.number, session.account, now, verdict.fingerprint)


def abandon(session: Session, attempt: Attempt, now: float, settings: Settings) -> Change:
    """The attempt was left or timed out; it is never judged, and it counts."""
    event = SessionEvent.LOSE if attempts_left(session) else SessionEvent.LOSE_LAST
    moved = move_attempt(attempt.state, AttemptEvent.ABANDON)
    return Change(session=_moved_on(session, event, now, settings), attempt=replace(attempt, state=moved, touched_at=now))


def overdue(session: Session, attempt: Attempt | None, now: float, settings: Settings) -> Change | None:
    """What time alone does: a session nobody began in time expires, an attempt over its idle or total budget is abandoned."""
    if session.state is SessionState.READY and now >= session.start_by:
        return Change(session=replace(session, state=move_session(session.state, SessionEvent.EXPIRE)))
    if attempt and attempt_overdue(attempt, now, settings):
        return abandon(session, attempt, now, settings)
    return None


def attempt_overdue(attempt: Attempt, now: float, settings: Settings) -> bool:
    """Whether an attempt that is being captured has used up its idle or total budget."""
    idle, total = now - attempt.touched_at >= settings.attempt_idle_s, now - attempt.opened_at >= settings.attempt_total_s
    return attempt.state is AttemptState.CAPTURING and (idle or total)


def _moved_on(session: Session, event: SessionEvent, now: float, settings: Settings) -> Session:
    begin_by = max(session.start_by, now + settings.retry_window_s)
    return replace(session, state=move_session(session.state, event), start_by=begin_by)
