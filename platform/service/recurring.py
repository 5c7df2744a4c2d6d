"""Recurrences: what starts by itself, pausing, resuming and stopping it (R28)."""

from uuid import uuid4

from ..filing.outcome import Refusal
from ..office.people import TeamMember, find_person
from ..office.recurrences import Recurrence, find_recurrence, list_recurrences
from ..plan import Model
from ..runtime.client import NotRunning, Unknown
from ..runtime.recurring import Change, change_recurrence, row_of
from .desk import Desk
from .sending import report_fault


class Changed(Model):
    """The recurrence as the change left it; `repeated` when that happened before."""

    recurrence: Recurrence
    repeated: bool


def listed(desk: Desk) -> tuple[Recurrence, ...]:
    """Return all recurrences, by relation and template."""
    return desk.read(list_recurrences)


async def change(
    desk: Desk, who: str, name: str, wanted: Change, act_id: str | None = None
) -> Changed | Refusal | Unknown:
    """Pause, resume or stop a recurrence, named template/relation[/sub-number]; under its id it happens once.

    The same id for another change is refused. Raises ServerAwayError, DatabaseError and RPCError when
    something outside failed.
    """
    person = desk.read(lambda connection: find_person(connection, who))
    if not isinstance(person, TeamMember):
        return Refusal(code="unknown_person", text=f"Dit doet een medewerker; '{who}' is dat niet.")
    found = _find(desk, name)
    if isinstance(found, Refusal):
        return found
    client = await desk.client()
    answer = await change_recurrence(
        client, found.workflow_id, wanted, act_id or uuid4().hex, person.id, limit=desk.limit
    )
    if isinstance(answer, Unknown):
        report_fault(desk, answer)
        return answer
    if isinstance(answer, Refusal):
        return answer
    if isinstance(answer, NotRunning):
        return _without_workflow(found, wanted)
    row = row_of(answer.recurrence)
    if answer.repeated:
        return Changed(recurrence=row, repeated=True)
    if row.status == "stopped" and wanted != "stop":  # it has been stopped and is about to end
        return _STOPPED
    key = (row.relation, row.template, row.sub_number)
    await desk.until(lambda connection: find_recurrence(connection, *key) == row)
    return Changed(recurrence=row, repeated=False)


_STOPPED = Refusal(
    code="recurrence_stopped",
    text="Deze herhaling is gestopt; begin haar opnieuw met `kantoor start … --recurring`.",
)


def _without_workflow(found: Recurrence, wanted: Change) -> Changed | Refusal:
    if found.status == "stopped" and wanted == "stop":
        return Changed(recurrence=found, repeated=True)
    if found.status == "stopped":
        return _STOPPED
    text = "Deze herhaling is blijven liggen; herhaal het `kantoor start …` waarmee zij begon."
    return Refusal(code="recurrence_not_begun", text=text)


def _find(desk: Desk, name: str) -> Recurrence | Refusal:
    template, _, rest = name.removeprefix("recurrence/").partition("/")
    relation, *sub_number = rest.split("/")
    found = None
    if len(sub_number) <= 1:
        found = desk.read(lambda connection: find_recurrence(connection, relation, template, *sub_number))
    if found is None:
        text = f"Er is geen herhaling '{name}'; zie `kantoor recurrence list`."
        return Refusal(code="no_recurrence", text=text)
    return found
