"""What waits: offers whose recipients may have changed, messages that a mail server put off."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns. Of a message that was not known to be sent nobody knows whether it was taken."""
    comment = "who its open offers go to may have changed, and nobody has looked yet"
    op.add_column(
        "filings",
        sa.Column("offers_stale", sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment),
    )
    where = sa.text("offers_stale")
    op.create_index("ix_filings_offers_stale", "filings", ["id"], sqlite_where=where, postgresql_where=where)
    comment = "a mail server may have taken it without saying so"
    op.add_column(
        "messages",
        sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.true(), comment=comment),
    )
    op.execute("UPDATE messages SET unsure = false WHERE sent_at IS NOT NULL")
    comment = "since when the mail server asks to try later"
    op.add_column("messages", sa.Column("put_off_since", sa.DateTime(), comment=comment))
