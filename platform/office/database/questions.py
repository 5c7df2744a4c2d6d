"""Questions of the database: each asked by itself, or several with one statement, and once in a moment."""

from collections import Counter, namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import CompoundSelect, Connection, Select, cast, literal_column, null, select, union_all

from .moments import find_known

T = TypeVar("T")
_AT_ONCE = 1000


class Question(Generic[T]):
    """A statement with named parameters, and how its rows are read; each row has the names of its columns.

    All columns have other names, and questions that are asked at once give a parameter one meaning. What a
    statement says of the order of its rows holds where it is asked by itself: else the reader makes it.
    """

    def __init__(
        self,
        statement: Select[Any] | CompoundSelect[Any],
        read: Callable[[Iterable[Any]], T],
        *names: str,
    ) -> None:
        self.statement = statement
        self.read = read
        self.names = names

    def ask(self, connection: Connection, **given: object) -> T:
        """Return the answer for these parameters."""
        answer: T = ask_at_once(connection, self, **given)[0]
        return answer


def list_rows(rows: Iterable[Any]) -> list[Any]:
    """Return rows as they are: how a question is read whose asker looks at them."""
    return [*rows]


def ask_at_once(connection: Connection, *questions: Question[Any], **given: object) -> tuple[Any, ...]:
    """Return the answers of questions, asked with one statement as far as this moment does not know them."""
    known = find_known(connection)
    keys = {one: _make_key(one, given) for one in questions}
    answers = {one: known[key] for one, key in keys.items() if known is not None and key in known}
    asked = tuple(one for one in keys if one not in answers)
    names = {name for one in asked for name in one.names}
    wanted = {name: given[name] for name in names}
    if len(asked) == 1:
        result = connection.execute(asked[0].statement, wanted)
        answers[asked[0]] = asked[0].read(row for rows in result.partitions(_AT_ONCE) for row in rows)
    elif asked:
        together = _join(asked)
        rows = connection.execute(together.statement, wanted).all()
        answers |= {one: one.read(part) for one, part in together.divide(asked, rows)}
    if known is not None:
        known |= {keys[one]: answers[one] for one in asked}
    return tuple(answers[one] for one in questions)


def _make_key(question: Question[Any], given: Mapping[str, object]) -> tuple[object, ...]:
    values = (given[name] for name in question.names)
    return (question, *(tuple(one) if isinstance(one, list) else one for one in values))


class _Together(NamedTuple):
    """One statement for several questions: the first column says whose a row is.

    What one of them has not is empty; columns of one type share a place.
    """

    statement: CompoundSelect[Any]
    rows_of: tuple[Callable[[Any], Any], ...]

    def divide(
        self, questions: Sequence[Question[Any]], rows: Iterable[Any]
    ) -> Iterable[tuple[Question[Any], list[Any]]]:
        """Return the rows of each question."""
        parts: list[list[Any]] = [[] for _ in questions]
        for row in rows:
            place = row[0]
            parts[place].append(self.rows_of[place](row))
        return zip(questions, parts, strict=True)


@lru_cache(maxsize=128)
def _join(questions: tuple[Question[Any], ...]) -> _Together:
    tables = [one.statement.subquery() for one in questions]
    types: dict[tuple[type, int], Any] = {}
    places: list[list[tuple[type, int]]] = []
    for table in tables:
        met: Counter[type] = Counter()
        places.append([])
        for column in table.c:
            kind = type(column.type)
            types.setdefault((kind, met[kind]), column.type)
            places[-1].append((kind, met[kind]))
            met[kind] += 1
    order = [*types]
    members = []
    for number, (table, own) in enumerate(zip(tables, places, strict=True)):
        columns = dict(zip(own, table.c, strict=True))
        shown = [columns[at] if at in columns else cast(null(), types[at]) for at in order]
        members.append(
            select(
                literal_column(str(number)).label("question"),
                *(c.label(f"c{i}") for i, c in enumerate(shown)),
            )
        )
    rows_of = tuple(
        _read_row([*table.c.keys()], [order.index(at) + 1 for at in own])
        for table, own in zip(tables, places, strict=True)
    )
    return _Together(union_all(*members), rows_of)


def _read_row(names: Sequence[str], at: Sequence[int]) -> Callable[[Any], Any]:
    """Return what makes the row of one question, with its own names, of a row of several."""
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    if len(at) == 1:
        return lambda row: made._make((row[at[0]],))
    pick = itemgetter(*at)
    return lambda row: made._make(pick(row))
