"""A row that is written to learn whether anything can be; attempts that damaged files spoilt."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "probes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_probes"),
    )
    op.add_column("sessions", sa.Column("faults", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("sessions", "faults")
    op.drop_table("probes")
