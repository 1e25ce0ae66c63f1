"""Until when the person's try before the camera goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("try_until", sa.Double))


def downgrade() -> None:
    op.drop_column("attempts", "try_until")
