"""Relations that a pilot can well begin with: ready, and as different from each other as can be (R34)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from ...office.office_clock import office_now
from ...office.people import all_members
from ...office.plans import PublishedPlan, plans_in_force
from ...office.relations.demands import Demands
from ...office.relations.next_starts import judge_next_starts, list_missing
from ...office.relations.relation import RelationProduct
from ...office.relations.snapshot import Held, load_snapshot
from ...plan import Model
from ...words import FREQUENCY_WORDS, WAY_WORDS
from ..desk import Desk
from ..results import Refusal
from ..unknown import refuse_template
from .not_released import MOST_RELATIONS

NOBODY = Refusal(code="nobody_ready", text="Geen relatie die dit afneemt is compleet.")


class Suggestion(Model):
    """A relation, with what tells it from the others: frequency, way and people in words."""

    relation: str
    name: str
    legal_form: str
    frequency: str
    way: str
    people: str


class Candidate(NamedTuple):
    """A relation that could take part, with its stretch of the product."""

    held: Held
    product: RelationProduct

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """Return what can be another elsewhere."""
        form, way = self.held.relation.legal_form or "", self.product.way or ""
        people = ", ".join(sorted({*self.held.roles.values()}))
        return frozenset(
            {("form", form), ("often", self.product.frequency), ("way", way), ("people", people)}
        )


def suggest_relations(desk: Desk, template: str | None = None) -> tuple[Suggestion, ...] | Refusal:
    """Return up to five relations for a pilot of a template; those with a filing each month come first.

    Without a template that of which relations take the product each month most. Only relations that lack
    nothing, and are in no pilot of it. Raises DatabaseError.
    """
    needs = desk.equipment.reports.identity_needs()

    def ask(connection: Connection) -> tuple[Suggestion, ...] | Refusal:
        in_force, today = plans_in_force(connection), office_now(connection).date()
        snapshot = load_snapshot(connection, None, today, upcoming=True)
        held = [*snapshot.held.values()]
        meant = in_force.find(template, "") if template else _find_busiest(in_force.everyone, held)
        if meant is None:
            return refuse_template(connection, template or "")
        demands = Demands(meant.plan, needs)
        found = [
            one
            for one in _list_takers(meant, held)
            if (meant.template, one.held.relation.number) not in in_force.pilots
            and not list_missing(judge_next_starts(snapshot, demands, one.held.relation.number, today))
        ]
        names = {one.id: one.name for one in all_members(connection)}
        return tuple(_suggest(one, names) for one in pick_different(found)) or NOBODY

    return desk.read(ask)


def _list_takers(published: PublishedPlan, every: Iterable[Held]) -> list[Candidate]:
    """Return the relations that take a plan's product, by a stretch that goes on."""
    theirs = published.plan.products
    return [
        Candidate(held, product)
        for held in every
        for product in [one for one in held.products if one.product in theirs and one.until is None][:1]
    ]


def _find_busiest(everyone: Sequence[PublishedPlan], held: Sequence[Held]) -> PublishedPlan | None:
    def count_monthly(published: PublishedPlan) -> int:
        return sum(one.product.frequency == "month" for one in _list_takers(published, held))

    starting = [one for one in everyone if one.plan.start != "by_hand"]
    return max(starting, key=count_monthly, default=None)


def pick_different(found: list[Candidate]) -> list[Candidate]:
    """Return those that differ most, the monthly ones first: each adds as much that is new as any could."""
    left = sorted(found, key=lambda one: (not _is_monthly(one), one.held.relation.number))
    picked, known = list[Candidate](), set[tuple[str, str]]()
    while left and len(picked) < MOST_RELATIONS:
        best = max(left, key=lambda one: len(one.marks - known))
        left.remove(best)
        picked.append(best)
        known |= best.marks
    return sorted(picked, key=_is_monthly, reverse=True)


def _is_monthly(one: Candidate) -> bool:
    return one.product.frequency == "month"


def _suggest(one: Candidate, names: dict[str, str]) -> Suggestion:
    return Suggestion(
        relation=one.held.relation.number,
        name=one.held.relation.name,
        legal_form=one.held.relation.legal_form or "",
        frequency=FREQUENCY_WORDS[one.product.frequency],
        way=WAY_WORDS[one.product.way] if one.product.way else "zoals het werkproces zegt",
        people=", ".join(sorted({names.get(id, id) for id in one.held.roles.values()})),
    )
