"""Since when open work of the team is escalated, for whoever looks at it.

As the day of work (`due_days.py`) it is told beside `list_work`, which recorded histories hold.
"""

from ..data import replace
from .construct import WorkItem
from .permissions import chase_subject, request_subject, task_subject
from .turn import Reader


def tell_escalation(reader: Reader, item: WorkItem) -> WorkItem:
    """Return work of the team with the day on which it was escalated, if it was; the client's as it is.

    Work of kind `escalated` is that of whoever was brought in, and says so itself.
    """
    phase = reader.rules.find_phase(item.phase)
    if phase is None or item.kind == "escalated" or not (item.roles or item.person):
        return item
    if item.kind in ("received", "received_late"):
        subject = request_subject(item.id)
    else:
        subject = task_subject(item.id) if item.kind == "task" else chase_subject(phase)
    day = reader.chased_for(subject).escalated
    return replace(item, escalated=day) if day else item
