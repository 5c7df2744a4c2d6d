"""For whom entries, notes and documents are; and sealed what is said in entries and notes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_WHOSE = "for whom it is; the office where there is none"


def upgrade() -> None:
    """Add the columns; what was written before stays as it was."""
    for table in ("timeline", "notes", "dossier"):
        op.add_column(table, sa.Column("audience", sa.String(), comment=_WHOSE))
    written = "sealed: of the data what somebody wrote freely, and values"
    op.add_column("timeline", sa.Column("said", sa.LargeBinary(), comment=written))
    op.add_column("notes", sa.Column("said", sa.LargeBinary(), comment="sealed: title and text"))
