"""What the person in front of the camera may decide, to do without flashing colours and without a gesture they cannot do, and how long they
have. Pure.

Either decision makes the attempt easier for everybody, an attacker too, so both are choices of the integrator (per token) or the operator
(in the settings), and what was chosen is kept with the attempt, which is judged and explained by it.
"""

from collections.abc import Sequence

from openekyc.engine.values import GESTURES, LEVELS_WITH_GESTURES, LEVELS_WITH_LIGHT, Gesture, Level
from openekyc.errors import GesturesRequired, LightRequired, RetriesUsedUp
from openekyc.sessions.model import Attempt, AttemptState, Session, Terms
from openekyc.settings import Settings

WITHOUT_LIGHT: Level = 2  # what a declined level is judged as: never by the passive network alone, which a moved photograph passes
DOWNGRADES_MOST = 3  # attempts of one token below its level; each is a guess at gestures that were drawn
KINDS_LEAST = 2  # different gestures asked for where the light was declined


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


def level(terms: Terms, settings: Settings, past: Sequence[Attempt], *, light: bool) -> Level:
    """The level of an attempt, given the token's `past` ones. Raises LightRequired if colours are declined that may not be, RetriesUsedUp
    if they were declined as often as they may be."""
    if light or terms.level not in LEVELS_WITH_LIGHT:
        return terms.level
    if not no_light(terms, settings):
        raise LightRequired
    if downgrades_left(terms, past) == 0:
        raise RetriesUsedUp
    return WITHOUT_LIGHT


def downgraded(terms: Terms, level: Level) -> bool:
    """Whether an attempt of this level is below what the token asks for, because the person declined flashing colours."""
    return level < terms.level


def downgrades_left(terms: Terms, past: Sequence[Attempt]) -> int:
    """How many more attempts of the token may do without light. Technical breaks, which are limited themselves, do not count."""
    return max(0, DOWNGRADES_MOST - sum(one.counts and downgraded(terms, one.level) for one in past))


def drawn_gestures(terms: Terms, level: Level, settings: Settings) -> int:
    """How many gestures are drawn beside the token's: `drawn_gestures` where the caller named none, and without the declined light as many
    as make two different ones."""
    usual = 0 if terms.gestures_named or level not in LEVELS_WITH_GESTURES else settings.drawn_gestures
    return max(usual, KINDS_LEAST - len(set(terms.gestures))) if downgraded(terms, level) else usual


def check_unable(unable: Sequence[Gesture], terms: Terms, level: Level, settings: Settings) -> None:
    """Raises GesturesRequired if gestures may not be exchanged, or if too few are left: one, and two where gestures are drawn or the light
    was declined, for else naming all others would bring back the bare gesture that the draw is there to avoid."""
    if not unable or level not in LEVELS_WITH_GESTURES:
        return
    several = downgraded(terms, level) or drawn_gestures(terms, level, settings) > 0
    if not settings.capture_other_gesture or len(set(GESTURES) - set(unable)) < (KINDS_LEAST if several else 1):
        raise GesturesRequired
