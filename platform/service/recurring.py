"""Recurrences: what starts by itself, pausing, resuming and stopping it (R28)."""

from uuid import uuid4

from ..filing.outcome import Refusal
from ..office.people import TeamMember, find_person
from ..office.recurrences import Recurrence, find_recurrence, list_recurrences
from ..plan import Model
from ..runtime.client import NotRunning, Unknown
from ..runtime.recurring import Change, change_recurrence
from .desk import Desk


class Changed(Model):
    """The recurrence as it stands now."""

    recurrence: Recurrence


def listed(desk: Desk) -> tuple[Recurrence, ...]:
    """Return all recurrences, by relation and template."""
    return desk.read(list_recurrences)


async def change(
    desk: Desk, who: str, name: str, wanted: Change, act_id: str | None = None
) -> Changed | Refusal | NotRunning | Unknown:
    """Pause, resume or stop a recurrence, named template/relation[/sub-number]."""
    found = _find(desk, who, name)
    if isinstance(found, Refusal):
        return found
    act = act_id or uuid4().hex
    answer = await change_recurrence(await desk.client(), found.workflow_id, wanted, act)
    if isinstance(answer, NotRunning | Unknown):
        return answer
    status = {"pause": "paused", "resume": "running", "stop": "stopped"}.get(wanted, found.status)
    return Changed(recurrence=found.model_copy(update={"status": status, "problem": answer.problem}))


def _find(desk: Desk, who: str, name: str) -> Recurrence | Refusal:
    parts = name.removeprefix("recurrence/").split("/")
    if not isinstance(desk.read(lambda c: find_person(c, who)), TeamMember):
        return Refusal(code="unknown_person", text=f"Dit doet een medewerker; '{who}' is dat niet.")
    found = None
    if len(parts) in (2, 3):
        found = desk.read(lambda c: find_recurrence(c, parts[1], parts[0], *parts[2:]))
    if found is None:
        text = f"Er is geen herhaling '{name}'; zie `kantoor recurrence list`."
        return Refusal(code="no_recurrence", text=text)
    return found
