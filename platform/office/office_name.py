"""What tells this office from every other one: a random name in its database."""

from uuid import uuid4

from sqlalchemy import Connection, select

from .database.tables import office


def name_of_office(connection: Connection) -> str:
    """Return the office's own name, made with its database; it means nothing."""
    return str(connection.execute(select(office.c.name)).scalar_one())


def rename_office(connection: Connection) -> str:
    """Give the office another name, and return it: it goes on apart from the one that it is a copy of."""
    name = uuid4().hex
    connection.execute(office.update().values(name=name))
    return name
