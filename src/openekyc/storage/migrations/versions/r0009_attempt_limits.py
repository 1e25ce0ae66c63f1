"""What happened in the last hours, by whom, and the salts of its hashes; what was counted when an attempt began."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marks"),
    )
    op.create_index("ix_marks_person", "marks", ["account", "person", "at"])
    op.create_index("ix_marks_address", "marks", ["account", "address", "at"])
    op.create_index("ix_marks_kind", "marks", ["account", "kind", "at"])
    op.create_index("ix_marks_at", "marks", ["at"])
    op.create_table(
        "salts",
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_salts"),
    )
    op.add_column("attempts", sa.Column("velocity", sa.Text))


def downgrade() -> None:
    op.drop_column("attempts", "velocity")
    op.drop_table("salts")
    op.drop_table("marks")
