"""Recurrences: what starts by itself, pausing, resuming and stopping it (R28)."""

from uuid import uuid4

from sqlalchemy import Connection

from ..office.filings import recurrences as rows
from ..office.filings.recurrences import Recurrence, find_recurrence
from ..office.people import TeamMember, find_person
from ..plan import Model
from ..runtime.client import LIMIT, NotRunning, Unknown
from ..runtime.recurrence_client import Change, change_recurrence, row_of
from ..suggest import nearest
from .desk import Desk
from .results import RecurrenceLine, Refusal, recurrence_line
from .sending import report_fault
from .unknown import refuse_other_than_member

__all__ = ["Change", "Changed", "Unknown", "change", "list_recurrences"]


class Changed(Model):
    """The recurrence as the change left it; `repeated` when that happened before."""

    recurrence: RecurrenceLine
    repeated: bool


def list_recurrences(desk: Desk) -> tuple[RecurrenceLine, ...]:
    """Return all recurrences, by relation and template."""
    return tuple(map(recurrence_line, desk.read(rows.list_recurrences)))


async def change(
    desk: Desk, who: str, name: str, wanted: Change, act_id: str | None = None
) -> Changed | Refusal | Unknown:
    """Pause, resume or stop a recurrence, named template/relation[/sub-number]; under its id it happens once.

    The same id for another change is refused. Raises ServerAwayError, DatabaseError and RPCError when
    something outside failed.
    """
    person = desk.read(lambda connection: _find_member(connection, who))
    if isinstance(person, Refusal):
        return person
    found = _find(desk, name)
    if isinstance(found, Refusal):
        return found
    client = await desk.client()
    answer = await change_recurrence(
        client, found.workflow_id, wanted, act_id or uuid4().hex, person.id, limit=desk.limit or LIMIT
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
        return Changed(recurrence=recurrence_line(row), repeated=True)
    if row.status == "stopped" and wanted != "stop":  # it has been stopped and is about to end
        return _STOPPED
    key = (row.relation, row.template, row.sub_number)
    await desk.until(lambda connection: find_recurrence(connection, *key) == row)
    return Changed(recurrence=recurrence_line(row), repeated=False)


_STOPPED = Refusal(
    code="recurrence_stopped",
    text="Deze herhaling is gestopt. Start een nieuwe met `kantoor start … --recurring`.",
)


def _without_workflow(found: Recurrence, wanted: Change) -> Changed | Refusal:
    if found.status == "stopped" and wanted == "stop":
        return Changed(recurrence=recurrence_line(found), repeated=True)
    if found.status == "stopped":
        return _STOPPED
    text = "Deze herhaling is niet volledig gestart. Voer `kantoor start …` opnieuw uit zoals de eerste keer."
    return Refusal(code="recurrence_not_begun", text=text)


def _find_member(connection: Connection, who: str) -> TeamMember | Refusal:
    person = find_person(connection, who)
    if isinstance(person, TeamMember):
        return person
    return refuse_other_than_member(connection, who, person, "dit doen")


def _find(desk: Desk, name: str) -> Recurrence | Refusal:
    template, _, rest = name.removeprefix("recurrence/").partition("/")
    relation, *sub_number = rest.split("/")
    found = None
    if len(sub_number) <= 1:
        found = desk.read(lambda connection: find_recurrence(connection, relation, template, *sub_number))
    if found is None:
        number = relation or name  # people type the number alone, or a period behind it
        theirs = desk.read(lambda connection: rows.list_recurrences(connection, relation=number))
        names = [recurrence_line(one).name for one in theirs]
        near = names[0] if len(names) == 1 else nearest(name, names)
        meant = f"Bedoelt u '{near}'?" if near else "Zie `kantoor recurrence list`."
        text = (
            f"Herhaling '{name}' bestaat niet. Schrijf werkproces/relatie of werkproces/relatie/subnummer. "
        )
        text += meant
        return Refusal(code="no_recurrence", text=text)
    return found
