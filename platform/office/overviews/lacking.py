"""What relations lack: for the templates of what they take, and agreed periods that nothing covers."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from ...period import say_over
from ..plans import PublishedPlan, plans_in_force
from ..relations.demands import Demands, Needs
from ..relations.next_starts import JudgedStart, judge_next_starts, list_advice, list_missing
from ..relations.readiness import Missing, find_same_numbers
from ..relations.snapshot import Held, Snapshot, load_snapshot
from .uncovered import find_uncovered


class Lacks(NamedTuple):
    """What one relation lacks; `uncovered` are agreed periods without a filing or planned start (Dutch).

    `starts` are the next ones of what it takes, each judged as of its own day. `same` tells who else has a
    number of its own, whatever it takes.
    """

    starts: tuple[JudgedStart, ...] = ()
    uncovered: tuple[str, ...] = ()
    same: tuple[Missing, ...] = ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return what stops any of its next starts."""
        return list_missing(self.starts)

    @property
    def advice(self) -> tuple[Missing, ...]:
        """Return what is told and stops nothing: what templates of its next starts advise, and `same`."""
        return (*self.same, *list_advice(self.starts))


def find_lacks_of(
    connection: Connection,
    numbers: Collection[str] | None,
    on: date,
    needs: Needs,
    *,
    missing: bool = True,
    uncovered: bool = True,
) -> dict[str, Lacks]:
    """Return what relations (these, or all) lack, of the kinds that are asked, by number; `on` is today.

    Advice is of what is `missing`: both are of what starts next, as of the day on which it does.

    A relation that is not among them lacks nothing. It reads all that the office holds of these relations.
    """
    open_periods = uncovered_by_relation(connection, on, numbers) if uncovered else {}
    if not missing:
        return {number: Lacks(uncovered=said) for number, said in open_periods.items()}
    snapshot = load_snapshot(connection, numbers, on, upcoming=True)
    demands = demands_in_force(connection, needs)
    return {
        number: judge_lacks(snapshot, demands(number), held, on, open_periods.get(number, ()))
        for number, held in snapshot.held.items()
    }


def judge_lacks(
    snapshot: Snapshot, demands: Iterable[Demands], held: Held, today: date, uncovered: tuple[str, ...]
) -> Lacks:
    """Return what a relation of a snapshot lacks; a number that already stops a start is not told twice."""
    lacks = Lacks(judge_starts_of(snapshot, demands, held, today), uncovered)
    if any(one.code == "shared_number" for one in lacks.missing):
        return lacks
    return lacks._replace(same=find_same_numbers(snapshot, held.relation.number))


def demands_in_force(connection: Connection, needs: Needs) -> Callable[[str], Iterable[Demands]]:
    """Return what says what the plans that are in force for a relation demand of it."""
    in_force = plans_in_force(connection)
    return lambda number: (_demands_of(published, needs) for published in in_force.list_for(number))


def _demands_of(published: PublishedPlan, needs: Needs) -> Demands:
    """Return what a plan demands; worked out once while reports need the same."""
    known = _DEMANDS.get(published.digest)
    if known is None or known[0] is not type(needs) or known[1] != dict(needs):
        known = type(needs), dict(needs), Demands(published.plan, needs)
        _DEMANDS[published.digest] = known
    return known[2]


_DEMANDS: dict[str, tuple[type[Needs], dict[str, tuple[str, ...]], Demands]] = {}
"""By digest of the plan; an office has few."""


def uncovered_by_relation(
    connection: Connection, on: date, numbers: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the agreed periods that nothing covers as sentences, by relation."""
    found: dict[str, tuple[str, ...]] = {}
    for one in find_uncovered(connection, on, numbers):
        said = f"{one.plan.title} {say_over(one.period.words)}: {one.why}"
        found[one.relation] = (*found.get(one.relation, ()), said)
    return found


def judge_starts_of(
    snapshot: Snapshot, demands: Iterable[Demands], held: Held, today: date
) -> tuple[JudgedStart, ...]:
    """Return what a relation lacks for the next starts of the products that it takes."""
    fitting, number = _list_fitting(snapshot, demands, held), held.relation.number
    return tuple(start for one in fitting for start in judge_next_starts(snapshot, one, number, today))


def _list_fitting(snapshot: Snapshot, demands: Iterable[Demands], held: Held) -> list[Demands]:
    taken = {product.product for product in held.products}
    return [one for one in demands if snapshot.office and not taken.isdisjoint(one.products)]
