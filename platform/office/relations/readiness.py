"""Whether a relation is ready for a template: everything that is missing, at once (R26), from the plan."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from ...plan import Model, Office, Phase, Plan
from ...words import RELATION_STATUS_WORDS
from ..people import filled_roles, find_member, holder_of
from .recipients import resolve_offer
from .relation import WORKED_FOR, Relation, RelationProduct, find_relation, products_of

CODES = (
    *("no_relation", "not_accepted", "not_active", "no_product", "no_ob_number", "no_legal_form", "no_bsn"),
    *("no_rsin", "sbr_off", "role_unfilled", "unqualified", "four_eyes", "no_primary_contact"),
    *("no_contact_with_function", "no_email", "email_invalid", "no_authority", "only_jointly"),
    "no_standing_authority",
)
"""Every code that something missing can have, those of offers last (`offers.resolve_offer`)."""


class Missing(Model):
    """One thing that is missing: a stable code, and a Dutch sentence that says what."""

    code: str
    text: str


def readiness(
    connection: Connection,
    plan: Plan,
    office: Office,
    relation: str,
    on: date,
    only: RelationProduct | None = None,
) -> tuple[Missing, ...]:
    """Return everything that a filing of this plan would lack for a relation on a day; empty is ready.

    Of `only` this product as agreed, or of each of the plan's products that the relation takes.
    """
    found = find_relation(connection, relation)
    if found is None:
        return (Missing(code="no_relation", text=f"Er is geen relatie met nummer {relation}."),)
    agreed = products_of(connection, relation) if only is None else (only,)
    taken = [one for one in agreed if one.product in plan.products and (one.until is None or one.until >= on)]
    missing = [
        *_status(found),
        *_products(plan, office, taken),
        *_identity(plan, found),
        *_roles(connection, plan, found),
        *_offers(connection, plan, found, taken, on),
    ]
    return tuple(dict.fromkeys(missing))


def _status(relation: Relation) -> Iterator[Missing]:
    if relation.status == "prospect":
        yield Missing(code="not_accepted", text="De relatie is nog niet als klant aanvaard.")
    elif relation.status not in WORKED_FOR:
        word = RELATION_STATUS_WORDS[relation.status]
        yield Missing(code="not_active", text=f"De relatie is {word}; er wordt niets meer voor gestart.")


def _products(plan: Plan, office: Office, taken: list[RelationProduct]) -> Iterator[Missing]:
    if not taken:
        titles = {product.id: product.title for product in office.products}
        names = " of ".join(titles.get(name, name) for name in plan.products)
        yield Missing(code="no_product", text=f"De relatie neemt het product {names} niet af.")


def _identity(plan: Plan, relation: Relation) -> Iterator[Missing]:
    """Ask what a report needs: whose it is, as the authority knows him."""
    if not any(document.report for document in plan.documents):
        return
    if not relation.ob_number:
        yield Missing(code="no_ob_number", text="Het omzetbelastingnummer ontbreekt.")
    if not relation.legal_form:
        yield Missing(code="no_legal_form", text="De rechtsvorm ontbreekt.")
    if relation.natural_person and not relation.bsn:
        yield Missing(code="no_bsn", text="Het BSN ontbreekt.")
    if not relation.natural_person and not relation.rsin:
        yield Missing(code="no_rsin", text="Het RSIN ontbreekt.")
    if any(phase.deliver for phase in plan.phases) and not relation.sbr_enabled:
        yield Missing(code="sbr_off", text="Aanleveren via SBR staat uit voor deze relatie.")


def _roles(connection: Connection, plan: Plan, relation: Relation) -> Iterator[Missing]:
    filled = filled_roles(connection, relation.number)
    for role in needed_roles(plan):
        if holder_of(filled, role, plan.roles) is None:
            title = next((r.title for r in plan.roles if r.id == role), role)
            yield Missing(code="role_unfilled", text=f"Niemand heeft de rol {title} voor deze relatie.")
    for phase in plan.phases:
        yield from _unqualified(connection, plan, phase, filled)
        yield from _own_checker(plan, phase, filled)


def _unqualified(
    connection: Connection, plan: Plan, phase: Phase, filled: dict[str, str]
) -> Iterator[Missing]:
    """Ask of whoever fills a phase's role the titles that the machine will ask of him (R2)."""
    holder = holder_of(filled, phase.role, plan.roles)
    member = find_member(connection, holder) if holder else None
    for demanded in (phase.qualification, plan.role(phase.role).qualification):
        if member and demanded and not {*demanded} & {*member.qualifications}:
            titles = " of ".join(demanded)
            text = f"De fase '{phase.title}' vraagt de titel {titles}; {member.name} heeft die niet."
            yield Missing(code="unqualified", text=text)


def _own_checker(plan: Plan, phase: Phase, filled: dict[str, str]) -> Iterator[Missing]:
    """Find four eyes that are two: whoever fills the role did the work that he is to check (R9).

    Only where that is certain: in phases of work, which no condition can skip.
    """
    checked = [plan.phase(name) for name in phase.four_eyes if phase.condition is None]
    work = [p for p in checked if not (p.condition or p.offer or p.deliver)]
    workers = {holder_of(filled, p.role, plan.roles) for p in work}
    escalate = phase.chase.escalate if phase.chase else None
    roles = (phase.role, escalate.role) if escalate else (phase.role,)
    checkers = {holder_of(filled, role, plan.roles) for role in roles} - {None}
    if work and checkers and checkers <= workers:
        same = f"Vier ogen: wie '{phase.title}' moet doen, doet ook '{work[0].title}'."
        text = f"{same} Geef een van beide rollen aan een collega."
        yield Missing(code="four_eyes", text=text)


def needed_roles(plan: Plan) -> tuple[str, ...]:
    """Return every role that a plan gives work to, in the order in which it is met."""
    return tuple(dict.fromkeys(role for phase in plan.phases for role in _phase_roles(phase)))


def _phase_roles(phase: Phase) -> Iterator[str]:
    yield phase.role
    for block in (phase.offer, phase.deliver):
        if block is not None:
            yield block.on_behalf_of
    for chase in (phase.chase, phase.offer.chase if phase.offer else None):
        if chase is not None and chase.escalate is not None:
            yield chase.escalate.role
    for automation in phase.automations:
        for given in (automation.send, automation.task):
            if given is not None and given.to.kind == "role" and given.to.name is not None:
                yield given.to.name


def _offers(
    connection: Connection, plan: Plan, relation: Relation, taken: list[RelationProduct], on: date
) -> Iterator[Missing]:
    for phase in plan.phases:
        if phase.offer is None:
            continue
        for product in taken:
            footing = resolve_offer(
                connection, plan, phase.id, relation.number, product.product, on, product.sub_number
            )
            for problem in footing.problems:
                if problem.code != "no_sender":  # told as an unfilled role
                    yield Missing(code=problem.code, text=problem.text)
