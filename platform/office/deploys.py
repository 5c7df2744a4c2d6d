"""The history of releases: what was deployed, piloted, promoted and rolled back, by whom and why (R34)."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from ..plan import Model
from .database.tables import deploys

Kind = Literal["deploy", "pilot", "promote", "rollback"]


class Release(Model):
    """What a release changed: `changes` has the digest of each plan that changed by template.

    None where the template was withdrawn. `office` is the digest of the office's definitions, `at` office
    time (UTC of what was released before that was kept); `without_scenarios` says why none was run, where
    none was. `before` and `office_before` are what was in force, None where nobody wrote it down. Of a pilot
    `changes` are in force for its relations alone.
    `undoes` is the number of the release that a rollback takes back.
    """

    at: datetime
    revision: str
    author: str
    changes: dict[str, str | None]
    office: str
    without_scenarios: str | None = None
    kind: Kind = "deploy"
    before: dict[str, str | None] | None = None
    office_before: str | None = None
    reason: str = ""
    undoes: int | None = None


class Deploy(Release):
    """A release to be written down; `review` is the kept review that it is by."""

    review: str | None = None


class ListedDeploy(Release):
    """A release with its number, by which they are in order; `reviewed` says whether a review is kept."""

    id: int
    reviewed: bool


def note_deploy(connection: Connection, deploy: Deploy) -> int:
    """Write down what was released, and return its number. Needs a writing connection."""
    values = deploy.model_dump()
    if values["before"] is None:
        del values["before"]  # null in the column, and no null of JSON
    made = connection.execute(deploys.insert().values(**values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def list_deploys(connection: Connection) -> tuple[ListedDeploy, ...]:
    """Return what was released, the latest first."""
    names = [name for name in ListedDeploy.model_fields if name != "reviewed"]
    columns = (*(deploys.c[name] for name in names), deploys.c.review.is_not(None).label("reviewed"))
    rows = connection.execute(select(*columns).order_by(deploys.c.id.desc())).mappings()
    return tuple(ListedDeploy.model_validate(dict(row)) for row in rows)


def find_first_releases(connection: Connection) -> dict[str, datetime]:
    """Return when each plan was first released, by its digest; without those that no deploy published."""
    found: dict[str, datetime] = {}
    for one in reversed(list_deploys(connection)):
        if one.kind in ("deploy", "pilot"):
            for digest in filter(None, one.changes.values()):
                found.setdefault(digest, one.at)
    return found


def read_review(connection: Connection, number: int) -> str | None:
    """Return the kept review that a release was by, or None."""
    query = select(deploys.c.review).where(deploys.c.id == number)
    return connection.execute(query).scalar_one_or_none()


def find_last_standing(connection: Connection) -> ListedDeploy | None:
    """Return the last deploy or promote that no rollback took back, or None."""
    done = list_deploys(connection)
    undone = {one.undoes for one in done}
    standing = (one for one in done if one.kind in ("deploy", "promote") and one.id not in undone)
    return next(standing, None)
