"""What is offered to a client: read, decided on, and what follows; bound to the very bytes that they saw."""

from asyncio import to_thread
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from ...filing.decisions import awaits_owners, needs_another
from ...filing.events import Actor, Shown
from ...filing.state import OfferState
from ...filing.turn import Reader
from ...filing.view import OfferView
from ...office.filings.sent_acts import find_act
from ...office.overviews.rejections import RELEASED
from ...office.overviews.timeline import TimelineLine
from ...office.people import find_contact
from ...period import moment_in_words
from ...plan import Deliver, Model, Phase, Plan, Way
from ...sbr.payment import group_digits
from ...words import ANSWER_WORDS, join_in_dutch
from ..access import Doing, Visitor
from ..desk import Desk
from ..filings.acts import Acts, Done, Outcome
from ..filings.figures import find_payment
from ..names import short_name
from ..results import Refusal
from . import client_refusals
from .chat_writing import write
from .client_cases import (
    TAKEN_BACK,
    ClientCase,
    ClientHead,
    find_client_case,
    is_made,
    list_events,
    make_head,
)
from .earlier_figures import Comparison, compare_earlier

Status = Literal[
    "open",
    "jointly",
    "agreed",
    "by_other",
    "rejected",
    "rejected_by_other",
    "taken_back",
    "coming",
    "informed",
    "may_object",
    "only_reading",
    "not_asked",
    "not_delivered",
    "held",
    "ended",
]
"""How an offer is to one contact: `open` they are asked; `jointly` they agreed and another has to as well;
`coming` it was released and its mail has yet to go out; `may_object` they were informed and need not answer;
`only_reading` they may not decide; `not_asked` it is not, or no longer, theirs."""
Answer = Literal["approve", "reject"]
_REJECTED = ("rejected", "rejected_by_other")
_DECIDED = (*_REJECTED, "agreed", "by_other", "jointly")
_WITHDRAWN = (*_REJECTED, "taken_back", "coming")
LONGEST_REASON = 4000

NOT_RECORDED = Refusal(code="no_offer", text="Uw besluit is niet vastgelegd.")
"""Where the page says by itself what became of the offer."""
STALE = Refusal(code="stale_document", text=client_refusals.STALE)
ON_PAPER = Refusal(
    code="on_paper",
    text="Ondertekenen doet u op papier. Wij leggen uw handtekening vast zodra wij het stuk terug hebben.",
)


class Payment(Model):
    """What a client pays or gets back, in whole euros; days, reference and account where there is to pay.

    `reference` and `iban` are in groups of four, as people copy them.
    """

    direction: Literal["pay", "wait", "refund", "nothing", "untold"]
    amount: int
    last_day: date | None = None
    transfer_by: date | None = None
    reference: str = ""
    iban: str = ""
    account_name: str = ""
    bic: str = ""
    late: bool = False
    """The last day has passed."""
    transfer_late: bool = False
    """What is transferred now may not be there on the last day."""


class OfferedDocument(Model):
    """A document as it was offered: its hashes bind a decision to what was seen."""

    id: str
    title: str
    hash: str
    rendering: str | None
    payment: Payment | None


class NextStep(Model):
    """What happens once the client agrees: what is delivered, and by when; `done` that it was.

    `delivers` says that the document itself is delivered, `made_of_it` names what is made of it and delivered
    instead; without either nothing is, or one of several that are made of it `may_follow`. `first` is what
    comes before that, with its day.
    """

    delivers: bool
    done: bool
    due: date | None
    made_of_it: str = ""
    may_follow: bool = False
    first: tuple[str, date] | None = None


class Decided(Model):
    """A decision that was taken: by whom, how and when (office time); `recorded_by` who wrote it down."""

    name: str
    mine: bool
    answer: str
    at: datetime
    reason: str
    recorded_by: str


class ClientOffer(Model):
    """An offer as one contact reads it."""

    phase: str
    title: str
    way: Way
    status: Status
    documents: tuple[OfferedDocument, ...]
    decided: tuple[Decided, ...]
    due: date | None
    deadline: date | None
    late: bool
    """The deadline has passed."""
    next: NextStep | None
    back_to: str
    """The title of the phase to which a rejection leads."""
    today: date
    """The day by the office's clock: a day before it is not asked or promised."""
    needs_another: bool = False
    """Somebody else has to agree to this as well before it goes on."""
    awaits_owners: bool = False
    """Only others have yet to agree, each to a document of their own that this contact does not decide on."""
    object_until: date | None = None
    """The last day on which who was informed can object, while they can."""


class OfferPage(Model):
    """An offer with what its page says first."""

    head: ClientHead
    offer: ClientOffer
    earlier: Comparison | None = None
    """The figures beside those of earlier periods, where somebody is asked to decide and there are any."""


def read_offer(desk: Desk, visitor: Visitor, key: str, phase: str) -> OfferPage | None:
    """Return an offer as a contact reads it; None where there is none for them.

    Raises DatabaseError, DocumentError and UnreadableStateError.
    """
    found = desk.read(lambda connection: _find(connection, desk, visitor, key, phase))
    if found is None:
        return None
    case, head, lines = found
    offer = make_offer(desk, case, phase, lines)
    if offer is None:
        return None
    earlier = None
    if offer.status == "open":
        compared = (compare_earlier(desk, case, one.id, one.hash) for one in offer.documents)
        earlier = next((one for one in compared if one), None)
    return OfferPage(head=head, offer=offer, earlier=earlier)


def list_offers(desk: Desk, case: ClientCase, lines: Sequence[TimelineLine]) -> tuple[ClientOffer, ...]:
    """Return the offers of a filing that are for a contact, in the order of the plan."""
    made = (make_offer(desk, case, phase.id, lines) for phase in case.plan.phases if phase.offer)
    return tuple(one for one in made if one is not None and one.status != "not_asked")


def make_offer(
    desk: Desk, case: ClientCase, phase_id: str, lines: Sequence[TimelineLine]
) -> ClientOffer | None:
    """Return an offer as a contact reads it; None where nothing was offered in the phase."""
    phase = next((one for one in case.plan.phases if one.id == phase_id and one.offer), None)
    if phase is None or phase.offer is None:
        return None
    offer = next((one for one in case.view.offers if one.phase == phase.id), None)
    decided = tuple(
        _read_decided(desk, line, case.actor.id) for line in lines if _is_decision(line, phase.id)
    )
    status = _judge_status(case, offer, decided)
    if status is None:
        status = _judge_withheld(case, lines, phase.id)
    if status is None:
        return None
    deadline = _deadline_after(case, phase)
    owners = status in ("open", "jointly") and _asks(case, phase, awaits_owners)
    reads = (
        offer is not None and is_made(offer) and case.actor.id in offer.recipients and status != "not_asked"
    )
    return ClientOffer(
        phase=phase.id,
        title=_name_documents(case, phase) if status in _WITHDRAWN else phase.title,
        way=(offer.way if offer else None) or phase.offer.offer_as,
        status=status,
        documents=_list_documents(desk, case, offer, status) if offer and reads else (),
        decided=decided,
        due=next((one.due for one in case.view.phases if one.id == phase.id), None),
        deadline=deadline,
        late=deadline is not None and deadline < case.now.date() and case.view.ended is None,
        next=_find_next(case, phase),
        back_to=next((one.title for one in case.plan.phases if one.id == phase.back_to), ""),
        today=case.now.date(),
        needs_another=status == "open" and not owners and _asks(case, phase, needs_another),
        awaits_owners=owners,
        object_until=offer.object_until if offer and status == "may_object" else None,
    )


async def decide(
    desk: Desk,
    visitor: Visitor,
    act_id: str,
    key: str,
    phase: str,
    answer: Answer,
    *,
    seen: Mapping[str, tuple[str, str]],
    reason: str = "",
) -> Outcome | None:
    """Approve or reject what is offered, as it was seen: hash and rendering by document; None: no such offer.

    A signature is not taken here: it needs a second proof, and that is on paper. For what is raised see
    `service.sending.send`.
    """
    found = await desk.ask(lambda connection: _find(connection, desk, visitor, key, phase, "decide"))
    if found is None:
        return None
    case, _, lines = found
    if await desk.ask(lambda connection: find_act(connection, case.filing.id, act_id)) is None:
        offer = await to_thread(make_offer, desk, case, phase, lines)
        if offer is None:
            return None
        if answer == "approve" and offer.way == "signature":
            return ON_PAPER
        shown = {one.id: (one.hash, one.rendering or "") for one in offer.documents}
        if offer.status in ("open", "may_object") and shown != dict(seen):
            return STALE
        if offer.status in ("taken_back", "coming"):
            return NOT_RECORDED
        if offer.status in _DECIDED:
            return Refusal(code="decided", text=_say_decided(offer))
    hashes = {name: hash for name, (hash, _) in seen.items()}
    acts = Acts(desk, visitor.id, act_id)
    name = short_name(case.filing.id)
    decided = await acts.decide(name, answer, phase=phase, reason=reason, seen=hashes)
    if isinstance(decided, Done) and answer == "approve" and reason.strip():
        # Work goes on by itself, past the timeline: as a message it waits for somebody until they read it.
        await to_thread(write, desk, visitor, name, visitor.id, act_id, reason, seen=0)
    return client_refusals.tell_client(decided)


def _say_decided(offer: ClientOffer) -> str:
    """Return that an offer was decided on meanwhile: how and when; who another is, is not told."""
    by_them = offer.status in ("agreed", "jointly", "rejected")
    last = next((one for one in reversed(offer.decided) if one.mine or not by_them), None)
    if last is None:
        return NOT_RECORDED.text
    who = "U hebt" if last.mine else "Een ander heeft"
    word = ANSWER_WORDS.get(last.answer, last.answer)
    said = f"{who} intussen al besloten ({word}, op {moment_in_words(last.at)})"
    return f"{said}. Wat u nu koos, is niet vastgelegd."


def _find(
    connection: Connection, desk: Desk, visitor: Visitor, key: str, phase: str, doing: Doing = "read"
) -> tuple[ClientCase, ClientHead, tuple[TimelineLine, ...]] | None:
    case = find_client_case(connection, desk, visitor, key, doing)
    if case is None or not any(one.id == phase and one.offer for one in case.plan.phases):
        return None
    return case, make_head(connection, case), list_events(connection, desk, case)


def _name_documents(case: ClientCase, phase: Phase) -> str:
    """Return the titles of what was offered, once the offer is withdrawn: phases are named for colleagues."""
    offered = phase.offer.documents if phase.offer else ()
    return join_in_dutch(one.title for one in case.view.documents if one.id in offered and one.made)


def _judge_withheld(case: ClientCase, lines: Sequence[TimelineLine], phase: str) -> Status | None:
    """Return how an offer to somebody is that they cannot read now; None where there is none."""
    told = [one for one in lines if one.phase == phase and one.what in (RELEASED, TAKEN_BACK)]
    to = next((str(one.data.get("to") or "") for one in reversed(told) if one.what == RELEASED), "")
    if case.actor.id not in to.split(", "):
        return None
    if told[-1].what == TAKEN_BACK:
        return "taken_back"
    return None if case.view.ended else "coming"


def _is_decision(line: TimelineLine, phase: str) -> bool:
    return line.what == "decided" and line.phase == phase and line.data.get("answer") != "not_deliver"


def _read_decided(desk: Desk, line: TimelineLine, me: str) -> Decided:
    contact = str(line.data.get("contact") or line.by)
    recorded = contact != line.by
    person = desk.read(lambda connection: find_contact(connection, contact)) if recorded else None
    return Decided(
        name=person.name if person else line.who,
        mine=contact == me,
        answer=str(line.data.get("answer")),
        at=line.at,
        reason=str(line.data.get("reason") or ""),
        recorded_by=line.who if recorded else "",
    )


def _judge_status(case: ClientCase, offer: OfferView | None, decided: Sequence[Decided]) -> Status | None:
    """Return how an offer is to a contact; None where nothing was ever offered."""
    me, last = case.actor.id, decided[-1] if decided else None
    if offer is None or not is_made(offer):
        if last and last.answer == "reject":
            return "rejected" if last.mine else "rejected_by_other"
        return None
    if me not in offer.recipients:
        return "not_asked"
    if offer.outcome:
        agreed: Status = "agreed" if me in offer.answered else "by_other"
        ended: dict[str, Status] = {
            "approved": agreed,
            "informed": "informed",
            "not_delivered": "not_delivered",
            "rejected": "rejected" if last and last.mine else "rejected_by_other",
        }
        return ended[offer.outcome]
    if case.view.ended or not case.may_act:
        return "ended"
    if me in offer.answered:
        return "jointly"
    if me not in offer.waiting:
        return "only_reading"
    if case.view.held:
        return "held"
    return "may_object" if offer.object_until else "open"


def _list_documents(
    desk: Desk, case: ClientCase, offer: OfferView, status: Status
) -> tuple[OfferedDocument, ...]:
    titles = {one.id: one.title for one in case.view.documents}
    tells = status not in ("ended", "not_delivered", "rejected", "rejected_by_other")
    return tuple(
        OfferedDocument(
            id=shown.document,
            title=titles.get(shown.document, shown.document),
            hash=shown.hash,
            rendering=shown.rendering,
            payment=read_payment(desk, case, shown) if tells else None,
        )
        for shown in offer.shown_to(case.actor.id)
    )


def read_payment(desk: Desk, case: ClientCase, shown: Shown) -> Payment | None:
    """Return what a client is told to pay for a version of a document; None where nothing is to be said."""
    advice = find_payment(desk, case.filing, case.plan, case.view, case.now, shown)
    if advice is None or advice.direction == "untold":
        return None
    account, last = advice.account, advice.last_day
    return Payment(
        direction=advice.direction,
        amount=advice.amount,
        last_day=last,
        transfer_by=advice.transfer_by,
        reference=group_digits(advice.reference or ""),
        iban=group_digits(account.iban) if account else "",
        account_name=account.name if account else "",
        bic=account.bic if account else "",
        late=last is not None and last < case.now.date(),
        transfer_late=advice.transfer_by is not None and advice.transfer_by < case.now.date(),
    )


def _after(case: ClientCase, phase: Phase) -> list[Phase]:
    """Return the phases that come after one and apply."""
    places = [one.id for one in case.plan.phases]
    skipped = {one.id for one in case.view.phases if one.status == "skipped"}
    return [one for one in case.plan.phases[places.index(phase.id) + 1 :] if one.id not in skipped]


def find_delivering(
    plan: Plan, phase: Phase, later: Sequence[Phase], own: Sequence[str] = ()
) -> tuple[Phase, Deliver, str] | None:
    """Return what delivers what a phase offers, of the phases after it, and the title of what is made of it.

    The title is empty where what was offered is itself delivered. Where one of several may be made of it,
    it is not yet known which: None. Who decides on documents of their own hears of these.
    """
    offered = set(own or (phase.offer.documents if phase.offer else ()))
    made = {one.id: one.title for one in plan.documents if one.source in offered}
    delivering = [(one, one.deliver) for one in later if one.deliver]
    for one, deliver in delivering:
        if deliver.document in offered:
            return one, deliver, ""
    derived = [(one, deliver, made.get(deliver.document, "")) for one, deliver in delivering]
    derived = [one for one in derived if one[2]]
    return derived[0] if len(derived) == 1 else None


def _find_delivering(case: ClientCase, phase: Phase) -> tuple[Phase, Deliver, str] | None:
    offer = next((one for one in case.state.case.offers if one.phase == phase.id), None)
    recipients = offer.lookup.recipients if offer and offer.lookup else ()
    own = next((one.own for one in recipients if one.contact == case.actor.id), ())
    return find_delivering(case.plan, phase, _after(case, phase), own)


def _deadline_after(case: ClientCase, phase: Phase) -> date | None:
    """Return the last day of what is delivered as it was offered, else the filing's earliest open one."""
    found = _find_delivering(case, phase)
    own = found[1].deadline if found and not found[2] else None
    return _find_day(case, own) if own else case.view.due


def _find_day(case: ClientCase, deadline: str | None) -> date | None:
    return next((one.due for one in case.view.deadlines if one.id == deadline), None)


def _asks(case: ClientCase, phase: Phase, ask: Callable[[Reader, Phase, OfferState, Actor], bool]) -> bool:
    """Return what the machine answers about the offer of a phase and who reads it."""
    reader = Reader(case.plan, case.state)
    offer = next((one for one in case.state.case.offers if one.phase == phase.id), None)
    return offer is not None and ask(reader, phase, offer, case.actor)


def _find_next(case: ClientCase, phase: Phase) -> NextStep | None:
    found = _find_delivering(case, phase)
    if found is None:
        later = _after(case, phase)
        may_follow = any(one.deliver for one in later)
        return NextStep(delivers=False, done=False, due=None, may_follow=may_follow) if later else None
    coming, deliver, made_of_it = found
    due = _find_day(case, deliver.deadline)
    earlier = (
        (one.title, one.due)
        for one in case.view.deadlines
        if made_of_it and one.due and due and one.due < due and one.due == case.view.due
    )
    return NextStep(
        delivers=not made_of_it,
        done=any(one.id == coming.id and one.status == "completed" for one in case.view.phases),
        due=due,
        made_of_it=made_of_it,
        first=next(earlier, None),
    )
