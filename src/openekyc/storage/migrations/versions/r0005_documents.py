"""Pictures of documents, and how far a session's document is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("shots", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("document", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "card_shots",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
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
        sa.PrimaryKeyConstraint("token", "number", name="pk_card_shots"),
        sa.ForeignKeyConstraint(["token"], ["sessions.token"], name="fk_card_shots_sessions"),
    )
    op.create_index("ix_card_shots_submitted", "card_shots", ["submitted_at"], sqlite_where=sa.text("state = 'submitted'"))


def downgrade() -> None:
    op.drop_table("card_shots")
    for column in ("document", "shots"):
        op.drop_column("sessions", column)
