"""One filing as `kantoor filing show` prints it."""

from collections.abc import Iterator

from ..filing.view import OfferView, PhaseView, View
from ..office.planner import said
from ..period import Period, in_words
from ..service.cases import short_name
from ..service.reading import FilingPage

PHASE_WORDS = {
    "pending": "nog niet",
    "active": "nu",
    "completed": "klaar",
    "skipped": "overgeslagen",
}
OFFER_WORDS = {
    "preparing": "wordt voorbereid",
    "standing_still": "staat stil",
    "to_release": "nog vrij te geven",
    "sending": "wordt verstuurd",
    "waiting": "wacht op antwoord",
    "ended": "afgehandeld",
}
DEADLINE_WORDS = {"open": "", "met": ", gehaald", "met_late": ", te laat gehaald", "missed": ", te laat"}


def lines_of(page: FilingPage) -> Iterator[str]:
    """Yield everything about a filing, line by line."""
    found = page.filing
    words = Period.parse(found.period).words
    yield f"{found.title} over {words}, relatie {found.relation}: {said(found, page.today)}"
    again = f", een verdere opdracht: {found.again_reason}" if found.again_reason else ""
    yield f"{short_name(found.id)}, gestart op {in_words(found.start_date)}, plan {found.plan[:12]}{again}"
    if page.view:
        yield from _view(page.view)
    else:
        yield "nog niet gestart"
    if page.receipt:
        command = f"kantoor filing document {short_name(found.id)} --receipt"
        yield f"antwoord op de aanlevering: {command}"
    yield "tijdlijn:"
    yield from (f"  {line.at:%d-%m-%Y %H:%M}  {line.who}: {line.text}" for line in page.timeline)


def _view(view: View) -> Iterator[str]:
    yield "fasen:"
    for phase in view.phases:
        yield from _phase(phase, ended=view.ended is not None)
    if view.work:
        yield "open:"
        for item in view.work:
            missing = f" - ontbreekt: {'; '.join(item.missing)}" if item.missing else ""
            yield f"  {item.id}: {item.title}{missing}"
    yield "termijnen:"
    for deadline in view.deadlines:
        yield f"  {deadline.title}: {in_words(deadline.due)}{DEADLINE_WORDS[deadline.status]}"
    yield "documenten:"
    for paper in view.documents:
        yield f"  {paper.id}: {paper.title} ({paper.shown.hash if paper.shown else 'nog niet toegevoegd'})"
    if view.offers:
        yield "aanbiedingen:"
        yield from map(_offer, view.offers)


def _phase(phase: PhaseView, *, ended: bool) -> Iterator[str]:
    due = f", streefdatum {in_words(phase.due)}" if phase.due else ""
    broken_off = ended and phase.status == "active"
    yield f"  {phase.id}: {phase.title} ({'afgebroken' if broken_off else PHASE_WORDS[phase.status]}{due})"
    if phase.status == "active" and not ended:
        for point in phase.checkpoints:
            tick = "x" if point.by else " "
            yield f"    [{tick}] {point.id}: {point.title}{'' if point.required else ' (facultatief)'}"


def _offer(offer: OfferView) -> str:
    to = f" aan {', '.join(offer.recipients)}" if offer.recipients else ""
    problem = f" - {offer.problem}" if offer.problem else ""
    return f"  {offer.phase}: {OFFER_WORDS[offer.status]}{to}{problem}"
