"""Codes, tags and tips in words for an auditor."""

from openekyc.codes_help import CARD_PROBLEMS, HINTS, TAGS, WARNINGS, result
from openekyc.engine.values import Hint, Notice, Verdict
from openekyc.sessions.model import Attempt, AttemptState, Counts
from openekyc.sessions.outcome import UNSUPPORTED

CUES = {
    "face": "One face, there nearly all the time",
    "quality": "Light, sharpness and size good enough to judge",
    "trace": "What the client reported agrees with the pixels and the challenge",
    "silent": "A passive network sees a person, not a picture or screen",
    "silent_own": "The operator's own passive network sees a person",
    "motion": "The eyes live, and the background does not move as one sheet with the face",
    "continuity": "One person from the first frame to the last",
    "gestures": "Each gesture made after its own prompt",
    "light": "The face reflected the colours drawn for this attempt",
    "replay": "The recording was not submitted before",
    "compare": "The person is the one in the reference picture",
}

NOTICES: dict[Notice, str] = {"other_faces": "the reference picture shows more faces; the foremost one was compared"}

DECISIONS = {
    "pass": "passed",
    "deny": "refused",
    "retry": "could not judge",
    "recorded": "recorded only",
    "skipped": "not asked for",
}


def outcome(attempt: Attempt) -> str:
    """What became of an attempt, in one line."""
    if attempt.verdict is not None:
        return result(attempt.verdict.code).meaning
    if not attempt.counts:
        return f"Given up to begin anew without counting ({ended(attempt.given_up).replace('_', ' ')}), never judged"
    words = {
        AttemptState.CAPTURING: "Being captured",
        AttemptState.SUBMITTED: "Waiting for its verdict",
        AttemptState.ABANDONED: f"Abandoned, never judged: {ended(attempt.given_up).replace('_', ' ') or 'it was left or timed out'}",
    }
    return words.get(attempt.state, attempt.state.value)


def ended(why: str) -> str:
    """How a visit ended without a verdict."""
    return {"left": "the person left", "timed_out": "time ran out", UNSUPPORTED: "the recording is of a kind that is not judged"}.get(
        why, why
    )


def declined(names: tuple[str, ...]) -> str:
    """What the person asked to do without."""
    return ", ".join("flashing colours" if name == "light" else name for name in names)


def velocity(counts: Counts) -> str:
    """What was counted of the hour before an attempt; who has no Extra is counted by the token."""
    return (
        f"of this Extra: {counts.tokens} tokens, {counts.attempts_of_extra} attempts, {counts.failures} not passed, "
        f"{counts.addresses} addresses, {counts.devices} devices; attempts from the address: {counts.attempts_of_address}, "
        f"of the account: {counts.attempts_of_account}"
    )


def kind(verdict: Verdict | None) -> str:
    """`pass`, `deny`, `retry` (nothing against the person) or `open`."""
    if verdict is None:
        return "open"
    if verdict.code == "0":
        return "pass"
    return "deny" if any(cue.decision == "deny" for cue in verdict.cues) else "retry"


def tags(numbers: tuple[str, ...]) -> str:
    """Tags with their meanings."""
    return ", ".join(f"{number} {TAGS[number].meaning if number in TAGS else 'unknown'}" for number in numbers) or "none"


def advice(hint: Hint) -> str:
    """What the person was told."""
    return HINTS.get(hint, hint)


def warnings(codes: tuple[int, ...]) -> str:
    """Warnings with their meanings."""
    return ", ".join(f"{code} {WARNINGS[code].meaning if code in WARNINGS else 'unknown'}" for code in codes)


def problem(name: str) -> str:
    """What keeps a picture from being used."""
    return CARD_PROBLEMS[name].meaning if name in CARD_PROBLEMS else name
