"""Plain values for the storage tests."""

from typing import Any

from openekyc.engine.values import Challenge, Colour, GestureStep, HoldStep, LightStep
from openekyc.sessions.model import ApiKey, Attempt, AttemptState, Session, SessionState, Slice, Terms

CHALLENGE = Challenge("0f" * 16, (HoldStep(500), GestureStep("blink", 2, 300, 2500), LightStep((Colour(255, 0, 0, 400),))))


def session(token: str = "T-1", **changes: Any) -> Session:
    fields: dict[str, Any] = {
        "token": token,
        "account": "acme",
        "sandbox": False,
        "terms": Terms("liveness", level=3, gestures=("blink", "nod"), extra="ünïcödé"),
        "state": SessionState.READY,
        "created_at": 100.25,
        "start_by": 700.0,
    }
    return Session(**fields | changes)


def attempt(token: str = "T-1", number: int = 1, **changes: Any) -> Attempt:
    fields: dict[str, Any] = {
        "token": token,
        "number": number,
        "state": AttemptState.CAPTURING,
        "challenge": CHALLENGE,
        "level": 3,
        "opened_at": 110.0,
        "touched_at": 110.5,
    }
    return Attempt(**fields | changes)


def piece(offset: int = 0, token: str = "T-1", number: int = 1, sha256: str = "ab" * 32) -> Slice:
    return Slice(token, number, offset, 1000, sha256)


def key(secret_id: str = "AKID1", **changes: Any) -> ApiKey:
    return ApiKey(**{"secret_id": secret_id, "secret_key": "very secret", "account": "acme", "sandbox": False, "created_at": 5.0} | changes)
