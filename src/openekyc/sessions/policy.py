"""What the person in front of the camera may decide, to do without flashing colours and without a gesture they cannot do, and how long they
have. Pure.

Either decision makes the attempt easier for everybody, an attacker too, so both are choices of the integrator (per token) or the operator
(in the settings), and what was chosen is kept with the attempt, which is judged and explained by it.
"""

from collections.abc import Sequence
from typing import cast

from openekyc.engine.values import GESTURES, LEVELS_WITH_GESTURES, LEVELS_WITH_LIGHT, Gesture, Level
from openekyc.errors import GesturesRequired, LightRequired
from openekyc.sessions.model import Attempt, AttemptState, Session, Terms
from openekyc.settings import Settings

LIGHT = 2  # how much a level with light lies above the one that asks for the same without it


def no_light(terms: Terms, settings: Settings) -> bool:
    """Whether flashing colours may be declined with this token."""
    return settings.capture_no_light if terms.page.no_light is None else terms.page.no_light


def handoff(settings: Settings) -> bool:
    """Whether the page offers to go on with a phone: of no use where the phone cannot reach this server."""
    return not settings.local_only if settings.capture_handoff is None else settings.capture_handoff


def session_s(terms: Terms, settings: Settings) -> int:
    """Seconds for one try in front of the camera; 0 = no limit."""
    return settings.capture_session_s if terms.page.session_s is None else terms.page.session_s


def try_until(session: Session, before: Attempt | None, now: float, settings: Settings, waited_s: float) -> float | None:
    """When the time of a try that is begun now is over; None = never. The try began `waited_s` ago by the client's word, when it opened
    the camera; after a technical break the one `before` goes on, unless the visit ended meanwhile."""
    limit = session_s(session.terms, settings)
    if before and broken_off(before) and not session.ended:
        return before.try_until
    return now + limit - min(max(waited_s, 0.0), limit) if limit else None


def broken_off(attempt: Attempt) -> bool:
    """Whether it was given up for a technical reason, so that the person's try goes on."""
    return attempt.state is AttemptState.ABANDONED and attempt.given_up not in ("left", "timed_out")


def level(terms: Terms, settings: Settings, *, light: bool) -> Level:
    """The level of an attempt. Raises LightRequired if colours are declined that may not be."""
    if light or terms.level not in LEVELS_WITH_LIGHT:
        return terms.level
    if not no_light(terms, settings):
        raise LightRequired
    return cast(Level, terms.level - LIGHT)


def check_unable(unable: Sequence[Gesture], level: Level, settings: Settings) -> None:
    """Raises GesturesRequired if gestures may not be exchanged, or if none is left."""
    if unable and level in LEVELS_WITH_GESTURES and (not settings.capture_other_gesture or set(unable) >= set(GESTURES)):
        raise GesturesRequired
