"""Whether a relation is ready for a template: everything that is missing, at once (R26), from the plan.

What a plan demands is worked out once (`Demands`); what a relation lacks follows from it and a snapshot of
what the office holds. So one relation and all of them are judged by the same code. What must be there is
`find_missing`, and stops a start; what is advised is `find_advice`, and stops nothing. On which day that is
asked, where nobody says, is what `next_starts` knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from ...data import ListLine, replace
from ...period import in_words
from ...plan import Level, Need, Office
from ...rights import Right
from ...words import DOSSIER_KIND_WORDS, RELATION_LINK_WORDS, RELATION_STATUS_WORDS, quote_in_dutch
from ..people import find_first_holder, last_standing_day
from .demands import Demands, FourEyes, Task
from .recipients import judge_message, judge_offer
from .relation import WORKED_FOR, Days, RelationProduct, RelationStatus
from .snapshot import Held, MemberFacts, RelationFacts, Snapshot
from .taxpayers import IDENTITY_NUMBERS, NUMBER_WORDS, Taker, base_of, field_of, taxpayer_of

Filed = Mapping[str, Sequence[Days]]
"""By relation the days over which it has filed already."""

CODES = (
    *("no_relation", "not_accepted", "not_active", "no_product", "no_ob_number", "no_legal_form", "no_bsn"),
    *("no_rsin", "no_btw_id", "no_kvk", "sbr_off", "role_unfilled", "unqualified", "four_eyes"),
    *("no_primary_contact", "no_contact_with_function", "no_email", "email_invalid", "no_authority"),
    *("only_jointly", "other_not_asked", "no_standing_authority", "shared_number", "undeliverable_sender"),
    *("no_office_number", "ideal_off", "no_document"),
)
"""Every code that something missing can have."""

ADVISED = ("ideal_off", "no_standing_authority", "no_document", "not_linked", "same_number")
"""The codes that advice can have: what a template may ask at either level, who is not linked yet, and a
number that another relation has too."""


class Missing(ListLine):
    """One thing that is missing: a stable code, a Dutch sentence, and the contact it is about, if any.

    `right` is what that contact would need to decide. What is missing at the level `must` stops a start;
    `advice` is told and stops nothing.
    """

    code: str
    text: str
    contact: str | None = None
    level: Level = "must"
    right: Right | None = None


def find_missing(
    snapshot: Snapshot,
    demands: Demands,
    relation: str,
    on: date,
    only: RelationProduct | None = None,
    days: Days | None = None,
    filed: Filed | None = None,
) -> tuple[Missing, ...]:
    """Return everything that stops a filing of a plan for a relation on a day; empty is ready.

    Of `only` this product as agreed, or of each of the plan's products that the relation takes. `days` are
    those that the filing is about; without them it may be about any day from `on`. What others have `filed`
    for the same taxpayer is behind them: to file over it again takes a reason, and not the end of a product.
    """
    held = snapshot.held.get(relation)
    if held is None:
        return (Missing(code="no_relation", text=f"Er is geen relatie met nummer {relation}."),)
    taken = _list_taken(demands, held, on, only)
    missing = [
        *_status(demands, held.relation),
        *_products(demands, snapshot.office, taken),
        *_identity(demands, held.relation),
        *_find_sharers(snapshot, demands, held.relation, taken, days or Days(on), filed or {}),
        *find_missing_people(demands, held.named, snapshot.team),  # a start waits for no holiday
        *_senders(snapshot, demands, held.named),
        *_office_numbers(snapshot.office, demands),
        *_offers(snapshot, demands, held, taken, on),
        *(_messages(demands, held) if taken else ()),
    ]
    known = {one.code for one in missing}
    missing += (one for one in _find_asked(demands, held, taken, on, "must") if one.code not in known)
    return tuple(dict.fromkeys(missing))


def find_advice(
    snapshot: Snapshot, demands: Demands, relation: str, on: date, only: RelationProduct | None = None
) -> tuple[Missing, ...]:
    """Return what a plan advises that a relation does not have on a day; a start does not wait for it.

    Of `only` this product as agreed, or of each of the plan's products that the relation takes.
    """
    held = snapshot.held.get(relation)
    if held is None:
        return ()
    taken = _list_taken(demands, held, on, only)
    advice = (*_find_asked(demands, held, taken, on, "advice"), *_find_unlinked(demands, held, taken, on))
    return tuple(dict.fromkeys(advice))


def find_same_numbers(snapshot: Snapshot, relation: str) -> tuple[Missing, ...]:
    """Return which other relations have an identity number of this one, whatever it takes: each once.

    Members of a fiscal unit share its OB number.
    """
    held = snapshot.held.get(relation)
    if held is None or not snapshot.sharing:
        return ()
    found: dict[str, Missing] = {}
    for field, word in IDENTITY_NUMBERS.items():
        number = getattr(held.relation, field)
        sharers = snapshot.sharing.get((field, base_of(field, number)), ()) if number else ()
        for other in sharers:
            if getattr(other.facts, field) == number and not (
                field == "ob_number" and _share_unit(held, other)
            ):
                text = (
                    f"Relatie {other.number} ({other.name}) heeft hetzelfde {word}. Kijk of een van de twee "
                    "dubbel is, of verkeerd is ingevoerd."
                )
                found.setdefault(other.number, Missing(code="same_number", text=text, level="advice"))
    found.pop(relation, None)
    return tuple(found.values())


def _share_unit(held: Held, other: Taker) -> bool:
    return any(one.fiscal_unit for one in (*held.products, *other.products))


def find_missing_people(
    demands: Demands, filled: Mapping[str, str], team: Mapping[str, MemberFacts]
) -> Iterator[Missing]:
    """Yield roles that nobody does, titles that who does the work lacks, and four eyes that are one pair.

    `filled` says who does the work of each role, `team` has who they are.
    """
    yield from _roles(demands, filled)
    yield from _tasks(team, demands, filled)


def _list_taken(
    demands: Demands, held: Held, on: date, only: RelationProduct | None
) -> list[RelationProduct]:
    return [only] if only else [one for one in held.products if _is_taken(demands, one, on)]


def _status(demands: Demands, relation: RelationFacts) -> Iterator[Missing]:
    if relation.status == "prospect":
        if demands.for_prospects:
            return
        yield Missing(code="not_accepted", text=NOT_ACCEPTED)
    elif relation.status not in WORKED_FOR:
        yield Missing(code="not_active", text=say_not_active(relation.status))


NOT_ACCEPTED = "De relatie is nog prospect."


def say_not_active(status: RelationStatus) -> str:
    """Return in Dutch why nothing starts for a relation that the office does not work for any more."""
    return f"De relatie is {RELATION_STATUS_WORDS[status]}; er kan geen opdracht meer worden gestart."


def _is_taken(demands: Demands, product: RelationProduct, on: date) -> bool:
    """Say whether a product is one of the plan's and was not ended before a day."""
    return product.product in demands.products and (product.until is None or product.until >= on)


def _products(demands: Demands, office: Office | None, taken: Sequence[RelationProduct]) -> Iterator[Missing]:
    if not taken:
        titles = {product.id: product.title for product in office.products} if office else {}
        names = " of ".join(titles.get(name, name) for name in demands.products)
        yield Missing(code="no_product", text=f"De relatie neemt het product {names} niet af.")


_IDENTITY: dict[str, Missing | None] = {
    "ob_number": Missing(code="no_ob_number", text="Het omzetbelastingnummer ontbreekt."),
    "legal_form": Missing(code="no_legal_form", text="De rechtsvorm ontbreekt."),
    "bsn": Missing(code="no_bsn", text="Het BSN ontbreekt."),
    "rsin": Missing(code="no_rsin", text="Het RSIN ontbreekt."),
    "btw_id": Missing(code="no_btw_id", text="Het btw-identificatienummer ontbreekt."),
    "kvk": Missing(code="no_kvk", text="Het KvK-nummer ontbreekt."),
    "bsn_or_rsin": None,
}
"""What is missing, by need; for `bsn_or_rsin` the relation decides which of the two it needs."""


def _identity(demands: Demands, relation: RelationFacts) -> Iterator[Missing]:
    """Ask what the plan's reports need: whose they are, as the authority knows them."""
    for name in demands.identity:
        field = name if name != "bsn_or_rsin" else "bsn" if relation.natural_person else "rsin"
        missing = _IDENTITY[field]
        if missing and not getattr(relation, field):
            yield missing
    if demands.reports and demands.delivers and not relation.sbr_enabled:
        yield Missing(code="sbr_off", text="Indienen via SBR staat uit voor deze relatie.")


def _find_sharers(
    snapshot: Snapshot,
    demands: Demands,
    relation: RelationFacts,
    taken: Sequence[RelationProduct],
    days: Days,
    filed: Filed,
) -> Iterator[Missing]:
    """Yield who else files under the same number: a return is filed once, by one relation (R63)."""
    if not snapshot.sharing:  # nearly always
        return
    for need in dict.fromkeys(demands.taxpayers.values()):
        for one in taken:
            common = one.days.common(days)
            found = common and _find_other(snapshot, demands, relation, need, one, common, filed)
            if found:
                other, theirs = found
                text = (
                    f"Relatie {other.number} ({other.name}) heeft hetzelfde "
                    f"{NUMBER_WORDS[field_of(relation, need)]} en neemt hetzelfde product af"
                    f"{_say_until(theirs)}. Onder één nummer dient één relatie in, ook in een fiscale "
                    f"eenheid: {_say_how_to_end(theirs)}."
                )
                yield Missing(code="shared_number", text=text)


def _say_until(theirs: RelationProduct) -> str:
    return f" tot en met {in_words(theirs.until)}" if theirs.until else ""


def _say_how_to_end(theirs: RelationProduct) -> str:
    if theirs.until is None:
        return "beëindig het product bij de andere"
    return "laat het bij de andere eerder eindigen, of dien daar eerst in over die dagen"


def _find_other(
    snapshot: Snapshot,
    demands: Demands,
    relation: RelationFacts,
    need: str,
    taken: RelationProduct,
    days: Days,
    filed: Filed,
) -> tuple[Taker, RelationProduct] | None:
    """Return the first other relation that has yet to file under the number, on any of these days.

    With the product of the plan that it takes.
    """
    number = taxpayer_of(relation, need, taken.sub_number)
    if number is None:
        return None
    field = field_of(relation, need)
    for other in snapshot.sharing.get((field, base_of(field, number)), ()):
        if other.works and other.number != relation.number:
            for one in other.products:
                if (
                    one.product in demands.products
                    and taxpayer_of(other.facts, need, one.sub_number) == number
                    and (common := one.days.common(days))
                    and not _is_behind(common, filed.get(other.number, ()))
                ):
                    return other, one
    return None


def _is_behind(days: Days, filed: Sequence[Days]) -> bool:
    """Say whether all these days are covered by what was filed."""
    if days.last is None:
        return False
    left = days.first
    for one in sorted(filed, key=lambda it: it.first):
        if one.first <= left and one.last is not None and one.last >= left:
            left = one.last + timedelta(days=1)
    return left > days.last


def _roles(demands: Demands, filled: Mapping[str, str]) -> Iterator[Missing]:
    for title, chain in demands.roles:
        if find_first_holder(filled, chain) is None:
            yield Missing(code="role_unfilled", text=f"Niemand heeft de rol {title} voor deze relatie.")


def _senders(snapshot: Snapshot, demands: Demands, filled: Mapping[str, str]) -> Iterator[Missing]:
    """Yield why a return cannot name as contact person who sends it: the authority would not take it."""
    for chain in demands.senders:
        member = snapshot.team.get(find_first_holder(filled, chain) or "")
        if member is None or demands.check_sender is None:
            continue
        phone = member.phone or (snapshot.office.text.phone if snapshot.office else "")
        name = (member.initials, member.prefix, member.surname)
        for text in demands.check_sender(member.name, phone, *name):
            told = f"{member.name} kan niet in de aangifte staan. {text} {MEND_COLLEAGUE}"
            yield Missing(code="undeliverable_sender", text=told)


def _office_numbers(office: Office | None, demands: Demands) -> Iterator[Missing]:
    """Yield the numbers of the office itself that the header of every return has."""
    if office is None or not demands.senders or demands.check_sender is None:
        return
    for name, what in _OFFICE_NUMBERS.items():
        if not getattr(office, name):
            text = f"{what} ontbreekt. Beheer vult dat in bij de gegevens van het kantoor."
            yield Missing(code="no_office_number", text=text)


MEND_COLLEAGUE = "Beheer verbetert dit met een import van team.csv; of geef de rol aan een ander."
"""How to mend what keeps a colleague out of a return: no page has their name and telephone number."""

_OFFICE_NUMBERS = {
    "tax_consultant_number": "Het beconnummer van het kantoor",
    "software_vendor_number": "Het nummer van de softwareleverancier",
}


def _tasks(team: Mapping[str, MemberFacts], demands: Demands, filled: Mapping[str, str]) -> Iterator[Missing]:
    for task in demands.tasks:
        if task.titles:
            yield from _find_unqualified(team, task, filled)
        if task.check:
            yield from _find_own_checkers(task.phase, task.check, filled)


def _find_unqualified(
    team: Mapping[str, MemberFacts], task: Task, filled: Mapping[str, str]
) -> Iterator[Missing]:
    """Yield the qualifications of a phase that the holder of its role does not have (R2)."""
    holder = find_first_holder(filled, task.role)
    member = team.get(holder) if holder else None
    for demanded in task.titles:
        if member and not {*demanded} & {*member.qualifications}:
            titles = " of ".join(demanded)
            text = f"Voor '{task.phase}' is de titel {titles} nodig. {member.name} heeft die niet."
            yield Missing(code="unqualified", text=text)


def find_own_checkers(demands: Demands, filled: Mapping[str, str]) -> Iterator[Missing]:
    """Yield what whoever has the checking role would check of their own work, also where it can escalate."""
    for task in demands.tasks:
        if task.check:
            first = task.check._replace(checkers=task.check.checkers[:1])
            yield from _find_own_checkers(task.phase, first, filled)


def _find_own_checkers(phase: str, check: FourEyes, filled: Mapping[str, str]) -> Iterator[Missing]:
    """Yield what breaks four eyes: those who would check are all among those who did the work (R9)."""
    workers = {find_first_holder(filled, chain) for chain in check.workers}
    checkers = {find_first_holder(filled, chain) for chain in check.checkers} - {None}
    if checkers and checkers <= workers:
        done = zip(check.works, check.workers, strict=True)
        theirs = [work for work, chain in done if find_first_holder(filled, chain) in checkers]
        same = f"Vier ogen: {quote_in_dutch((phase, *theirs))} liggen bij dezelfde persoon."
        text = f"{same} Geef een van deze rollen aan een collega."
        yield Missing(code="four_eyes", text=text)


def _offers(
    snapshot: Snapshot, demands: Demands, held: Held, taken: Sequence[RelationProduct], on: date
) -> Iterator[Missing]:
    for demand in demands.offers:
        for product in taken:
            judged = judge_offer(snapshot, demand, held, product.product, product, on)
            for problem in judged.problems:
                if problem.code != "no_sender":  # told as an unfilled role
                    yield Missing(
                        code=problem.code, text=problem.text, contact=problem.contact, right=problem.right
                    )


def _messages(demands: Demands, held: Held) -> Iterator[Missing]:
    for to in demands.addressed:
        for problem in judge_message(held.contacts, to):
            yield Missing(code=problem.code, text=problem.text, contact=problem.contact)


def _find_asked(
    demands: Demands, held: Held, taken: Sequence[RelationProduct], on: date, level: Level
) -> Iterator[Missing]:
    """Yield what the template asks by itself at a level, of a relation that takes its product."""
    for need in demands.asked[level] if taken else ():
        if lack := _find_lack(need, held, taken, on):
            yield replace(lack, level=level)


def _find_unlinked(
    demands: Demands, held: Held, taken: Sequence[RelationProduct], on: date
) -> Iterator[Missing]:
    """Yield who is to be linked before a phase can go on; a filing starts without, and stands still there."""
    if not taken or held.links is None:
        return
    there = {one.link for one in held.links if one.holds(on)}
    for link, phase in demands.links:
        if link not in there:
            text = f"Er is geen {RELATION_LINK_WORDS[link]} vastgelegd: '{phase}' staat stil tot dat er is."
            yield Missing(code="not_linked", text=text, level="advice")


def _find_lack(need: Need, held: Held, taken: Sequence[RelationProduct], on: date) -> Missing | None:
    """Return what lacks; nothing where a snapshot that left the office does not tell."""
    if need == "ideal":
        return _IDEAL_OFF if held.relation.ideal_enabled is False else None
    if need == "standing_authority":
        stands = all(last_standing_day(held.standing, one.product, on) for one in taken)
        return None if stands else _NO_STANDING
    if held.dossier is None or need in held.dossier:
        return None
    if need == "dossier":
        return _EMPTY_DOSSIER if not held.dossier else None
    text = f"In het dossier ontbreekt een document van de soort '{DOSSIER_KIND_WORDS[need]}'."
    return Missing(code="no_document", text=text)


_IDEAL_OFF = Missing(code="ideal_off", text="Betalen met iDEAL staat uit voor deze relatie.")
_NO_STANDING = Missing(
    code="no_standing_authority", text="De klant gaf geen doorlopende machtiging, of die geldt niet meer."
)
_EMPTY_DOSSIER = Missing(code="no_document", text="Het dossier is nog leeg.")
