"""Tables of who visits the pages: links, sessions, second factors, attempts, and what is half typed (R44).

Tokens are random and kept here as digests alone: whoever reads the database can sign in with none of them.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
)

from ..columns import RealTime, metadata

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token", String, primary_key=True, comment="the digest of what the link holds"),
    Column("person", String, nullable=False, comment="id of a contact or team member"),
    Column("address", String, nullable=False, comment="the digest of the e-mail address that it went to"),
    Column("filing", ForeignKey("filings.id"), comment="what it leads to; to all that waits where none"),
    Column("number", Integer, comment="of the Send command of its mail"),
    Column("path", String, comment="where somebody was going who asked for it"),
    Column("made_at", RealTime, nullable=False),
    Column("expires_at", RealTime, nullable=False),
    Column("replaced_at", RealTime, comment="since when another one signs in in its place"),
    Index("ix_sign_in_links_person_made_at", "person", "made_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String, primary_key=True, comment="the digest of what the cookie holds"),
    Column("person", String, nullable=False, index=True),
    Column("made_at", RealTime, nullable=False),
    Column("expires_at", RealTime, nullable=False),
    Column("proved_at", RealTime, comment="when the second factor was given"),
    Column("shown", String, nullable=False, server_default="", comment="what the next page says first"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("member", ForeignKey("team.id"), primary_key=True),
    Column("secret", LargeBinary, nullable=False, comment="sealed"),
    Column("since", RealTime, comment="when its first code was given; none yet"),
    Column("last_step", Integer, nullable=False, server_default="0", comment="a code counts once"),
)

managers = Table(
    "managers",
    metadata,
    Column("member", ForeignKey("team.id"), primary_key=True),
    Column("since", RealTime, nullable=False),
    comment="who has the right beheer",
)

visit_changes = Table(
    "visit_changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("member", ForeignKey("team.id"), nullable=False),
    Column("what", String, nullable=False, comment="factor_forgotten, manager_made, manager_unmade"),
    Column("who", String, nullable=False, comment="id of who did it; empty for who runs the server"),
    Column("at", RealTime, nullable=False),
    comment="what was changed in how team members get in",
)

attempts = Table(
    "attempts",
    metadata,
    Column("what", String, nullable=False, comment="what is limited, with the digest of who tries"),
    Column("window", RealTime, nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("what", "window"),
)

number_views = Table(
    "number_views",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("relation", ForeignKey("relations.number"), nullable=False, index=True),
    Column("member", ForeignKey("team.id"), nullable=False),
    Column("at", RealTime, nullable=False),
    comment="who asked to see the identifying numbers of a relation, and when",
)

drafts = Table(
    "drafts",
    metadata,
    Column("person", String, nullable=False),
    Column("form", String, nullable=False, comment="the page and form that it was typed in"),
    Column("typed", LargeBinary, nullable=False, comment="sealed"),
    Column("at", RealTime, nullable=False),
    Column(
        "passing",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="of one opened form: it goes within a day",
    ),
    PrimaryKeyConstraint("person", "form"),
)
