"""Sessions, attempts, slices, trace batches and keys."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _sessions()
    _attempts()
    _pieces(
        "slices",
        "offset",
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    _pieces("trace_batches", "sequence", sa.Column("data", sa.LargeBinary, nullable=False))
    _keys()


def downgrade() -> None:
    for table in ("keys", "trace_batches", "slices", "attempts", "sessions"):
        op.drop_table(table)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("start_by", sa.Double, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
    )
    op.create_index("ix_sessions_ready", "sessions", ["start_by"], sqlite_where=sa.text("state = 'ready'"))


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("challenge", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Double, nullable=False),
        sa.Column("touched_at", sa.Double, nullable=False),
        sa.Column("light_disclosed_at", sa.Double),
        sa.Column("submitted_at", sa.Double),
        sa.Column("concluded_at", sa.Double),
        sa.Column("verdict", sa.Text),
        sa.Column("video", sa.Text),
        sa.Column("best_frame", sa.Text),
        sa.Column("action_video", sa.Text),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("slices", sa.Integer, nullable=False),
        sa.Column("trace_bytes", sa.Integer, nullable=False),
        sa.Column("trace_batches", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("token", "number", name="pk_attempts"),
        sa.ForeignKeyConstraint(["token"], ["sessions.token"], name="fk_attempts_sessions"),
    )
    op.create_index("ix_attempts_submitted", "attempts", ["submitted_at"], sqlite_where=sa.text("state = 'submitted'"))
    op.create_index("ix_attempts_capturing", "attempts", ["touched_at"], sqlite_where=sa.text("state = 'capturing'"))


def _pieces(name: str, position: str, *values: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column(position, sa.Integer, nullable=False),
        *values,
        sa.PrimaryKeyConstraint("token", "number", position, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["token", "number"], ["attempts.token", "attempts.number"], name=f"fk_{name}_attempts"),
    )


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("secret_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("expires_at", sa.Double),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("secret_id", name="pk_keys"),
    )
    op.create_index("ix_keys_account", "keys", ["account"])
