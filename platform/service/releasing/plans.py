"""The plans that were published: since when, by whom, and how many filings run on each (R34)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ...clock import ZONE
from ...office.deploys import ListedDeploy, find_first_releases, list_deploys, read_review
from ...office.filings.filing import Filing, count_running, list_filings
from ...office.pilots import list_pilots
from ...office.plans import InForce, PublishedPlan, latest_plan, list_plans, plans_in_force
from ...plan import Model
from ..desk import Desk
from ..names import short_name
from ..results import Refusal
from ..unknown import refuse_template


class PlanLine(Model):
    """A plan: `since` is when it was first published (office time), `active` that filings start on it.

    `pilot` are the relations whose filings start on it while a pilot runs.
    """

    template: str
    digest: str
    since: datetime
    by: str
    revision: str
    active: bool
    running: int
    pilot: tuple[str, ...] = ()


def read_plans(desk: Desk, template: str | None = None) -> tuple[PlanLine, ...] | Refusal:
    """Return the plans of a template, or of all. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[PlanLine, ...] | Refusal:
        running, found = count_running(connection), list_plans(connection, template)
        if not found and template is not None:
            return refuse_template(connection, template)
        pilots = {one.digest: one.relations for one in list_pilots(connection, template, running=True)}
        released = find_first_releases(connection)
        return tuple(
            _line(one, released.get(one.digest), running.get(one.digest, 0), pilots.get(one.digest, ()))
            for one in found
        )

    return desk.read(ask)


class FilingOnPlan(Model):
    """A filing that runs, and its plan; `in_force` says that its relation's next one starts on that too."""

    filing: str
    name: str
    digest: str
    in_force: bool


def list_on_plans(desk: Desk, template: str) -> tuple[FilingOnPlan, ...] | Refusal:
    """Return which running filings of a template run on which plan, plan by plan. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[FilingOnPlan, ...] | Refusal:
        order = [one.digest for one in list_plans(connection, template)]
        if not order:
            return refuse_template(connection, template)
        in_force = plans_in_force(connection)
        found = [
            FilingOnPlan(
                filing=one.id,
                name=short_name(one.id),
                digest=one.plan,
                in_force=_is_in_force(in_force, one),
            )
            for one in list_filings(connection, template=template, status="loopt")
        ]
        return tuple(sorted(found, key=lambda one: (order.index(one.digest), one.name)))

    return desk.read(ask)


def _is_in_force(in_force: InForce, filing: Filing) -> bool:
    plan = in_force.find(filing.template, filing.relation)
    return plan is not None and plan.digest == filing.plan


def find_title(desk: Desk, template: str) -> str:
    """Return how people call a template; its id where it was never published. Raises DatabaseError."""
    published = desk.read(lambda connection: latest_plan(connection, template))
    return published.plan.title if published else template


def list_releases(desk: Desk, template: str | None = None) -> tuple[ListedDeploy, ...]:
    """Return deploys, pilots, promotes and rollbacks, those of a template or all; the latest first.

    Raises DatabaseError.
    """
    return tuple(one for one in desk.read(list_deploys) if template is None or template in one.changes)


def find_review(desk: Desk, number: int) -> str | None:
    """Return the review that a deploy was by, as it was kept, or None. Raises DatabaseError."""
    return desk.read(lambda connection: read_review(connection, number))


def _line(
    published: PublishedPlan, released: datetime | None, running: int, pilot: tuple[str, ...]
) -> PlanLine:
    return PlanLine(
        template=published.template,
        digest=published.digest,
        since=released or published.published_at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None),
        by=published.author,
        revision=published.revision,
        active=published.active,
        running=running,
        pilot=pilot,
    )
