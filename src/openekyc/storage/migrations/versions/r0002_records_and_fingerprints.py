"""The evidence record of an attempt, and fingerprints of judged recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("record", sa.Text))
    op.create_table(
        "fingerprints",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("made_at", sa.Double, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("token", "number", name="pk_fingerprints"),
        sa.ForeignKeyConstraint(["token", "number"], ["attempts.token", "attempts.number"], name="fk_fingerprints_attempts"),
    )
    op.create_index("ix_fingerprints_account", "fingerprints", ["account", "made_at"])
    op.create_index("ix_fingerprints_made_at", "fingerprints", ["made_at"])


def downgrade() -> None:
    op.drop_table("fingerprints")
    op.drop_column("attempts", "record")
