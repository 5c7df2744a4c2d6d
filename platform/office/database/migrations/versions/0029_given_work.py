"""Work that was given to somebody by name, so that a list of work finds it without reading all work."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add the index: of nearly all work nobody is named."""
    given = sa.text("person IS NOT NULL")
    op.create_index("ix_work_given", "work", ["person"], sqlite_where=given, postgresql_where=given)
