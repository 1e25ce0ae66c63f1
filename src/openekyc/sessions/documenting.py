"""The document's side of a session: take in pictures, have them read, let the person review what was read.

The row of a submitted picture is its place in the readers' queue, as an attempt's is in the judges': a restart takes up what is there,
and concluding takes effect once. What was read names a person, so it lies in blobs and never in a row.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from openekyc.engine.documents import shapes
from openekyc.engine.documents.values import Card, KindName, Side
from openekyc.errors import (
    DocumentBusy,
    DocumentClosed,
    DocumentNotPlanned,
    DocumentRequired,
    FileDamaged,
    PictureInvalid,
    SideUnknown,
    SliceDamaged,
)
from openekyc.picture_limits import most_pixels
from openekyc.sessions import cards, places, recording
from openekyc.sessions.machine import SessionEvent, move_session
from openekyc.sessions.model import Attempt, CardShot, CardTerms, Media, Session, SessionState, ShotState
from openekyc.sessions.ports import Change
from openekyc.sessions.records import TRIES, Records
from openekyc.wire.picture import picture_size

FAULT_NOTICE = "The engine failed on this picture."
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
card_of = msgspec.json.Decoder(Card).decode
edits_of = msgspec.json.Decoder(tuple[cards.Edit, ...]).decode


class DocumentView(NamedTuple):
    """Where a session's document stands. `card` is what was read, once all of it is."""

    session: Session
    terms: CardTerms
    shots: tuple[CardShot, ...]
    card: Card | None = None

    @property
    def reading(self) -> CardShot | None:
        """The picture with whose reading the document was complete."""
        return cards.whole_reading(self.terms.kind, self.shots)


class Pictures(msgspec.Struct, frozen=True):
    """What a reader needs: the picture to read, and the accepted ones of the other sides."""

    kind: KindName
    sides: Mapping[Side, bytes]


class Reading(NamedTuple):
    """One reading as the integrator is told of it, with the latest picture of each side up to it. `card` is None if it was erased."""

    kind: KindName
    shot: CardShot
    sides: Mapping[Side, CardShot]
    card: Card | None
    edits: tuple[cards.Edit, ...] = ()

    @property
    def picture(self) -> Media:
        """Of the front, if there is one."""
        return self.sides.get("front", self.shot).picture

    @property
    def passed(self) -> bool:
        """Whether the whole document was read and accepted."""
        return self.shot.state is ShotState.ACCEPTED and self.shot.whole and self.card is not None

    @property
    def expired(self) -> bool:
        """Whether the document had expired when it was read."""
        return self.card is not None and cards.expired(self.card, cards.today(self.shot.concluded_at or self.shot.submitted_at))

    @property
    def values(self) -> dict[str, str]:
        """Field values as the person confirmed them."""
        read = {field.name: field.value for field in self.card.fields} if self.card else {}
        return read | {edit.name: edit.revised for edit in self.edits}


class DocumentSide(Records):
    """What the capture endpoints and the readers call."""

    async def document(self, token: str) -> DocumentView:
        """Raises TokenUnknown, DocumentNotPlanned."""
        session, _ = await self._current(token)
        terms = _terms(session)
        shots = tuple(await self._store.shots(token))
        return DocumentView(session, terms, shots, await self._read_card(session, shots))

    async def put_picture(self, token: str, side: str, data: bytes, sha256: str = "") -> DocumentView:
        """Take in a picture of one side. The same bytes again are acknowledged again. Raises DocumentNotPlanned, SideUnknown,
        PictureInvalid, SliceDamaged, DocumentBusy while another is read, DocumentClosed, or what a session that is over refuses with."""
        before = await self.document(token)
        known = _side(before.terms.kind, side)
        digest = await asyncio.to_thread(_checked, data, sha256)
        key = f"{places.shots(token)}/{known}-{digest}"
        media = await asyncio.to_thread(recording.media, key, data)
        for _ in range(TRIES):
            session, attempt = await self._current(token)
            shots = await self._store.shots(token)
            if shots and shots[-1].picture.key == key and shots[-1].state in (ShotState.SUBMITTED, ShotState.ACCEPTED):
                self._ask(shots[-1])
                return await self.document(token)
            _check_open(session, attempt, shots)
            await self._blobs.put(key, data)
            shot = CardShot(token, len(shots) + 1, known, ShotState.SUBMITTED, media, self._clock())
            if await self._commit(Change(session=replace(session, shots=shot.number, document="", ended=""), new_shot=shot)):
                self._ask(shot)
                return await self.document(token)
        raise DocumentBusy

    async def wait_side(self, token: str, side: str, timeout_s: float) -> DocumentView:
        """As `document`, but while the side is being read return only after news or `timeout_s`. Raises SideUnknown."""
        event = self._waiters.enter(token)
        try:
            known = await self.document(token)
            if cards.view(known.terms.kind, known.shots)[_side(known.terms.kind, side)].state != "reading":
                return known
            await asyncio.wait_for(event.wait(), timeout_s)
        except TimeoutError:
            pass
        finally:
            self._waiters.leave(token, event)
        return await self.document(token)

    async def confirm_document(self, token: str, wanted: Mapping[str, str]) -> DocumentView:
        """The person has seen what was read, and corrects `wanted`. Confirming again with the same or no corrections is harmless. Raises
        DocumentRequired before it is read, DocumentClosed, EditsInvalid."""
        for _ in range(TRIES):
            known = await self.document(token)
            session = known.session
            if session.document == "refused":
                raise DocumentClosed
            if known.card is None or known.reading is None:
                raise DocumentRequired
            changed = cards.edits(known.card, known.terms, wanted)
            if session.document == "confirmed":
                return await self._confirmed_already(known, changed)
            kept = await self._keep_edits(known.reading, changed)
            if await self._commit(Change(session=_confirmed(session), shot=replace(known.reading, edits=kept))):
                return await self.document(token)
        raise DocumentBusy

    async def _confirmed_already(self, known: DocumentView, changed: tuple[cards.Edit, ...]) -> DocumentView:
        if changed and known.reading and changed != await self.edits(known.reading):
            raise DocumentClosed
        return known

    # --- the readers' side --------------------------------------------------------------------------------------------------

    async def pictures(self, token: str, number: int) -> Pictures:
        """What is to be read. Raises TokenUnknown, DocumentClosed unless the picture waits for its reading, or FileDamaged naming sides."""
        session = await self._session(token)
        shots = await self._store.shots(token)
        shot = next((one for one in shots if one.number == number), None)
        if shot is None or shot.state is not ShotState.SUBMITTED:
            raise DocumentClosed
        kind = _terms(session).kind
        others = {side: one for side, one in cards.done(kind, shots).items() if side != shot.side}
        found = {side: await self._picture(one) for side, one in {**others, shot.side: shot}.items()}
        damaged = tuple(side for side, data in found.items() if data is None)
        if damaged:
            raise FileDamaged(damaged)
        return Pictures(kind, {side: data for side, data in found.items() if data is not None})

    async def _picture(self, shot: CardShot) -> bytes | None:
        """None if the store has lost or altered it."""
        try:
            return await self._whole(shot.picture)
        except (KeyError, FileDamaged):
            return None

    async def conclude_reading(self, token: str, number: int, card: Card | None, damaged: tuple[str, ...] = ()) -> bool:
        """Make a reading count; None: the engine failed on the picture, which is asked for again. True for the one call that did.
        `damaged`: sides whose pictures the store has lost or altered; they are asked for again without counting."""
        session, shots = await self._session(token), await self._store.shots(token)
        shot = next((one for one in shots if one.number == number), None)
        if shot is None or shot.state is not ShotState.SUBMITTED:
            return False
        card = card or Card(_terms(session).kind, problem="unreadable", notices=(FAULT_NOTICE,))
        if card.withheld:  # before anything is concluded: what may not be kept must not outlive a crash here
            await self._blobs.delete(shot.picture.key)
        kept = shot if damaged else await self._keep_reading(shot, card)
        for _ in range(TRIES):
            session, _attempt = await self._current(token)
            shots = await self._store.shots(token)
            if shots[number - 1].state is not ShotState.SUBMITTED:
                return False
            if await self._commit(self._conclusion(session, shots, replace(kept, version=shots[number - 1].version), card, damaged)):
                return True
        raise DocumentBusy

    def _conclusion(self, session: Session, shots: Sequence[CardShot], shot: CardShot, card: Card, damaged: tuple[str, ...]) -> Change:
        terms, now = _terms(session), self._clock()
        if damaged:
            again = tuple(side for side in cards.sides(terms.kind) if side in damaged or side == shot.side)
            lost = replace(shot, state=ShotState.LOST, concluded_at=now, hints=("unreadable",), undoes=again)
            return Change(session=session, shot=lost)
        accepted = cards.done(terms.kind, shots[: shot.number - 1])
        whole = {*accepted, shot.side} == set(cards.sides(terms.kind))
        asked, retakes = shot.side not in accepted, cards.retakes(shots)
        ruling = cards.rule(card, terms, shot.side, whole=whole, retakes=retakes, today=cards.today(now), asked=asked)
        done = replace(shot, state=ruling.state, concluded_at=now, whole=whole, hints=ruling.hints, undoes=ruling.undoes)
        return Change(session=_moved(session, terms, done), shot=replace(done, warnings=cards.told_warnings(card)))

    async def _keep_reading(self, shot: CardShot, card: Card) -> CardShot:
        stem = f"{places.shots(shot.token)}/{shot.number}"
        bare = replace(card, portrait=None, rectified={})
        return replace(
            shot,
            card=await self._keep(f"{stem}-card", msgspec.json.encode(bare)),
            ocr=await self._keep(f"{stem}-ocr", self._ocr_json(card)),
            rectified=await self._keep(f"{stem}-rectified", card.rectified.get(shot.side)),
            portrait=await self._keep(f"{stem}-portrait", card.portrait),
        )

    def _ocr_json(self, card: Card) -> bytes | None:
        """The file for the integrator; None if nothing was read."""
        values = {field.name: field.value for field in card.fields}
        return shapes.ocr_json(card.kind, values, self._today()).encode() if values else None

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), UTC).date()

    async def _keep_edits(self, shot: CardShot, edits: tuple[cards.Edit, ...]) -> Media | None:
        return await self._keep(f"{places.shots(shot.token)}/{shot.number}-edits", msgspec.json.encode(edits)) if edits else None

    async def _read_card(self, session: Session, shots: tuple[CardShot, ...]) -> Card | None:
        """What was read of the whole document, once it is accepted. None too if it was erased."""
        shot = cards.whole_reading(_terms(session).kind, shots)
        return await self.card(shot) if shot and session.document in ("read", "confirmed") else None

    async def readings(self, session: Session) -> tuple[Reading, ...]:
        """Every reading an integrator is told, in order; none of a session without document."""
        if session.terms.card is None:
            return ()
        kind, shots = session.terms.card.kind, await self._store.shots(session.token)
        found = []
        for shot in cards.telling(shots):
            latest = {one.side: one for one in shots[: shot.number] if one.state not in (ShotState.DROPPED, ShotState.LOST)}
            found.append(Reading(kind, shot, latest, await self.card(shot), await self.edits(shot)))
        return tuple(found)

    async def card(self, shot: CardShot) -> Card | None:
        """What a picture's reading said; None before it, or if it was erased."""
        try:
            return card_of(await self._whole(shot.card)) if shot.card else None
        except KeyError:
            return None

    async def edits(self, shot: CardShot) -> tuple[cards.Edit, ...]:
        """What the person corrected."""
        try:
            return edits_of(await self._whole(shot.edits)) if shot.edits else ()
        except KeyError:
            return ()

    def _ask(self, shot: CardShot) -> None:
        if shot.state is ShotState.SUBMITTED:
            self._dispatcher.read(shot.token, shot.number)


def _terms(session: Session) -> CardTerms:
    if session.terms.card is None:
        raise DocumentNotPlanned
    return session.terms.card


def _side(kind: KindName, side: str) -> Side:
    for known in cards.sides(kind):
        if known == side:
            return known
    raise SideUnknown


def _checked(data: bytes, sha256: str) -> str:
    """The picture's SHA-256. Raises PictureInvalid where its header shows that it cannot be read; the rest is the engine's to say."""
    digest = hashlib.sha256(data).hexdigest()
    if not data or (sha256 and sha256 != digest):
        raise SliceDamaged
    if recording.media_type(data) not in PICTURES:
        raise PictureInvalid
    width, height = picture_size(data) or (0, 0)  # damaged: the engine says so, and the person is asked for another
    if width * height > most_pixels(data):
        raise PictureInvalid(f"The picture has {width} x {height} pixels, and one of its format may have {most_pixels(data):,}.")
    return digest


def _check_open(session: Session, attempt: Attempt | None, shots: Sequence[CardShot]) -> None:
    """Whether another picture may come: until the document is confirmed, and again after `attempt` was refused for its portrait."""
    if session.document == "refused":
        raise DocumentClosed
    move_session(session.state, SessionEvent.SHOOT)
    doubted = attempt is not None and attempt.verdict is not None and attempt.verdict.hint == "document_not_accepted"
    if (session.document == "confirmed" and not doubted) or len(shots) >= cards.MOST_SHOTS:
        raise DocumentClosed
    if shots and shots[-1].state is ShotState.SUBMITTED:
        raise DocumentBusy


def _moved(session: Session, terms: CardTerms, shot: CardShot) -> Session:
    """The session after a picture was read. One that is over by now stays as it is, but for its version."""
    if session.state is not SessionState.READY:
        return session
    if shot.state is ShotState.REFUSED:
        return replace(session, state=move_session(session.state, SessionEvent.REFUSE_DOCUMENT), document="refused")
    if shot.state is ShotState.DROPPED and shot.whole:
        return replace(session, document="read")
    if shot.state is ShotState.ACCEPTED and shot.whole:
        read = replace(session, document="read", reference=shot.portrait.key if shot.portrait else session.reference)
        return read if terms.review else _confirmed(read)
    return session


def _confirmed(session: Session) -> Session:
    """Liveness may begin; where only the document was asked for, that was all."""
    state = move_session(session.state, SessionEvent.SHOOT if session.terms.liveness else SessionEvent.FINISH)
    return replace(session, state=state, document="confirmed", ended="")
