"""Which review a deploy carried out, what was in force before it, and pilots: plans for some relations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add columns and tables; of earlier deploys nobody wrote down what was in force before."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    kept = "the kept review that it carried out, as JSON that names nobody"
    before = "as changes: what was in force before; null where nobody wrote it down"
    kinds = "of what kind it is"
    for column in (
        sa.Column("review", sa.Text(), comment=kept),
        sa.Column("kind", sa.String(), server_default="deploy", nullable=False, comment=kinds),
        sa.Column("before", json, comment=before),
        sa.Column("office_before", sa.String(), comment="the digest of the office's definitions before"),
        sa.Column(
            "reason", sa.Text(), server_default="", nullable=False, comment="why, of a promote or rollback"
        ),
        sa.Column("undoes", sa.Integer(), comment="the row that a rollback takes back"),
    ):
        op.add_column("deploys", column)
    op.create_table(
        "pilots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="the plan on pilot"),
        sa.Column("before", sa.String(), nullable=False, comment="the plan of everyone else"),
        sa.Column("deploy", sa.Integer(), nullable=False, comment="how it was published"),
        sa.Column("ended", sa.Integer(), comment="the promote or rollback that ended it"),
        sa.PrimaryKeyConstraint("id", name="pk_pilots"),
        sa.ForeignKeyConstraint(["digest"], ["plans.digest"], name="fk_pilots_digest"),
        sa.ForeignKeyConstraint(["before"], ["plans.digest"], name="fk_pilots_before"),
        sa.ForeignKeyConstraint(["deploy"], ["deploys.id"], name="fk_pilots_deploy"),
        sa.ForeignKeyConstraint(["ended"], ["deploys.id"], name="fk_pilots_ended"),
        comment="plans that are in force for some relations: while it has not ended",
    )
    running = sa.text("ended IS NULL")
    op.create_index(
        "ix_pilots_one_running",
        "pilots",
        ["template"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_table(
        "pilot_relations",
        sa.Column("pilot", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False, comment="its number, also once it was removed"),
        sa.PrimaryKeyConstraint("pilot", "relation", name="pk_pilot_relations"),
        sa.ForeignKeyConstraint(["pilot"], ["pilots.id"], name="fk_pilot_relations_pilot"),
    )
    op.create_table(
        "pilot_remarks",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False, comment="random: of the form that it was written in"),
        sa.Column("pilot", sa.Integer(), nullable=False),
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False, comment="id of a team member or contact"),
        sa.Column("of_client", sa.Boolean(), nullable=False, comment="whether a client wrote it"),
        sa.Column("said", sa.LargeBinary(), nullable=False, comment="sealed: what they wrote"),
        sa.PrimaryKeyConstraint("number", name="pk_pilot_remarks"),
        sa.UniqueConstraint("id", name="uq_pilot_remarks_id"),
        sa.ForeignKeyConstraint(["pilot"], ["pilots.id"], name="fk_pilot_remarks_pilot"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name="fk_pilot_remarks_filing"),
    )
    op.create_index("ix_pilot_remarks_pilot", "pilot_remarks", ["pilot"])
