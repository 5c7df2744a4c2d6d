"""The office has by which code the views of open filings were last worked out."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the digest of that code; until now nobody knows."""
    comment = "digest of the code by which the views of open filings were last worked out"
    op.add_column("office", sa.Column("views_by", sa.String, comment=comment))
