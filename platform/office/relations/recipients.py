"""Who an offer goes to, on what footing, and what stands in the way (R13, R15, R16, R19, R57)."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from ...plan import Model, Offer, Phase, Plan, Way
from ...rights import DECIDING, NEEDED, Right
from ..database.tables import ONE_SUB_NUMBER
from ..emails import valid_email
from ..people import (
    Authority,
    RelationContact,
    authority_of,
    contacts_of,
    holders,
    standing_until,
)
from .relation import RelationProduct, products_of


class Recipient(Model):
    """A contact whom an offer goes to, what he may about this product today, and what of it only jointly."""

    contact: str
    may: tuple[Right, ...]
    jointly: tuple[Right, ...] = ()


class Problem(Model):
    """What stands in the way of an offer: a stable code and a Dutch sentence."""

    code: str
    text: str


class OfferFooting(Model):
    """Who an offer goes to and on what footing, as filing.events.Resolved takes it.

    `way` is the relation's own, if it has one; `sender` the id of the team member on whose behalf it is sent.
    """

    recipients: tuple[Recipient, ...] = ()
    sender: str | None = None
    way: Way | None = None
    standing_until: date | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def problem(self) -> str | None:
        """Return everything that stands in the way, in Dutch, or None."""
        return " ".join(problem.text for problem in self.problems) or None


def resolve_offer(
    connection: Connection,
    plan: Plan,
    phase: str,
    relation: str,
    product: str,
    on: date,
    sub_number: str = ONE_SUB_NUMBER,
) -> OfferFooting:
    """Look up who an offer phase goes to today, with all that stands in the way of it at once.

    Raises LookupError when the plan has no such phase or the phase no offer.
    """
    found = next((p for p in plan.phases if p.id == phase), None)
    if found is None or found.offer is None:
        raise LookupError(f"plan {plan.template} has no offer phase '{phase}'")
    taken = _taken(connection, relation, product, sub_number)
    chosen, missing = _recipients(connection, found.offer, relation, taken)
    rights = {c.id: authority_of(connection, c.id, relation, product, on) for c in chosen}
    sender = next(iter(holders(connection, relation, found.offer.on_behalf_of, plan.roles)), None)
    way = (taken.way if taken else None) or found.offer.offer_as
    until = standing_until(connection, relation, product, on)
    problems = [
        *missing,
        *_unreachable(chosen),
        *_undecidable(found.offer, way, chosen, rights),
        *_uninformable(plan, found.offer, way, until),
        *_unsent(plan, found, sender is None),
    ]
    return OfferFooting(
        recipients=tuple(
            Recipient(contact=c.id, may=rights[c.id].may, jointly=rights[c.id].jointly) for c in chosen
        ),
        sender=sender.id if sender else None,
        way=taken.way if taken else None,
        standing_until=until,
        problems=tuple(problems),
    )


def _taken(connection: Connection, relation: str, product: str, sub_number: str) -> RelationProduct | None:
    """Return the relation's product; where it has one, its key carries no sub-number."""
    taken = products_of(connection, relation, product)
    exact = next((t for t in taken if t.sub_number == sub_number), None)
    return exact or (taken[0] if len(taken) == 1 else None)


def _recipients(
    connection: Connection, offer: Offer, relation: str, taken: RelationProduct | None
) -> tuple[list[RelationContact], list[Problem]]:
    function = offer.to.name if offer.to.kind == "function" else None
    if taken is not None and taken.recipient is not None:
        function = None if taken.recipient == "primary_contact" else taken.recipient
    at = contacts_of(connection, relation)
    if function is None:
        chosen = [c for c in at if c.primary]
        text = "De relatie heeft geen eerste contactpersoon om het aan voor te leggen."
        missing = Problem(code="no_primary_contact", text=text)
    else:
        chosen = [c for c in at if function in c.functions]
        text = f"De relatie heeft geen contactpersoon met de functie {function}."
        missing = Problem(code="no_contact_with_function", text=text)
    return chosen, [] if chosen else [missing]


def _unreachable(chosen: list[RelationContact]) -> Iterator[Problem]:
    for contact in chosen:
        if not contact.email:
            yield Problem(code="no_email", text=f"{contact.name} heeft geen e-mailadres.")
        elif not valid_email(contact.email):
            yield Problem(code="email_invalid", text=f"Het e-mailadres van {contact.name} klopt niet.")


def _undecidable(
    offer: Offer, way: Way, chosen: list[RelationContact], rights: dict[str, Authority]
) -> Iterator[Problem]:
    needed = NEEDED[way]
    if needed not in DECIDING or not chosen:  # who is only informed decides nothing
        return
    may = "mag ondertekenen" if needed == "sign" else "akkoord mag geven"
    able = [c for c in chosen if needed in rights[c.id].may]
    if offer.to.decide == "one" and not able:
        names = " of ".join(c.name for c in chosen)
        yield Problem(code="no_authority", text=f"Er is niet vastgelegd dat {names} {may}.")
    elif offer.to.decide != "one":
        for contact in chosen:
            if contact not in able:
                text = f"Er is niet vastgelegd dat {contact.name} {may}."
                yield Problem(code="no_authority", text=text)
    if len(able) == 1 and needed in rights[able[0].id].jointly:
        how = "ondertekenen" if needed == "sign" else "akkoord geven"
        text = f"{able[0].name} mag alleen samen met een ander {how}, en die ander is er niet."
        yield Problem(code="only_jointly", text=text)


def _uninformable(plan: Plan, offer: Offer, way: Way, until: date | None) -> Iterator[Problem]:
    """Information suffices for what is then delivered only under a standing authority (R15)."""
    delivered = {phase.deliver.document for phase in plan.phases if phase.deliver}
    sources = {d.source for d in plan.documents if d.id in delivered and d.source}
    if way == "information" and until is None and (delivered | sources) & {*offer.documents}:
        text = "Ter informatie aanbieden kan alleen met een doorlopende machtiging, en die is er niet (meer)."
        yield Problem(code="no_standing_authority", text=text)


def _unsent(plan: Plan, phase: Phase, nobody: bool) -> Iterator[Problem]:
    if nobody and phase.offer is not None:
        role = phase.offer.on_behalf_of
        title = next((r.title for r in plan.roles if r.id == role), role)
        text = f"Niemand heeft de rol {title}, namens wie het bericht aan de klant uitgaat."
        yield Problem(code="no_sender", text=text)
