"""What an import takes away from work that goes on: told before it is done.

The office is read before and after the import is written, in one transaction that can still be undone:
whatever was in order before and is not after is a loss, from whichever file it came.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, or_, select, true

from ...data import replace
from ...linked import REVERSE, Link
from ...period import Period, say_over
from ...plan import FilingAwaited, Phase, WaitFor
from ...rights import DECIDING
from ...words import RELATION_STATUS_WORDS, count_of, join_in_dutch
from ..database.columns import among
from ..database.tables import (
    ONE_SUB_NUMBER,
    OPEN,
    contacts,
    deliveries,
    filings,
    recurrences,
    relation_links,
    relation_products,
    relation_roles,
    relations,
    team,
    work,
)
from ..filings.overlaps import HAS
from ..plans import InForce, active_office, active_plans, plans_by_digest
from ..relations.demands import Needs
from ..relations.gaps import Gap, find_gaps
from ..relations.next_starts import find_missing_of
from ..relations.readiness import Missing
from ..relations.recipients import OfferDemand, find_authority, judge_offer, offer_demand
from ..relations.relation import WORKED_FOR, is_natural_person, pick_product
from ..relations.snapshot import Snapshot, load_snapshot
from ..relations.taxpayers import identifying_need, taxpayer_of

NAMED = 5
"""So many relations or filings are named in a sentence; the others are counted."""
_ENDED = {"no_product", "not_active", "not_accepted", "no_relation"}
"""Why nothing starts for a relation anymore: what else it lacks then is in nobody's way."""

_OF_A_PRODUCT = {"no_authority", "only_jointly", "other_not_asked"}
"""What is lacked for one product and not for another, of which the sentence says nothing."""

_GOING_ON = {
    "back": "Hoort dat niet meer, stuur die opdracht dan terug: daarna wordt het opnieuw opgezocht",
    "give_up": "Die gaat verder zodra het werk van relatie {other} zo ver is, en anders als de termijn van "
    "het wachten om is",
    "never": "Die gaat pas verder zodra het werk van relatie {other} zo ver is; hoort dat niet meer, "
    "annuleer die dan en begin opnieuw",
}
"""What there is to do about a filing that waits for who is linked no more."""

_Asked = Sequence[Row[*tuple[Any, ...]]]
"""Open filings that wait for a decision, as `_ASKED` reads them."""


class Awaiting(NamedTuple):
    """An open filing that waits in a phase for a linked relation; `on` says how else it can go on."""

    filing: str
    phase: str
    other: str
    on: Literal["back", "give_up", "never"]


class Order(NamedTuple):
    """How the office's work goes."""

    lacking: Mapping[tuple[str, str], tuple[Missing, ...]]
    """By relation and template what it lacks."""
    running: frozenset[tuple[str, str]]
    """Relations with an open filing, and of which template."""
    agreed: frozenset[str]
    """Open filings whose product is agreed in their period."""
    clients: frozenset[str]
    """Open filings of relations that the office works for."""
    deciding: frozenset[tuple[str, str]]
    """Contacts with an open filing that they were asked to decide about, and may."""
    offered: Mapping[tuple[str, str], tuple[str, ...]]
    """By open filing and phase, who gets what is offered there and waits for an answer."""
    here: frozenset[str]
    """Who works here."""
    gaps: tuple[Gap, ...] = ()
    """Days to come on which nobody is left for some work."""
    starting: frozenset[tuple[str, str]] = frozenset()
    """Relations and templates that recur, and of which nothing is in the way."""
    awaiting: frozenset[Awaiting] = frozenset()
    """Open filings that wait for a filing of who is linked, until their deadline too."""
    taxpayers: Mapping[str, tuple[str | None, ...]] = MappingProxyType({})
    """By open filing the numbers under which the authority would know whose its reports are."""


def read_order(
    connection: Connection,
    in_force: InForce,
    needs: Needs,
    on: date,
    relations: Collection[str] | None = None,
) -> Order:
    """Read how the office's work goes, or that of these relations, as a day of office time has it."""
    theirs = true() if relations is None else among(filings.c.relation, relations)
    lacking = find_missing_of(connection, in_force, needs, on, relations)
    ready = {at for at, missing in lacking.items() if not missing}
    recurring = _RECURRING
    if relations is not None:
        recurring = recurring.where(among(recurrences.c.relation, relations))
    asked = connection.execute(_ASKED.where(theirs)).all()
    snapshot = load_snapshot(connection, {row.relation for row in asked}, on)
    return Order(
        lacking=lacking,
        running=frozenset(
            (row.relation, row.template) for row in connection.execute(_OPEN_TEMPLATES.where(theirs))
        ),
        agreed=frozenset(connection.execute(_AGREED.where(theirs)).scalars()),
        clients=frozenset(connection.execute(_OF_CLIENTS.where(theirs)).scalars()),
        deciding=frozenset(_find_deciding(snapshot, asked, on)),
        offered=dict(_find_offered(connection, snapshot, asked, on)),
        here=frozenset(connection.execute(select(team.c.id).where(team.c.active)).scalars()),
        gaps=find_gaps(connection, in_force, on, numbers=relations),
        starting=frozenset({(one.relation, one.template) for one in connection.execute(recurring)} & ready),
        awaiting=frozenset(_find_awaiting(connection, relations, on)),
        taxpayers=dict(_find_taxpayers(connection, needs, relations)),
    )


def find_losses(connection: Connection, before: Order, after: Order) -> tuple[str, ...]:
    """Return a Dutch sentence about each thing that was in order and, after an import, is not."""
    unfit, undecided = sorted(before.agreed - after.agreed), sorted(before.deciding - after.deciding)
    moved = [*_find_moved(before.offered, after.offered)]
    awaiting = sorted(before.awaiting - after.awaiting)
    made, delivered = _find_numbered(connection, before.taxpayers, after.taxpayers)
    called = _call_filings(
        connection,
        {
            *unfit,
            *(one for _, one in undecided),
            *(one.filing for one in moved),
            *(one.filing for one in awaiting),
            *made,
            *delivered,
        },
    )
    people = {who for who, _ in undecided} | {who for one in moved for who in (*one.left, *one.joined)}
    names = _name_people(connection, people)
    return (
        *_of_who_left(connection, before.here - after.here),
        *(
            f"{called[filing]} loopt, en in die periode is het product niet meer afgesproken"
            for filing in unfit
        ),
        *_of_who_is_no_client(connection, before.clients - after.clients),
        *(
            f"{names.get(contact, contact)} is gevraagd te beslissen over {called[filing]}, en is vóór het "
            "einde van de termijn niet meer bevoegd"
            for contact, filing in undecided
        ),
        *_of_moved_offers(moved, called, names),
        *_of_awaiting(awaiting, called),
        *_of_numbered(made, delivered, called),
        *_of_relations(connection, before, after),
        *_of_recurrences(connection, before.starting - after.starting),
        *(gap.sentence.removesuffix(".") for gap in after.gaps if gap not in before.gaps),
    )


def find_losses_of_each(
    connection: Connection, before: Order, after: Order, relations: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the sentences of `find_losses` for each of these relations alone.

    Nobody leaves the team between the two: what that takes away is of no relation alone.
    """
    was, now = _split(before), _split(after)
    none = Order({}, frozenset(), frozenset(), frozenset(), frozenset(), {}, before.here)
    return {
        one: tuple(
            sentence.removesuffix(f" ({_name([one])})")
            for sentence in find_losses(connection, was.get(one, none), now.get(one, none))
        )
        for one in relations
    }


def _split(order: Order) -> dict[str, Order]:
    """Return how the work goes of each relation alone."""
    found: dict[str, dict[str, list[Any]]] = {}

    def put(relation: str, part: str, value: Any) -> None:
        found.setdefault(relation, {}).setdefault(part, []).append(value)

    for at, known in order.lacking.items():
        put(at[0], "lacking", (at, known))
    for running in order.running:
        put(running[0], "running", running)
    for filing in order.agreed:
        put(_relation_of(filing), "agreed", filing)
    for filing in order.clients:
        put(_relation_of(filing), "clients", filing)
    for contact, filing in order.deciding:
        put(_relation_of(filing), "deciding", (contact, filing))
    for at, who in order.offered.items():
        put(_relation_of(at[0]), "offered", (at, who))
    for relation, template in order.starting:
        put(relation, "starting", (relation, template))
    for waits in order.awaiting:
        put(_relation_of(waits.filing), "awaiting", waits)
    for filing, numbers in order.taxpayers.items():
        put(_relation_of(filing), "taxpayers", (filing, numbers))
    for gap in order.gaps:
        for relation in gap.relations:
            put(relation, "gaps", replace(gap, relations=(relation,)))
    return {
        relation: Order(
            lacking=dict(parts.get("lacking", ())),
            running=frozenset(parts.get("running", ())),
            agreed=frozenset(parts.get("agreed", ())),
            clients=frozenset(parts.get("clients", ())),
            deciding=frozenset(parts.get("deciding", ())),
            offered=dict(parts.get("offered", ())),
            here=order.here,
            gaps=tuple(parts.get("gaps", ())),
            starting=frozenset(parts.get("starting", ())),
            awaiting=frozenset(parts.get("awaiting", ())),
            taxpayers=dict(parts.get("taxpayers", ())),
        )
        for relation, parts in found.items()
    }


def _relation_of(filing: str) -> str:
    """Return the relation in a filing's workflow id."""
    return filing.split("/")[2]


def count_open_work(connection: Connection, relations: Collection[str]) -> dict[tuple[str, str], int]:
    """Return by relation and role how much open work the role has there; those without are left out."""
    counted: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(_OPEN_WORK.where(among(filings.c.relation, relations))):
        counted.update((row.relation, role) for role in {*row.roles})
    return dict(counted)


def _find_deciding(snapshot: Snapshot, asked: _Asked, on: date) -> Iterator[tuple[str, str]]:
    """Yield who was asked to decide about an open filing and may, until its deadline too."""
    for row in asked:
        held = snapshot.held[row.relation]
        for contact in (one for one in held.contacts if one.id in row.contacts):
            days = (on, max(on, row.due or on))
            rights = [find_authority(snapshot, held, contact, row.product, day).may for day in days]
            if all({*DECIDING} & {*may} for may in rights):
                yield contact.id, row.id


def _find_offered(
    connection: Connection, snapshot: Snapshot, asked: _Asked, on: date
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Yield each offer that waits for an answer, with the contacts whom it would go to now."""
    plans = plans_by_digest(connection, {row.plan for row in asked})
    demands: dict[tuple[str, str], OfferDemand | None] = {}
    for row in asked:
        at = (row.plan, row.phase)
        if at not in demands:
            phases = plans[row.plan].phases if row.plan in plans else ()
            phase = next((one for one in phases if one.id == row.phase), None)
            demands[at] = offer_demand(plans[row.plan], phase) if phase else None
        if demand := demands[at]:
            held = snapshot.held[row.relation]
            products = [one for one in held.products if one.product == row.product]
            taken = pick_product(products, row.sub_number, row.first_day)
            chosen = judge_offer(snapshot, demand, held, row.product, taken, on).chosen
            yield (row.id, row.phase), tuple(sorted(contact.id for contact in chosen))


def _find_awaiting(connection: Connection, relations: Collection[str] | None, on: date) -> Iterator[Awaiting]:
    """Yield which open filings wait by a link of these relations, of whichever of the two they are."""
    linked: dict[tuple[str, str], list[tuple[str, date, date | None]]] = {}
    query = select(relation_links)
    if relations is not None:
        ends = (relation_links.c.relation, relation_links.c.other)
        query = query.where(or_(*(among(end, relations) for end in ends)))
    for one in connection.execute(query):
        linked.setdefault((one.relation, one.link), []).append((one.other, one.since, one.until))
        linked.setdefault((one.other, REVERSE[one.link]), []).append((one.relation, one.since, one.until))
    if not linked:
        return
    rows = connection.execute(_RUNNING.where(among(filings.c.relation, {at[0] for at in linked}))).all()
    plans = plans_by_digest(connection, {row.plan for row in rows})
    for row in rows:
        days = (on, max(on, row.due or on))
        for phase in plans[row.plan].phases if row.plan in plans else ():
            for link in _find_links_awaited(phase) if phase.id in row.phases else ():
                for other, since, until in linked.get((row.relation, link), ()):
                    if all(since <= day and (until is None or day <= until) for day in days):
                        yield Awaiting(row.id, phase.title, other, _say_how_on(phase))


def _find_links_awaited(phase: Phase) -> Iterator[Link]:
    """Yield by which links a phase waits for filings of others."""
    for awaited in phase.block.awaited if isinstance(phase.block, WaitFor) else ():
        if isinstance(awaited, FilingAwaited) and awaited.of:
            yield awaited.of


def _say_how_on(phase: Phase) -> Literal["back", "give_up", "never"]:
    if phase.back_to is not None:
        return "back"
    chase = phase.block.chase if isinstance(phase.block, WaitFor) else None
    return "give_up" if chase and chase.give_up else "never"


def _of_awaiting(lost: Sequence[Awaiting], called: Mapping[str, str]) -> Iterator[str]:
    """Yield which filings go on waiting for who is linked no more, and what there is to do; some counted."""
    for one in lost[:NAMED]:
        yield (
            f"{called[one.filing]} wacht in de fase '{one.phase}' op relatie {one.other}, en blijft wachten "
            "op wat daarvan nog niet zo ver is: wie verbonden is, is bij het begin van die fase opgezocht. "
            f"{_GOING_ON[one.on].format(other=one.other)}"
        )
    if len(lost) > NAMED:
        yield f"Dat geldt ook voor {count_of(len(lost) - NAMED, 'andere opdracht', 'andere opdrachten')}"


def _find_taxpayers(
    connection: Connection, needs: Needs, numbers: Collection[str] | None
) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """Yield each open filing that delivers, with the numbers by which the authority knows whose that is."""
    theirs = true() if numbers is None else among(filings.c.relation, numbers)
    for id, sub_number, reports, *own in connection.execute(_DELIVERING.where(theirs)):
        known = _Numbers(*own)
        found = (identifying_need(needs.get(report, ())) for report in reports)
        yield id, tuple(taxpayer_of(known, need, sub_number) for need in found if need)


def _find_numbered(
    connection: Connection,
    before: Mapping[str, tuple[str | None, ...]],
    after: Mapping[str, tuple[str | None, ...]],
) -> tuple[list[str], list[str]]:
    """Return the filings of which a report was made before its number changed, and those delivered."""
    changed = sorted(id for id, known in before.items() if after.get(id, known) != known)
    if not changed:
        return [], []
    has = deliveries.c.status.in_(HAS)
    query = select(deliveries.c.filing).where(among(deliveries.c.filing, changed), has)
    delivered = {*connection.execute(query).scalars()}
    views = connection.execute(select(filings.c.id, filings.c.view).where(among(filings.c.id, changed)))
    made = {
        id
        for id, view in views
        if any(one["report"] and one["shown"] for one in (view or {"documents": ()})["documents"])
    }
    return sorted(made - delivered), sorted(delivered)


def _of_numbered(made: Sequence[str], delivered: Sequence[str], called: Mapping[str, str]) -> Iterator[str]:
    """Yield which reports were made, and which delivered, under a number that changes; some are counted."""
    if made:
        yield (
            f"Een nummer waaronder wordt ingediend verandert, en er is al gemaakt: {_join(made, called)}. "
            "Kantoor dient niets in waarin een ander nummer staat dan straks bij de relatie: stuur dat werk "
            "terug en maak het opnieuw"
        )
    if delivered:
        yield (
            "Een nummer waaronder wordt ingediend verandert, en er is al ingediend onder het nummer van dat "
            f"moment: {_join(delivered, called)}. Was dat nummer verkeerd, meld dat dan waar het is ingediend"
        )


def _join(ids: Sequence[str], called: Mapping[str, str]) -> str:
    more = len(ids) - NAMED
    return "; ".join(called[one] for one in ids[:NAMED]) + (f" en {more} andere" if more > 0 else "")


class _Numbers(NamedTuple):
    """The numbers of a relation."""

    ob_number: str | None
    rsin: str | None
    bsn: str | None
    btw_id: str | None
    kvk: str | None
    kind: str

    @property
    def natural_person(self) -> bool:
        """Say whether its tax number is a BSN."""
        return is_natural_person(self.kind)


class _MovedOffer(NamedTuple):
    """An offer with who no longer gets it, and who does instead."""

    filing: str
    left: tuple[str, ...]
    joined: tuple[str, ...]


def _find_moved(
    before: Mapping[tuple[str, str], tuple[str, ...]], after: Mapping[tuple[str, str], tuple[str, ...]]
) -> Iterator[_MovedOffer]:
    """Yield which offers somebody loses to another; what goes to nobody is what a relation lacks."""
    for (filing, phase), had in sorted(before.items()):
        get = after.get((filing, phase), ())
        left, joined = (tuple(one for one in a if one not in b) for a, b in ((had, get), (get, had)))
        if left and get:
            yield _MovedOffer(filing, left, joined)


def _of_moved_offers(
    moved: Sequence[_MovedOffer], called: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[str]:
    """Yield which offers go to another, those beyond a few counted."""
    if moved:
        more = len(moved) - NAMED
        said = "; ".join(_say_moved(one, called, names) for one in moved[:NAMED])
        yield (
            f"{count_of(len(moved), 'aangeboden stuk gaat', 'aangeboden stukken gaan')} naar een ander: "
            f"{said}{f' en {more} andere' if more > 0 else ''}. Wie het niet meer krijgt, hoort dat niet van "
            "het kantoor"
        )


def _say_moved(one: _MovedOffer, called: Mapping[str, str], names: Mapping[str, str]) -> str:
    left, joined = (join_in_dutch(names.get(who, who) for who in some) for some in (one.left, one.joined))
    return f"{called[one.filing]}: {left} niet meer{f', {joined} wel' if joined else ''}"


def _call_filings(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return filings as people call them: with title, period and relation."""
    columns = filings.c
    query = select(columns.id, columns.title, columns.period, columns.relation).where(among(columns.id, ids))
    rows = connection.execute(query) if ids else ()
    return {
        id: f"{title} {say_over(Period.parse(period).words)} van relatie {relation}"
        for id, title, period, relation in rows
    }


def _name_people(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    query = select(contacts.c.id, contacts.c.name).where(among(contacts.c.id, ids))
    return {row.id: row.name for row in connection.execute(query)} if ids else {}


def _of_who_is_no_client(connection: Connection, running: Collection[str]) -> Iterator[str]:
    """Yield by relation which filings run on for whom the office works no more; some are counted."""
    at = filings.c
    query = select(at.relation, relations.c.status, at.title, at.period).join(
        relations, relations.c.number == at.relation
    )
    found = connection.execute(query.where(OPEN, among(at.id, running)).order_by(at.id)) if running else ()
    theirs: dict[tuple[str, str], list[str]] = {}
    for relation, status, title, period in found:
        theirs.setdefault((relation, status), []).append(f"{title} {say_over(Period.parse(period).words)}")
    for (relation, status), titles in [*theirs.items()][:NAMED]:
        more = len(titles) - NAMED
        named = f"{', '.join(titles[:NAMED])}{f' en {more} andere' if more > 0 else ''}"
        yield (
            f"De relatie is {RELATION_STATUS_WORDS[status]}, maar {named} "
            f"{'lopen' if len(titles) > 1 else 'loopt'} door: de klant krijgt daarvan nog uitvragen, "
            f"herinneringen en andere berichten. Annuleer wat niet meer nodig is ({_name([relation])})"
        )
    if len(theirs) > NAMED:
        more = len(theirs) - NAMED
        yield f"Ook bij {count_of(more, 'andere relatie', 'andere relaties')} lopen opdrachten door"


def _of_who_left(connection: Connection, left: Collection[str]) -> Iterator[str]:
    """Yield who left with roles that nobody else has, and the open work of those."""
    held: dict[str, set[tuple[str, str]]] = {}
    for member, *at in connection.execute(select(*_ROLES)) if left else ():
        held.setdefault(member, set()).add((at[0], at[1]))
    asked = connection.execute(_OPEN_WORK).all() if {*left} & held.keys() else ()
    names = {row.id: row.name for row in connection.execute(select(team.c.id, team.c.name))} if held else {}
    office = active_office(connection) if held else None
    titles = {role.id: role.title for role in office.roles} if office else {}
    for member in sorted({*left} & held.keys()):
        items = sum(any((relation, role) in held[member] for role in roles) for relation, roles in asked)
        roles = join_in_dutch(sorted({titles.get(role, role) for _, role in held[member]}))
        yield (
            f"{names[member]} werkt hier niet meer en heeft nog een rol ({roles})"
            f"{f' met open werk ({items})' if items else ''} bij "
            f"{_name({relation for relation, _ in held[member]})}; geef die rollen aan een collega"
        )


def _of_relations(connection: Connection, before: Order, after: Order) -> Iterator[str]:
    """Yield what relations lack that did not lack it; a sentence once, with those that it is about.

    What a template asks counts where its filings start for the relation, or one is open; that nothing starts
    any more, where the relation has any open filing. What is lacked for one product and not for another is
    told with the templates that ask it.
    """
    new: dict[str, dict[str, set[str]]] = {}
    at_work = {relation for relation, _ in after.running}
    for at, known in before.lacking.items():
        lacks, there = after.lacking.get(at, ()), {_find_subject(one) for one in known}
        told = at in after.running or not _ENDED & {one.code for one in lacks}
        for one in lacks:
            if _find_subject(one) not in there and (told or (one.code in _ENDED and at[0] in at_work)):
                asking = new.setdefault(one.text, {}).setdefault(at[0], set())
                asking |= {at[1]} if one.code in _OF_A_PRODUCT else set()
    titles = {one.template: one.plan.title for one in active_plans(connection)} if new else {}
    for text, theirs in new.items():
        for templates in sorted({tuple(sorted(asking)) for asking in theirs.values()}):
            which = join_in_dutch([titles.get(one, one) for one in templates])
            said = f"{text.removesuffix('.')}, voor {which}" if which else text
            yield f"{said} ({_name([one for one, asking in theirs.items() if asking == {*templates}])})"


def _find_subject(one: Missing) -> tuple[str | None, ...]:
    """Return what something missing is about, whatever its sentence says of why.

    That somebody may not decide, or only with who is not there, is one thing: neither was in order.
    """
    return (one.contact, one.right) if one.right else (one.code, one.contact, one.text)


def _of_recurrences(connection: Connection, stopped: Collection[tuple[str, str]]) -> Iterator[str]:
    """Yield which recurrences would not start any more."""
    titles = {one.template: one.plan.title for one in active_plans(connection)} if stopped else {}
    for template in sorted({template for _, template in stopped}):
        relations = [relation for relation, its in stopped if its == template]
        yield f"{titles.get(template, template)} start vanzelf, en kan dan niet starten ({_name(relations)})"


def _name(relations: Collection[str]) -> str:
    named = ", ".join(sorted(relations)[:NAMED])
    more = len(relations) - NAMED
    return f"relatie {named}" + (f" en {more} andere" if more > 0 else "")


_ROLES = (relation_roles.c.member, relation_roles.c.relation, relation_roles.c.role)
_RECURRING = select(recurrences.c.relation, recurrences.c.template).where(recurrences.c.status == "running")
_OPEN_WORK = select(filings.c.relation, work.c.roles).join(filings, filings.c.id == work.c.filing).where(OPEN)
_OPEN_TEMPLATES = select(filings.c.relation, filings.c.template).distinct().where(OPEN)
_RUNNING = select(filings.c.id, filings.c.relation, filings.c.plan, filings.c.phases, filings.c.due).where(
    OPEN
)
_DELIVERING = (
    select(
        filings.c.id,
        filings.c.sub_number,
        filings.c.reports,
        *(relations.c[name] for name in _Numbers._fields),
    )
    .join(relations, relations.c.number == filings.c.relation)
    .where(OPEN)
)
_ASKED = (
    select(
        filings.c.id,
        filings.c.relation,
        filings.c.product,
        filings.c.sub_number,
        filings.c.first_day,
        filings.c.due,
        filings.c.plan,
        work.c.phase,
        work.c.contacts,
    )
    .join(filings, filings.c.id == work.c.filing)
    .where(OPEN, work.c.kind == "decide")
)
_OF_CLIENTS = (
    select(filings.c.id)
    .join(relations, relations.c.number == filings.c.relation)
    .where(OPEN, relations.c.status.in_(WORKED_FOR))
)
_AGREED = (
    select(filings.c.id)
    .join(
        relation_products,
        (relation_products.c.relation == filings.c.relation)
        & (relation_products.c.product == filings.c.product)
        & (
            (relation_products.c.sub_number == filings.c.sub_number)
            | (filings.c.sub_number == ONE_SUB_NUMBER)
        ),
    )
    .where(
        OPEN,
        relation_products.c.since <= filings.c.last_day,
        relation_products.c.until.is_(None) | (relation_products.c.until >= filings.c.first_day),
    )
)
