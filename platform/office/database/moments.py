"""A question that is asked again within one moment has the same answer, and is asked once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

P = ParamSpec("P")
T = TypeVar("T")

MOMENT = "moment"
"""The option of a connection that sees one moment: what was answered in it, by question."""


def find_known(connection: Connection) -> dict[Any, Any] | None:
    """Return what was answered in the moment that a connection sees, by question; None where it sees none."""
    known: dict[Any, Any] | None = connection.get_execution_options().get(MOMENT)
    return known


def once_a_moment(
    ask: Callable[Concatenate[Connection, P], T],
) -> Callable[Concatenate[Connection, P], T]:
    """Keep the answers of a question, as long as the connection sees one moment.

    A connection that writes has no such option: what it asks again may have changed. Answers are never
    changed by who gets them.
    """

    @wraps(ask)
    def answer(connection: Connection, /, *given: P.args, **named: P.kwargs) -> T:
        known = find_known(connection)
        if known is None:
            return ask(connection, *given, **named)
        question = (ask, given, tuple(sorted(named.items())))
        if question not in known:
            known[question] = ask(connection, *given, **named)
        found: T = known[question]
        return found

    return answer


def know(connection: Connection, ask: Callable[..., object], *given: object, answer: object) -> None:
    """Keep the answer of a question of `once_a_moment` that came with another one."""
    known = find_known(connection)
    if known is not None:
        known[(ask.__wrapped__, given, ())] = answer  # type: ignore[attr-defined]
