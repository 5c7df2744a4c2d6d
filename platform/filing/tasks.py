"""Tasks that automations make, for a role or for the client."""

from ..plan import CreateTask
from .automations import task_of
from .events import Actor, TaskDone
from .outcome import Refusal
from .permissions import role_title
from .turn import Turn, put


def task_done(turn: Turn, act: TaskDone) -> Refusal | None:
    """Finish a task, by whom it is for, with the proof it asks for."""
    task = next((t for t in turn.state.tasks if t.id == act.task), None)
    definition = task_of(turn.plan, task) if task else None
    if task is None or definition is None:
        return Refusal(code="unknown_task", text=f"Er is geen taak '{act.task}'. {_open_tasks(turn, act.by)}")
    if task.done:
        return Refusal(code="task_is_done", text=f"De taak '{definition.title}' is al gedaan.")
    refusal = _refuse_doer(turn, definition, act) or _refuse_proof(definition, act)
    if refusal:
        return refusal
    done = task.model_copy(update={"done": turn.now, "done_by": act.by.id, "proof": act.proof})
    turn.set(tasks=put(turn.state.tasks, done, lambda t: t.id))
    turn.contributed(task.phase, act.by)
    turn.tell("task_done", act.by.id, task.phase, task=task.id, title=definition.title, proof=act.proof)
    return None


def _open_tasks(turn: Turn, actor: Actor) -> str:
    """Say which tasks are open, to a contact only those of the client."""
    made = ((task.id, task_of(turn.plan, task)) for task in turn.state.tasks if task.done is None)
    names = [
        f"{name} ('{definition.title}')"
        for name, definition in made
        if definition and (actor.kind == "team" or definition.to.kind != "role")
    ]
    return f"Open staan: {', '.join(names)}." if names else "Er staat nu geen taak open."


def _refuse_doer(turn: Turn, definition: CreateTask, act: TaskDone) -> Refusal | None:
    role = definition.to.name if definition.to.kind == "role" else None
    if role is None:
        if act.by.kind == "contact" and "answer" in act.by.may:
            return None
        return Refusal(code="wrong_person", text=f"De taak '{definition.title}' is voor de klant.")
    if act.by.kind == "team" and role in act.by.roles:
        return None
    text = f"De taak '{definition.title}' is voor de rol {role_title(turn.plan, role)}."
    return Refusal(code="wrong_role", text=text)


def _refuse_proof(definition: CreateTask, act: TaskDone) -> Refusal | None:
    wanted = {"tick": None, "code": "de code", "document": "het document"}[definition.proof]
    if wanted and not act.proof:
        return Refusal(code="proof_missing", text=f"Geef {wanted} bij de taak '{definition.title}'.")
    return None
