"""What comes about by a day: where it differs, what falls alike in one period need not in another.

A reminder that is never sent in the period that is walked, since the escalation comes first, may be sent in
one with other closed days or another length. So a walk of one period says nothing of the others then.
"""

from collections.abc import Iterator

from ..data import Struct
from ..plan import Automation, Chase, DateRule, Deadline, Offer, Plan
from ..review.blanking import blank


def have_days_alike(one: Plan, other: Plan) -> bool:
    """Say whether the same comes about by the same days, in the same order, once a filing is created."""
    return list(_list_dated(blank(one))) == list(_list_dated(blank(other)))


def _list_dated(plan: Plan) -> Iterator[object]:
    """Yield what hangs on days: deadlines, dates, what happens on them, who is chased and by whom."""
    for part in _list_parts(plan):
        yield part
        if isinstance(part, Chase) and part.escalate:
            name = part.escalate.role
            yield from (role for role in plan.roles if role.id == name)


def _list_parts(part: object) -> Iterator[object]:
    dated = isinstance(part, Automation) and isinstance(part.at, DateRule)
    if dated or isinstance(part, Chase | DateRule | Deadline):
        yield part
    elif isinstance(part, Struct):
        if isinstance(part, Offer):
            yield part.workdays_to_object
        for name in part.__struct_fields__:
            if name != "created":
                yield from _list_parts(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from _list_parts(item)
