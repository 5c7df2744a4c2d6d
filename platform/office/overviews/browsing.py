"""Lists that people leaf through, a page at a time: relations and filings, and what a word finds."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, cast, func, or_, select

from ...data import ListLine
from ...emails import comparable
from ...identifiers import normalize_number
from ...plan import Planner
from ...typed import TypedError, read_period
from ..database.columns import among
from ..database.tables import (
    OPEN,
    contacts,
    filings,
    recurrences,
    relation_contacts,
    relation_products,
    relations,
)
from ..filings.filing import How, compute_planner_state
from ..filings.standing import Standing
from ..relations.relation import RelationStatus
from ..relations.taxpayers import NUMBERS


class Found(ListLine):
    """A relation as a list shows it: what it takes, and how many of its filings are open."""

    number: str
    name: str
    status: RelationStatus
    products: tuple[str, ...] = ()
    open_filings: int = 0


class FoundContact(ListLine):
    """A contact as a list shows them, at one of the relations that they serve."""

    name: str
    relation: str
    relation_name: str


class FoundFiling(ListLine):
    """A filing as a list shows it; `state` is its state on the day that was asked."""

    id: str
    title: str
    template: str
    relation: str
    relation_name: str
    period: str
    state: Planner
    ended: How | None
    due: date | None
    plan: str = ""
    phases: tuple[str, ...] = ()
    """Those that are active: ids, and titles once that was asked (`under_way`)."""
    first: str = ""
    """Where none is active the one that begins first on a day to come, and `begins` that day."""
    begins: date | None = None
    doers: tuple[str, ...] = ()
    """The names of who does the work of these phases today."""
    escalated: bool = False
    standing: Standing = ""
    """What it waits for, where it does not go on: once that was asked, too."""


class FoundStart(ListLine):
    """A start that is planned, as a list shows it: of what goes on by itself the next one."""

    relation: str
    relation_name: str
    template: str
    sub_number: str
    period: str
    start: date


class Wanted(ListLine):
    """Which filings are asked; all that is given must hold. `state` is one of the planner or `cancelled`."""

    template: str = ""
    relation: str = ""
    period: str = ""
    state: str = ""


def match_relation(word: str) -> Iterator[ColumnElement[bool]]:
    """Yield the condition that a relation's name holds a word or its number begins with it; none without.

    One letter is what a name begins with.
    """
    if not word:
        return
    name, number = relations.c.name, relations.c.number
    if len(word) == 1 and word.isalpha():
        yield name.istartswith(word, autoescape=True)
    else:
        yield or_(name.icontains(word, autoescape=True), number.startswith(word, autoescape=True))


def count_relations(connection: Connection, word: str, status: str) -> int:
    """Return how many relations there are with a word (`match_relation`) and a status; empty is any."""
    query = select(func.count()).select_from(relations).where(*_match(word, status))
    return connection.execute(query).scalar_one()


def browse_relations(
    connection: Connection, word: str, status: str, skip: int, most: int
) -> tuple[Found, ...]:
    """Return relations by number, some at a time, as `count_relations` counts them."""
    query = select(relations.c.number, relations.c.name, relations.c.status).where(*_match(word, status))
    rows = connection.execute(query.order_by(relations.c.number).offset(skip).limit(most)).all()
    numbers = [row.number for row in rows]
    taken: dict[str, dict[str, None]] = {}
    products = select(relation_products.c.relation, relation_products.c.product).where(
        among(relation_products.c.relation, numbers)
    )
    for number, product in connection.execute(products.order_by(relation_products.c.product)):
        taken.setdefault(number, {})[product] = None
    opened = select(filings.c.relation, func.count()).where(OPEN, among(filings.c.relation, numbers))
    counts = {row[0]: row[1] for row in connection.execute(opened.group_by(filings.c.relation))}
    return tuple(
        Found(
            number=row.number,
            name=row.name,
            status=row.status,
            products=tuple(taken.get(row.number, ())),
            open_filings=counts.get(row.number, 0),
        )
        for row in rows
    )


def find_by_identifier(connection: Connection, text: str, most: int) -> tuple[Found, ...]:
    """Return the relations that have exactly this identifying number, or a contact with this address."""
    number = normalize_number(text)
    serving = (
        select(relation_contacts.c.relation)
        .join(contacts, contacts.c.id == relation_contacts.c.contact)
        .where(contacts.c.email == comparable(text))
    )
    has_number = [relations.c[name] == number for name in NUMBERS]
    query = select(relations.c.number, relations.c.name, relations.c.status).where(
        or_(*has_number, relations.c.number.in_(serving))
    )
    rows = connection.execute(query.order_by(relations.c.number).limit(most))
    return tuple(Found(number=row.number, name=row.name, status=row.status) for row in rows)


def find_by_contact(connection: Connection, text: str, most: int) -> tuple[FoundContact, ...]:
    """Return contacts whose name holds each of these words, at the relations that they serve."""
    words = text.split()
    if all(len(word) == 1 for word in words):
        return ()
    query = (
        select(contacts.c.name, relations.c.number, relations.c.name.label("relation_name"))
        .join(relation_contacts, relation_contacts.c.contact == contacts.c.id)
        .join(relations, relations.c.number == relation_contacts.c.relation)
        .where(*(contacts.c.name.icontains(word, autoescape=True) for word in words))
        .order_by(contacts.c.name, relations.c.number)
    )
    return tuple(
        FoundContact(name=row.name, relation=row.number, relation_name=row.relation_name)
        for row in connection.execute(query.limit(most))
    )


def count_filings(connection: Connection, wanted: Wanted, on: date) -> int:
    """Return how many filings there are of those that are wanted."""
    query = select(func.count()).select_from(filings).where(*_conditions(wanted, on))
    return connection.execute(query).scalar_one()


def browse_filings(
    connection: Connection, wanted: Wanted, on: date, skip: int, most: int
) -> tuple[FoundFiling, ...]:
    """Return filings with their state on a day, some at a time: what is due first comes first."""
    query = _FILINGS.where(*_conditions(wanted, on)).order_by(
        filings.c.due.is_(None), filings.c.due, filings.c.relation, filings.c.id
    )
    return _read_filings(connection, query.offset(skip).limit(most), on)


def browse_starts(connection: Connection, wanted: Wanted, most: int) -> tuple[FoundStart, ...]:
    """Return planned starts of the template, relation and period that are wanted, the first first."""
    rows = recurrences.c
    query = select(
        *(rows.relation, relations.c.name, rows.template, rows.sub_number, rows.next_period, rows.next_start)
    ).join(relations, relations.c.number == rows.relation)
    given = ((rows.template, wanted.template), (rows.relation, wanted.relation))
    for column, value in (*given, (rows.next_period, wanted.period)):
        if value:
            query = query.where(column == value)
    found = query.where(rows.status != "stopped").order_by(rows.next_start, rows.relation, rows.template)
    names = FoundStart.__struct_fields__
    return tuple(
        FoundStart(**dict(zip(names, row, strict=True))) for row in connection.execute(found.limit(most))
    )


def find_filings_by_name(connection: Connection, word: str, on: date, most: int) -> tuple[FoundFiling, ...]:
    """Return filings whose name (template/relation/period) holds a word; or that are over a period.

    Other words beside the period, before or after it, are of the title or of the relation: btw januari 2026.
    Of several words without a period one has to be of the title or the template: the relation has a list.
    """
    meant = [filings.c.id.icontains(word, autoescape=True)]
    period, others = _split_period(word)
    if period:
        meant.append(and_(filings.c.period == period, *map(_match_filing, others)))
    words = word.split()
    if len(words) > 1:
        meant.append(and_(or_(*map(_match_work, words)), *map(_match_filing, words)))
    query = _FILINGS.where(or_(*meant)).order_by(filings.c.id)
    return _read_filings(connection, query.limit(most), on)


def _split_period(text: str) -> tuple[str, list[str]]:
    """Return the code of the period in a text, if any, and its other words: the longest, else the last."""
    words = text.split()
    for length in range(min(len(words), _LONGEST_PERIOD), 0, -1):
        for at in range(len(words) - length, -1, -1):
            try:
                code = read_period(" ".join(words[at : at + length])).code
            except TypedError:
                continue
            return code, [*words[:at], *words[at + length :]]
    return "", words


def _match_work(word: str) -> ColumnElement[bool]:
    fields = (filings.c.title, filings.c.template)
    return or_(*(one.icontains(word, autoescape=True) for one in fields))


def _match_filing(word: str) -> ColumnElement[bool]:
    fields = (filings.c.title, filings.c.id, relations.c.name)
    return or_(*(one.icontains(word, autoescape=True) for one in fields))


def _read_filings(connection: Connection, query: Select[Any], on: date) -> tuple[FoundFiling, ...]:
    found = [(row, _find_first(row.idle, on)) for row in connection.execute(query)]
    return tuple(
        FoundFiling(
            id=row.id,
            title=row.title,
            template=row.template,
            relation=row.relation,
            relation_name=row.name,
            period=row.period,
            state=compute_planner_state(row.planner, row.ended, row.due, on),
            ended=row.ended,
            due=row.due,
            plan=row.plan,
            phases=tuple(row.phases),
            first=first,
            begins=begins,
        )
        for row, (begins, first) in found
    )


def _find_first(view: dict[str, Any] | None, on: date) -> tuple[date | None, str]:
    """Return when which phase begins first after a day, of those that come: of a view as it was recorded."""
    coming = [
        (begins, phase["id"])
        for phase in (view["phases"] if view else ())
        if phase.get("begins") and phase.get("comes", "yes") == "yes"
        if (begins := date.fromisoformat(phase["begins"])) > on
    ]
    return min(coming, key=lambda one: one[0], default=(None, ""))


def count_by_state(connection: Connection, on: date) -> dict[Planner, int]:
    """Return how many filings are open on a day, by their state in the planner."""
    # By day first: an index has them in that order, and a state has few days.
    by_day = (
        select(filings.c.planner, filings.c.due, func.count().label("count"))
        .where(OPEN)
        .group_by(filings.c.planner, filings.c.due)
        .subquery("by_day")
    )
    late = by_day.c.due < on
    query = select(by_day.c.planner, late, func.sum(by_day.c.count)).group_by(by_day.c.planner, late)
    counts: Counter[Planner] = Counter()
    for state, is_late, count in connection.execute(query):
        counts["te_laat" if is_late else state] += int(count)
    return dict(counts)


def _match(word: str, status: str) -> Iterator[ColumnElement[bool]]:
    yield from match_relation(word)
    if status:
        yield relations.c.status == status


def _conditions(wanted: Wanted, on: date) -> Iterator[ColumnElement[bool]]:
    given = {"template": wanted.template, "relation": wanted.relation, "period": wanted.period}
    for name, value in given.items():
        if value:
            yield filings.c[name] == value
    late = filings.c.ended.is_(None) & (filings.c.due < on)
    if wanted.state == "te_laat":
        yield late
    elif wanted.state == "cancelled":
        yield filings.c.ended == "cancelled"
    elif wanted.state:
        yield filings.c.planner == wanted.state
        yield func.coalesce(~late, filings.c.due.is_(None))
        yield filings.c.ended.is_distinct_from("cancelled")


_LONGEST_PERIOD = 10
"""In words: van 1 januari 2026 tot en met 31 maart 2026."""
_IDLE = filings.c.ended.is_(None) & (cast(filings.c.phases, String) == "[]")
"""Of these alone the view is read, which is of kilobytes."""
_FILINGS = select(
    *(filings.c.id, filings.c.title, filings.c.template, filings.c.relation, relations.c.name),
    *(filings.c.period, filings.c.planner, filings.c.ended, filings.c.due, filings.c.plan, filings.c.phases),
    case((_IDLE, filings.c.view)).label("idle"),
).join(relations, relations.c.number == filings.c.relation)
