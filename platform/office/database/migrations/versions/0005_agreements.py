"""What is agreed is kept by stretch of days, and filings know the days and reports that they are about."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from kantoor.office.database.columns import Json
from kantoor.period import Period
from kantoor.plan import load_plan

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns, and fill them for the filings that there are."""
    _add_days_of_filings()
    _fill_days_of_filings(op.get_bind())
    _date_products(op.get_bind())
    _mark_recurrences()
    _name_office()


def _add_days_of_filings() -> None:
    empty, never = sa.text("'[]'"), "0001-01-01"
    op.add_column(
        "filings",
        sa.Column(
            "again_of",
            Json,
            nullable=False,
            server_default=empty,
            comment="the filings over these days that there were, the first first: what the reason is about",
        ),
    )
    op.add_column(
        "filings",
        sa.Column(
            "reports",
            Json,
            nullable=False,
            server_default=empty,
            comment="of the documents that its plan delivers",
        ),
    )
    for name in ("first_day", "last_day"):
        day = sa.Column(name, sa.Date(), nullable=False, server_default=never, comment="of the period")
        op.add_column("filings", day)
    op.create_index("ix_deliveries_identity", "deliveries", ["identity_digest"])


_FILINGS = sa.table(
    "filings",
    *(sa.column(name) for name in ("id", "template", "relation", "period", "sub_number", "sequence", "plan")),
    sa.column("again_of", Json),
    sa.column("reports", Json),
    sa.column("first_day", sa.Date),
    sa.column("last_day", sa.Date),
)


def _fill_days_of_filings(connection: sa.Connection) -> None:
    plans = connection.execute(sa.text("SELECT digest, json FROM plans"))
    reports = {digest: [*load_plan(text).delivered_reports] for digest, text in plans}
    values = [*_values_of_filings(connection, reports)]
    if values:
        filled: dict[str, Any] = {name: sa.bindparam(name) for name in values[0] if name != "wanted"}
        update = sa.update(_FILINGS).where(_FILINGS.c.id == sa.bindparam("wanted"))
        connection.execute(update.values(filled), values)


def _values_of_filings(connection: sa.Connection, reports: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    columns = _FILINGS.c
    key = (columns.template, columns.relation, columns.period, columns.sub_number)
    before: tuple[tuple[str, ...], list[str]] = ((), [])
    rows = connection.execute(sa.select(columns.id, columns.plan, *key).order_by(*key, columns.sequence))
    for id, plan, *same in rows.all():
        ids = before[1] if before[0] == tuple(same) else []
        period = Period.parse(same[2])
        yield {
            "wanted": id,
            "again_of": ids,
            "reports": reports.get(plan, []),
            "first_day": period.start,
            "last_day": period.end,
        }
        before = (tuple(same), [*ids, id])


_PRODUCTS = sa.table(
    "relation_products",
    *(sa.column(name) for name in ("relation", "product", "sub_number", "first_period")),
    sa.column("since", sa.Date),
)


def _date_products(connection: sa.Connection) -> None:
    """Say from which day a product is taken, not in which period first; the day becomes part of the key."""
    since = sa.Column("since", sa.Date(), nullable=False, server_default="0001-01-01")
    op.add_column("relation_products", since)
    columns = _PRODUCTS.c
    for code in connection.execute(sa.select(columns.first_period).distinct()).scalars().all():
        if code is not None:
            began = sa.update(_PRODUCTS).where(columns.first_period == code)
            connection.execute(began.values(since=Period.parse(code).start))
    with op.batch_alter_table("relation_products") as table:
        table.drop_constraint("pk_relation_products", type_="primary")
        table.create_primary_key("pk_relation_products", ["relation", "product", "sub_number", "since"])
        table.drop_column("first_period")


def _mark_recurrences() -> None:
    """Mark what was set up before agreements were dated: its workflow is told once."""
    told = "what it starts by has changed, and its workflow was not told yet"
    op.add_column(
        "recurrences",
        sa.Column("stale", sa.Boolean(), nullable=False, server_default=sa.false(), comment=told),
    )
    op.execute("UPDATE recurrences SET stale = true WHERE status <> 'stopped'")
    where = sa.text("stale")
    op.create_index(
        "ix_recurrences_stale", "recurrences", ["relation"], sqlite_where=where, postgresql_where=where
    )


def _name_office() -> None:
    """Give the office a random name, by which it knows its own Temporal server."""
    office = op.create_table(
        "office",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, comment="random: what tells this office from others"),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_single")),
    )
    op.bulk_insert(office, [{"id": 1, "name": uuid4().hex}])
