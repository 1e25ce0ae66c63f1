"""Which key a session and a temporary key came from, and what a disabled key takes along. Older rows count as any key of their account."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("secret_id", sa.Text, nullable=False, server_default=""))
    op.add_column("keys", sa.Column("parent", sa.Text, nullable=False, server_default=""))
    op.add_column("keys", sa.Column("disabled_at", sa.Double))
    op.add_column("keys", sa.Column("keeps_tokens", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("sessions", "secret_id")
    for name in ("parent", "disabled_at", "keeps_tokens"):
        op.drop_column("keys", name)
