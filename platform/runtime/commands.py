"""Which activity carries out which command, with what it needs to know of plan and state."""

from datetime import date, datetime
from typing import assert_never

from ..filing.commands import AnyCommand, Deliver, Follow, Resolve, Send
from ..filing.state import State
from ..filing.view import view
from ..plan import Plan, Way
from .inputs import Asked, DeliverInput, FollowInput, ResolveInput, SendInput

SEND, RESOLVE, DELIVER, FOLLOW, RECORD = "send_message", "resolve_offer", "deliver", "follow", "record"
"""Names of activities, as they stand in histories: never changed."""


def asked(plan: Plan, state: State, command: AnyCommand, at: datetime) -> tuple[str, Asked]:
    """Return the activity's name and its input."""
    origin = state.origin
    known = {"workflow_id": origin.filing.workflow_id, "origin": origin, "at": at}
    match command:
        case Send():
            return SEND, SendInput(
                command=command,
                message=plan.message(command.message),
                office=plan.office,
                title=plan.title,
                due=_due(plan, state),
                offered_as=_offered_as(state),
                role=plan.phase(command.phase).role,
                roles=plan.roles,
                **known,
            )
        case Resolve():
            return RESOLVE, ResolveInput(command=command, **known)
        case Deliver():
            report = plan.document(command.document).report
            if report is None:
                raise LookupError(f"document '{command.document}' has no report to deliver")
            return DELIVER, DeliverInput(command=command, report=report, **known)
        case Follow():
            return FOLLOW, FollowInput(command=command, **known)
        case _:
            assert_never(command)


def _offered_as(state: State) -> Way | None:
    last = max(state.offers, key=lambda offer: offer.number, default=None)
    return last.way if last else None


def _due(plan: Plan, state: State) -> date | None:
    """Return the earliest open deadline; when none is open any more, the last that was."""
    seen = view(plan, state)
    return seen.due or max((deadline.due for deadline in seen.deadlines), default=None)
