"""What accounts have of their own, one row for each account that has a key; and what people agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
    )
    op.execute("INSERT INTO accounts SELECT account, '{}', min(created_at), 0 FROM keys GROUP BY account")
    op.create_table(
        "consent_texts",
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_consent_texts"),
    )
    op.create_table(
        "consents",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("agreed_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_consents"),
        sa.ForeignKeyConstraint(["token"], ["sessions.token"], name="fk_consents_sessions"),
        sa.ForeignKeyConstraint(["sha256"], ["consent_texts.sha256"], name="fk_consents_consent_texts"),
    )
    op.create_index("ix_consents_sha256", "consents", ["sha256"])


def downgrade() -> None:
    for table in ("consents", "consent_texts", "accounts"):
        op.drop_table(table)
