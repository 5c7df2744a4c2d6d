"""How often something was tried within a while, counted in rows: for every worker of the pages together."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select

from ...keys.ring import Mark
from ..database.tables import attempts


def count_attempt(connection: Connection, what: str, who: Mark, within: timedelta, at: datetime) -> int:
    """Count one more attempt by `who` and return how many there were within the while that `at` lies in.

    Needs a writing connection.
    """
    name, window = _name(what, who), _begin_of_window(at, within)
    same = (attempts.c.what == name, attempts.c.window == window)
    changed = connection.execute(attempts.update().where(*same).values(count=attempts.c.count + 1))
    if changed.rowcount == 0:
        connection.execute(attempts.insert().values(what=name, window=window, count=1))
        return 1
    return int(connection.execute(select(attempts.c.count).where(*same)).scalar_one())


def find_attempts(connection: Connection, what: str, who: Mark, within: timedelta, at: datetime) -> int:
    """Return how often `who` tried within the while that `at` lies in."""
    name, window = _name(what, who), _begin_of_window(at, within)
    query = select(attempts.c.count).where(attempts.c.what == name, attempts.c.window == window)
    return int(connection.execute(query).scalar_one_or_none() or 0)


def forget_attempts(connection: Connection, what: str, who: Mark) -> None:
    """Forget how often `who` tried: what they tried is no more."""
    connection.execute(delete(attempts).where(attempts.c.what == _name(what, who)))


def _name(what: str, who: Mark) -> str:
    return f"{what}:{who}"


def _begin_of_window(at: datetime, within: timedelta) -> datetime:
    seconds = int(within.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
