"""The capture client's side: begin an attempt, upload its recording and trace, submit, learn the outcome.

Times: the first attempt must begin within `start_window_s` of the token, each later one within `retry_window_s` of the end of the one
before; an attempt has an idle and a total budget, and the person a time for their try, which technical breaks do not stop.
"""

import asyncio

import structlog
from msgspec.structs import replace

from openekyc import ids
from openekyc.engine.values import LEVELS_WITH_LIGHT, Gesture, LightStep, Trace
from openekyc.errors import (
    AttemptClosed,
    FileDamaged,
    LightNotPlanned,
    OffsetWrong,
    RecordingIncomplete,
    RecordingUnsupported,
    SessionBusy,
    TraceInvalid,
)
from openekyc.sessions import changes, looking, places, policy, recording, velocity
from openekyc.sessions import trace as traces
from openekyc.sessions.challenge import draw, light_step
from openekyc.sessions.machine import FINAL, SessionEvent, move_session
from openekyc.sessions.model import Attempt, AttemptState, Draw, Ended, Media, Session, SessionState, Slice
from openekyc.sessions.outcome import UNSUPPORTED, Progress, progress
from openekyc.sessions.ports import Change
from openekyc.sessions.records import TRIES, Records

STORE_REMEDY = "Look at the disk and the file system of the blobs folder."


class CaptureSide(Records):
    """What the capture endpoints call."""

    async def open(self, token: str, client: bytes) -> Session:
        """The session a client is about to capture for; `client` (JSON) is kept for the operator. Raises TokenUnknown, TokenExpired,
        SessionFinished or RetriesUsedUp."""
        session, _ = await self._current(token)
        if session.state in FINAL:
            move_session(session.state, SessionEvent.BEGIN)
        await self._blobs.put(places.client(token), client)
        return session

    async def known(self, token: str) -> Session:
        """The session as it is stored. Raises TokenUnknown."""
        return await self._session(token)

    async def current(self, token: str) -> Session:
        """The session as it is now, ended or not. Raises TokenUnknown."""
        return (await self._current(token))[0]

    async def begin(
        self, token: str, *, light: bool = True, unable: tuple[Gesture, ...] = (), waited_s: float = 0.0, address: str = ""
    ) -> tuple[Session, Attempt]:
        """Start an attempt and draw its challenge. `light` False: the person declines flashing colours; `unable`: the gestures they cannot
        do; `waited_s`: how long they have been before the camera; `address`: where they call from. Raises AttemptRunning, TokenExpired,
        SessionFinished, RetriesUsedUp, LightRequired, GesturesRequired or TooOften."""

        async def rule(session: Session, before: Attempt | None) -> tuple[Change, tuple[Session, Attempt]]:
            move_session(session.state, SessionEvent.BEGIN)
            settings = await self.settings_of(session.account)
            past = await self._attempts(session)
            level = policy.level(session.terms, settings, past, light=light)
            policy.check_unable(unable, session.terms, level, settings)
            steps = [light_step(one.challenge) for one in past]
            others = await self._store.draws(session.account) if level in LEVELS_WITH_LIGHT else ()
            challenge = draw(
                level,
                session.terms.gestures,
                ids.nonce(),
                drawn_gestures=policy.drawn_gestures(session.terms, level, settings),
                unable=unable,
                recent=[step.colours for step in steps if step],
                others=[one.colours for one in others],
            )
            now = self._clock()
            until = policy.try_until(session, before, now, settings, waited_s)
            moved, attempt = changes.begin(session, challenge, now, level, unable, until)
            mark = await self._mark(session, "attempt", address, device)
            counts = await self._velocity(mark)
            velocity.check_begin(session, counts, settings)
            attempt = replace(attempt, velocity=counts)
            shown = light_step(challenge)
            drawn = Draw(session.account, shown.colours) if shown else None
            return Change(session=moved, new_attempt=attempt, draw=drawn, mark=mark), (moved, attempt)

        session = await self._session(token)
        device = await self._device(token)
        if velocity.limited(await self.settings_of(session.account)):
            async with self._limiting:  # of attempts that begin at once each has to count those before it
                return await self._change(token, rule)
        return await self._change(token, rule)

    async def _device(self, token: str) -> bytes:
        """What the client said of itself."""
        try:
            return await self._blobs.get(places.client(token))
        except KeyError:
            return b""

    async def downgrades_left(self, session: Session) -> int:
        """How many more attempts of the session may do without flashing colours, where they may be declined at all."""
        return policy.downgrades_left(session.terms, await self._attempts(session))

    async def disclose_light(self, token: str, number: int, nonce: str) -> LightStep:
        """The colours. The first call starts the time the client has for submitting. Raises LightNotPlanned."""
        for _ in range(TRIES):
            attempt = await self._live(token, number, nonce)
            step = light_step(attempt.challenge)
            if step is None:
                raise LightNotPlanned
            now = self._clock()
            disclosed = replace(attempt, light_disclosed_at=now, touched_at=now)
            if attempt.light_disclosed_at is not None or await self._commit(Change(attempt=disclosed)):
                return step
        raise SessionBusy

    async def received(self, token: str, number: int, nonce: str) -> int:
        """Bytes of the recording stored so far: where to go on after a broken connection."""
        return (await self._live(token, number, nonce)).received

    async def accept_slice(self, token: str, number: int, nonce: str, offset: int, data: bytes, sha256: str) -> int:
        """Store the next piece of the recording; the bytes stored so far. The same slice again is acknowledged again. Raises
        OffsetWrong, SliceConflict, SliceDamaged, RecordingTooLarge, or RecordingUnsupported, which gives up the attempt as `restart`
        does."""
        await asyncio.to_thread(recording.check_slice, data, sha256)
        piece = Slice(token, number, offset, len(data), sha256)
        for _ in range(TRIES):
            attempt = await self._live(token, number, nonce)
            if offset < attempt.received:
                recording.check_repeat(await self._store.slices(token, number), piece, attempt.received)
                return attempt.received
            if offset > attempt.received:
                raise OffsetWrong(attempt.received)
            recording.check_room(attempt, piece.size, self._settings)
            await self._look(piece, data)
            await self._blobs.put(places.piece(piece), data)
            grown = replace(attempt, received=offset + piece.size, slices=attempt.slices + 1, touched_at=self._clock())
            if await self._commit(Change(attempt=grown, slice=piece)):
                return grown.received
        raise SessionBusy

    async def accept_trace(self, token: str, number: int, nonce: str, sequence: int, trace: Trace) -> int:
        """Store the next piece of the trace; how many are stored. The same piece again is acknowledged again. Raises TraceInvalid or
        TraceTooLarge."""
        batch = traces.encode(trace)
        for _ in range(TRIES):
            attempt = await self._live(token, number, nonce)
            if sequence < attempt.trace_batches:
                traces.check_repeat(await self._store.trace_batches(token, number), sequence, batch)
                return attempt.trace_batches
            if sequence > attempt.trace_batches:
                raise TraceInvalid(f"A batch is missing: the next one is number {attempt.trace_batches}.")
            traces.check_room(attempt, len(batch), self._settings)
            size = attempt.trace_bytes + len(batch)
            grown = replace(attempt, trace_batches=sequence + 1, trace_bytes=size, touched_at=self._clock())
            if await self._commit(Change(attempt=grown, trace_batch=(token, number, sequence, batch))):
                return grown.trace_batches
        raise SessionBusy

    async def submit(self, token: str, number: int, nonce: str, size: int, sha256: str, frames: int = 0) -> Progress:
        """Hand the recording over for judgement. Submitting the same recording again gets the answer again and starts nothing new. Raises
        RecordingIncomplete."""
        key = places.video(token, number, sha256)
        attempt = await self._attempt(token, number, nonce)
        if _holds(attempt, key):
            return await self._submitted(attempt)
        await self._still_live(attempt)
        try:
            video = await self._join(attempt, key, size, sha256)
        except FileDamaged:
            return await self._spoilt(attempt)
        except KeyError:  # a twin of this request joined the pieces and dropped them, or the attempt was given up
            attempt = await self._attempt(token, number, nonce)
            if _holds(attempt, key):
                return await self._submitted(attempt)
            return await self._spoilt(await self._still_live(attempt))
        counted = traces.encode(Trace(recorded_frames=frames))

        async def rule(session: Session, current: Attempt | None) -> tuple[Change | None, Progress]:
            if current is None or current.number != number:
                raise AttemptClosed
            if _holds(current, key):  # a twin of this request was quicker
                return None, progress(session, current)
            change = changes.submit(session, current, video, self._clock())
            ending = (token, number, current.trace_batches, counted)
            return replace(change, trace_batch=ending), progress(change.session or session, change.attempt)

        answer = await self._change(token, rule)
        self._dispatcher.submit(token, number)
        await self._blobs.delete(places.slices(token, number))
        return answer

    async def _spoilt(self, attempt: Attempt) -> Progress:
        """The store has lost or altered what it acknowledged: the attempt ends as the operator's fault, and another one may begin."""

        async def rule(session: Session, current: Attempt | None) -> tuple[Change | None, None]:
            if current is None or current.number != attempt.number:
                raise AttemptClosed
            if current.state is AttemptState.CONCLUDED:
                return None, None
            return changes.spoil(session, current, self._clock(), self._settings), None

        await self._change(attempt.token, rule)
        structlog.get_logger(__name__).error("recording_damaged_in_store", attempt=attempt.number, remedy=STORE_REMEDY)
        await self._blobs.delete(places.slices(attempt.token, attempt.number))
        return await self.progress(attempt.token)

    async def progress(self, token: str) -> Progress:
        """Where the session stands, as far as a capture client may know."""
        return progress(*await self._current(token))

    async def wait(self, token: str, timeout_s: float) -> Progress:
        """As `progress`, but while it is `waiting` return only after news or `timeout_s`. Raises SessionBusy if too many wait."""
        event = self._waiters.enter(token)
        try:
            known = await self.progress(token)
            if known.state != "waiting":
                return known
            await asyncio.wait_for(event.wait(), timeout_s)
        except TimeoutError:
            pass
        finally:
            self._waiters.leave(token, event)
        return await self.progress(token)

    async def touch(self, token: str) -> float:
        """A sign of life; Unix seconds now. Written only when a quarter of the idle budget has passed, since clients ping every second."""
        _, attempt = await self._current(token)
        now = self._clock()
        if attempt and attempt.state is AttemptState.CAPTURING and now - attempt.touched_at > self._settings.attempt_idle_s / 4:
            await self._commit(Change(attempt=replace(attempt, touched_at=now)))  # a lost race was a sign of life too
        return now

    async def leave(self, token: str) -> Progress:
        """Give up the attempt that is being captured, if there is one; it counts."""

        async def rule(session: Session, attempt: Attempt | None) -> tuple[Change | None, None]:
            if attempt is None or attempt.state is not AttemptState.CAPTURING:
                return None, None
            return changes.abandon(session, attempt, "left", self._clock(), self._settings), None

        await self._change(token, rule)
        return await self.progress(token)

    async def restart(self, token: str, number: int, nonce: str, reason: str) -> Progress:
        """Give up an attempt that broke off for a technical reason; it does not count while restarts are left. Asking again is harmless.
        Raises AttemptClosed if it was submitted."""
        attempt = await self._attempt(token, number, nonce)
        if attempt.state is not AttemptState.ABANDONED:
            await self._still_live(attempt)
        return await self._begin_anew(token, number, reason)

    async def _begin_anew(self, token: str, number: int, reason: str) -> Progress:
        async def rule(session: Session, current: Attempt | None) -> tuple[Change | None, None]:
            if current is None or current.number != number or current.state is AttemptState.ABANDONED:
                return None, None
            return changes.restart(session, current, reason, self._clock(), self._settings), None

        await self._change(token, rule)
        return await self.progress(token)

    async def end(self, token: str, why: Ended) -> Progress:
        """The person leaves, or ran out of time: give up the attempt that is being captured, which counts, and remember why. Coming back
        is allowed while the token lives."""

        async def rule(session: Session, attempt: Attempt | None) -> tuple[Change | None, None]:
            if attempt is not None and attempt.state is AttemptState.CAPTURING:
                return changes.abandon(session, attempt, why, self._clock(), self._settings, why), None
            if session.state is not SessionState.READY or session.ended == why:
                return None, None  # a verdict is there or on its way, and says more
            return Change(session=replace(session, ended=why)), None

        await self._change(token, rule)
        return await self.progress(token)

    async def _look(self, piece: Slice, data: bytes) -> None:
        """Raises RecordingUnsupported as soon as the slices show that the recording cannot be judged; the person is not to blame for it."""
        stored = await self._store.slices(piece.token, piece.number) if piece.offset else ()
        try:
            found = await looking.found(self._blobs, stored, piece, data)
        except KeyError:
            raise AttemptClosed from None  # given up meanwhile, and its slices are gone
        if found.fault:
            await self._begin_anew(piece.token, piece.number, UNSUPPORTED)
            raise RecordingUnsupported(f"The recording cannot be judged: {found.fault}.", found.pictures.codec)

    async def _submitted(self, attempt: Attempt) -> Progress:
        """The answer to a repeated submission. The job is asked for again, in case the first asking failed after the commit."""
        if attempt.state is AttemptState.SUBMITTED:
            self._dispatcher.submit(attempt.token, attempt.number)
        return await self.progress(attempt.token)

    async def _join(self, attempt: Attempt, key: str, size: int, sha256: str) -> Media:
        """The recording as one blob, exactly as announced."""
        if light_step(attempt.challenge) and attempt.light_disclosed_at is None:
            raise RecordingIncomplete("The light step was not run: its colours were never asked for.")
        if attempt.received != size:
            raise RecordingIncomplete
        pieces = await self._store.slices(attempt.token, attempt.number)
        parts = [await self._blobs.get(places.piece(piece)) for piece in pieces]
        if not await asyncio.to_thread(lambda: all(map(recording.is_piece, pieces, parts))):
            raise FileDamaged
        data = b"".join(parts)
        await asyncio.to_thread(recording.check_complete, data, size, sha256)
        await self._blobs.put(key, data)
        return await asyncio.to_thread(recording.media, key, data)


def _holds(attempt: Attempt, key: str) -> bool:
    return attempt.video is not None and attempt.video.key == key
