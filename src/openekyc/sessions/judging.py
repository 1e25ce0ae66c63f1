"""The judge's side: evidence out, verdict in with one effect per attempt, and what time alone settles."""

from msgspec.structs import replace

from openekyc.engine.values import Evidence, Known, Verdict
from openekyc.errors import AttemptOpen, AttemptUnknown, RecordingIncomplete
from openekyc.sessions import changes, places, velocity
from openekyc.sessions import trace as traces
from openekyc.sessions.challenge import light_ms
from openekyc.sessions.machine import AttemptEvent, move_attempt
from openekyc.sessions.model import Attempt, AttemptState, Session
from openekyc.sessions.ports import Change
from openekyc.sessions.records import Records

DAY_S = 86_400.0


class JudgeSide(Records):
    """What the jobs call."""

    async def evidence(self, token: str, number: int) -> Evidence:
        """Everything the engine needs. Raises AttemptUnknown, AttemptClosed unless the attempt waits for its verdict, or FileDamaged."""
        session, attempt = await self._session(token), await self._store.attempt(token, number)
        if attempt is None:
            raise AttemptUnknown
        move_attempt(attempt.state, AttemptEvent.CONCLUDE)
        return await self._evidence(session, attempt, self._clock())

    async def evidence_again(self, token: str, number: int) -> Evidence:
        """The same evidence after the verdict, as far as it was not erased (KeyError if its media were). Raises AttemptUnknown,
        AttemptOpen if there is no verdict yet, or FileDamaged."""
        session, attempt = await self._session(token), await self._store.attempt(token, number)
        if attempt is None:
            raise AttemptUnknown
        if attempt.concluded_at is None:
            raise AttemptOpen
        return await self._evidence(session, attempt, attempt.concluded_at)

    async def _evidence(self, session: Session, attempt: Attempt, at: float) -> Evidence:
        if attempt.video is None:
            raise RecordingIncomplete
        return Evidence(
            video=await self._whole(attempt.video),
            challenge=attempt.challenge,
            trace=traces.join(await self._store.trace_batches(session.token, attempt.number)),
            level=attempt.level,
            reference=await self._named(session.reference) if session.reference else None,
            from_card=session.terms.card is not None,
            pass_similarity=(await self.settings_of(session.account)).pass_similarity,
            late=self._late(attempt),
            sandbox=session.sandbox,
            known=await self._known(session, attempt, at),
        )

    async def _known(self, session: Session, attempt: Attempt, at: float) -> tuple[Known, ...]:
        """The account's recordings judged before `at`. Never the attempt's own: judged again, it must not recognise itself."""
        if not self._settings.replay_days:
            return ()
        since = at - self._settings.replay_days * DAY_S
        found = await self._store.fingerprints(session.account, since, self._settings.replay_most)
        own = session.token, attempt.number
        return tuple(Known(f"{one.token}/{one.number}", one.data) for one in found if one.made_at <= at and (one.token, one.number) != own)

    async def conclude(self, token: str, number: int, verdict: Verdict, *, counts: bool = True) -> bool:
        """Make the verdict hold. True for the one call that did; False if the attempt does not wait for a verdict (any more). `counts`
        False: a fault of the store spoilt the attempt, which costs the person none."""
        waiting = await self._store.attempt(token, number)
        if waiting is None or waiting.state is not AttemptState.SUBMITTED:
            return False
        best = await self._keep(f"{places.attempt(token, number)}/best", verdict.best_frame)
        action = await self._keep(f"{places.attempt(token, number)}/action", verdict.action_video)
        record = await self._keep(f"{places.attempt(token, number)}/record", verdict.record)

        async def rule(session: Session, attempt: Attempt | None) -> tuple[Change | None, bool]:
            if attempt is None or attempt.number != number or attempt.state is not AttemptState.SUBMITTED:
                return None, False
            full = replace(attempt, best_frame=best, action_video=action, record=record)
            change = changes.conclude(session, full, verdict, self._clock(), self._settings, counts=counts)
            failure = None if verdict.code == "0" or not counts else await self._mark(session, "failure")
            return replace(change, mark=failure), True

        return await self._change(token, rule)

    async def expire(self) -> int:
        """Settle every session whose time is over; how many there were. Fingerprints older than `replay_days` are deleted."""
        now = self._clock()
        await self._store.forget_fingerprints(now - self._settings.replay_days * DAY_S)
        await self._store.forget_marks(now - velocity.KEPT_S)
        tokens = await self._store.stale(capturing_before=now - self._settings.attempt_idle_s, ready_before=now)
        for token in tokens:
            await self._current(token)
        return len(tokens)

    def _late(self, attempt: Attempt) -> bool:
        """Whether the answer took so long after the colours were known that it may have been made rather than recorded."""
        if attempt.light_disclosed_at is None or attempt.submitted_at is None:
            return False
        budget = self._settings.light_answer_s + light_ms(attempt.challenge) / 1000
        return attempt.submitted_at - attempt.light_disclosed_at > budget
