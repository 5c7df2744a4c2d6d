"""The dossier of a relation: documents that clients gave when they were asked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "dossier",
        sa.Column("filing", sa.String(), sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="of the step in which it was given"),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), sa.ForeignKey("relations.number"), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False, comment="of the document in the store"),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False, comment="of the file, sealed"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("filing", "sequence", "index"),
    )
    op.create_index("ix_dossier_relation", "dossier", ["relation"])
