"""Holding a filing (aanhouden), and resuming it: what stops, and what goes on (R30).

While it is held nothing goes out by itself and nothing new begins; results of commands are taken, and the
deadlines of the law go on. Reminders count from the day on which it was resumed.
"""

from collections.abc import Iterator

from ..data import replace
from ..period import in_words
from ..plan import Phase
from .construct import Construct, Order, Wait, WorkItem
from .events import Act, Hold, Resume
from .outcome import Refusal
from .permissions import responsible_roles
from .state import HoldState
from .turn import Reader, Turn
from .whole_filing import refuse_other

TAKEN = ("note", "resume", "cancel", "record_fact", "attach")
"""The acts that a filing takes while it is held, beside those of the system."""
GOING_ON = (Order.MISSED, Order.RESUME)
"""The dates that come while a filing is held."""


class Holds(Construct):
    """What keeps the filing as a whole."""

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the day on which a hold ends by itself."""
        held = reader.held
        if held and held.until and not reader.case.ended:
            yield Wait(held.until, Order.RESUME, reader.plan.phases[0].id)

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield that the filing is held, in the place of all its work."""
        held = reader.held
        if held is None:
            return
        active = reader.active_phases()
        roles = [role for phase in active for role in responsible_roles(reader, phase)]
        first = active[0] if active else reader.plan.phases[0]
        yield WorkItem(
            kind="held",
            id=first.id,
            phase=first.id,
            title=reader.plan.title,
            roles=tuple(dict.fromkeys(roles or [first.role])),
            due=held.until,
            missing=(held.reason,),
        )


def refuse_held(reader: Reader, act: Act) -> Refusal | None:
    """Refuse an act that a filing does not take while it is held; the reason is the office's own."""
    held = reader.held
    if held is None or act.kind in TAKEN or act.by.kind == "system":
        return None
    until = f" tot {in_words(held.until)}" if held.until else ""
    said = f"Deze opdracht is sinds {in_words(held.since.date())} aangehouden{until}"
    if act.by.kind != "team":
        return Refusal(code="held", text=f"{said}.")
    return Refusal(code="held", text=f"{said}: {held.reason}. Hervat de opdracht eerst.")


def hold(turn: Turn, act: Hold) -> Refusal | None:
    """Hold the filing, with a reason, until it is resumed or until a day."""
    reason = act.reason.strip()
    if not reason:
        return Refusal(code="reason_missing", text="Geef een reden voor het aanhouden.")
    if act.until and act.until <= turn.now.date():
        text = "De dag tot wanneer de opdracht wordt aangehouden moet na vandaag liggen."
        return Refusal(code="day_passed", text=text)
    refusal = refuse_other(turn, act.by, "aanhouden")
    if refusal:
        return refusal
    held = HoldState(since=turn.now, by=act.by.id, reason=reason, until=act.until)
    turn.set(holds=(*turn.case.holds, held))
    turn.tell("held", act.by.id, until=act.until.isoformat() if act.until else None, reason=reason)
    return None


def resume(turn: Turn, act: Resume) -> Refusal | None:
    """Go on with a filing that is held."""
    if turn.held is None:
        return Refusal(code="not_held", text="Deze opdracht is niet aangehouden.")
    refusal = refuse_other(turn, act.by, "hervatten")
    if refusal:
        return refusal
    _go_on(turn, act.by.id)
    return None


def _resume_by_itself(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Go on, now that the day has come until which the filing was held."""
    _go_on(turn, None)


def _go_on(turn: Turn, by: str | None) -> None:
    *before, held = turn.case.holds
    turn.set(holds=(*before, replace(held, ended=turn.now)))
    turn.tell("resumed", by)


HOLDS = Holds()
Holds.acts = {"hold": hold, "resume": resume}
Holds.fires = {Order.RESUME: _resume_by_itself}
