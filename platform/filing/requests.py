"""Requests of data (uitvraag, R8): a form or a list of items that a client answers and the office looks at.

A form is one item, under its own id. Items are received, accepted, sent back, or do not apply; what nobody
did anything about is open. What was received stays when the work goes back, and an answer that comes after
its phase was left is taken all the same.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from ..answers import Value, check_answers
from ..data import replace
from ..plan import Chase, Form, Phase, Request
from .construct import Construct, WorkItem, WorkKind
from .events import AcceptItem, Actor, AnswerRequest, NotApplicable, SendBackItem
from .issuing import issue
from .outcome import Refusal
from .permissions import escalated_to, refuse_role, request_subject, responsible_roles
from .state import ItemState, RequestState
from .tasks import find_automation
from .turn import Reader, Turn, put


class Asked(NamedTuple):
    """A request that was made, with what the plan says of it."""

    state: RequestState
    phase: Phase
    request: Request
    form: Form
    chase: Chase | None


class Item(NamedTuple):
    """One thing that is asked: the form as a whole, or an item of a list that applies here."""

    id: str
    title: str
    required: bool
    state: ItemState | None

    @property
    def is_missing(self) -> bool:
        """Say whether the client still has to give it."""
        return self.state is None or self.state.status == "sent_back"

    @property
    def is_settled(self) -> bool:
        """Say whether nobody has to do anything about it any more."""
        return self.state is not None and self.state.status in ("accepted", "not_applicable")


class Requests(Construct):
    """What is asked of the client."""

    def obstacles(self, reader: Reader, phase: Phase) -> Iterator[str]:
        """Yield the required items of required requests that were not accepted: the office looks at each."""
        for asked in _list_requests(reader, phase):
            if not asked.request.required:
                continue
            for item in list_items(reader, asked):
                if item.required and not item.is_settled:
                    lacks = "nog niet ontvangen" if item.is_missing else "nog niet geaccepteerd"
                    yield f"uitvraag {asked.state.id} ('{item.title}' is {lacks})"

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield what the client still has to give, and what the office has to look at."""
        if reader.case.ended:
            return
        for state in reader.case.requests:
            asked = find_request(reader, state)
            if asked is None:
                continue
            items = list_items(reader, asked)
            active = reader.is_active(asked.phase.id)
            missing = tuple(_describe_missing(item) for item in _list_missing(items))
            if active and list_awaited(items):
                yield _work_item(reader, asked, "request", missing)
                if escalated_to(reader, request_subject(state.id), asked.chase):
                    yield _work_item(reader, asked, "escalated", missing)
            received = [i for i in items if i.state and i.state.status == "received"]
            late = tuple(i.title for i in received if i.state and i.state.late)
            if active and received:
                yield _work_item(reader, asked, "received", tuple(i.title for i in received))
            elif late and reader.status(asked.phase.id) == "completed":
                yield _work_item(reader, asked, "received_late", late)


def make_request(turn: Turn, phase: Phase, automation: str, request: Request) -> None:
    """Make the request of an automation for the current round of its phase; what was received before stays.

    The client is invited, unless nothing is left to be given.
    """
    before = next((r for r in turn.case.requests if (r.phase, r.automation) == (phase.id, automation)), None)
    form = turn.rules.find_form(request.form)
    if form is None:
        return
    state = RequestState(
        id=f"{phase.id}.{automation}.{turn.round_of(phase.id)}",
        phase=phase.id,
        automation=automation,
        made=turn.now,
        items=tuple(replace(item, late=False) for item in before.items) if before else (),
        values=before.values if before else {},
        counting=before.counting if before else None,
    )
    turn.put_request(state)
    turn.tell("request_made", None, phase.id, request=state.id, title=form.title)
    asked = find_request(turn, state)
    if request.message and asked and list_awaited(list_items(turn, asked)):
        issue(turn, "send", phase, purpose="automation", automation=automation)


def find_request(reader: Reader, state: RequestState) -> Asked | None:
    """Return a request with what the plan says of it; None when a newer plan no longer has it."""
    phase, automation = reader.rules.find_phase(state.phase), find_automation(reader, state)
    request = automation.request if automation else None
    form = reader.rules.find_form(request.form) if request else None
    if phase is None or automation is None or request is None or form is None:
        return None
    return Asked(state, phase, request, form, automation.chase)


def list_items(reader: Reader, asked: Asked) -> tuple[Item, ...]:
    """Return the items of a request that apply here."""
    states = {item.id: item for item in asked.state.items}
    form = asked.form
    if form.kind == "form":
        return (Item(form.id, form.title, True, states.get(form.id)),)
    return tuple(
        [Item(one.id, one.title, one.required, states.get(one.id)) for one in reader.rules.fields(form)]
    )


def list_awaited(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items for which the client is waited for.

    Those that are required or were sent back; where none is required, all that are missing.
    """
    some = any(item.required for item in items)
    return tuple(i for i in items if i.is_missing and (i.required or not some or i.state is not None))


def _list_missing(items: tuple[Item, ...]) -> list[Item]:
    """Return what the client still has to give: what was sent back first, then what is required."""
    missing = [one for one in items if one.is_missing]
    return sorted(missing, key=lambda one: (one.state is None, not one.required))


def waiting_since_of(reader: Reader, asked: Asked) -> date | None:
    """Return the day since which the client is waited for; None while everything is there."""
    awaited = list_awaited(list_items(reader, asked))
    if not awaited:
        return None
    return max((asked.state.made, *(item.state.at for item in awaited if item.state))).date()


def answer_request(turn: Turn, act: AnswerRequest) -> Refusal | None:
    """Take the answers to a form or the documents of an item, also when the phase has been left."""
    named = _find(turn, act.request, act.item)
    if isinstance(named, Refusal):
        return named
    asked, item = named
    refusal = _refuse_answerer(turn, asked, act) or _refuse_content(asked, item, act)
    if refusal:
        return refusal
    before = item.state.documents if item.state and item.state.status != "sent_back" else ()
    state = ItemState(
        id=item.id,
        status="received",
        by=act.by.id,
        at=turn.now,
        documents=tuple(dict.fromkeys((*before, *(one.hash for one in act.documents)))),
        late=not turn.is_active(asked.phase.id) and turn.status(asked.phase.id) != "pending",
    )
    items = put(asked.state.items, state, _id)
    if asked.form.kind == "form":
        counting = _find_answers_in_force(asked, item, late=state.late)
        turn.put_request(replace(asked.state, items=items, values=act.values, counting=counting))
    else:
        turn.put_request(replace(asked.state, items=items))
    if act.by.kind == "team":
        turn.add_contribution(asked.phase.id, act.by)
    turn.tell(
        "request_answered",
        act.by.id,
        asked.phase.id,
        request=asked.state.id,
        title=asked.form.title,
        item=None if asked.form.kind == "form" else item.title,
        contact=act.contact.id if act.contact and act.by.kind == "team" else None,
        late="ja" if state.late else None,
        hashes=", ".join(one.hash for one in act.documents),
        proof=act.proof,
    )
    return None


def accept_item(turn: Turn, act: AcceptItem) -> Refusal | None:
    """Accept what was received, also when it came late."""
    named = _find_received(turn, act)
    if isinstance(named, Refusal):
        return named
    asked, item, received = named
    asked = asked._replace(state=replace(asked.state, counting=None))
    _settle(turn, asked, replace(received, status="accepted", by=act.by.id, at=turn.now, reason=None), act.by)
    turn.tell("item_accepted", act.by.id, asked.phase.id, **_describe(asked, item))
    return None


def send_back_item(turn: Turn, act: SendBackItem) -> Refusal | None:
    """Send back what was received, with a reason; the reminder's message asks the client for it again.

    Its text can say so: `filing.sent_back`.
    """
    named = _find_received(turn, act)
    if isinstance(named, Refusal):
        return named
    asked, item, received = named
    if not turn.is_active(asked.phase.id):
        text = (
            f"De fase '{asked.phase.title}' is niet aan de beurt; wat is ontvangen, "
            "kan alleen worden teruggestuurd zolang de fase loopt."
        )
        return Refusal(code="phase_not_active", text=text)
    reason = act.reason.strip()
    if not reason:
        return Refusal(code="reason_missing", text="Geef een reden voor het terugsturen.")
    back = replace(received, status="sent_back", by=act.by.id, at=turn.now, reason=reason)
    _settle(turn, asked, back, act.by)
    turn.tell("item_sent_back", act.by.id, asked.phase.id, reason=reason, **_describe(asked, item))
    issue(turn, "send", asked.phase, purpose="reminder", automation=asked.state.automation)
    return None


def set_not_applicable(turn: Turn, act: NotApplicable) -> Refusal | None:
    """Say that an item does not apply: by a team member with a reason, by the client where it is optional."""
    named = _find(turn, act.request, act.item)
    if isinstance(named, Refusal):
        return named
    asked, item = named
    reason = act.reason.strip()
    if act.by.kind == "team":
        refusal = _refuse_handler(turn, asked, act.by)
        if refusal is None and not reason:
            text = f"Geef een reden waarom '{item.title}' niet van toepassing is."
            refusal = Refusal(code="reason_missing", text=text)
    else:
        refusal = _refuse_stranger(act.by)
        if refusal is None and _must_be_given(asked, item):
            text = f"'{item.title}' is nodig. Neem contact op met uw accountant als u dit niet heeft."
            refusal = Refusal(code="item_required", text=text)
    if refusal is None and not turn.is_active(asked.phase.id):
        text = f"De fase '{asked.phase.title}' is niet aan de beurt."
        refusal = Refusal(code="phase_not_active", text=text)
    if refusal:
        return refusal
    kept = item.state.documents if item.state else ()
    counting = _find_answers_in_force(asked, item, late=False) if act.by.kind == "contact" else None
    asked = asked._replace(state=replace(asked.state, counting=counting))
    state = ItemState(
        id=item.id,
        status="not_applicable",
        by=act.by.id,
        at=turn.now,
        reason=reason or None,
        documents=kept,
    )
    _settle(turn, asked, state, act.by)
    turn.tell("item_not_applicable", act.by.id, asked.phase.id, reason=reason, **_describe(asked, item))
    return None


def _find_answers_in_force(asked: Asked, item: Item, *, late: bool) -> dict[str, Value] | None:
    """Return the earlier answers that stay in force beside newer ones; None where those count at once.

    What was accepted counts until the office itself accepts something else, sends it back or sets it aside;
    and nothing that comes after the phase was left counts before it is accepted.
    """
    accepted = item.state is not None and item.state.status == "accepted"
    waits = accepted or late or asked.state.counting is not None
    return asked.state.known if waits else None


def _list_requests(reader: Reader, phase: Phase) -> Iterator[Asked]:
    for state in reader.case.requests:
        asked = find_request(reader, state) if state.phase == phase.id else None
        if asked:
            yield asked


def _id(item: ItemState) -> str:
    return item.id


def _find(reader: Reader, name: str, item: str | None) -> tuple[Asked, Item] | Refusal:
    """Return a request, whichever of its rounds was named, and its item; a form needs no item."""
    found = (find_request(reader, state) for state in reader.case.requests)
    requests = [asked for asked in found if asked]
    active = [phase.id for phase in reader.active_phases()]
    named_ids = list_named([one.state.id for one in requests], name, active)
    matching = [one for one in requests if one.state.id in named_ids]
    if len(matching) > 1:
        names = ", ".join(f"{one.state.id} ('{one.form.title}')" for one in matching)
        text = f"Met '{name}' kan meer dan één uitvraag zijn bedoeld. Kies uit: {names}."
        return Refusal(code="unknown_request", text=text)
    asked = next(iter(matching), None)
    if asked is None:
        names = ", ".join(f"{one.state.id} ('{one.form.title}')" for one in requests)
        known = (
            f"Uitvragen van deze opdracht: {names}." if names else "In deze opdracht is niets uitgevraagd."
        )
        return Refusal(code="unknown_request", text=f"Uitvraag '{name}' bestaat niet. {known}")
    items = list_items(reader, asked)
    if item is None and len(items) == 1:
        return asked, items[0]
    named = next((one for one in items if one.id == item), None)
    if named:
        return asked, named
    choices = ", ".join(f"{one.id} ('{one.title}')" for one in items) or "geen"
    what = f"'{asked.form.title}' heeft geen onderdeel '{item}'." if item else "Noem het onderdeel."
    return Refusal(code="unknown_item", text=f"{what} Kies uit: {choices}.")


def list_named(requests: Collection[str], name: str, active: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the requests that a name can mean: those of active phases, else of any."""
    named = tuple(one for one in requests if request_is_named(one, name))
    return tuple(one for one in named if one.split(".")[0] in active) or named


def request_is_named(request: str, name: str) -> bool:
    """Say whether a name is that of a request: its id, of this round or an earlier one, or its automation."""
    phase, automation, last = request.split(".")
    stem, _, number = name.rpartition(".")
    earlier = number.isascii() and number.isdigit() and len(number) < 5 and 1 <= int(number) <= int(last)
    return name == automation or (stem == f"{phase}.{automation}" and earlier)


def _find_received(turn: Turn, act: AcceptItem | SendBackItem) -> tuple[Asked, Item, ItemState] | Refusal:
    """Return what a team member looks at: an item that was received, or accepted before."""
    named = _find(turn, act.request, act.item)
    if isinstance(named, Refusal):
        return named
    asked, item = named
    refusal = _refuse_handler(turn, asked, act.by)
    if refusal:
        return refusal
    wanted = ("received",) if isinstance(act, AcceptItem) else ("received", "accepted")
    if item.state is None or item.state.status not in wanted:
        what = {
            None: "nog niet ontvangen",
            "sent_back": "teruggestuurd en nog niet opnieuw ontvangen",
            "not_applicable": "niet van toepassing",
            "accepted": "al geaccepteerd",
        }[item.state.status if item.state and item.state.status != "received" else None]
        return Refusal(code="nothing_received", text=f"'{item.title}' is {what}.")
    return asked, item, item.state


def _refuse_handler(reader: Reader, asked: Asked, actor: Actor) -> Refusal | None:
    also = escalated_to(reader, request_subject(asked.state.id), asked.chase)
    return refuse_role(reader, asked.phase, actor, also)


def _refuse_stranger(actor: Actor) -> Refusal | None:
    if actor.kind == "contact" and "answer" in actor.may:
        return None
    text = "Deze contactpersoon mag voor deze relatie geen vragen beantwoorden. Leg dat recht eerst vast."
    return Refusal(code="wrong_person", text=text)


def _refuse_answerer(turn: Turn, asked: Asked, act: AnswerRequest) -> Refusal | None:
    """A contact answers who may; a team member records it for one, with proof."""
    if act.by.kind != "team":
        return _refuse_stranger(act.by)
    refusal = _refuse_handler(turn, asked, act.by)
    if refusal:
        return refusal
    if act.contact is None:
        text = "Geef op namens welke contactpersoon u het antwoord vastlegt."
        return Refusal(code="contact_missing", text=text)
    if not act.documents and not act.proof:
        text = "Leg een antwoord van de klant vast met een bewijsstuk, zoals zijn e-mail of een notitie."
        return Refusal(code="proof_missing", text=text)
    return _refuse_stranger(act.contact)


def _refuse_content(asked: Asked, item: Item, act: AnswerRequest) -> Refusal | None:
    form = asked.form
    if form.kind == "list":
        if act.values:
            text = f"'{form.title}' vraagt om documenten; geef per onderdeel een document."
            return Refusal(code="wrong_answer", text=text)
        if not act.documents:
            return Refusal(code="document_missing", text=f"Geef een document bij '{item.title}'.")
        return None
    if act.documents:
        text = f"'{form.title}' is een formulier; geef de antwoorden, geen document."
        return Refusal(code="wrong_answer", text=text)
    faults = check_answers(form.fields, act.values)
    if faults:
        listed = "; ".join(fault.sentence for fault in faults)
        return Refusal(code="invalid_answers", text=f"Niet alle antwoorden kloppen. {listed}.")
    return None


def _must_be_given(asked: Asked, item: Item) -> bool:
    return asked.request.required if asked.form.kind == "form" else item.required


def _settle(turn: Turn, asked: Asked, state: ItemState, actor: Actor) -> None:
    turn.put_request(replace(asked.state, items=put(asked.state.items, state, _id)))
    if actor.kind == "team":
        turn.add_contribution(asked.phase.id, actor)


def _describe(asked: Asked, item: Item) -> dict[str, str | None]:
    """Return what the timeline says of an item; a form is named once."""
    title = None if asked.form.kind == "form" else asked.form.title
    return {"request": asked.state.id, "item": item.title, "title": title}


def _describe_missing(item: Item) -> str:
    if item.state is None:
        return item.title
    return f"{item.title} (teruggestuurd: {item.state.reason})"


def _work_item(reader: Reader, asked: Asked, kind: WorkKind, missing: tuple[str, ...]) -> WorkItem:
    client = kind == "request"
    also = escalated_to(reader, request_subject(asked.state.id), asked.chase)
    roles = () if client else tuple(dict.fromkeys((*responsible_roles(reader, asked.phase), *also)))
    return WorkItem(
        kind=kind,
        id=asked.state.id,
        phase=asked.phase.id,
        title=asked.form.title,
        roles=roles,
        client=client,
        missing=missing,
    )


REQUESTS = Requests()
Requests.acts = {
    "answer": answer_request,
    "accept_item": accept_item,
    "send_back_item": send_back_item,
    "not_applicable": set_not_applicable,
}
