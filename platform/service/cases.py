"""A case: one filing as somebody meets it, with who they are there. Looked up before every act."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ..filing.events import Actor
from ..filing.outcome import Refusal
from ..filing.view import PhaseView, View, read_view
from ..office.database.tables import ONE_SUB_NUMBER
from ..office.filings.filing import Filing, find_filing, list_filings
from ..office.office_clock import office_now
from ..office.people import Contact, TeamMember, authority_of, find_person, relations_of, roles_of
from ..office.plans import plan_by_digest
from ..plan import Model, Plan
from .names import short_name


class Case(Model):
    """A filing that runs, its plan, its view as last recorded, and who acts; `now` is office time."""

    filing: Filing
    plan: Plan
    view: View
    actor: Actor
    now: datetime


def look_up(connection: Connection, who: str, name: str) -> Case | Refusal:
    """Return the case of a filing for a person (id or e-mail address), or why there is none."""
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return filing
    published = plan_by_digest(connection, filing.plan)
    if published is None:
        raise LookupError(f"the plan of {filing.id} is not published")
    if filing.view is None:
        text = "Deze opdracht is gepland en nog niet gestart."
        return Refusal(code="not_started", text=text)
    now = office_now(connection)
    actor = actor_for(connection, who, filing, published.plan, now)
    if isinstance(actor, Refusal):
        return actor
    return Case(
        filing=filing,
        plan=published.plan,
        view=read_view(filing.view),
        actor=actor,
        now=now,
    )


def find_by_name(connection: Connection, name: str) -> Filing | Refusal:
    """Return a filing by template/relation/period, where need be with sub-number and sequence.

    A name without them means the first filing for the relation's one product. When it does not exist and
    exactly one other filing fits, that filing is returned.
    """
    parts = name.removeprefix("filing/").split("/")
    if not 3 <= len(parts) <= 5:
        text = (
            f"'{name}' is geen geldige opdracht; schrijf werkproces/relatie/periode, "
            "zoals btw-aangifte/1001/2026-01."
        )
        return Refusal(code="no_filing", text=text)
    found = find_filing(connection, "/".join([*parts, *(ONE_SUB_NUMBER, "1")[len(parts) - 3 :]]))
    if found:
        return found
    several = list_filings(connection, template=parts[0], relation=parts[1], period=parts[2])
    several = tuple(f for f in several if f.id.startswith("/".join(["filing", *parts, ""])))
    if len(several) == 1:
        return several[0]
    if not several:
        text = f"Opdracht '{name}' bestaat niet; zie `kantoor filing list`."
        return Refusal(code="no_filing", text=text)
    names = ", ".join(short_name(f.id) for f in several)
    return Refusal(code="several_filings", text=f"Er zijn meerdere opdrachten; kies er één: {names}.")


def actor_for(connection: Connection, who: str, filing: Filing, plan: Plan, now: datetime) -> Actor | Refusal:
    """Return who somebody is for a filing today: their roles and titles, or what they may do as a contact."""
    person = find_person(connection, who)
    if person is None:
        text = f"Er is niemand met id of e-mailadres '{who}', of deze persoon is niet meer actief."
        return Refusal(code="unknown_person", text=text)
    if isinstance(person, TeamMember):
        roles = roles_of(connection, person.id, filing.relation, plan.roles)
        return Actor(kind="team", id=person.id, roles=roles, qualifications=person.qualifications)
    return contact_actor(connection, person, filing, now)


def contact_actor(connection: Connection, contact: Contact, filing: Filing, now: datetime) -> Actor | Refusal:
    """Return a contact as an actor; one of another relation is a stranger here."""
    if filing.relation not in relations_of(connection, contact.id):
        text = f"{contact.name} is geen contactpersoon van deze relatie."
        return Refusal(code="not_their_relation", text=text)
    may = authority_of(connection, contact.id, filing.relation, filing.product, now.date())
    return Actor(kind="contact", id=contact.id, may=may.may, jointly=may.jointly)


def phase_named(case: Case, given: str | None, fits: Callable[[PhaseView], bool]) -> str | Refusal:
    """Return the phase that an act is about: the one named, else the only active one that fits.

    Where none fits it is the only active one: the machine says best why the act is refused there.
    """
    if given is not None:
        return given
    active = [phase for phase in case.view.phases if phase.status == "active"]
    fitting = [phase for phase in active if fits(phase)] or active
    if len(fitting) == 1:
        return fitting[0].id
    if not fitting:
        return Refusal(code="phase_not_active", text="Er is nu geen fase aan de beurt.")
    names = ", ".join(phase.id for phase in fitting)
    return Refusal(code="several_phases", text=f"Er zijn meerdere fasen aan de beurt; kies er één: {names}.")
