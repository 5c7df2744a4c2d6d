"""Column types that hold on SQLite and PostgreSQL alike, and the one MetaData of all tables."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    ColumnElement,
    DateTime,
    Dialect,
    MetaData,
    String,
    TableValuedAlias,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

# Constraints have names everywhere, so that a migration can change them on both dialects.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = JSON().with_variant(JSONB(), "postgresql")
"""Plain data. Never for bytes whose digest counts: PostgreSQL reorders keys; plans are kept as text."""


class OfficeTime(TypeDecorator[datetime]):
    """A moment in office time: naive, as the office's wall clock says (Europe/Amsterdam)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment with a zone: real time does not belong here."""
        if value is not None and value.tzinfo is not None:
            raise ValueError("office time must be naive")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment as it was stored."""
        return value  # type: ignore[no-any-return]


class RealTime(TypeDecorator[datetime]):
    """A moment in real time: an aware datetime, stored and given back in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; store UTC, since SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("real time must have a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware one."""
        return None if value is None else value.replace(tzinfo=UTC)


class json_texts(GenericFunction[str]):  # noqa: N801  it is a function of SQL
    """The texts of a JSON list as rows; `texts_of` says it with its one column, `value`."""

    type = String()
    inherit_cache = True


@compiles(json_texts, "sqlite")
def _each(element: json_texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(json_texts, "postgresql")
def _elements(element: json_texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements_text({compiler.process(element.clauses, **options)})"


class text_at(GenericFunction[str]):  # noqa: N801  it is a function of SQL
    """The text that a JSON object has at a key, which is ours: `text_at(column, "key")`.

    The key is written out, as in an index of part of the rows: such an index serves no parameter.
    """

    type = String()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], key: str) -> None:
        super().__init__(column, literal_column(f"'{key}'"))


@compiles(text_at, "sqlite")
def _extract(element: text_at, compiler: SQLCompiler, **options: Any) -> str:
    column, key = (compiler.process(one, **options) for one in element.clauses)
    return f"json_extract({column}, '$.{key[1:]})"


@compiles(text_at, "postgresql")
def _get_text(element: text_at, compiler: SQLCompiler, **options: Any) -> str:
    column, key = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} ->> {key})"


class first_day_to_object(GenericFunction[str]):  # noqa: N801  it is a function of SQL
    """The earliest last day, as ISO text, on which a contact can object to an offer of a filing's view.

    NULL where they can object to none: `first_day_to_object(view, contact)`.
    """

    type = String()
    inherit_cache = True


@compiles(first_day_to_object, "sqlite")
def _find_day(element: first_day_to_object, compiler: SQLCompiler, **options: Any) -> str:
    view, contact = (compiler.process(one, **options) for one in element.clauses)
    waits = f"{contact} IN (SELECT value FROM json_each(offer.value, '$.waiting'))"  # noqa: S608  the same
    day = "json_extract(offer.value, '$.object_until')"
    offers = f"json_each({view}, '$.offers') AS offer"
    return f"(SELECT min({day}) FROM {offers} WHERE {waits})"  # noqa: S608  parts of a statement


@compiles(first_day_to_object, "postgresql")
def _find_day_of_binary(element: first_day_to_object, compiler: SQLCompiler, **options: Any) -> str:
    view, contact = (compiler.process(one, **options) for one in element.clauses)
    waits = f"jsonb_exists(offer.value -> 'waiting', {contact})"
    offers = f"jsonb_array_elements({view} -> 'offers') AS offer(value)"
    day = "offer.value ->> 'object_until'"
    return f"(SELECT min({day}) FROM {offers} WHERE {waits})"  # noqa: S608  parts of a statement


class given_texts(GenericFunction[str]):  # noqa: N801  it is a function of SQL
    """The texts of a list that is a parameter, as rows."""

    type = String()
    inherit_cache = True


@compiles(given_texts, "sqlite")
def _each_given(element: given_texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(given_texts, "postgresql")
def _unnest(element: given_texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **options)})"


_Texts = JSON().with_variant(ARRAY(String), "postgresql")
"""A list of texts as one parameter. PostgreSQL counts an array as it plans; JSON it takes for a hundred."""


def texts_of(column: ColumnElement[Any], name: str) -> TableValuedAlias:
    """Return the texts of a JSON list as a table of this name with one column, `value`."""
    return json_texts(column).table_valued("value", name=name)


def among(column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a column is among values, however many: they are one parameter.

    So the statement is the same for any number, and no limit on parameters is met.
    """
    return _among(column, bindparam("among", list(values), type_=_Texts, unique=True))


def among_numbers(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a column is among the list given as parameter `numbers`.

    For statements that are built once: building one takes as long as reading a hundred rows with it.
    """
    return among_given(column, "numbers")


def among_given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column is among the list given as the parameter of this name."""
    return _among(column, bindparam(name, type_=_Texts))


def _among(column: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
    # Its name is that of its column, as PostgreSQL has it.
    given = given_texts(values).table_valued("value", name="value")
    return column.in_(select(given.c.value))
