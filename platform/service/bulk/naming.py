"""What a bulk run calls things, kept with it: a page of it says later what was meant then."""

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...office.plans import latest_plan
from ..unknown import refuse_template
from .asking import Asked


def name_template(connection: Connection, asked: Asked) -> Asked | Refusal:
    """Return what is asked with the title of its template, if it is about one; refuse one that never was."""
    if not asked.template:
        return asked
    published = latest_plan(connection, asked.template)
    if published is None:
        return refuse_template(connection, asked.template)
    return asked.model_copy(update={"title": published.plan.title})
