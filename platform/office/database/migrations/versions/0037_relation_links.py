"""Relations are linked to each other from a day on: partners, a holding and its subsidiaries, an owner."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Make the table; what belongs together by group alone is linked by nobody yet."""
    op.create_table(
        "relation_links",
        sa.Column("relation", sa.String, sa.ForeignKey("relations.number"), nullable=False),
        sa.Column("link", sa.String, nullable=False, comment="what the other relation is to this one"),
        sa.Column("other", sa.String, sa.ForeignKey("relations.number"), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, comment="the last day; until further notice where it is not known"),
        sa.PrimaryKeyConstraint("relation", "link", "other", "since"),
        sa.CheckConstraint("link IN ('partner', 'household', 'holding', 'unit_head', 'owner')", name="link"),
        comment="what relations are to each other; each link once, told from one side",
    )
    op.create_index("ix_relation_links_other", "relation_links", ["other"])
