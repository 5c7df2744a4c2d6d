"""Acts by name, as service and command line call them; what is left out follows from where the filing is."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from ..answers import read_answers
from ..data import convert
from ..filing import events
from ..filing.documents import shown_now
from ..filing.events import SYSTEM, Act, Actor, AnyAct, Enclosure, Shown
from ..filing.offers import still_to_answer
from ..filing.outcome import Refusal
from ..filing.requests import Asked, find_request, list_items, list_named
from ..filing.waiting import awaited_notices
from ..plan import FactDefinition, Phase, WaitFor, Work
from ..suggest import say_what_is_meant
from ..typed import TypedError, read_typed_fact
from .inventing import invent_answers, invent_enclosure
from .scene import Scene

Said = dict[str, Any]
Filler = Callable[[Scene, Said], Said | Refusal]


class ActName(NamedTuple):
    """An act as people name it: the event, what the name says already, and how the rest is filled in."""

    kind: type[Act]
    preset: Said
    fill: Filler


def make_act(
    scene: Scene, name: str, by: str | Actor | None, said: Mapping[str, Any], id: str
) -> AnyAct | Refusal:
    """Return the act of this name, at the scene's moment; `by` is an id, or None for who usually does it.

    Refused are names, people and fields that are not known; whether it may be done the machine says.
    """
    named = ACTS.get(name)
    if named is None:
        text = f"De handeling '{name}' bestaat niet. {say_what_is_meant(name, ACTS)}"
        return Refusal(code="unknown_act", text=text)
    known = [one for one in named.kind.__struct_fields__ if one not in _FILLED and one not in named.preset]
    strange = [one for one in said if one not in known]
    if strange:
        wrong = min(strange)
        text = f"De handeling '{name}' kent geen '{wrong}'. {say_what_is_meant(wrong, sorted(known))}"
        return Refusal(code="unknown_field", text=text)
    given = {**named.preset, **said}
    people = _read_people(scene, given)
    if isinstance(people, Refusal):
        return people
    facts = named.fill(scene, given | people)
    if isinstance(facts, Refusal):
        return facts
    actor = _find_actor(scene, named.kind, by, facts)
    if isinstance(actor, Refusal):
        return actor
    plain = msgspec.to_builtins(facts)
    try:
        act: Any = convert(
            {**plain, "kind": _tag(named.kind), "at": scene.now, "id": id, "by": msgspec.to_builtins(actor)},
            named.kind,
        )
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].strip("`") or "?"
        return Refusal(code="wrong_field", text=f"Bij de handeling '{name}' klopt '{field}' niet.")
    made: AnyAct = act
    return made


_FILLED = ("at", "id", "by")


def _tag(kind: type[Act]) -> str:
    tag: str = kind.__struct_config__.tag
    return tag


def _read_people(scene: Scene, said: Said) -> Said | Refusal:
    """Return who is named in an act beside who acts: a contact, or to whom work is given."""
    found: Said = {}
    for field in ("contact", "person"):
        if isinstance(said.get(field), str):
            person = scene.cast.find(said[field])
            if isinstance(person, Refusal):
                return person
            found[field] = person
    return found


def _find_actor(scene: Scene, kind: type[Act], by: str | Actor | None, facts: Said) -> Actor | Refusal:
    if isinstance(by, Actor):
        return by
    if by is not None:
        return scene.cast.find(by)
    return _choose_actor(scene, kind, facts) or SYSTEM


def _choose_actor(scene: Scene, kind: type[Act], facts: Said) -> Actor | None:
    """Return who usually does this act: of the office, or the client."""
    clients = [one.actor for one in scene.cast.clients]
    phase = scene.reader.rules.find_phase(facts.get("phase") or "")
    if kind is events.Notice and not facts.get("reason"):
        return SYSTEM
    if kind is events.ResolveAgain:
        return SYSTEM
    if kind is events.Decide and facts["answer"] != "not_deliver" and not facts.get("contact"):
        offer = scene.reader.offer_state(facts["phase"]) if phase else None
        waiting = still_to_answer(scene.reader, phase, offer) if phase and offer else ()
        return next((c for c in clients if c.id in waiting), next(iter(clients), None))
    if kind is events.AnswerRequest and not facts.get("contact"):
        return next((one for one in clients if "answer" in one.may), None)
    if kind is events.TaskDone:
        item = next((i for i in scene.work if i.kind == "task" and i.id == facts.get("task")), None)
        if item and not item.roles and not item.person:
            return next(iter(clients), None)
        if item:
            return next(scene.cast.holders(item.roles), None)
    if kind is events.Attach:
        document = scene.reader.rules.find_document(facts["shown"].document)
        phase = scene.reader.rules.find_phase(document.made_in) if document else None
    if phase is None and "request" in facts:
        phase = scene.reader.rules.find_phase(str(facts["request"]).split(".")[0])
    active = scene.reader.active_phases()
    phase = phase or next(iter(active), scene.plan.phases[0])
    return scene.choose_member(phase)


# --- what is filled in --------------------------------------------------------------------------------------


def _in_phase(fits: Callable[[Scene, Phase], bool]) -> Filler:
    def fill(scene: Scene, said: Said) -> Said | Refusal:
        return _with_phase(scene, said, lambda phase: fits(scene, phase))

    return fill


def _with_phase(scene: Scene, said: Said, fits: Callable[[Phase], bool]) -> Said | Refusal:
    """Return what was said with the phase that is meant: as named, else the only active one that fits."""
    if said.get("phase"):
        return said
    active = scene.reader.active_phases()
    fitting = [phase for phase in active if fits(phase)] or active
    if len(fitting) == 1:
        return said | {"phase": fitting[0].id}
    if not fitting:
        return Refusal(code="phase_not_active", text="Er is nu geen fase aan de beurt.")
    names = ", ".join(phase.id for phase in fitting)
    return Refusal(code="several_phases", text=f"Er zijn meerdere fasen aan de beurt; kies er één: {names}.")


def _fill_nothing(scene: Scene, said: Said) -> Said | Refusal:
    return said


def _fill_check(scene: Scene, said: Said) -> Said | Refusal:
    return _with_phase(scene, said, lambda p: any(c.id == said.get("checkpoint") for c in p.checkpoints))


def _fill_complete(scene: Scene, said: Said) -> Said | Refusal:
    facts = _with_phase(scene, said, lambda phase: isinstance(phase.block, Work))
    phase = None if isinstance(facts, Refusal) else scene.reader.rules.find_phase(facts["phase"])
    if isinstance(facts, Refusal) or phase is None or "documents" in said:
        return facts
    return facts | {"documents": shown_now(scene.reader, (*phase.reviews, *phase.signs))}


def _fill_decide(scene: Scene, said: Said) -> Said | Refusal:
    facts = _with_phase(scene, said, lambda phase: phase.offer is not None)
    if isinstance(facts, Refusal):
        return facts
    offer = scene.reader.offer_state(facts["phase"])
    if facts["answer"] == "approve" and scene.reader.rules.find_phase(facts["phase"]):
        way = scene.reader.offered_as(facts["phase"])
        facts = facts | {
            "answer": "sign" if way == "signature" and "contact" not in said else facts["answer"]
        }
    return {"documents": offer.documents if offer else ()} | facts


def _fill_attach(scene: Scene, said: Said) -> Said | Refusal:
    """Attach the next version of a document; `shown` can be its id, or be left out where only one is made."""
    if isinstance(said.get("shown"), Shown):
        return said
    name = said.get("shown") or said.get("document")
    if name is None:
        made = [d.id for phase in scene.reader.active_phases() for d in scene.reader.rules.made_in(phase.id)]
        if len(made) != 1:
            return Refusal(code="unknown_document", text=f"Noem het document. Kies uit: {', '.join(made)}.")
        name = made[0]
    before = [e for e in scene.events if isinstance(e, events.Attach) and e.shown.document == name]
    document = scene.reader.rules.find_document(str(name))
    version = f"versie {len(before) + 1}"
    rendering = f"weergave {len(before) + 1}" if document and document.report else None
    rest = {key: value for key, value in said.items() if key != "document"}
    return rest | {"shown": Shown(document=str(name), hash=version, rendering=rendering)}


def _fill_delivery(scene: Scene, said: Said) -> Said | Refusal:
    facts = _with_phase(scene, said, lambda phase: phase.deliver is not None and phase.deliver.by_hand)
    if isinstance(facts, Refusal):
        return facts
    return {"on": scene.now.date(), "proof": "bewijs"} | facts


def _fill_fact(scene: Scene, said: Said) -> Said | Refusal:
    fact = scene.reader.rules.find_fact(str(said.get("fact")))
    facts = dict(said)
    if fact and not said.get("phase"):
        active = [name for name in fact.set_in if scene.reader.is_active(name)]
        facts["phase"] = (active or [*fact.set_in])[0]
    if fact and "value" in said:
        value = read_fact(fact, said["value"])
        if isinstance(value, Refusal):
            return value
        facts["value"] = value
    return {"phase": scene.plan.phases[0].id} | facts


def read_fact(fact: FactDefinition, written: Any) -> Any | Refusal:
    """Return a fact's value from how a person or a file writes it: a day, euros, ja, an option.

    A number for an amount is whole euros, or euros with cents; a text is read as office people write it.
    """
    try:
        return read_typed_fact(fact.type, written)
    except TypedError as error:
        return Refusal(code="wrong_value", text=f"'{fact.title}': {error}.")


def _fill_request(scene: Scene, said: Said) -> Said | Refusal:
    """Return what was said with the request and, of a list, the item that are meant."""
    asked = find_asked(scene, said.get("request"))
    if isinstance(asked, Refusal):
        return asked
    if asked is None:
        return {"request": "?"} | said
    return said | {"request": said.get("request") or asked.state.id}


def _fill_answer(scene: Scene, said: Said) -> Said | Refusal:
    asked = find_asked(scene, said.get("request"))
    if isinstance(asked, Refusal):
        return asked
    if asked is None:
        return {"request": "?"} | said
    facts = said | {"request": asked.state.id}
    form = asked.form
    if form.kind == "form":
        values = said.get("values")
        written = invent_answers(form, scene.now.date(), {}) if values is None else values
        return facts | {"values": read_answers(form.fields, written)}
    if "item" not in said:
        missing = [item.id for item in list_items(scene.reader, asked) if item.is_missing]
        if len(missing) != 1:
            return Refusal(
                code="unknown_item", text=f"Noem het stuk. Kies uit: {', '.join(missing) or 'geen'}."
            )
        facts = facts | {"item": missing[0]}
    given = said.get("documents")
    if given is None:
        return facts | {"documents": (invent_enclosure(facts["item"]),)}
    return facts | {"documents": tuple(_as_enclosure(one) for one in given)}


def _as_enclosure(one: Any) -> Any:
    if isinstance(one, str):
        return Enclosure(hash=f"stuk {one}", name=one, media_type="application/pdf")
    return one


def find_asked(scene: Scene, name: str | None) -> Asked | Refusal | None:
    """Return the request that a name means, or the only one of what is active; None where none is meant."""
    found = (find_request(scene.reader, state) for state in scene.state.case.requests)
    there = {one.state.id: one for one in found if one}
    active = [phase.id for phase in scene.reader.active_phases()]
    if name is None:
        named = [id for id, one in there.items() if one.phase.id in active]
        if len(named) > 1:
            text = f"Er zijn meerdere uitvragen; kies er één: {', '.join(named)}."
            return Refusal(code="several_requests", text=text)
    else:
        named = [*list_named([*there], name, active)]
    return there[named[0]] if named else None


def _fill_task(scene: Scene, said: Said) -> Said | Refusal:
    """Return what was said with the task that is meant, by its id or its automation's, and its proof."""
    items = [item for item in scene.work if item.kind == "task"]
    name = said.get("task")
    fitting = [i for i in items if name is None or name == i.id or name == i.id.split(".")[1]]
    if len(fitting) != 1:
        return {"task": "?" if name is None else name} | said
    item = fitting[0]
    proof = {"code": "1234", "document": "bewijs"}.get(item.proof or "")
    return {"proof": proof} | said | {"task": item.id}


def _fill_notice(scene: Scene, said: Said) -> Said | Refusal:
    facts = _with_phase(scene, said, lambda phase: isinstance(phase.block, WaitFor))
    if isinstance(facts, Refusal):
        return facts
    phase = scene.reader.rules.find_phase(facts["phase"])
    kinds = awaited_notices(phase) if phase else ()
    return {"notice": kinds[0] if kinds else "?", "on": scene.now.date(), "document": "brief"} | facts


def _fill_retry(scene: Scene, said: Said) -> Said | Refusal:
    """Return the phase to retry: also one that is over, where a message of it stands still."""
    stalled = {stall.pending.phase for stall in scene.state.case.stalls}
    if not said.get("phase") and len(stalled) == 1:
        return said | {"phase": min(stalled)}
    return _with_phase(scene, said, lambda phase: phase.id in stalled)


_OFFERS = _in_phase(lambda scene, phase: phase.offer is not None)

ACTS: dict[str, ActName] = {
    "check": ActName(events.Check, {}, _fill_check),
    "uncheck": ActName(events.Uncheck, {}, _fill_check),
    "complete": ActName(events.Complete, {}, _fill_complete),
    "back": ActName(events.Back, {}, _in_phase(lambda scene, phase: phase.back_to is not None)),
    "attach": ActName(events.Attach, {}, _fill_attach),
    "release": ActName(events.Release, {}, _OFFERS),
    "decide": ActName(events.Decide, {}, _fill_decide),
    "approve": ActName(events.Decide, {"answer": "approve"}, _fill_decide),
    "sign": ActName(events.Decide, {"answer": "sign"}, _fill_decide),
    "reject": ActName(events.Decide, {"answer": "reject"}, _fill_decide),
    "not_deliver": ActName(events.Decide, {"answer": "not_deliver"}, _fill_decide),
    "delivered": ActName(events.RecordDelivery, {}, _fill_delivery),
    "fact": ActName(events.RecordFact, {}, _fill_fact),
    "task": ActName(events.TaskDone, {}, _fill_task),
    "answer": ActName(events.AnswerRequest, {}, _fill_answer),
    "accept": ActName(events.AcceptItem, {}, _fill_request),
    "send_back": ActName(events.SendBackItem, {}, _fill_request),
    "not_applicable": ActName(events.NotApplicable, {}, _fill_request),
    "note": ActName(events.Note, {}, _fill_nothing),
    "cancel": ActName(events.Cancel, {}, _fill_nothing),
    "hold": ActName(events.Hold, {}, _fill_nothing),
    "resume": ActName(events.Resume, {}, _fill_nothing),
    "reassign": ActName(events.Reassign, {}, _fill_nothing),
    "retry": ActName(events.Retry, {}, _fill_retry),
    "resolve_again": ActName(events.ResolveAgain, {}, _OFFERS),
    "notice": ActName(events.Notice, {}, _fill_notice),
}
"""By the name that people type; those of the events (record_fact, task_done …) mean the same."""

ACTS |= {
    _tag(named.kind): named
    for name, named in list(ACTS.items())
    if not named.preset and _tag(named.kind) not in ACTS
}
