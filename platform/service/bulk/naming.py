"""What a bulk run calls things, kept with it: a page of it says later what was meant then."""

from sqlalchemy import Connection

from ...office.plans import latest_plan
from .asking import Asked


def name_template(connection: Connection, asked: Asked) -> Asked:
    """Return what is asked with the title of its template, where it has one."""
    published = latest_plan(connection, asked.template)
    return asked.model_copy(update={"title": published.plan.title if published else asked.template})
