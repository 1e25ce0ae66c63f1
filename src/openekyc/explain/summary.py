"""A dossier as one value for programs and as the ground of the page: what was asked, decided and measured, without pictures."""

from typing import Any, Literal

import msgspec

from openekyc.engine import record
from openekyc.engine.record import Record
from openekyc.explain import words
from openekyc.sessions import cards
from openekyc.sessions.auditing import Chapter, Dossier, Leaf
from openekyc.sessions.entropy import Entropy, of_challenge
from openekyc.sessions.model import Attempt, Counts, Session
from openekyc.sessions.policy import downgraded


class AttemptSummary(msgspec.Struct, frozen=True, omit_defaults=True):
    """One attempt. Times are Unix seconds of the server's clock; `record` is None where no judgement left one."""

    number: int
    state: str
    outcome: str
    level: int  # the attempt's own
    opened_at: float
    entropy: Entropy
    light_disclosed_at: float | None = None
    submitted_at: float | None = None
    concluded_at: float | None = None
    code: str | None = None
    tags: tuple[str, ...] = ()
    reason: str = ""
    advice: str = ""
    similarity: float | None = None
    video: str | None = None  # MD5
    record: Record | None = None
    declined: tuple[str, ...] = ()  # by the person: "light", gestures they cannot do
    velocity: Counts | None = None  # what was counted of the hour before it began
    downgraded: bool = False  # judged below the token's level, because the light was declined
    counts: bool = True
    given_up: str = ""


class FieldSummary(msgspec.Struct, frozen=True):
    """One field that was read: how surely, and whether the person corrected it. Its value stands on the page alone."""

    name: str
    score: float
    corrected: bool


class DocumentSummary(msgspec.Struct, frozen=True, omit_defaults=True):
    """One picture of the document. `numbers` are what the tests behind the warnings measured."""

    number: int
    side: str
    state: str
    submitted_at: float
    concluded_at: float | None = None
    whole: bool = False
    problem: str = ""
    seen_kind: str | None = None
    hints: tuple[str, ...] = ()
    warnings: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()
    fields: tuple[FieldSummary, ...] = ()
    numbers: dict[str, float] = {}
    seconds: dict[str, float] = {}
    picture: str = ""  # MD5 of the photograph
    expired: bool = False  # the document had expired when it was read


class ConsentSummary(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the person agreed to, by the capture client's word; or why there is nothing: `skipped` by the integrator's `parameter`,
    `unreported` by the client though it went on, or `open` as long as nothing was begun."""

    state: Literal["agreed", "skipped", "unreported", "open"]
    parameter: str = ""
    language: str = ""
    agreed_at: float | None = None
    sha256: str = ""
    text: str = ""


class Summary(msgspec.Struct, frozen=True):
    """A session; attempts and pictures of the document are latest first. `client` is what the capture client said about itself: its word
    only. `kind` is the document's, "" without one."""

    token: str
    account: str
    sandbox: bool
    state: str
    family: str
    level: int
    gestures: tuple[str, ...]
    compare: bool
    created_at: float
    client: dict[str, Any] | None
    attempts: tuple[AttemptSummary, ...]
    check_mode: int = 3
    kind: str = ""
    document: str = ""
    pictures: tuple[DocumentSummary, ...] = ()
    ended: str = ""  # how the person's last visit ended without a verdict: left, timed_out
    consent: ConsentSummary = ConsentSummary("open")


def summary(dossier: Dossier) -> Summary:
    """Everything but the pictures."""
    session = dossier.session
    return Summary(
        token=session.token,
        account=session.account,
        sandbox=session.sandbox,
        state=session.state.value,
        family=session.terms.family,
        level=session.terms.level,
        gestures=session.terms.gestures,
        compare=session.terms.compare,
        created_at=session.created_at,
        client=_client(dossier.client),
        attempts=tuple(_attempt(dossier, chapter) for chapter in dossier.chapters),
        check_mode=session.terms.check_mode,
        kind=session.terms.card.kind if session.terms.card else "",
        document=session.document,
        pictures=tuple(_picture(leaf) for leaf in dossier.leaves),
        ended=session.ended,
        consent=_consent(dossier),
    )


SKIPS = {"sdk": "SkipLaunchPage", "web": "SkipPrivacyPolicy"}
"""By which parameter each family does without asking for consent."""


def _consent(dossier: Dossier) -> ConsentSummary:
    session, kept = dossier.session, dossier.consent
    if kept is not None:
        return ConsentSummary("agreed", "", kept.language, kept.agreed_at, kept.sha256, kept.text)
    if session.terms.page.skip_consent:
        return ConsentSummary("skipped", SKIPS.get(session.terms.family, "a parameter of the token"))
    return ConsentSummary("unreported" if session.attempts or session.shots else "open")


def _picture(leaf: Leaf) -> DocumentSummary:
    shot, card = leaf.shot, leaf.card
    corrected = {edit.name for edit in leaf.edits}
    told = DocumentSummary(
        number=shot.number,
        side=shot.side,
        state=shot.state.value,
        submitted_at=shot.submitted_at,
        concluded_at=shot.concluded_at,
        whole=shot.whole,
        hints=shot.hints,
        warnings=shot.warnings,
        picture=shot.picture.md5,
    )
    if card is None:
        return told
    return msgspec.structs.replace(
        told,
        problem=card.problem,
        seen_kind=card.seen_kind,
        notices=card.notices,
        fields=tuple(FieldSummary(field.name, round(field.score, 3), field.name in corrected) for field in card.fields),
        numbers=dict(card.numbers),
        seconds=dict(card.seconds),
        expired=cards.expired(card, cards.today(shot.concluded_at or shot.submitted_at)),
    )


def _attempt(dossier: Dossier, chapter: Chapter) -> AttemptSummary:
    attempt, session = chapter.attempt, dossier.session
    told = AttemptSummary(
        number=attempt.number,
        state=attempt.state.value,
        outcome=words.outcome(attempt),
        level=attempt.level,
        opened_at=attempt.opened_at,
        entropy=_entropy(session, attempt),
        light_disclosed_at=attempt.light_disclosed_at,
        submitted_at=attempt.submitted_at,
        concluded_at=attempt.concluded_at,
        video=attempt.video.md5 if attempt.video else None,
        record=_without_strip(read(chapter)),
        declined=(*(("light",) if downgraded(session.terms, attempt.level) else ()), *attempt.unable),
        velocity=attempt.velocity,
        downgraded=downgraded(session.terms, attempt.level),
        counts=attempt.counts,
        given_up=attempt.given_up,
    )
    verdict = attempt.verdict
    if verdict is None:
        return told
    why, tip = record.reason(verdict.cues), words.advice(verdict.hint)
    return msgspec.structs.replace(told, code=verdict.code, tags=verdict.tags, reason=why, advice=tip, similarity=verdict.similarity)


def _entropy(session: Session, attempt: Attempt) -> Entropy:
    tries = session.terms.retry_limit + session.restarts
    return of_challenge(attempt.level, attempt.challenge, session.terms.gestures, tries, chosen=bool(attempt.unable))


def read(chapter: Chapter) -> Record | None:
    """The attempt's record; None if there is none, or if it was written by a version whose records this one cannot read."""
    try:
        return record.decode(chapter.record) if chapter.record else None
    except msgspec.DecodeError:
        return None


def _without_strip(found: Record | None) -> Record | None:
    return msgspec.structs.replace(found, strip=None) if found else None


def _client(data: bytes | None) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(data, type=dict[str, Any]) if data else None
    except msgspec.DecodeError:
        return None
