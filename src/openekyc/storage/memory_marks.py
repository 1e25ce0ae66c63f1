"""The part of the in-memory SessionStore that counts marks."""

import secrets

from openekyc.sessions.model import Counts, Mark


class MemoryMarks:
    """See `openekyc.sessions.ports.SessionStore`."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._salts: dict[int, bytes] = {}

    async def velocity(self, mark: Mark, since: float) -> Counts:
        own = [one for one in self._marks if one.account == mark.account and one.at >= since]
        person = [one for one in own if one.person == mark.person]
        attempts = [one for one in own if one.kind == "attempt"]
        return Counts(
            sum(one.kind == "attempt" for one in person),
            sum(one.address == mark.address for one in attempts) if mark.address else 0,
            len(attempts),
            sum(one.kind == "token" for one in person),
            sum(one.kind == "failure" for one in person),
            len(({one.address for one in person} | {mark.address}) - {""}),
            len(({one.device for one in person} | {mark.device}) - {""}),
        )

    async def mark(self, mark: Mark) -> None:
        self._marks.append(mark)

    async def forget_marks(self, before: float) -> int:
        kept = [one for one in self._marks if one.at >= before]
        forgotten, self._marks = len(self._marks) - len(kept), kept
        return forgotten

    async def salt(self, day: int) -> bytes:
        self._salts = {day: self._salts.get(day) or secrets.token_bytes(32)}
        return self._salts[day]
