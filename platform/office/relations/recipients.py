"""Who an offer goes to, on what footing, and what stands in the way (R13, R15, R16, R19, R57)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ...data import ListLine
from ...emails import valid_email
from ...period import in_words
from ...plan import Document, Model, Offer, Phase, Plan, To, Way
from ...rights import DECIDING, NEEDED, Right
from ...words import join_in_dutch, say_id
from ..database.tables import ANY_PRODUCT, ONE_SUB_NUMBER
from ..people import (
    Authority,
    chain_of,
    find_first_holder,
    gives_authority,
    judge_authority,
    last_standing_day,
)
from .relation import RelationProduct, pick_product
from .snapshot import ContactFacts, Held, Snapshot


class Recipient(Model):
    """A contact whom an offer goes to, what they may do about this product today, what only jointly."""

    contact: str
    may: tuple[Right, ...]
    jointly: tuple[Right, ...] = ()
    own: tuple[str, ...] = ()
    """The documents that are this contact's own, where each decides for their own."""


class Problem(ListLine):
    """What stands in the way of an offer: a code, a Dutch sentence, and the contact it is about, if any.

    `right` is what that contact would need to decide.
    """

    code: str
    text: str
    contact: str | None = None
    right: Right | None = None


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


class OfferDemand(NamedTuple):
    """What an offer phase of a plan asks, worked out once for many relations.

    `sender` is the role on whose behalf it is sent, with its fallbacks; `releases` says that what is
    offered is delivered afterwards. `owned` are the documents that are some contact's own.
    """

    offer: Offer
    sender: tuple[str, ...]
    sender_title: str
    releases: bool
    owned: tuple[Document, ...] = ()


def offer_demand(plan: Plan, phase: Phase) -> OfferDemand | None:
    """Return what an offer phase asks; None where the phase offers nothing."""
    if phase.offer is None:
        return None
    role = phase.offer.on_behalf_of
    delivered = {one.deliver.document for one in plan.phases if one.deliver}
    sources = {d.source for d in plan.documents if d.id in delivered and d.source}
    return OfferDemand(
        offer=phase.offer,
        sender=chain_of(role, plan.roles),
        sender_title=next((r.title for r in plan.roles if r.id == role), role),
        releases=bool((delivered | sources) & {*phase.offer.documents}),
        owned=tuple(d for d in plan.documents if d.of and d.id in phase.offer.documents),
    )


def find_footing(
    snapshot: Snapshot,
    plan: Plan,
    phase: str,
    relation: str,
    product: str,
    on: date,
    sub_number: str = ONE_SUB_NUMBER,
    about: date | None = None,
    offered: Way | None = None,
    own: Collection[str] | None = None,
) -> OfferFooting:
    """Return who an offer phase goes to on a day, with all that stands in the way of it at once.

    `snapshot` holds the relation. `about` is the first day of the period that is offered, by which the
    product's agreement is chosen; `offered` the way in which it was released already, if it was, whatever is
    agreed by now; `own` the attached documents that are some contact's own. Raises LookupError when the
    plan has no such phase, or the phase no offer.
    """
    found = next((p for p in plan.phases if p.id == phase), None)
    demand = offer_demand(plan, found) if found else None
    if demand is None:
        raise LookupError(f"plan {plan.template} has no offer phase '{phase}'")
    held = snapshot.held[relation]
    taken = pick_product([one for one in held.products if one.product == product], sub_number, about or on)
    return judge_offer(snapshot, demand, held, product, taken, on, offered, own).footing()


class Judged(NamedTuple):
    """What comes of looking who an offer goes to: the `footing`, before it is written out."""

    taken: RelationProduct | None
    chosen: list[ContactFacts]
    rights: dict[str, Authority]
    sender: str | None
    until: date | None
    problems: list[Problem]
    own: dict[str, tuple[str, ...]] = {}  # noqa: RUF012  nobody changes it

    def footing(self) -> OfferFooting:
        """Return the footing as a filing takes it."""
        rights = self.rights
        return OfferFooting(
            recipients=tuple(
                Recipient(
                    contact=c.id,
                    may=rights[c.id].may,
                    jointly=rights[c.id].jointly,
                    own=self.own.get(c.id, ()),
                )
                for c in self.chosen
            ),
            sender=self.sender,
            way=self.taken.way if self.taken else None,
            standing_until=self.until,
            problems=tuple(self.problems),
        )


def judge_offer(
    snapshot: Snapshot,
    demand: OfferDemand,
    held: Held,
    product: str,
    taken: RelationProduct | None,
    on: date,
    offered: Way | None = None,
    own: Collection[str] | None = None,
) -> Judged:
    """Return who an offer goes to for a relation's product on a day, with all that stands in the way.

    `taken` is the product as it is agreed, where it is; `offered` the way in which it was released already.
    `own` are the attached documents that are some contact's own; before it is known, those that
    always are.
    """
    owned = [d for d in demand.owned if (d.condition is None if own is None else d.id in own)]
    if owned:
        chosen, missing, theirs = _choose_owners(owned, held.contacts, taken)
    else:
        chosen, missing = _choose_recipients(demand.offer, held.contacts, taken)
        theirs = {}
    rights = {c.id: find_authority(snapshot, held, c, product, on) for c in chosen}
    # What goes to a client does not wait for somebody to be back.
    sender = find_first_holder(held.roles, demand.sender) or find_first_holder(held.named, demand.sender)
    way = offered or (taken.way if taken else None) or demand.offer.offer_as
    until = last_standing_day(held.standing, product, on)
    problems = [
        *missing,
        *_unreachable(chosen),
        *_undecidable(demand.offer, way, _Asked(snapshot, held, product, on, chosen, rights, theirs)),
        *_uninformable(demand, way, until),
        *_unsent(demand, sender),
    ]
    return Judged(taken, chosen, rights, sender, until, problems, theirs)


def judge_message(contacts: Sequence[ContactFacts], to: To) -> Iterator[Problem]:
    """Yield what stands in the way of what is written to people of a relation: nobody, or no address."""
    chosen, missing = _find_contacts(_find_function(to), contacts)
    yield from missing
    yield from _unreachable(chosen)


def find_authority(
    snapshot: Snapshot, held: Held, contact: ContactFacts, product: str, on: date
) -> Authority:
    """Return what a contact of a relation may do about a product on a day."""
    given = (rights for rights in held.rights if rights.contact == contact.id)
    by_function = gives_authority(snapshot.office, contact.functions)
    return judge_authority(given, product, on, by_function=by_function)


def _choose_recipients(
    offer: Offer, contacts: Sequence[ContactFacts], taken: RelationProduct | None
) -> tuple[list[ContactFacts], list[Problem]]:
    function = _find_function(offer.to)
    if taken is not None and taken.recipient is not None:
        function = None if taken.recipient == "primary_contact" else taken.recipient
    return _find_contacts(function, contacts)


def _choose_owners(
    owned: Sequence[Document], contacts: Sequence[ContactFacts], taken: RelationProduct | None
) -> tuple[list[ContactFacts], list[Problem], dict[str, tuple[str, ...]]]:
    """Return whose own the documents of an offer are, with the documents of each (R16).

    A recipient that was agreed with the relation stands for the primary contact (R15).
    """
    agreed = taken.recipient if taken and taken.recipient != "primary_contact" else None
    chosen: dict[str, ContactFacts] = {}
    problems: dict[Problem, None] = {}
    own: dict[str, tuple[str, ...]] = {}
    for document in owned:
        function = (_find_function(document.of) if document.of else None) or agreed
        found, missing = _find_contacts(function, contacts)
        problems.update(dict.fromkeys(missing))
        for contact in found:
            chosen[contact.id] = contact
            own[contact.id] = (*own.get(contact.id, ()), document.id)
    return list(chosen.values()), list(problems), own


def _find_function(to: To) -> str | None:
    """Return the function of the contacts whom something is for; None for the primary contact."""
    return to.name if to.kind == "function" else None


def _find_contacts(
    function: str | None, contacts: Sequence[ContactFacts]
) -> tuple[list[ContactFacts], list[Problem]]:
    """Return the contacts with a function, or the primary one, or that there is none."""
    if function is None:
        chosen = [c for c in contacts if c.primary]
        code, text = "no_primary_contact", "De relatie heeft geen eerste contactpersoon; leg die eerst vast."
    else:
        chosen = [c for c in contacts if function in c.functions]
        code = "no_contact_with_function"
        text = f"De relatie heeft geen contactpersoon met de functie {say_id(function)}."
    return chosen, [] if chosen else [Problem(code=code, text=text)]


def _unreachable(chosen: list[ContactFacts]) -> Iterator[Problem]:
    for contact in chosen:
        if not contact.email:
            yield Problem(code="no_email", text=f"{contact.name} heeft geen e-mailadres.", contact=contact.id)
        elif not valid_email(contact.email):
            yield Problem(
                code="email_invalid",
                text=f"Het e-mailadres van {contact.name} klopt niet.",
                contact=contact.id,
            )


class _Asked(NamedTuple):
    """Who are asked to decide about a product on a day, with what each may do and what is theirs."""

    snapshot: Snapshot
    held: Held
    product: str
    on: date
    chosen: list[ContactFacts]
    rights: dict[str, Authority]
    own: Mapping[str, tuple[str, ...]]

    def list_others(self, group: Sequence[ContactFacts], needed: Right) -> list[ContactFacts]:
        """Return the contacts outside a group who may do what is needed too."""
        return [
            one
            for one in self.held.contacts
            if one not in group
            and needed in find_authority(self.snapshot, self.held, one, self.product, self.on).may
        ]

    def say_other_days(self, contacts: Sequence[ContactFacts], needed: Right) -> str:
        """Say when what is recorded for contacts holds, where that is not on this day (Dutch)."""
        said = []
        for contact in contacts:
            of = f" van {contact.name}" if len(contacts) > 1 else ""
            days = [
                (given.since, given.until)
                for given in self.held.rights
                if given.contact == contact.id and needed in given.may
                if given.product in (self.product, ANY_PRODUCT)
            ]
            begins = min((since for since, _ in days if since > self.on), default=None)
            ended = max((until for _, until in days if until and until < self.on), default=None)
            if begins:
                said.append(f"de vastgelegde bevoegdheid{of} begint pas op {in_words(begins)}")
            elif ended:
                said.append(f"de vastgelegde bevoegdheid{of} liep tot en met {in_words(ended)}")
        return f": {'; '.join(said)}" if said else ""


def _undecidable(offer: Offer, way: Way, asked: _Asked) -> Iterator[Problem]:
    needed = NEEDED[way]
    chosen, rights, own = asked.chosen, asked.rights, asked.own
    if needed not in DECIDING or not chosen:  # who is only informed decides nothing
        return
    to = "te ondertekenen" if needed == "sign" else "akkoord te geven"
    able = [c for c in chosen if needed in rights[c.id].may]
    if offer.to.decide == "one" and not able and not own:
        names = join_in_dutch(c.name for c in chosen)
        are = "is" if len(chosen) == 1 else "zijn"
        text = f"{names} {are} niet bevoegd om {to}{asked.say_other_days(chosen, needed)}."
        yield Problem(code="no_authority", text=text, contact=chosen[0].id, right=needed)
    elif own or offer.to.decide != "one":
        for contact in chosen:
            if contact not in able:
                text = f"{contact.name} is niet bevoegd om {to}{asked.say_other_days([contact], needed)}."
                yield Problem(code="no_authority", text=text, contact=contact.id, right=needed)
    groups = [[c for c in able if name in own.get(c.id, ())] for name in _list_own(own)] or [able]
    for group in groups:
        if len(group) == 1 and needed in rights[group[0].id].jointly:
            yield _name_other(group[0], asked.list_others(group, needed), needed)


def _name_other(alone: ContactFacts, others: Sequence[ContactFacts], needed: Right) -> Problem:
    """Return that somebody may decide with another alone, who is not asked or is not there."""
    how = "ondertekenen" if needed == "sign" else "akkoord geven"
    text = f"{alone.name} mag alleen samen met een ander {how}; "
    if not others:
        text += "er is geen ander die dat mag."
        return Problem(code="only_jointly", text=text, contact=alone.id, right=needed)
    may, get = ("mag", "krijgt") if len(others) == 1 else ("mogen", "krijgen")
    text += f"{join_in_dutch(c.name for c in others)} {may} dat ook, maar {get} het niet aangeboden."
    return Problem(code="other_not_asked", text=text, contact=alone.id, right=needed)


def _list_own(own: Mapping[str, tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(name for names in own.values() for name in names))


def _uninformable(demand: OfferDemand, way: Way, until: date | None) -> Iterator[Problem]:
    """Information suffices for what is then delivered only under a standing authority (R15)."""
    if way == "information" and until is None and demand.releases:
        text = (
            "Ter informatie aanbieden kan alleen met een doorlopende machtiging van de klant. "
            "Die ontbreekt of geldt niet meer."
        )
        yield Problem(code="no_standing_authority", text=text)


def _unsent(demand: OfferDemand, sender: str | None) -> Iterator[Problem]:
    if sender is None:
        title = demand.sender_title
        text = f"Het bericht aan de klant gaat uit namens de rol {title}, maar niemand heeft die rol."
        yield Problem(code="no_sender", text=text)
