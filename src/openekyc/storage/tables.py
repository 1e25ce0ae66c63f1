"""The tables, in SQLAlchemy Core. The row of a submitted attempt is its place in the queue: there is no second list of work.

Times are Unix seconds. Values with an inner shape (terms, challenge, verdict, media) are JSON text.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("sandbox", sa.Boolean, nullable=False),
    sa.Column("terms", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("start_by", sa.Double, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("restarts", sa.Integer, nullable=False),
    sa.Column("reference", sa.Text),
    sa.Column("shots", sa.Integer, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("ended", sa.Text, nullable=False),
    sa.Column("secret_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index("ix_sessions_ready", sessions.c.start_by, sqlite_where=sessions.c.state == "ready")

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("token", sa.Text, sa.ForeignKey("sessions.token"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("challenge", sa.Text, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("opened_at", sa.Double, nullable=False),
    sa.Column("touched_at", sa.Double, nullable=False),
    sa.Column("light_disclosed_at", sa.Double),
    sa.Column("submitted_at", sa.Double),
    sa.Column("concluded_at", sa.Double),
    sa.Column("verdict", sa.Text),
    sa.Column("video", sa.Text),
    sa.Column("best_frame", sa.Text),
    sa.Column("action_video", sa.Text),
    sa.Column("record", sa.Text),
    sa.Column("unable", sa.Text, nullable=False),
    sa.Column("counts", sa.Boolean, nullable=False),
    sa.Column("given_up", sa.Text, nullable=False),
    sa.Column("try_until", sa.Double),
    sa.Column("received", sa.Integer, nullable=False),
    sa.Column("slices", sa.Integer, nullable=False),
    sa.Column("trace_bytes", sa.Integer, nullable=False),
    sa.Column("trace_batches", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("velocity", sa.Text),
)
sa.Index("ix_attempts_submitted", attempts.c.submitted_at, sqlite_where=attempts.c.state == "submitted")
sa.Index("ix_attempts_capturing", attempts.c.touched_at, sqlite_where=attempts.c.state == "capturing")


def _of_attempt() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["token", "number"], ["attempts.token", "attempts.number"])


slices = sa.Table(
    "slices",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("offset", sa.Integer, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    _of_attempt(),
)

trace_batches = sa.Table(
    "trace_batches",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    _of_attempt(),
)

card_shots = sa.Table(
    "card_shots",
    metadata,
    sa.Column("token", sa.Text, sa.ForeignKey("sessions.token"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("picture", sa.Text, nullable=False),
    sa.Column("submitted_at", sa.Double, nullable=False),
    sa.Column("concluded_at", sa.Double),
    sa.Column("whole", sa.Boolean, nullable=False),
    sa.Column("undoes", sa.Text, nullable=False),
    sa.Column("hints", sa.Text, nullable=False),
    sa.Column("warnings", sa.Text, nullable=False),
    sa.Column("card", sa.Text),
    sa.Column("ocr", sa.Text),
    sa.Column("rectified", sa.Text),
    sa.Column("portrait", sa.Text),
    sa.Column("edits", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index("ix_card_shots_submitted", card_shots.c.submitted_at, sqlite_where=card_shots.c.state == "submitted")

fingerprints = sa.Table(
    "fingerprints",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("made_at", sa.Double, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    _of_attempt(),
)
sa.Index("ix_fingerprints_account", fingerprints.c.account, fingerprints.c.made_at)
sa.Index("ix_fingerprints_made_at", fingerprints.c.made_at)

consent_texts = sa.Table(
    "consent_texts",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("token", sa.Text, sa.ForeignKey("sessions.token"), primary_key=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, sa.ForeignKey("consent_texts.sha256"), nullable=False, index=True),
    sa.Column("agreed_at", sa.Double, nullable=False),
)

draws = sa.Table(
    "draws",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # grows: newer is larger
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("colours", sa.Text, nullable=False),
)
sa.Index("ix_draws_account", draws.c.account, draws.c.id)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
)
sa.Index("ix_marks_person", marks.c.account, marks.c.person, marks.c.at)
sa.Index("ix_marks_address", marks.c.account, marks.c.address, marks.c.at)
sa.Index("ix_marks_kind", marks.c.account, marks.c.kind, marks.c.at)
sa.Index("ix_marks_at", marks.c.at)

salts = sa.Table(
    "salts",
    metadata,
    sa.Column("day", sa.Integer, primary_key=True),  # days since 1970, UTC
    sa.Column("salt", sa.LargeBinary, nullable=False),
)

probes = sa.Table(
    "probes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Double, nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("settings", sa.Text, nullable=False),  # those of its own, as JSON
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("secret_id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("sandbox", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("expires_at", sa.Double),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # secret key and session token
    sa.Column("parent", sa.Text, nullable=False),
    sa.Column("disabled_at", sa.Double),
    sa.Column("keeps_tokens", sa.Boolean, nullable=False),
)
