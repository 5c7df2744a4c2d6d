"""Published plans and office definitions: what a filing can start on, and what it started on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, bindparam, literal, select, union_all, update

from ..data import read
from ..plan import Model, Office, Plan, digest, load_plan, plan_bytes
from .database.columns import among_given
from .database.moments import once_a_moment
from .database.tables import deploys, office_definitions, plans


class Published(Model):
    """What publishing did with one template; `digest` is None where the template is no longer active."""

    template: str
    digest: str | None
    change: Literal["new", "changed", "unchanged", "withdrawn"]


class UnknownPlanError(LookupError):
    """A plan was never published here: this database is older than what goes by it, or another office's."""


class Deploy(Model):
    """A deploy that changed something: `changes` has the digest of each plan that changed by template.

    None where the template was withdrawn. `office` is the digest of the office's definitions, `at` real time;
    `without_scenarios` says why none was run, where none was.
    """

    at: datetime
    revision: str
    author: str
    changes: dict[str, str | None]
    office: str
    without_scenarios: str | None = None


class PublishedPlan(Model):
    """A plan with where it came from; `text` is its canonical JSON, `published_at` real time."""

    digest: str
    template: str
    text: str
    revision: str
    author: str
    published_at: datetime
    active: bool

    @property
    def plan(self) -> Plan:
        """Return the plan itself; the same text gives the same object."""
        return load_plan(self.text)


def publish(
    connection: Connection,
    compiled: Sequence[Plan],
    office: Office,
    *,
    revision: str,
    author: str,
    at: datetime,
) -> tuple[Published, ...]:
    """Make these plans and definitions the active ones; a template that is not among them is withdrawn.

    Running filings stay on their own plan. `at` is real time. Needs a writing connection.
    """
    found = compare_published(connection, compiled)
    connection.execute(update(plans).where(plans.c.active).values(active=False))
    for plan in compiled:
        _activate_plan(connection, plan, revision, author, at)
    _activate_office(connection, office, at)
    return found


def compare_published(connection: Connection, compiled: Sequence[Plan]) -> tuple[Published, ...]:
    """Return what publishing these plans does with each template."""
    before = {p.template: p.digest for p in active_plans(connection)}
    after = {plan.template: digest(plan) for plan in compiled}
    return tuple(_change(name, before.get(name), after.get(name)) for name in sorted({*before, *after}))


def note_deploy(connection: Connection, deploy: Deploy) -> None:
    """Write down what was deployed. Needs a writing connection."""
    connection.execute(deploys.insert().values(**deploy.model_dump()))


def list_deploys(connection: Connection) -> tuple[Deploy, ...]:
    """Return the deploys that changed something, the latest first."""
    query = select(*(deploys.c[name] for name in Deploy.model_fields)).order_by(deploys.c.id.desc())
    return tuple(Deploy.model_validate(dict(row)) for row in connection.execute(query).mappings())


def active_plan(connection: Connection, template: str) -> PublishedPlan | None:
    """Return the plan on which a filing of this template starts now, or None when none is published."""
    row = connection.execute(_ACTIVE_PLAN, {"wanted": template}).first()
    return None if row is None else _read_published(row)


def latest_plan(connection: Connection, template: str) -> PublishedPlan | None:
    """Return the active plan of a template, else the one that was published last, or None."""
    query = _PLANS.where(plans.c.template == template)
    row = connection.execute(query.order_by(plans.c.active.desc(), plans.c.published_at.desc())).first()
    return None if row is None else _read_published(row)


class Plans(NamedTuple):
    """Plans that were asked for: by digest, and of templates the active one, else the last published."""

    by_digest: Mapping[str, Plan]
    latest: Mapping[str, Plan]


def find_plans(connection: Connection, digests: Collection[str], templates: Collection[str]) -> Plans:
    """Return the plans with these digests, and the latest of these templates, as far as there are such.

    What is active, and what was read before, takes no statement of its own; all others together one.
    """
    active = active_plans(connection)
    latest = {one.template: one.plan for one in active}
    by_digest = {one.digest: one.plan for one in active if one.digest in digests}
    by_digest |= {name: plan for name in digests if (plan := _plans_read.get(name))}
    unread, gone = {*digests} - by_digest.keys(), {*templates} - latest.keys()
    if unread or gone:
        rows = connection.execute(_WANTED, {"digests": sorted(unread), "templates": sorted(gone)})
        found = sorted(map(_read_published, rows), key=lambda one: one.published_at)
        by_digest |= {one.digest: _keep_plan(one) for one in found if one.digest in unread}
        latest |= {one.template: one.plan for one in found if one.template in gone}
    return Plans(by_digest, latest)


def _keep_plan(published: PublishedPlan) -> Plan:
    if len(_plans_read) >= MOST_PLANS:
        _plans_read.clear()
    plan = _plans_read[published.digest] = published.plan
    return plan


def plans_by_digest(connection: Connection, wanted: Collection[str]) -> dict[str, Plan]:
    """Return the plans with these digests, active or not."""
    return {name: load_plan(text) for name, text in read_plan_texts(connection, wanted).items()}


def read_plan_texts(connection: Connection, wanted: Collection[str]) -> dict[str, str]:
    """Return the canonical JSON of the plans with these digests, as they were published."""
    query = select(plans.c.digest, plans.c.json).where(plans.c.digest.in_(wanted))
    return {row[0]: row[1] for row in connection.execute(query)}


@once_a_moment
def active_plans(connection: Connection) -> tuple[PublishedPlan, ...]:
    """Return the active plans, by template."""
    query = _PLANS.where(plans.c.active).order_by(plans.c.template)
    return tuple(_read_published(row) for row in connection.execute(query))


def list_plans(connection: Connection, template: str | None = None) -> tuple[PublishedPlan, ...]:
    """Return every plan that was published, of one template or all; of each the latest first."""
    query = _PLANS.order_by(plans.c.template, plans.c.published_at.desc(), plans.c.digest)
    if template is not None:
        query = query.where(plans.c.template == template)
    return tuple(_read_published(row) for row in connection.execute(query))


@once_a_moment
def plan_by_digest(connection: Connection, wanted: str) -> PublishedPlan | None:
    """Return the plan with this digest, active or not, or None."""
    row = connection.execute(_PLANS.where(plans.c.digest == wanted)).first()
    return None if row is None else _read_published(row)


def find_plan(connection: Connection, wanted: str) -> Plan | None:
    """Return the plan with this digest, active or not, or None; what a digest names never changes."""
    plan = _plans_read.get(wanted)
    if plan is None:
        published = plan_by_digest(connection, wanted)
        if published is None:
            return None
        plan = _keep_plan(published)
    return plan


def require_plan(connection: Connection, wanted: str) -> Plan:
    """Return the plan with this digest, active or not. Raises UnknownPlanError."""
    published = plan_by_digest(connection, wanted)
    if published is None:
        raise UnknownPlanError(f"the plan {wanted[:12]} is not published")
    return published.plan


@once_a_moment
def active_office(connection: Connection) -> Office | None:
    """Return the published office definitions, or None before the first deploy."""
    text = connection.execute(_ACTIVE_OFFICE).scalar_one_or_none()
    return None if text is None else load_office(text)


def read_published(connection: Connection) -> dict[str, str]:
    """Return the digests of what is published: of plans by template, of the office under an empty name.

    Two moments with the same are under the same plans and definitions, however often was deployed between.
    """
    return {row[0]: row[1] for row in connection.execute(_ACTIVE_DIGESTS)}


@lru_cache(maxsize=8)
def load_office(text: str) -> Office:
    """Read office definitions from their canonical JSON; the same text gives the same object."""
    return read(text, Office)


MOST_PLANS = 200
_plans_read: dict[str, Plan] = {}
_PLANS = select(
    plans.c.digest,
    plans.c.template,
    plans.c.json.label("text"),
    plans.c.revision,
    plans.c.author,
    plans.c.published_at,
    plans.c.active,
)
_WANTED = _PLANS.where(among_given(plans.c.digest, "digests") | among_given(plans.c.template, "templates"))
_ACTIVE_PLAN = _PLANS.where(plans.c.template == bindparam("wanted"), plans.c.active)
_ACTIVE_DIGESTS = union_all(
    select(plans.c.template, plans.c.digest).where(plans.c.active),
    select(literal(""), office_definitions.c.digest).where(office_definitions.c.active),
)
_ACTIVE_OFFICE = select(office_definitions.c.json).where(office_definitions.c.active)
ACTIVE_OFFICE_TEXT = _ACTIVE_OFFICE.scalar_subquery()
"""The canonical JSON that `load_office` reads, as a column of another question."""


def _read_published(row: Row[*tuple[Any, ...]]) -> PublishedPlan:
    return PublishedPlan.model_validate(dict(row._mapping))


def _activate_plan(connection: Connection, plan: Plan, revision: str, author: str, at: datetime) -> None:
    name = digest(plan)
    if plan_by_digest(connection, name) is None:
        connection.execute(
            plans.insert().values(
                digest=name,
                template=plan.template,
                json=plan_bytes(plan).decode(),
                revision=revision,
                author=author,
                published_at=at,
            )
        )
    connection.execute(update(plans).where(plans.c.digest == name).values(active=True))


def _activate_office(connection: Connection, office: Office, at: datetime) -> None:
    name = digest(office)
    connection.execute(update(office_definitions).where(office_definitions.c.active).values(active=False))
    table = office_definitions
    if connection.execute(select(table.c.digest).where(table.c.digest == name)).first() is None:
        text = plan_bytes(office).decode()
        connection.execute(table.insert().values(digest=name, json=text, published_at=at))
    connection.execute(update(table).where(table.c.digest == name).values(active=True))


def _change(template: str, before: str | None, after: str | None) -> Published:
    if after is None:
        return Published(template=template, digest=None, change="withdrawn")
    if before is None:
        return Published(template=template, digest=after, change="new")
    return Published(template=template, digest=after, change="unchanged" if before == after else "changed")
