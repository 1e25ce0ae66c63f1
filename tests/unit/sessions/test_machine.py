"""The tables of moves have no dead ends, and refuse everything they do not name with the error that says why."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.errors import AttemptClosed, AttemptRunning, RetriesUsedUp, SessionError, SessionFinished, TokenExpired
from openekyc.sessions.machine import (
    ATTEMPT_MOVES,
    FINAL,
    SESSION_MOVES,
    AttemptEvent,
    SessionEvent,
    move_attempt,
    move_session,
)
from openekyc.sessions.model import AttemptState, SessionState

FINAL_ATTEMPTS = {AttemptState.CONCLUDED, AttemptState.ABANDONED}


def reachable(moves, start):
    found, edge = {start}, {start}
    while edge:
        edge = {after for (before, _), after in moves.items() if before in edge} - found
        found |= edge
    return found


@pytest.mark.parametrize("state", set(SessionState) - FINAL)
def test_every_unfinished_session_can_still_finish(state):
    assert reachable(SESSION_MOVES, state) & FINAL


@pytest.mark.parametrize("state", set(AttemptState) - FINAL_ATTEMPTS)
def test_every_unfinished_attempt_can_still_finish(state):
    assert reachable(ATTEMPT_MOVES, state) & FINAL_ATTEMPTS


def test_every_state_is_reached_from_the_first():
    assert reachable(SESSION_MOVES, SessionState.READY) == set(SessionState)
    assert reachable(ATTEMPT_MOVES, AttemptState.CAPTURING) == set(AttemptState)


@pytest.mark.parametrize("event", SessionEvent)
@pytest.mark.parametrize("state", FINAL)
def test_nothing_leaves_a_final_state(state, event):
    with pytest.raises(SessionError):
        move_session(state, event)


@pytest.mark.parametrize(("state", "event"), [pair for pair in product(AttemptState, AttemptEvent) if pair not in ATTEMPT_MOVES])
def test_an_attempt_refuses_every_other_move(state, event):
    with pytest.raises(AttemptClosed):
        move_attempt(state, event)


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (SessionState.CAPTURING, AttemptRunning),
        (SessionState.JUDGING, AttemptRunning),
        (SessionState.PASSED, SessionFinished),
        (SessionState.FAILED, RetriesUsedUp),
        (SessionState.EXPIRED, TokenExpired),
    ],
)
def test_a_second_beginning_is_refused_for_its_reason(state, error):
    with pytest.raises(error):
        move_session(state, SessionEvent.BEGIN)


@given(st.lists(st.sampled_from(list(SessionEvent)), max_size=40))
def test_any_walk_keeps_to_the_table_and_stops_for_good(events):
    state = SessionState.READY
    for event in events:
        try:
            after = move_session(state, event)
        except SessionError:
            continue
        assert state not in FINAL
        assert SESSION_MOVES[state, event] is after
        state = after
