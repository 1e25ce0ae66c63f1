"""Which moves a session and an attempt may make: one table each, (state, event) -> state. Pure.

    session   ready --begin--> capturing --submit--> judging --pass--> passed
                ^                  |                    |--refuse_last--> failed
                |--restart---------|
                |--lose------------|--lose_last--> failed
                |--refuse---------------------------------|
              ready --expire--> expired
              ready --shoot--> ready               a picture of the document, or its confirmation
              ready --refuse_document--> failed
              ready --finish--> passed             the document is confirmed, and nothing else was asked for

    attempt   capturing --submit--> submitted --conclude--> concluded
              capturing --abandon--> abandoned

Whatever the tables do not name is refused. An attempt counts from the moment it begins, however it ends: an abandoned one has shown
its challenge, and one the engine could not judge (result 1001) may have been made to break it, so neither buys a free try. One
exception is `restart`: a few times for each token (setting `capture_restarts`) an attempt that broke off for a technical reason is given
up without counting. Since the reason is the client's word, those few are what an attacker gets on top. Nor does an attempt count whose
stored files turn out damaged: that is the operator's fault, and nobody else can bring it about.
"""

from enum import StrEnum

from openekyc.errors import AttemptClosed, AttemptRunning, RetriesUsedUp, SessionError, SessionFinished, TokenExpired
from openekyc.sessions.model import AttemptState, SessionState


class SessionEvent(StrEnum):
    """What can happen to a session. `refuse`/`lose`: an attempt was judged not to pass / was abandoned, and another is left;
    `restart`: it was abandoned without counting."""

    BEGIN = "begin"
    SUBMIT = "submit"
    PASS = "pass"  # noqa: S105 - an event, not a password
    REFUSE = "refuse"
    REFUSE_LAST = "refuse_last"
    LOSE = "lose"
    LOSE_LAST = "lose_last"
    RESTART = "restart"
    EXPIRE = "expire"
    SHOOT = "shoot"
    REFUSE_DOCUMENT = "refuse_document"
    FINISH = "finish"


class AttemptEvent(StrEnum):
    """What can happen to an attempt. `receive`: a slice, a trace batch, the disclosure of the colours."""

    RECEIVE = "receive"
    SUBMIT = "submit"
    CONCLUDE = "conclude"
    ABANDON = "abandon"


SESSION_MOVES = {
    (SessionState.READY, SessionEvent.BEGIN): SessionState.CAPTURING,
    (SessionState.READY, SessionEvent.EXPIRE): SessionState.EXPIRED,
    (SessionState.READY, SessionEvent.SHOOT): SessionState.READY,
    (SessionState.READY, SessionEvent.REFUSE_DOCUMENT): SessionState.FAILED,
    (SessionState.READY, SessionEvent.FINISH): SessionState.PASSED,
    (SessionState.CAPTURING, SessionEvent.SUBMIT): SessionState.JUDGING,
    (SessionState.CAPTURING, SessionEvent.LOSE): SessionState.READY,
    (SessionState.CAPTURING, SessionEvent.LOSE_LAST): SessionState.FAILED,
    (SessionState.CAPTURING, SessionEvent.RESTART): SessionState.READY,
    (SessionState.JUDGING, SessionEvent.PASS): SessionState.PASSED,
    (SessionState.JUDGING, SessionEvent.REFUSE): SessionState.READY,
    (SessionState.JUDGING, SessionEvent.REFUSE_LAST): SessionState.FAILED,
}

ATTEMPT_MOVES = {
    (AttemptState.CAPTURING, AttemptEvent.RECEIVE): AttemptState.CAPTURING,
    (AttemptState.CAPTURING, AttemptEvent.SUBMIT): AttemptState.SUBMITTED,
    (AttemptState.CAPTURING, AttemptEvent.ABANDON): AttemptState.ABANDONED,
    (AttemptState.SUBMITTED, AttemptEvent.CONCLUDE): AttemptState.CONCLUDED,
}

FINAL = frozenset({SessionState.PASSED, SessionState.FAILED, SessionState.EXPIRED})

_SESSION_REFUSALS: dict[SessionState, type[SessionError]] = {
    SessionState.READY: AttemptClosed,  # nothing is being captured or judged
    SessionState.CAPTURING: AttemptRunning,
    SessionState.JUDGING: AttemptRunning,
    SessionState.PASSED: SessionFinished,
    SessionState.FAILED: RetriesUsedUp,  # or the document was refused: nothing is left either way
    SessionState.EXPIRED: TokenExpired,
}


def move_session(state: SessionState, event: SessionEvent) -> SessionState:
    """The state after `event`. Raises the SessionError that tells why it is refused."""
    if (state, event) not in SESSION_MOVES:
        raise _SESSION_REFUSALS[state]
    return SESSION_MOVES[state, event]


def move_attempt(state: AttemptState, event: AttemptEvent) -> AttemptState:
    """The state after `event`. Raises AttemptClosed if it is refused."""
    if (state, event) not in ATTEMPT_MOVES:
        raise AttemptClosed
    return ATTEMPT_MOVES[state, event]
