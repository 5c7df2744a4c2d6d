"""What if: a change of definitions, run against filings that really happened (R52)."""

from functools import partial

import msgspec

from ...review.review import Side, pair_templates
from ...what_if.many import Comparison, compare_all
from ...what_if.report import VERSION, TemplateWhatIf, WhatIf, summarise
from ..progress import Progress, show_nothing
from .closed_filings import ClosedFilings, ClosedFilingsError


def compare_closed(
    closed: ClosedFilings, before: Side, after: Side, progress: Progress = show_nothing
) -> WhatIf:
    """Return what would have been different for closed filings of the templates that change.

    A template that has another id is compared as what it was. Raises ClosedFilingsError where a filing of a
    file cannot be read.
    """
    found: list[TemplateWhatIf] = []
    left: list[str] = []
    pairs = [
        (two.before, two.after)
        for two in pair_templates(dict(before.plans), dict(after.plans))
        if two.before is None or two.after is None or before.plans[two.before] != after.plans[two.after]
    ]
    every = sum(len(closed.filings.get(old or "", ())) for old, new in pairs if new)
    done = 0
    for old, new in pairs:
        if old is None or new is None:
            left.append(_say_no_pair(before, after, old, new))
            continue
        filings = closed.filings.get(old, ())
        if not filings:
            left.append(f"No filing of ‘{after.plans[new].title}’ was closed.")
            continue
        own = {name: plan for name, plan in closed.plans.items() if plan.template == old}
        comparison = Comparison(before.plans[old], after.plans[new], own, closed.calendars)
        try:
            compared = compare_all(comparison, filings, partial(_show, progress, done, every))
        except msgspec.MsgspecError:
            raise ClosedFilingsError("a filing in it is not one that this version reads") from None
        done += len(filings)
        found.append(summarise(before.plans[old], after.plans[new], compared))
    return WhatIf(
        version=VERSION,
        base=before.name,
        head=after.name,
        on=closed.on,
        since=closed.since,
        templates=tuple(found),
        not_looked_at=tuple(left),
    )


def _show(progress: Progress, before: int, every: int, done: int) -> None:
    progress("comparing", before + done, every)


def _say_no_pair(before: Side, after: Side, old: str | None, new: str | None) -> str:
    if old is None:
        return f"‘{after.plans[new or ''].title}’ is new: no filing of it has happened."
    return f"‘{before.plans[old].title}’ is gone: its filings have no plan to be compared by."
