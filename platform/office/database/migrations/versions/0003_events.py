"""Every event is kept, and the latest state beside the filing's row; both sealed.

Steps that were recorded before have no event.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COMMENTS = {"digest": "of the state after it", "content": "digest of event and state digest"}


def upgrade() -> None:
    """Add the columns."""
    op.add_column("steps", sa.Column("event", sa.LargeBinary(), comment="the event itself, sealed"))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        for column, comment in COMMENTS.items():
            op.alter_column("steps", column, comment=comment, existing_type=sa.String())
    op.create_table(
        "states",
        sa.Column("filing", sa.String(), sa.ForeignKey("filings.id"), primary_key=True),
        sa.Column(
            "state",
            sa.LargeBinary(),
            nullable=False,
            comment="the machine's state after the last step, sealed",
        ),
        comment="beside the filing's row, since lists read rows and never states",
    )
