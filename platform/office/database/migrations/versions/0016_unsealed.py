"""What is still to be sealed; until all is, an entry may be sealed, and nothing else of it is changed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_KEPT = ("filing", "sequence", "index", "at", "by", "what", "phase", "audience", "recorded_at")


def upgrade() -> None:
    """Add the table, with a row where filings were written before; the office's keys do the rest."""
    op.create_table(
        "unsealed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(), nullable=False, comment="the filing up to which all is sealed"),
        sa.PrimaryKeyConstraint("id", name="pk_unsealed"),
        sa.CheckConstraint("id = 1", name="single"),
        comment="a row while what people wrote before version 0014 is being sealed",
    )
    op.execute("INSERT INTO unsealed (id, after) SELECT 1, '' WHERE EXISTS (SELECT 1 FROM filings)")
    if op.get_bind().dialect.name == "postgresql":
        _let_seal_postgresql()
    else:
        _let_seal_sqlite()


def _let_seal_sqlite() -> None:
    changed = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in _KEPT)
    op.execute("DROP TRIGGER timeline_no_update")
    op.execute(
        "CREATE TRIGGER timeline_no_update BEFORE UPDATE ON timeline "  # noqa: S608  fixed names
        "WHEN NOT EXISTS (SELECT 1 FROM unsealed) "
        f"OR OLD.said IS NOT NULL OR NEW.said IS NULL OR {changed} "
        "BEGIN SELECT RAISE(ABORT, 'timeline is append-only'); END"
    )


def _let_seal_postgresql() -> None:
    changed = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in _KEPT)
    op.execute(
        "CREATE OR REPLACE FUNCTION timeline_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM unsealed) THEN RETURN NULL; END IF; "
        "RAISE EXCEPTION 'timeline is append-only'; END $$"
    )
    op.execute(
        "CREATE FUNCTION timeline_sealing() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.said IS NOT NULL OR NEW.said IS NULL OR {changed} "
        "THEN RAISE EXCEPTION 'timeline is append-only'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER timeline_sealing BEFORE UPDATE ON timeline "
        "FOR EACH ROW EXECUTE FUNCTION timeline_sealing()"
    )
