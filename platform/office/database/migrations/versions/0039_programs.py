"""When each program of the office was last heard of is kept: Systeem says which does not answer."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Make the table, with a row for each program: nothing is known of any.

    An alarm about a link that was not sent is about somebody from now on; the older ones would never end.
    """
    programs = op.create_table(
        "programs",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("answered_at", sa.DateTime(), comment="when it last answered, or looked"),
        sa.Column("silent_since", sa.DateTime(), comment="when it first did not answer since"),
        sa.PrimaryKeyConstraint("name"),
        comment="when the programs of the office, and those outside, were last heard of",
    )
    op.bulk_insert(programs, [{"name": name} for name in ("worker", "temporal", "mail", "digipoort")])
    op.execute("DELETE FROM alarms WHERE kind = 'link_not_sent'")
