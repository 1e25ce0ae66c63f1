"""Codes, tags and tips in words for an auditor."""

from openekyc.api.results import DESCRIPTIONS
from openekyc.engine.values import Hint, Verdict
from openekyc.sessions.model import Attempt, AttemptState

TAGS = {
    "01": "eyes closed all the time",
    "02": "action not done",
    "03": "photo or screen replay suspected",
    "04": "synthetic image suspected",
    "05": "synthetic video suspected",
    "06": "synthetic action suspected",
    "07": "fraud template suspected",
    "08": "watermark suspected",
    "09": "light check failed",
    "10": "face check failed",
    "11": "poor face quality",
    "12": "poor capture quality",
    "13": "adversarial sample suspected",
}
"""LivenessInfoTag of the SDK family."""

ADVICE: dict[Hint, str] = {
    "": "nothing",
    "no_face": "bring the face into view",
    "one_person_only": "be alone in the picture",
    "move_closer": "move closer",
    "move_back": "move back a little",
    "hold_still": "hold still",
    "more_light": "find more light",
    "less_light": "go to a darker place or into the shade",
    "face_covered": "take away what covers the face",
    "follow_prompts": "follow the prompts as they appear",
    "keep_facing_screen": "keep facing the screen",
    "recording_incomplete": "let the recording run to its end",
    "try_again": "try again",
}
"""What the person was told, and nothing more."""

WARNINGS = {
    -9101: "border incomplete or covered",
    -9102: "photocopy",
    -9103: "photographed from a screen or print",
    -9104: "edited picture",
    -9107: "glare",
    -9108: "blurred",
    -9109: "a check that could not be made",
    -8101: "a field's format",
    -8102: "fields that do not agree",
}

PROBLEMS = {
    "undecodable": "the picture cannot be decoded",
    "not_a_card": "no document is seen",
    "wrong_kind": "another kind of document",
    "wrong_side": "the other side of the document",
    "unreadable": "what matters could not be read",
    "no_portrait": "no portrait was found",
}

CUES = {
    "face": "One face, there nearly all the time",
    "quality": "Light, sharpness and size good enough to judge",
    "trace": "What the client reported agrees with the pixels and the challenge",
    "silent": "A passive network sees a person, not a picture or screen",
    "silent_own": "The operator's own passive network sees a person",
    "continuity": "One person from the first frame to the last",
    "gestures": "Each gesture made after its own prompt",
    "light": "The face reflected the colours drawn for this attempt",
    "replay": "The recording was not submitted before",
    "compare": "The person is the one in the reference picture",
}

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
        return DESCRIPTIONS[attempt.verdict.code][0] if attempt.verdict.code in DESCRIPTIONS else f"Result {attempt.verdict.code}"
    if not attempt.counts:
        return f"Given up to begin anew without counting ({attempt.given_up.replace('_', ' ')}), never judged"
    words = {
        AttemptState.CAPTURING: "Being captured",
        AttemptState.SUBMITTED: "Waiting for its verdict",
        AttemptState.ABANDONED: f"Abandoned, never judged: {ended(attempt.given_up).replace('_', ' ') or 'it was left or timed out'}",
    }
    return words.get(attempt.state, attempt.state.value)


def ended(why: str) -> str:
    """How a visit ended without a verdict."""
    return {"left": "the person left", "timed_out": "time ran out"}.get(why, why)


def declined(names: tuple[str, ...]) -> str:
    """What the person asked to do without."""
    return ", ".join("flashing colours" if name == "light" else name for name in names)


def kind(verdict: Verdict | None) -> str:
    """`pass`, `deny`, `retry` (nothing against the person) or `open`."""
    if verdict is None:
        return "open"
    if verdict.code == "0":
        return "pass"
    return "deny" if any(cue.decision == "deny" for cue in verdict.cues) else "retry"


def tags(numbers: tuple[str, ...]) -> str:
    """Tags with their meanings."""
    return ", ".join(f"{number} {TAGS.get(number, 'unknown')}" for number in numbers) or "none"


def advice(hint: Hint) -> str:
    """What the person was told."""
    return ADVICE.get(hint, hint)


def warnings(codes: tuple[int, ...]) -> str:
    """Warnings with their meanings."""
    return ", ".join(f"{code} {WARNINGS.get(code, 'unknown')}" for code in codes)


def problem(name: str) -> str:
    """What keeps a picture from being used."""
    return PROBLEMS.get(name, name)
