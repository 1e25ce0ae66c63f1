"""Consents in SQL: a session's, and each text once."""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from openekyc.sessions.model import Consent
from openekyc.storage.tables import consent_texts, consents

_FIND = (
    sa.select(consents.c.token, consents.c.language, consents.c.sha256, consents.c.agreed_at, consent_texts.c.text)
    .join(consent_texts)
    .where(consents.c.token == sa.bindparam("key_token"))
)
_DIGEST = sa.select(consents.c.sha256).where(consents.c.token == sa.bindparam("key_token"))
_ADD_TEXT = insert(consent_texts).on_conflict_do_nothing()
_ADDED = insert(consents)
_KEEP = _ADDED.on_conflict_do_update(
    index_elements=["token"], set_={name: _ADDED.excluded[name] for name in ("language", "sha256", "agreed_at")}
)
_FORGET_TEXT = sa.delete(consent_texts).where(
    consent_texts.c.sha256 == sa.bindparam("key_sha256"), ~sa.exists().where(consents.c.sha256 == consent_texts.c.sha256)
)


def find(connection: sa.Connection, token: str) -> Consent | None:
    """The session's consent with its text."""
    row = connection.execute(_FIND, {"key_token": token}).first()
    return Consent(*row) if row else None


def keep(connection: sa.Connection, consent: Consent) -> None:
    """In place of the session's earlier one, whose text goes unless another session's consent names it."""
    before = connection.execute(_DIGEST, {"key_token": consent.token}).scalar()
    connection.execute(_ADD_TEXT, {"sha256": consent.sha256, "text": consent.text})
    row = {"token": consent.token, "language": consent.language, "sha256": consent.sha256, "agreed_at": consent.agreed_at}
    connection.execute(_KEEP, row)
    if before not in (None, consent.sha256):
        connection.execute(_FORGET_TEXT, {"key_sha256": before})
