"""Who asked to see the identifying numbers of a relation, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the table; before the pages everybody with a shell saw them, and nobody wrote that down."""
    op.create_table(
        "number_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_number_views"),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name="fk_number_views_relation"),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_number_views_member"),
        comment="who asked to see the identifying numbers of a relation, and when",
    )
    op.create_index("ix_number_views_relation", "number_views", ["relation"])
