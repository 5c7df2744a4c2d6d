"""One relation as `kantoor relation show` prints it."""

from collections.abc import Iterator
from datetime import date

from ..period import Period, in_words
from ..service.names import product_name
from ..service.results import (
    Authority,
    ContactLine,
    FieldLine,
    RecurrenceLine,
    Relation,
    RelationLink,
    RelationPage,
    RelationProduct,
    RoleLine,
    StandingLine,
)
from ..words import (
    FREQUENCY_WORDS,
    RELATION_LINK_WORDS,
    RELATION_STATUS_WORDS,
    RIGHT_WORDS,
    WAY_WORDS,
    describe_state,
    on_or_off,
    say_id,
    say_legal_form,
    yes_or_no,
)


def lines_of(page: RelationPage) -> Iterator[str]:
    """Yield everything about a relation on a day, line by line."""
    yield f"{page.relation.number} {page.relation.name}"
    yield from _identity(page.relation)
    yield from map(_field, page.fields)
    if page.links:
        yield "verbonden relaties:"
        yield from map(_link, page.links)
    yield "contactpersonen:"
    yield from map(_contact, page.contacts)
    yield "rollen:"
    yield from map(_role, page.roles)
    yield "producten:"
    yield from map(_product, page.products)
    if page.standing:
        yield "doorlopende machtigingen:"
        yield from map(_standing, page.standing)
    yield "opdrachten:"
    yield from (f"  {f.name}: {describe_state(f.planner, f.ended, f.standing)}" for f in page.filings)
    if page.planned:
        yield "geplande starts:"
        yield from map(_describe_planned, page.planned)
    if page.missing:
        yield "ontbreekt:"
    yield from (f"  - {missing.text}" for missing in page.missing)
    if page.advice:
        yield "aangeraden:"
    yield from (f"  - {advice.text}" for advice in page.advice)
    if page.uncovered:
        yield "nog niet gestart:"
    yield from (f"  - {said}" for said in page.uncovered)


def _identity(relation: Relation) -> Iterator[str]:
    since = f" sinds {in_words(relation.status_since)}" if relation.status_since else ""
    yield f"  status: {RELATION_STATUS_WORDS[relation.status]}{since}"
    yield f"  rechtsvorm: {say_legal_form(relation.legal_form or 'niet bekend')}"
    if relation.group:
        yield f"  relatiegroep: {relation.group}"
    for name, label in (
        *(("ob_number", "OB-nummer"), ("rsin", "RSIN"), ("bsn", "BSN")),
        *(("btw_id", "btw-id"), ("kvk", "KvK-nummer")),
    ):
        if getattr(relation, name):
            yield f"  {label}: {getattr(relation, name)}"
    yield f"  SBR: {on_or_off(relation.sbr_enabled)}, iDEAL: {on_or_off(relation.ideal_enabled)}"
    if relation.automations_off:
        yield f"  automatiseringen uit: {', '.join(relation.automations_off)}"


def _field(line: FieldLine) -> str:
    value = line.value
    if value is None:
        value = "niet bekend"
    elif isinstance(value, bool):
        value = yes_or_no(value)
    elif line.type == "date":
        value = in_words(date.fromisoformat(str(value)))
    return f"  {line.title}: {value}"


def _link(line: RelationLink) -> str:
    until = f" tot en met {in_words(line.until)}" if line.until else ""
    return (
        f"  {RELATION_LINK_WORDS[line.link]}: {line.other} {line.name}, vanaf {in_words(line.since)}{until}"
    )


def _contact(line: ContactLine) -> str:
    contact = line.contact
    about = ", ".join(
        [*map(say_id, contact.functions), *(["eerste contactpersoon"] if contact.primary else [])]
    )
    may = "; ".join(
        f"{product}: {', '.join(_rights(authority))}"
        for product, authority in line.authority.items()
        if authority.may
    )
    parts = [contact.name, contact.email or "geen e-mailadres", about, f"mag {may}" if may else ""]
    return f"  {contact.id}: " + " | ".join(part for part in parts if part)


def _rights(authority: Authority) -> Iterator[str]:
    for right in authority.may:
        yield f"{RIGHT_WORDS[right]}{' (alleen samen)' if right in authority.jointly else ''}"


def _role(line: RoleLine) -> str:
    if line.member and line.absent:
        doer = line.stand_in or line.fallen_to or "niemand"
        return f"  {line.title}: {line.member}; vandaag neemt {doer} waar"
    if line.member:
        beside = f"; vandaag neemt {line.stand_in} mede waar" if line.stand_in else ""
        return f"  {line.title}: {line.member}{beside}"
    return f"  {line.title}: {'niemand' if line.fallen_to is None else f'valt terug op {line.fallen_to}'}"


def _product(taken: RelationProduct) -> str:
    name = product_name(taken.product, taken.sub_number)
    agreed = [f"{name} per {FREQUENCY_WORDS[taken.frequency]}"]
    if taken.first_period:
        agreed.append(f"vanaf {taken.first_period.words}")
    if taken.until:
        agreed.append(f"tot en met {in_words(taken.until)}")
    if taken.way:
        agreed.append(WAY_WORDS[taken.way])
    if taken.recipient:
        first = taken.recipient == "primary_contact"
        agreed.append("aan de eerste contactpersoon" if first else f"aan functie {say_id(taken.recipient)}")
    switches = (
        ("buitenlandse ondernemer", taken.foreign),
        ("KOR", taken.kor),
        ("fiscale eenheid", taken.fiscal_unit),
    )
    return "  " + ", ".join([*agreed, *(word for word, on in switches if on)])


def _describe_planned(line: RecurrenceLine) -> str:
    when = f"{Period.parse(line.next_period).words} op {in_words(line.next_start)}"
    return f"  {line.name}: {when} ({line.state}; annuleren: kantoor recurrence stop {line.name})"


def _standing(line: StandingLine) -> str:
    days = f"{in_words(line.since)} tot en met {in_words(line.until)}"
    holds = "" if line.holds else ", geldt niet op deze dag"
    return f"  {product_name(line.product)}: van {days} (bewijsstuk: {line.proof}){holds}"
