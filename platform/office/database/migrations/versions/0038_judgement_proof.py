"""A delivery keeps what a person gave as proof of its judgement, also once Digipoort answers."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Add the proof; what was recorded before has it where the answer will come.

    Not what counts in the place of a recorded one: it was given the answer with the code.
    """
    comment = "hash of what a person gave as proof of the judgement that they recorded"
    op.add_column("deliveries", sa.Column("proof", sa.String, comment=comment))
    op.execute(
        "UPDATE deliveries SET proof = receipt "
        "WHERE code = 'met de hand' AND status IN ('accepted', 'refused', 'failed')"
    )
