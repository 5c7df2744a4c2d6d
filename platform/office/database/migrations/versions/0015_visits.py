"""Who visits the pages, and a random key for every filing: what a client's address bar shows."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

MOMENT = sa.DateTime()


def upgrade() -> None:
    """Make the tables and give the filings that there are their keys."""
    shown = "random: what a client's address bar shows"
    op.add_column("filings", sa.Column("key", sa.String(), nullable=False, server_default="", comment=shown))
    connection = op.get_bind()
    filings = sa.table("filings", sa.column("id", sa.String), sa.column("key", sa.String))
    keys = [
        {"row": id, "made": secrets.token_urlsafe(16)} for id in connection.scalars(sa.select(filings.c.id))
    ]
    if keys:
        change = filings.update().where(filings.c.id == sa.bindparam("row"))
        connection.execute(change.values(key=sa.bindparam("made")), keys)
    op.create_index("ix_filings_key", "filings", ["key"])
    op.create_table(
        "sign_in_links",
        sa.Column("token", sa.String(), nullable=False, comment="the digest of what the link holds"),
        sa.Column("person", sa.String(), nullable=False, comment="id of a contact or team member"),
        sa.Column(
            "address", sa.String(), nullable=False, comment="the digest of the e-mail address that it went to"
        ),
        sa.Column("filing", sa.String(), comment="what it leads to; to all that waits where none"),
        sa.Column("number", sa.Integer(), comment="of the Send command of its mail"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT, comment="since when another one signs in in its place"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name="fk_sign_in_links_filing"),
        sa.PrimaryKeyConstraint("token", name="pk_sign_in_links"),
    )
    op.create_index("ix_sign_in_links_person_made_at", "sign_in_links", ["person", "made_at"])
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(), nullable=False, comment="the digest of what the cookie holds"),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("proved_at", MOMENT, comment="when the second factor was given"),
        sa.Column(
            "shown", sa.String(), nullable=False, server_default="", comment="what the next page says first"
        ),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_table(
        "second_factors",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("since", MOMENT, comment="when its first code was given; none yet"),
        sa.Column(
            "last_step", sa.Integer(), nullable=False, server_default="0", comment="a code counts once"
        ),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_second_factors_member"),
        sa.PrimaryKeyConstraint("member", name="pk_second_factors"),
    )
    op.create_table(
        "managers",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_managers_member"),
        sa.PrimaryKeyConstraint("member", name="pk_managers"),
        comment="who has the right beheer",
    )
    op.create_table(
        "visit_changes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column(
            "what", sa.String(), nullable=False, comment="factor_forgotten, manager_made, manager_unmade"
        ),
        sa.Column(
            "who", sa.String(), nullable=False, comment="id of who did it; empty for who runs the server"
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name="fk_visit_changes_member"),
        sa.PrimaryKeyConstraint("number", name="pk_visit_changes"),
        comment="what was changed in how team members get in",
    )
    op.create_table(
        "attempts",
        sa.Column(
            "what", sa.String(), nullable=False, comment="what is limited, with the digest of who tries"
        ),
        sa.Column("window", MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", "window", name="pk_attempts"),
    )
    op.create_table(
        "drafts",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False, comment="the page and form that it was typed in"),
        sa.Column("typed", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "form", name="pk_drafts"),
    )
