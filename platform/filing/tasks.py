"""Tasks that automations make, for a role or for the client."""

from collections.abc import Iterator

from ..data import replace
from ..plan import Automation, CreateTask, Phase
from .construct import Construct, WorkItem
from .events import Actor, TaskDone
from .outcome import Refusal
from .permissions import does_work_of, escalated_to, task_subject
from .state import RequestState, TaskState
from .turn import Reader, Turn, put


class Tasks(Construct):
    """Tasks, open until they are done or their phase is left."""

    def finish(self, turn: Turn, phase: Phase) -> None:
        """Let the open tasks of a phase that is completed lapse."""
        _lapse(turn, frozenset({phase.id}))

    def withdraw(self, turn: Turn, phases: frozenset[str]) -> None:
        """Let the open tasks of phases that are done again lapse."""
        _lapse(turn, phases)

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield the open tasks."""
        if reader.case.ended:
            return
        for task in reader.case.tasks:
            definition = find_task(reader, task)
            if task.done is None and definition:
                roles, escalated = _doers(reader, task, definition), _find_escalated(reader, task)
                yield WorkItem(
                    kind="task",
                    id=task.id,
                    phase=task.phase,
                    title=definition.title,
                    roles=roles,
                    client=not roles,
                    proof=definition.proof,
                )
                if escalated and not roles:
                    own = reader.rules.phase(task.phase).role
                    yield WorkItem(
                        kind="escalated",
                        id=task.id,
                        phase=task.phase,
                        title=definition.title,
                        roles=tuple(dict.fromkeys((own, *escalated))),
                    )


def make_task(turn: Turn, phase: Phase, automation: str, definition: CreateTask) -> None:
    """Make the task of an automation, for the current round of its phase."""
    task = TaskState(
        id=f"{phase.id}.{automation}.{turn.round_of(phase.id)}",
        phase=phase.id,
        automation=automation,
        made=turn.now,
    )
    turn.set(tasks=put(turn.case.tasks, task, lambda t: t.id))
    turn.tell("task_made", None, phase.id, task=task.id, title=definition.title)


def find_task(reader: Reader, task: TaskState) -> CreateTask | None:
    """Return what the plan says of a task; None when a newer plan no longer has its automation."""
    automation = find_automation(reader, task)
    return automation.task if automation else None


def find_automation(reader: Reader, made: TaskState | RequestState) -> Automation | None:
    """Return the automation that made a task or a request; None when a newer plan no longer has it."""
    phase = reader.rules.find_phase(made.phase)
    return next((a for a in phase.automations if a.id == made.automation), None) if phase else None


def list_doers(reader: Reader, task: str) -> tuple[str, ...]:
    """Return the roles that may do a task, by its id; none for one of the client, or one there is not."""
    state = next((one for one in reader.case.tasks if one.id == task), None)
    definition = find_task(reader, state) if state else None
    return _doers(reader, state, definition) if state and definition else ()


def _doers(reader: Reader, task: TaskState, definition: CreateTask) -> tuple[str, ...]:
    """Return the roles that may do a task, none for one of the client."""
    if definition.to.kind != "role" or definition.to.name is None:
        return ()
    return tuple(dict.fromkeys((definition.to.name, *_find_escalated(reader, task))))


def _find_escalated(reader: Reader, task: TaskState) -> tuple[str, ...]:
    automation = find_automation(reader, task)
    return escalated_to(reader, task_subject(task.id), automation.chase if automation else None)


def finish_task(turn: Turn, act: TaskDone) -> Refusal | None:
    """Finish a task; refused unless it was given to who acts, and they give the proof that it asks for."""
    task = next((t for t in turn.case.tasks if t.id == act.task), None)
    definition = find_task(turn, task) if task else None
    if task is None or definition is None:
        return Refusal(
            code="unknown_task", text=f"Taak '{act.task}' bestaat niet. {_open_tasks(turn, act.by)}"
        )
    if task.done:
        return Refusal(code="task_is_done", text=f"De taak '{definition.title}' is al afgerond.")
    refusal = _refuse_doer(turn, task, definition, act) or _refuse_proof(definition, act)
    if refusal:
        return refusal
    done = replace(task, done=turn.now, done_by=act.by.id, proof=act.proof)
    turn.set(tasks=put(turn.case.tasks, done, lambda t: t.id))
    turn.add_contribution(task.phase, act.by)
    turn.tell("task_done", act.by.id, task.phase, task=task.id, title=definition.title, proof=act.proof)
    return None


def _lapse(turn: Turn, phases: frozenset[str]) -> None:
    """Withdraw the open tasks of phases: they no longer have to be done."""
    for task in turn.case.tasks:
        if task.phase in phases and task.done is None:
            turn.set(tasks=tuple(t for t in turn.case.tasks if t.id != task.id))
            definition = find_task(turn, task)
            title = definition.title if definition else task.id
            turn.tell("task_lapsed", None, task.phase, task=task.id, title=title)


def _open_tasks(turn: Turn, actor: Actor) -> str:
    """Say which tasks are open, to a contact only those of the client."""
    made = ((task.id, find_task(turn, task)) for task in turn.case.tasks if task.done is None)
    names = [
        f"{name} ('{definition.title}')"
        for name, definition in made
        if definition and (actor.kind == "team" or definition.to.kind != "role")
    ]
    return f"Openstaande taken: {', '.join(names)}." if names else "Er zijn nu geen openstaande taken."


def _refuse_doer(turn: Turn, task: TaskState, definition: CreateTask, act: TaskDone) -> Refusal | None:
    roles = _doers(turn, task, definition)
    if not roles:
        if act.by.kind == "contact" and "answer" in act.by.may:
            return None
        return Refusal(code="wrong_person", text=f"De taak '{definition.title}' is voor de klant.")
    if act.by.kind == "team" and any(does_work_of(turn, role, act.by) for role in roles):
        return None
    titles = " of ".join(turn.rules.role(role).title for role in roles)
    text = f"De taak '{definition.title}' hoort bij de rol {titles}."
    return Refusal(code="wrong_role", text=text)


def _refuse_proof(definition: CreateTask, act: TaskDone) -> Refusal | None:
    wanted = {"tick": None, "code": "de code", "document": "het document"}[definition.proof]
    if wanted and not act.proof:
        return Refusal(code="proof_missing", text=f"Geef {wanted} op bij de taak '{definition.title}'.")
    return None


TASKS = Tasks()
Tasks.acts = {"task_done": finish_task}
