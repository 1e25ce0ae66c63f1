"""Plain values for the storage tests."""

from typing import Any

from openekyc.engine.values import Challenge, Colour, GestureStep, HoldStep, LightStep
from openekyc.sessions.model import ApiKey, Attempt, AttemptState, CardShot, Media, Session, SessionState, ShotState, Slice, Terms

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


def shot(token: str = "T-1", number: int = 1, **changes: Any) -> CardShot:
    fields: dict[str, Any] = {
        "token": token,
        "number": number,
        "side": "front",
        "state": ShotState.SUBMITTED,
        "picture": Media("sessions/t-1/document/front-ab", "0" * 32, 5, "image/jpeg"),
        "submitted_at": 110.0,
    }
    return CardShot(**fields | changes)


def key(secret_id: str = "AKID1", **changes: Any) -> ApiKey:
    return ApiKey(**{"secret_id": secret_id, "secret_key": "very secret", "account": "acme", "sandbox": False, "created_at": 5.0} | changes)
