"""The plan that a filing runs on, beside the one in force for it (R40)."""

from datetime import datetime

from sqlalchemy import Connection

from ..office.filings.filing import Filing
from ..office.plans import PublishedPlan, plan_by_digest, plan_in_force
from ..plan import Model


class PlanName(Model):
    """A plan as people tell it from others; `since` is when it was first published, in real time.

    `newest`: of the plan that a filing runs on and the one in force it was published last.
    """

    digest: str
    since: datetime
    by: str
    revision: str
    newest: bool = False


class PlanStanding(Model):
    """The plan that a filing runs on, and the one in force for it where that is `another`.

    `newer` says that the other one was published later; else the office went back to it. `another` is None
    also where the template is no longer in force.
    """

    current: PlanName
    another: PlanName | None
    newer: bool


def find_standing(connection: Connection, filing: Filing) -> PlanStanding | None:
    """Return the plans of a filing that has not ended, or None."""
    if filing.ended:
        return None
    current = plan_by_digest(connection, filing.plan)
    if current is None:
        return None
    return compare_plans(current, plan_in_force(connection, filing.template, filing.relation))


def compare_plans(current: PublishedPlan, in_force: PublishedPlan | None) -> PlanStanding:
    """Return the plan that a filing runs on beside the one in force, if any."""
    another = in_force if in_force and in_force.digest != current.digest else None
    newer = another is not None and another.published_at > current.published_at
    return PlanStanding(
        current=_name(current, newest=in_force is not None and not newer),
        another=_name(another, newest=newer) if another else None,
        newer=newer,
    )


def _name(published: PublishedPlan, *, newest: bool) -> PlanName:
    return PlanName(
        digest=published.digest,
        since=published.published_at,
        by=published.author,
        revision=published.revision,
        newest=newest,
    )
