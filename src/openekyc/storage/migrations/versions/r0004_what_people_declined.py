"""An attempt's own level, gestures that were exchanged, restarts that do not count, and how a visit ended."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("restarts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("ended", sa.Text, nullable=False, server_default=""))
    op.add_column("attempts", sa.Column("level", sa.Integer, nullable=False, server_default="4"))
    op.add_column("attempts", sa.Column("unable", sa.Text, nullable=False, server_default="[]"))
    op.add_column("attempts", sa.Column("counts", sa.Boolean, nullable=False, server_default="1"))
    op.add_column("attempts", sa.Column("given_up", sa.Text, nullable=False, server_default=""))
    of_session = "SELECT coalesce(json_extract(terms, '$.level'), 4) FROM sessions WHERE sessions.token = attempts.token"
    op.execute(f"UPDATE attempts SET level = ({of_session})")  # noqa: S608 - two constants # nosec


def downgrade() -> None:
    for column in ("given_up", "counts", "unable", "level"):
        op.drop_column("attempts", column)
    for column in ("ended", "restarts"):
        op.drop_column("sessions", column)
