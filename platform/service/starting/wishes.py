"""What somebody wishes to start, and why nothing of it can be started at all (R27, R30)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from ...data import ListLine
from ...filing.outcome import Refusal, gather_refusals
from ...office.filings.filing import Filing
from ...office.office_clock import office_now
from ...office.people import TeamMember, find_person
from ...office.plans import InForce, plan_by_digest, plans_in_force
from ...office.relations.relation import takers_of
from ...period import LOOSE, Period, PeriodKind, say_over
from ...plan import Model, Plan
from ...suggest import say_what_is_meant
from ...words import FREQUENCY_WORDS, name_templates
from ..filings.cases import find_by_name
from ..unknown import refuse_other_than_member, refuse_template
from .plausible import refuse_unusual


class Taking(ListLine):
    """A relation with a product that it took under a sub-number; None where it took none."""

    relation: str
    product: str | None
    sub_number: str


class Selection(Model):
    """For whom: relations by number, or all that take a product, by default in the period's frequency.

    Or `exactly` these, once each and in this order, whatever else they take: what was shown before.
    """

    relations: tuple[str, ...] = ()
    product: str | None = None
    frequency: PeriodKind | None = None
    exactly: tuple[Taking, ...] = ()


class Wish(Model):
    """What is to be started. `again` is the reason for a further filing over the same period.

    `anyway` says that an unusual period or date is meant (`plausible.py`).
    """

    template: str
    period: Period
    selection: Selection
    start_date: date | None = None
    recurring: bool = False
    without_automations: bool = False
    again: str = ""
    corrects: str = ""
    """The closed filing that is corrected, by name; empty for none."""
    anyway: bool = False

    def waits(self, today: date) -> bool:
        """Say whether the start is on a later day."""
        return self.start_date is not None and self.start_date > today

    def begins(self, today: date) -> date:
        """Return the day of the start, on which it is judged (R26): a day that has passed is today."""
        return max(self.start_date or today, today)


def refuse_start(connection: Connection, who: str, wish: Wish) -> Refusal | None:
    """Return why nothing can be started at all, whatever the relations lack; None when something may."""
    meant = read_wish(connection, who, wish)
    return meant if isinstance(meant, Refusal) else None


class Meant(NamedTuple):
    """What a wish is about: the plans of its template, who starts, office time, the relations' numbers."""

    plans: InForce
    starter: TeamMember
    now: datetime
    numbers: list[str]


def read_wish(connection: Connection, who: str, wish: Wish) -> Meant | Refusal:
    """Return what a wish is about, or why nothing can be started at all.

    It is refused at all where the plans of all relations that are named refuse it, or where nobody is named
    that of everyone; what a pilot's plan alone refuses is told of its relations (`refuse_by_plan`).
    """
    in_force = plans_in_force(connection)
    published = in_force.find(wish.template, "")
    if published is None:
        return refuse_template(connection, wish.template)
    starter = find_person(connection, who)
    if not isinstance(starter, TeamMember):
        return refuse_other_than_member(connection, who, starter, "starten")
    now = office_now(connection)
    plans = _list_plans_meant(in_force, wish)
    refusals = [refuse_by_plan(wish, plan, now.date()) for plan in plans]
    at_all = refusals[0] if all(refusals) else None
    refusal = at_all or _refuse_correction(connection, in_force, wish, plans[0])
    if refusal:
        return refusal
    numbers = _relations_meant(connection, wish, published.plan.products)
    return numbers if isinstance(numbers, Refusal) else Meant(in_force, starter, now, numbers)


def _list_plans_meant(in_force: InForce, wish: Wish) -> list[Plan]:
    """Return the plans of the relations that are named, or of everyone where none is."""
    selection = wish.selection
    named = (*selection.relations, *(one.relation for one in selection.exactly)) or ("",)
    found = [in_force.find(wish.template, number) for number in named]
    return [*{one.digest: one.plan for one in found if one}.values()]


def refuse_by_plan(wish: Wish, plan: Plan, today: date) -> Refusal | None:
    """Return why a plan starts no filing as it is wished, whatever a relation lacks; None when it may."""
    found: list[Refusal | None] = []
    if wish.again and (wish.waits(today) or wish.recurring):
        text = "Een extra opdracht over dezelfde periode start direct en kan niet worden herhaald."
        found.append(Refusal(code="again_now", text=text))
    if plan.start == "on_date" and wish.start_date is None:
        found.append(Refusal(code="no_date", text=f"Geef de startdatum van {plan.title} op."))
    if plan.start == "by_hand" and wish.recurring:
        text = f"{plan.title} wordt met de hand gestart en kan daarom niet automatisch worden herhaald."
        found.append(Refusal(code="by_hand", text=text))
    elif wish.period.kind in LOOSE and wish.recurring:
        text = f"Na {wish.period.words} volgt geen vaste periode; {plan.title} kan zo niet worden herhaald."
        found.append(Refusal(code="no_next_period", text=text))
    if not wish.anyway:
        found.append(refuse_unusual(plan, wish.period, wish.start_date, today))
    return gather_refusals(*found)


def say_filing(filing: Filing) -> str:
    """Return what a filing is about: Aangifte btw over januari 2026."""
    return f"{filing.title} {say_over(Period.parse(filing.period).words)}"


def _refuse_correction(connection: Connection, in_force: InForce, wish: Wish, plan: Plan) -> Refusal | None:
    """Refuse a correction of a filing that is open, of another relation, or corrected otherwise (R58)."""
    if not wish.corrects:
        return None
    corrected = find_by_name(connection, wish.corrects)
    if isinstance(corrected, Refusal):
        return corrected
    name = say_filing(corrected)
    if wish.selection.relations != (corrected.relation,):
        text = f"{name} is van relatie {corrected.relation}; start de correctie alleen voor die relatie."
        return Refusal(code="other_relation", text=text)
    if corrected.status != "afgesloten" or corrected.ended == "cancelled":
        how = "geannuleerd" if corrected.ended else "nog niet afgesloten"
        return Refusal(code="not_closed", text=f"{name} is {how}; er valt niets te corrigeren.")
    published = plan_by_digest(connection, corrected.plan)
    by = published.plan.corrected_by if published else None
    ways = published.plan.corrected_with if published else ()
    if wish.template not in (by, *ways) and corrected.template not in plan.corrects:
        titles = {one.template: one.plan.title for one in in_force.list_all()}
        how = f"wordt gecorrigeerd met {titles.get(by, by)}" if by else "kent geen werkproces voor correcties"
        text = f"{name} {how}, niet met {plan.title}." if by else f"{name} {how}."
        if published and published.plan.corrections:
            said = name_templates(". ".join(published.plan.corrections), titles)
            text = f"{name} wordt niet gecorrigeerd met {plan.title}. {said}."
        return Refusal(code="not_corrected_so", text=text)
    if wish.recurring or (wish.start_date and wish.waits(office_now(connection).date())):
        text = "Een correctie start direct en kan niet worden herhaald."
        return Refusal(code="corrects_now", text=text)
    return None


def _relations_meant(connection: Connection, wish: Wish, products: tuple[str, ...]) -> list[str] | Refusal:
    """Return the numbers of the selected relations, without duplicates."""
    selection = wish.selection
    if selection.relations or selection.exactly:
        return list(dict.fromkeys([*selection.relations, *(one.relation for one in selection.exactly)]))
    if selection.product not in products:
        meant = say_what_is_meant(selection.product or "", products)
        text = f"Dit werkproces is niet voor het product '{selection.product}'. {meant}"
        return Refusal(code="other_product", text=text)
    frequency = selection.frequency or wish.period.kind
    if frequency != wish.period.kind:
        text = f"{wish.period.words.capitalize()} is geen periode per {FREQUENCY_WORDS[frequency]}."
        return Refusal(code="other_frequency", text=text)
    nobody = Refusal(
        code="nobody", text=f"Geen relatie neemt dit product per {FREQUENCY_WORDS[frequency]} af."
    )
    return takers_of(connection, selection.product, frequency) or nobody
