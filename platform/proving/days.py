"""Whether two plans count days by the same rules: what falls alike in one period need not in another."""

from collections.abc import Iterator

from ..data import Struct
from ..plan import DateRule, Plan


def count_days_alike(one: Plan, other: Plan) -> bool:
    """Say whether both have the same rules for days, in the same order, but for when a filing is created."""
    return list(_list_rules(one)) == list(_list_rules(other))


def _list_rules(part: object) -> Iterator[DateRule]:
    if isinstance(part, DateRule):
        yield part
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            if name != "created":
                yield from _list_rules(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from _list_rules(item)
