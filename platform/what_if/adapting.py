"""How an act of then is done where a plan asks for it otherwise: by whom, on which documents, with what else.

Only what takes nobody any time is assumed, and each time it is told: a colleague of the role that the work
has moved to does it at the same moment, on the documents as they are then, and ticks what is new and
mandatory. Nobody is given a title, nobody decides otherwise, and no phase is done that nobody did.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from ..data import replace
from ..filing import events
from ..filing.documents import shown_now, shown_to
from ..filing.events import Act, Actor, AnyAct, Check
from ..filing.permissions import does_work_of, responsible_roles
from ..filing.tasks import list_doers
from ..filing.turn import Reader
from ..plan import Phase


class Adapted(NamedTuple):
    """Acts in the place of one, in their order, and what was assumed: kind and the item of the plan."""

    acts: tuple[AnyAct, ...]
    assumed: tuple[tuple[str, str], ...]


class Colleagues:
    """The people of the office in one filing, as they acted, by the roles that they had."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._seen: dict[str, Actor] = {}
        for act in acts:
            if act.by.kind == "team":
                for role in act.by.roles:
                    self._seen.setdefault(role, act.by)

    def find(self, role: str, reader: Reader) -> Actor:
        """Return who does the work of a role: a colleague who acted in it, or one whom nobody has met."""
        seen = self._seen.get(role)
        person = reader.assigned_to(role)
        if seen and (person is None or person == seen.id):
            return seen
        titles = next((one.qualification for one in reader.plan.roles if one.id == role), ())
        return Actor(kind="team", id=person or f"role {role}", roles=(role,), qualifications=titles)


def adapt(reader: Reader, act: AnyAct, colleagues: Colleagues) -> Adapted | None:
    """Return how an act is done that was refused as it was; None where nothing can be assumed."""
    phase = _find_phase(reader, act)
    if phase is None:
        return None
    assumed: list[tuple[str, str]] = []
    adapted: AnyAct = act
    if isinstance(act, events.TaskDone):
        roles = list_doers(reader, act.task)
    else:
        roles = responsible_roles(reader, phase)
    if act.by.kind == "team" and roles and not any(does_work_of(reader, one, act.by) for one in roles):
        adapted = replace(adapted, by=colleagues.find(roles[0], reader))
        assumed.append(("role", roles[0]))
    if isinstance(adapted, events.Complete):
        current = shown_now(reader, (*phase.reviews, *phase.signs))
        if not set(current) <= set(adapted.documents):
            adapted = replace(adapted, documents=current)
            assumed.append(("documents", phase.id))
        checks = tuple(_list_checks(reader, phase, adapted))
        assumed += [("tick", f"{phase.id}.{one.checkpoint}") for one in checks]
        return Adapted((*checks, adapted), tuple(assumed)) if assumed else None
    if isinstance(adapted, events.Decide) and phase.offer:
        offer = reader.offer_state(phase.id)
        seen = shown_to(offer, (adapted.contact or adapted.by).id) if offer else ()
        if adapted.answer != "not_deliver" and not set(seen) <= set(adapted.documents):
            adapted = replace(adapted, documents=seen)
            assumed.append(("documents", phase.id))
        wanted: Literal["sign", "approve"] = (
            "sign" if reader.offered_as(phase.id) == "signature" and adapted.contact is None else "approve"
        )
        if adapted.answer in ("approve", "sign") and adapted.answer != wanted:
            adapted = replace(adapted, answer=wanted)
            assumed.append((wanted, phase.id))
    return Adapted((adapted,), tuple(assumed)) if assumed else None


def _find_phase(reader: Reader, act: AnyAct) -> Phase | None:
    if isinstance(act, events.Attach):
        document = reader.rules.find_document(act.shown.document)
        return reader.rules.find_phase(document.made_in) if document else None
    named = getattr(act, "phase", None) or getattr(act, "request", None) or getattr(act, "task", "")
    return reader.rules.find_phase(str(named).split(".")[0])


def _list_checks(reader: Reader, phase: Phase, act: events.Complete) -> Iterator[Check]:
    """Yield ticks of the mandatory checkpoints of a phase that nobody has ticked."""
    state = reader.phase_state(phase.id)
    done = {tick.checkpoint for tick in state.ticks} if state else set()
    for point in reader.rules.checkpoints(phase):
        if point.required and point.id not in done:
            yield Check(
                at=act.at,
                id=f"{act.id}/{point.id}",
                by=act.by,
                phase=phase.id,
                checkpoint=point.id,
            )
