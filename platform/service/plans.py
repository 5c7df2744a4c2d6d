"""The plans that were published: since when, by whom, and how many filings run on each (R34)."""

from datetime import datetime

from sqlalchemy import Connection

from ..office.filings.filing import count_running
from ..office.plans import PublishedPlan, list_plans
from ..plan import Model
from .desk import Desk
from .results import Refusal
from .unknown import refuse_template


class PlanLine(Model):
    """A plan: `since` is when it was first published (real time), `active` that filings start on it."""

    template: str
    digest: str
    since: datetime
    by: str
    revision: str
    active: bool
    running: int


def read_plans(desk: Desk, template: str | None = None) -> tuple[PlanLine, ...] | Refusal:
    """Return the plans of a template, or of all. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[PlanLine, ...] | Refusal:
        running, found = count_running(connection), list_plans(connection, template)
        if not found and template is not None:
            return refuse_template(connection, template)
        return tuple(_line(one, running.get(one.digest, 0)) for one in found)

    return desk.read(ask)


def _line(published: PublishedPlan, running: int) -> PlanLine:
    return PlanLine(
        template=published.template,
        digest=published.digest,
        since=published.published_at,
        by=published.author,
        revision=published.revision,
        active=published.active,
        running=running,
    )
