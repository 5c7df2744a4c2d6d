"""What was deployed, when, by whom, from which revision, and without which proof."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the table; of earlier deploys the plans tell the first revision and author of each."""
    op.create_table(
        "deploys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("revision", sa.String(), server_default="", nullable=False),
        sa.Column("author", sa.String(), server_default="", nullable=False),
        sa.Column(
            "changes",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="the plans that changed, by template: digest, or null where it was withdrawn",
        ),
        sa.Column("office", sa.String(), nullable=False, comment="the digest of the office's definitions"),
        sa.Column("without_scenarios", sa.Text(), comment="why scenarios were not run; null where they were"),
        sa.PrimaryKeyConstraint("id", name="pk_deploys"),
        comment="what was deployed: one row for each deploy that changed something",
    )
