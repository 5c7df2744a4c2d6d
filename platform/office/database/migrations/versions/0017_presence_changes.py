"""Who changed absences, stand-ins and titles, and when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the table; of what was written before nobody knows by whom."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "presence_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="the table of what was changed"),
        sa.Column("before", json, comment="as it was; null where it is new"),
        sa.Column("after", json, comment="as it is; null where it was removed"),
        sa.Column("by", sa.String(), comment="who changed it; null for an import of files"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_presence_changes"),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_presence_changes_member"),
        sa.ForeignKeyConstraint(["by"], ["team.id"], name="fk_presence_changes_by"),
        comment="who changed absences, stand-ins and titles, and when",
    )
    op.create_index("ix_presence_changes_member", "presence_changes", ["member"])
