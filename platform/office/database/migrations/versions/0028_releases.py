"""Which review a deploy carried out."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the column; earlier deploys carried out no review that was kept."""
    op.add_column(
        "deploys",
        sa.Column(
            "review", sa.Text(), comment="the kept review that it carried out, as JSON that names nobody"
        ),
    )
