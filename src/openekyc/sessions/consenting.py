"""What the person agreed to, kept as evidence for whoever runs the server.

A session keeps one text at most, so that who holds its token can fill no disk. It is the client's word, like everything a page says:
the person's own device shows the text and reports it.
"""

import hashlib

from openekyc import branding
from openekyc.errors import SessionBusy
from openekyc.sessions.machine import FINAL, SessionEvent, move_session
from openekyc.sessions.model import Attempt, Consent, Session
from openekyc.sessions.ports import Change
from openekyc.sessions.records import Records

CHANGE_S = 1.0  # another text may follow so soon


class ConsentSide(Records):
    """What the capture endpoints call."""

    async def agree(self, token: str, language: str, text: str) -> None:
        """Keep the text with the session, in place of an earlier one. Ignored once a document or an attempt has begun: that was done under
        what was kept before. Raises TokenUnknown, TokenExpired, SessionFinished, RetriesUsedUp, or SessionBusy if texts change too fast."""
        digest = hashlib.sha256(text.encode()).hexdigest()

        async def rule(session: Session, attempt: Attempt | None) -> tuple[Change | None, None]:
            if session.state in FINAL:
                move_session(session.state, SessionEvent.BEGIN)
            if attempt is not None or session.shots:
                return None, None
            now, before = self._clock(), await self._store.consent(token)
            if before and (before.language, before.sha256) == (language, digest):
                return None, None
            if before and now < before.agreed_at + CHANGE_S:
                raise SessionBusy
            return Change(session=session, consent=Consent(token, language, digest, now, text)), None

        await self._change(token, rule)

    async def has_logo(self, name: str) -> bool:
        """Whether a logo is kept under this name."""
        if not branding.is_logo(name):
            return False
        try:
            return bool(await anext(self._blobs.stream(branding.logo_key(name), 0, 1), b""))
        except KeyError:
            return False
