"""What a plan demands of a relation before a filing of it starts, worked out once for many (R26)."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from ...linked import Link
from ...plan import Automation, FilingAwaited, Level, Need, Phase, Plan, StartFiling, To, WaitFor
from ..people import chain_of
from .recipients import OfferDemand, offer_demand
from .taxpayers import identifying_need

IDENTITY = ("ob_number", "legal_form", "bsn", "rsin", "btw_id", "kvk", "bsn_or_rsin")
"""What a report can need to know of a relation."""

Needs = Mapping[str, tuple[str, ...]]
"""By report what it needs to know of a relation, as sbr says: `ob_number`, `legal_form`, `rsin`, `bsn`,
`btw_id`, `kvk`, or `bsn_or_rsin` (the BSN of a natural person, the RSIN of an organisation)."""


@runtime_checkable
class ChecksSenders(Protocol):
    """Needs that also say who can be the contact person of what is delivered."""

    def check_sender(self, name: str, phone: str, initials: str, prefix: str, surname: str) -> list[str]:
        """Return why they cannot, in Dutch sentences."""


@runtime_checkable
class RemarksSenders(Protocol):
    """Needs that also say how a colleague's name is read, where that is to be confirmed."""

    def remark_sender(self, name: str, initials: str, prefix: str, surname: str) -> list[str]:
        """Return what of a name differs, or may, in what is delivered, in Dutch sentences."""


class FourEyes(NamedTuple):
    """Roles, with their fallbacks, that do the work and that check it; `works` has the titles of the work."""

    works: tuple[str, ...]
    workers: tuple[tuple[str, ...], ...]
    checkers: tuple[tuple[str, ...], ...]


class Task(NamedTuple):
    """What a phase demands of whoever fills its role: titles, one of each group, and another pair of eyes."""

    phase: str
    role: tuple[str, ...]
    titles: tuple[tuple[str, ...], ...]
    check: FourEyes | None


class Demands:
    """What a plan demands of a relation, worked out once for many."""

    def __init__(self, plan: Plan, needs: Needs) -> None:
        self.plan = plan
        self.template = plan.template
        self.products = plan.products
        self.for_prospects = plan.for_prospects
        self.asked: dict[Level, tuple[Need, ...]] = {"must": plan.needs, "advice": plan.advises}
        """What the template asks by itself."""
        self.reports = tuple(document.report for document in plan.documents if document.report)
        wanted = (name for report in self.reports for name in needs.get(report, ()))
        self.identity = tuple(dict.fromkeys(wanted))
        unknown = {*self.identity} - {*IDENTITY}
        if unknown:
            raise LookupError(f"a relation's identity has no {', '.join(sorted(unknown))}")
        self.taxpayers = {
            report: need
            for report in plan.delivered_reports
            if (need := identifying_need(needs.get(report, ()))) is not None
        }
        """By report that is delivered, by which number the authority knows whose it is."""
        self.delivers = any(phase.deliver for phase in plan.phases)
        reported = {document.id for document in plan.documents if document.report}
        self.senders = tuple(
            chain_of(phase.deliver.on_behalf_of, plan.roles)
            for phase in plan.phases
            if phase.deliver and phase.deliver.document in reported
        )
        self.check_sender = needs.check_sender if isinstance(needs, ChecksSenders) else None
        titles = {role.id: role.title for role in plan.roles}
        self.roles = tuple(
            (titles.get(role, role), chain_of(role, plan.roles)) for role in needed_roles(plan)
        )
        self.tasks = tuple(_task(plan, phase) for phase in plan.phases)
        offers = (offer_demand(plan, phase) for phase in plan.phases)
        self.offers: tuple[OfferDemand, ...] = tuple(offer for offer in offers if offer)
        self.addressed = tuple(dict.fromkeys(_list_addressed(plan)))
        """Whom of the relation is written to or asked something besides offers."""
        self.links = tuple(dict.fromkeys(_list_links(plan)))
        """Who has to be linked, and the title of the phase that stands still without."""


def _task(plan: Plan, phase: Phase) -> Task:
    demanded = (phase.qualification, plan.role(phase.role).qualification)
    return Task(
        phase=phase.title,
        role=chain_of(phase.role, plan.roles),
        titles=tuple(titles for titles in demanded if titles),
        check=_four_eyes(plan, phase),
    )


def _list_addressed(plan: Plan) -> Iterator[To]:
    """Yield whom of a relation a filing writes to or asks, and stands still where there is nobody.

    Where that is certain, whenever it is due: where no condition can leave it out.
    """
    for phase in (one for one in plan.phases if one.condition is None):
        for automation in (one for one in phase.automations if one.condition is None):
            to = _find_addressee(automation)
            if to is not None and to.kind != "role":
                yield to


def _find_addressee(automation: Automation) -> To | None:
    """Return whom an automation cannot do without: of a message, a reminder, or what has to be answered."""
    if automation.send:
        return automation.send.to
    reminds = automation.chase is not None and automation.chase.remind is not None
    request, task = automation.request, automation.task
    if request:
        return request.to if request.required or request.message or reminds else None
    return task.to if task and reminds else None


def _list_links(plan: Plan) -> Iterator[tuple[Link, str]]:
    """Yield who has to be linked, where that is certain: where no condition can leave it out."""
    for phase in (one for one in plan.phases if one.condition is None):
        awaited = phase.block.awaited if isinstance(phase.block, WaitFor) else ()
        filings = (one for one in awaited if isinstance(one, FilingAwaited))
        starts = (one.start for one in phase.automations if one.start and one.condition is None)
        every: tuple[FilingAwaited | StartFiling, ...] = (*filings, *starts)
        for asked in every:
            if asked.of and not asked.optional:
                yield asked.of, phase.title


def _four_eyes(plan: Plan, phase: Phase) -> FourEyes | None:
    """Return who works and who checks, where that is certain: in work that no condition can skip (R9).

    Where a role may make an exception, nothing is certain.
    """
    if phase.four_eyes_exception:
        return None
    checked = [plan.phase(name) for name in phase.four_eyes if phase.condition is None]
    work = [p for p in checked if not (p.condition or p.offer or p.deliver)]
    if not work:
        return None
    escalate = phase.chase.escalate if phase.chase else None
    checkers = (phase.role, escalate.role) if escalate else (phase.role,)
    return FourEyes(
        works=tuple(p.title for p in work),
        workers=tuple(chain_of(p.role, plan.roles) for p in work),
        checkers=tuple(chain_of(role, plan.roles) for role in checkers),
    )


def needed_roles(plan: Plan) -> tuple[str, ...]:
    """Return every role that a plan gives work to, in the order in which it is met."""
    return tuple(dict.fromkeys(role for phase in plan.phases for role in _phase_roles(phase)))


def _phase_roles(phase: Phase) -> Iterator[str]:
    yield phase.role
    if phase.four_eyes_exception:
        yield phase.four_eyes_exception
    for block in (phase.offer, phase.deliver):
        if block is not None:
            yield block.on_behalf_of
    for chase in (phase.chase, *(automation.chase for automation in phase.automations)):
        if chase is not None and chase.escalate is not None:
            yield chase.escalate.role
    for automation in phase.automations:
        for given in (automation.send, automation.task):
            if given is not None and given.to.kind == "role" and given.to.name is not None:
                yield given.to.name
