"""How many attempts of a session damaged files spoilt: they cost the person none."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("faults", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("sessions", "faults")
