"""One filing as `kantoor filing show` prints it."""

from collections.abc import Iterator

from ..audience import COMPLIANCE, roles_in
from ..fact_values import UNKNOWN
from ..period import Period, in_words, say_over
from ..service.filings.audiences import ClientPage
from ..service.names import short_digest, short_name
from ..service.results import (
    DeadlineView,
    FactView,
    FilingPage,
    Link,
    OfferView,
    PhaseView,
    TimelineLine,
    View,
    WorkItem,
)
from ..words import (
    ANSWER_WORDS,
    COMING_WORDS,
    DEADLINE_WORDS,
    LINK_WORDS,
    OFFER_WORDS,
    PHASE_WORDS,
    WORK_WORDS,
    describe_state,
)


def lines_of(page: FilingPage) -> Iterator[str]:
    """Yield everything about a filing, line by line."""
    found = page.filing
    over = say_over(Period.parse(found.period).words)
    state = describe_state(found.planner, found.ended, found.standing)
    yield f"{found.title} {over}, relatie {found.relation}: {state}"
    first = f" (na {', '.join(map(short_name, found.again_of))})" if found.again_of else ""
    again = f", extra opdracht: {found.again_reason}{first}" if found.again_reason else ""
    yield f"{found.name}, gestart op {in_words(found.start_date)}, plan {short_digest(found.plan)}{again}"
    yield from _say_plans(page)
    yield from map(_describe_link, page.links)
    yield from (f"corrigeren: {one}" for one in page.corrections)
    yield from (f"let op: {one}" for one in page.waits)
    if page.notes:
        yield "notities vooraf:"
        for note in page.notes:
            yield f"  {note.title} (van {short_name(note.filing)}, {in_words(note.at.date())})"
            yield from (f"    {line}" for line in note.text.splitlines())
    if page.view:
        yield from _say_move(page.view, page.move_waits)
        yield from _view(page.view)
    else:
        yield "nog niet gestart"
    for kept in page.answers:
        title = kept.title[0].lower() + kept.title[1:]
        option = "--receipt" if kept.receipt else f"--proof {kept.hash[:12]}"
        yield f"{title}: kantoor filing document {found.name} {option}"
    yield "tijdlijn:"
    yield from map(_describe_entry, page.timeline)


def lines_for_client(page: ClientPage) -> Iterator[str]:
    """Yield what is for the client of a filing, line by line."""
    yield f"{page.title} {say_over(Period.parse(page.period).words)}"
    for note in page.notes:
        yield f"{note.title}"
        yield from (f"  {line}" for line in note.text.splitlines())
    yield from (f"document {paper.id}: {paper.title}" for paper in page.documents)
    yield "tijdlijn:"
    yield from map(_describe_entry, page.timeline)


def _describe_entry(line: TimelineLine) -> str:
    few = "compliance" if line.audience == COMPLIANCE else ", ".join(roles_in(line.audience))
    return f"  {line.at:%Y-%m-%d %H:%M}  {line.who}: {line.text}{f' [alleen {few}]' if few else ''}"


def _say_plans(page: FilingPage) -> Iterator[str]:
    """Yield that another plan is in force than the one that a filing runs on."""
    another = page.plans.another if page.plans else None
    if page.plans is None or another is None:
        return
    word = "nieuwer" if page.plans.newer else "ander"
    yield f"er is een {word} plan actief: {short_digest(another.digest)} (kantoor filing move --dry-run)"


def _say_move(view: View, waits: tuple[str, ...]) -> Iterator[str]:
    """Yield that a move of the filing waits, with what keeps it, or why it was dropped."""
    moving = view.moving
    if moving is None:
        return
    asked = f"verplaatsing naar plan {short_digest(moving.plan)}"
    why = f": {moving.reason}" if moving.reason else ""
    said = f"gevraagd op {in_words(moving.at.date())} door {moving.by}{why}"
    if moving.dropped:
        yield f"{asked} gaat niet door ({said}): {moving.dropped}"
        return
    yield f"{asked} zodra het kan ({said})"
    yield from (f"  {text}" for text in waits)


def _view(view: View) -> Iterator[str]:
    if view.held:
        until = f" tot {in_words(view.held.until)}" if view.held.until else ""
        since = in_words(view.held.since.date())
        yield f"aangehouden sinds {since}{until} (door {view.held.by}): {view.held.reason}"
    yield "fasen:"
    for phase in view.phases:
        yield from _describe_phase(phase, ended=view.ended is not None)
    if view.work:
        yield "open:"
        yield from map(_describe_item, view.work)
    yield "termijnen:"
    yield from map(_describe_deadline, view.deadlines)
    if view.facts:
        yield "gegevens:"
        yield from map(_describe_fact, view.facts)
    yield "documenten:"
    for paper in (one for one in view.documents if one.made):
        signed = "".join(f", ondertekend door {one.by}" for one in paper.signatures)
        shown = f"{paper.shown.hash}{signed}" if paper.shown else "nog niet toegevoegd"
        yield f"  {paper.id}: {paper.title} ({shown})"
    if view.offers:
        yield "aanbiedingen:"
        for offer in view.offers:
            yield _describe_offer_line(offer)
            yield from (f"    {one.contact} over {', '.join(one.documents)}" for one in offer.shares)


def _describe_link(link: Link) -> str:
    return f"{LINK_WORDS[link.kind][0 if link.forward else 1]} {short_name(link.other)} ({link.title})"


def _describe_deadline(deadline: DeadlineView) -> str:
    word = DEADLINE_WORDS[deadline.status]
    if deadline.status == "needless":
        return f"  {deadline.title}: {word}"
    day = in_words(deadline.due) if deadline.due else UNKNOWN
    return f"  {deadline.title}: {day}{f', {word}' if word else ''}"


def _describe_fact(fact: FactView) -> str:
    if fact.at is None:
        return f"  {fact.id}: {fact.title}: {fact.text}{' (niet verplicht)' if fact.optional else ''}"
    why = f", gecorrigeerd: {fact.reason}" if fact.reason else ""
    when = f"{in_words(fact.at.date())} {fact.at:%H:%M}"
    return f"  {fact.id}: {fact.title}: {fact.text} ({fact.by}, {when}{why})"


def _describe_phase(phase: PhaseView, *, ended: bool) -> Iterator[str]:
    unlikely = not ended and phase.status == "pending" and phase.comes != "yes"
    if unlikely:
        yield f"  {phase.id}: {phase.title} ({COMING_WORDS[phase.comes]})"
        return
    if ended and phase.status == "pending":
        yield f"  {phase.id}: {phase.title} ({PHASE_WORDS['skipped']})"
        return
    due = f", begint op {in_words(phase.begins)}" if phase.begins else ""
    ahead = not ended and phase.status in ("pending", "active")
    if phase.begins_unknown and ahead:
        due = f", begindatum {UNKNOWN}"
    due += f", streefdatum {in_words(phase.due)}" if phase.due else ""
    if phase.due_unknown and ahead:
        due += f", streefdatum {UNKNOWN}"
    broken_off = ended and phase.status == "active"
    ended_as = f": {phase.outcome}" if phase.outcome else ""
    status = "afgebroken" if broken_off else f"{PHASE_WORDS[phase.status]}{ended_as}"
    yield f"  {phase.id}: {phase.title} ({status}{due})"
    if phase.status == "active" and not ended:
        for point in phase.checkpoints:
            tick = "x" if point.by else " "
            yield f"    [{tick}] {point.id}: {point.title}{'' if point.required else ' (niet verplicht)'}"
        for waiver in phase.waivers:
            yield f"    uitzondering op vier ogen: {waiver.person} (van {waiver.by}: {waiver.reason})"
        for outcome in phase.outcomes:
            yield f"    uitkomst {outcome.id}: {outcome.title}"


def _describe_item(item: WorkItem) -> str:
    team = (*((item.person,) if item.person else ()), *item.roles)
    who = ", ".join(item.contacts or team) or ("de klant" if item.client else "")
    escalated = "geëscaleerd, " if item.kind == "escalated" else ""
    what = f"{escalated}{WORK_WORDS[item.kind]}{f', voor {who}' if who else ''}"
    said = {"held": "", "stalled": "", "received": "", "received_late": "", "move": "", "wait": "op: "}
    lacking = said.get(item.kind, "ontbreekt: ")
    if item.escalated:
        what = f"{what}, geëscaleerd op {in_words(item.escalated)}"
    missing = f" - {lacking}{'; '.join(item.missing)}" if item.missing else ""
    return f"  {item.id}: {item.title} ({what}){missing}"


def _describe_offer_line(offer: OfferView) -> str:
    problem = f" - {offer.problem}" if offer.problem else ""
    return f"  {offer.phase}: {_describe_offer(offer)}{problem}"


def _describe_offer(offer: OfferView) -> str:
    to, answered, waiting = (", ".join(ids) for ids in (offer.recipients, offer.answered, offer.waiting))
    agreed = "ondertekend door" if offer.way == "signature" else "akkoord van"
    match offer.status:
        case "waiting" if offer.object_until:
            last = in_words(offer.object_until)
            return f"ter informatie gestuurd aan {to}; bezwaar maken kan tot en met {last}"
        case "waiting":
            awaited = f"{OFFER_WORDS['waiting']}{f' van {waiting}' if waiting else ''}"
            return f"{awaited}; {agreed} {answered}" if answered else awaited
        case "ended":
            return _say_outcome(offer, to, answered, agreed)
        case "sending":
            return f"{OFFER_WORDS['sending']} aan {to}"
        case status:
            return f"{OFFER_WORDS[status]}{f', bestemd voor {to}' if to else ''}"


def _say_outcome(offer: OfferView, to: str, answered: str, agreed: str) -> str:
    match offer.outcome:
        case "approved":
            return f"{agreed} {answered}"
        case "informed":
            return f"ter informatie gestuurd aan {to}"
        case "not_delivered":
            return ANSWER_WORDS["not_deliver"]
    return OFFER_WORDS["ended"]
