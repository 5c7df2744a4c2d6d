"""The plans that were published: since when, by whom, and how many filings run on each (R34)."""

from datetime import datetime

from sqlalchemy import Connection

from ...office.deploys import ListedDeploy, list_deploys, read_review
from ...office.filings.filing import count_running
from ...office.pilots import list_pilots
from ...office.plans import PublishedPlan, latest_plan, list_plans
from ...plan import Model
from ..desk import Desk
from ..results import Refusal
from ..unknown import refuse_template


class PlanLine(Model):
    """A plan: `since` is when it was first published (real time), `active` that filings start on it.

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
        return tuple(_line(one, running.get(one.digest, 0), pilots.get(one.digest, ())) for one in found)

    return desk.read(ask)


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


def _line(published: PublishedPlan, running: int, pilot: tuple[str, ...]) -> PlanLine:
    return PlanLine(
        template=published.template,
        digest=published.digest,
        since=published.published_at,
        by=published.author,
        revision=published.revision,
        active=published.active,
        running=running,
        pilot=pilot,
    )
