"""Documents that colleagues put into the dossier of a relation."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "dossier_documents",
        sa.Column("id", sa.String(), nullable=False, comment="of the act that put it there"),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="what it is, as a template can ask for it"),
        sa.Column("year", sa.Integer(), comment="that it is about; null where it is of no year"),
        sa.Column("hash", sa.String(), nullable=False, comment="of the document in the store"),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False, comment="of the file, sealed"),
        sa.Column("audience", sa.String(), comment="for whom it is; the office where there is none"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_documents"),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name="fk_dossier_documents_relation"),
        sa.ForeignKeyConstraint(["by"], ["team.id"], name="fk_dossier_documents_by"),
        comment="documents that colleagues put into the dossier of a relation",
    )
    op.create_index("ix_dossier_documents_relation", "dossier_documents", ["relation"])
