"""Who changed what of a relation, and when; telephone numbers of contacts; process teams."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add all three; of what was written before nobody knows by whom."""
    op.add_column("contacts", sa.Column("phone", sa.String(), nullable=False, server_default=""))
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "relation_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="the table of what was changed"),
        sa.Column("subject", sa.String(), nullable=False, comment="its key besides the relation, as a path"),
        sa.Column("before", json, comment="what changed, as it was; null where it is new"),
        sa.Column("after", json, comment="what changed, as it is; null where it was taken away"),
        sa.Column("by", sa.String(), comment="who changed it; null for an import of files"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_relation_changes"),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name="fk_relation_changes_relation"),
        sa.ForeignKeyConstraint(["by"], ["team.id"], name="fk_relation_changes_by"),
        comment="who changed what of a relation, and when; identifying numbers are masked",
    )
    op.create_index("ix_relation_changes_relation", "relation_changes", ["relation"])
    op.create_table(
        "process_teams",
        sa.Column("process_team", sa.String(), nullable=False, comment="its name"),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("process_team", "role", name="pk_process_teams"),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_process_teams_member"),
        comment="who fills which role where a relation is given to a process team",
    )
