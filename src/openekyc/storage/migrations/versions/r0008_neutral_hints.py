"""Of an expired document a capture client is told no more than that it was not accepted."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""UPDATE card_shots SET hints = REPLACE(hints, '"expired"', '"not_accepted"') WHERE hints LIKE '%"expired"%'""")


def downgrade() -> None:
    """Which of them had been expired is not kept; older versions do not know the hint that took its place."""
    op.execute("""UPDATE card_shots SET hints = REPLACE(hints, '"not_accepted"', '"unreadable"') WHERE hints LIKE '%"not_accepted"%'""")
