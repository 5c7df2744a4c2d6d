"""What colleagues put into the dossier of a relation; what clients sent is written with their filings."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from ..columns import OfficeTime, metadata

dossier_documents = Table(
    "dossier_documents",
    metadata,
    Column("id", String, primary_key=True, comment="of the act that put it there"),
    Column("relation", ForeignKey("relations.number"), nullable=False, index=True),
    Column("kind", String, nullable=False, comment="what it is, as a template can ask for it"),
    Column("year", Integer, comment="that it is about; null where it is of no year"),
    Column("hash", String, nullable=False, comment="of the document in the store"),
    Column("media_type", String, nullable=False),
    Column("name", LargeBinary, nullable=False, comment="of the file, sealed"),
    Column("audience", String, comment="for whom it is; the office where there is none"),
    Column("at", OfficeTime, nullable=False),
    Column("by", ForeignKey("team.id"), nullable=False),
    comment="documents that colleagues put into the dossier of a relation",
)
