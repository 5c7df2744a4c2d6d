"""Absence, stand-ins and titles with their dates."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "absences",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), comment="the last day; until further notice where it is not known"),
        sa.PrimaryKeyConstraint("member", "since", name="pk_absences"),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_absences_member"),
        comment="when team members are absent",
    )
    op.create_table(
        "stand_ins",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column(
            "role", sa.String(), nullable=False, server_default="*", comment="of the member; * is every role"
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("stand_in", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("member", "role", "since", name="pk_stand_ins"),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_stand_ins_member"),
        sa.ForeignKeyConstraint(["stand_in"], ["team.id"], name="fk_stand_ins_stand_in"),
        comment="who does the work of a team member on these days",
    )
    op.create_table(
        "qualifications",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("qualification", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.PrimaryKeyConstraint("member", "qualification", "since", name="pk_qualifications"),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_qualifications_member"),
        comment="titles with dates; one without a row here goes by the column of the team",
    )
