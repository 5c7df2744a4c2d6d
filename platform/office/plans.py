"""Published plans and office definitions: what a filing can start on, and what it started on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, String, cast, literal, or_, select, union_all, update

from ..data import canonical, read
from ..plan import Model, Office, Plan, Written, digest, load_plan, plan_bytes
from .database.columns import among_given
from .database.moments import once_a_moment
from .database.tables import office_definitions, pilot_relations, pilots, plans

NOT_WRITTEN: Mapping[str, Written] = {}


class Published(Model):
    """What publishing did with one template; `digest` is None where the template is no longer active."""

    template: str
    digest: str | None
    change: Literal["new", "changed", "unchanged", "withdrawn"]


class UnknownPlanError(LookupError):
    """A plan was never published here: this database is older than what goes by it, or another office's."""


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


class InForce(NamedTuple):
    """The plans on which filings start: `everyone` has one a template, in its order.

    `pilots` has, by template and relation, those that are in force there instead.
    """

    everyone: tuple[PublishedPlan, ...]
    pilots: dict[tuple[str, str], PublishedPlan]

    def find(self, template: str, relation: str) -> PublishedPlan | None:
        """Return the plan on which a relation's filing of a template starts, or None."""
        usual = (one for one in self.everyone if one.template == template)
        return self.pilots.get((template, relation)) or next(usual, None)

    def list_for(self, relation: str) -> tuple[PublishedPlan, ...]:
        """Return the plans on which a relation's filings start."""
        return tuple(self.pilots.get((one.template, relation), one) for one in self.everyone)

    def list_all(self) -> tuple[PublishedPlan, ...]:
        """Return every plan on which a filing may start, those of pilots last."""
        return (*self.everyone, *{one.digest: one for one in self.pilots.values()}.values())

    @property
    def on_pilot(self) -> frozenset[str]:
        """Return the relations that have plans of their own."""
        return frozenset(relation for _, relation in self.pilots)


def publish(
    connection: Connection,
    compiled: Sequence[Plan],
    office: Office,
    *,
    revision: str,
    author: str,
    at: datetime,
    written: Mapping[str, Written] = NOT_WRITTEN,
) -> tuple[Published, ...]:
    """Make these plans and definitions the active ones; a template that is not among them is withdrawn.

    Running filings stay on their own plan. `at` is real time, `written` has by template where its parts are
    written. Needs a writing connection.
    """
    found = compare_published(connection, compiled)
    keep_plans(connection, compiled, revision, author, at)
    keep_written(connection, compiled, written)
    connection.execute(update(plans).where(plans.c.active).values(active=False))
    put_in_force(connection, {plan.template: digest(plan) for plan in compiled})
    _activate_office(connection, office, at)
    return found


def keep_plans(
    connection: Connection, compiled: Iterable[Plan], revision: str, author: str, at: datetime
) -> None:
    """Have these plans published without being in force for everyone. Needs a writing connection."""
    for plan in compiled:
        if plan_by_digest(connection, digest(plan)) is None:
            connection.execute(
                plans.insert().values(
                    digest=digest(plan),
                    template=plan.template,
                    json=plan_bytes(plan).decode(),
                    revision=revision,
                    author=author,
                    published_at=at,
                )
            )


def keep_written(connection: Connection, compiled: Iterable[Plan], written: Mapping[str, Written]) -> None:
    """Keep beside published plans where their parts are written. Needs a writing connection.

    A plan that was published before has the lines of now: they may have moved without changing it.
    """
    for plan in compiled:
        if plan.template in written:
            change = plans.update().where(plans.c.digest == digest(plan))
            connection.execute(change.values(written=canonical(written[plan.template]).decode()))


def read_written(connection: Connection, wanted: str) -> Written | None:
    """Return where the parts of a plan are written, by its digest; None where nobody kept it."""
    text = connection.execute(select(plans.c.written).where(plans.c.digest == wanted)).scalar_one_or_none()
    return None if text is None else read(text, Written)


def put_in_force(connection: Connection, wanted: Mapping[str, str | None]) -> None:
    """Make published plans, by template, those of everyone; None withdraws it. Needs a writing connection."""
    theirs = plans.c.template.in_(wanted)
    connection.execute(update(plans).where(plans.c.active, theirs).values(active=False))
    digests = [one for one in wanted.values() if one]
    connection.execute(update(plans).where(plans.c.digest.in_(digests)).values(active=True))


def put_office_in_force(connection: Connection, name: str) -> None:
    """Make published definitions, by digest, those of the office. Needs a writing connection."""
    table = office_definitions
    connection.execute(update(table).where(table.c.active).values(active=False))
    connection.execute(update(table).where(table.c.digest == name).values(active=True))


def compare_published(connection: Connection, compiled: Sequence[Plan]) -> tuple[Published, ...]:
    """Return what publishing these plans does with each template."""
    before = {p.template: p.digest for p in active_plans(connection)}
    after = {plan.template: digest(plan) for plan in compiled}
    return tuple(_change(name, before.get(name), after.get(name)) for name in sorted({*before, *after}))


def plan_in_force(connection: Connection, template: str, relation: str) -> PublishedPlan | None:
    """Return the plan on which a filing of a template starts now for a relation, or None."""
    rows = connection.execute(_IN_FORCE.where(plans.c.template == template))
    return _gather(rows).find(template, relation)


@once_a_moment
def plans_in_force(connection: Connection) -> "InForce":
    """Return the plans on which filings start now, for whom."""
    return _gather(connection.execute(_IN_FORCE))


def active_plans(connection: Connection) -> tuple[PublishedPlan, ...]:
    """Return the plans of everyone who is in no pilot, by template."""
    return plans_in_force(connection).everyone


def latest_plan(connection: Connection, template: str) -> PublishedPlan | None:
    """Return the active plan of a template, else the one that was published last, or None."""
    query = _PLANS.where(plans.c.template == template)
    row = connection.execute(query.order_by(plans.c.active.desc(), plans.c.published_at.desc())).first()
    return None if row is None else _read_published(row)


class Plans(NamedTuple):
    """Plans that were asked for: by digest, and of templates the active one, else the last published.

    `in_force` has those that relations on pilot have instead.
    """

    by_digest: Mapping[str, Plan]
    latest: Mapping[str, Plan]
    in_force: InForce

    def find_latest(self, template: str, relation: str) -> Plan | None:
        """Return the plan in force for a relation, else the last of the template, or None."""
        found = self.in_force.find(template, relation)
        return found.plan if found else self.latest.get(template)


def find_plans(connection: Connection, digests: Collection[str], templates: Collection[str]) -> Plans:
    """Return the plans with these digests, and the latest of these templates, as far as there are such.

    What is active, and what was read before, takes no statement of its own; all others together one.
    """
    in_force = plans_in_force(connection)
    latest = {one.template: one.plan for one in in_force.everyone}
    by_digest = {one.digest: one.plan for one in in_force.list_all() if one.digest in digests}
    by_digest |= {name: plan for name in digests if (plan := _plans_read.get(name))}
    unread, gone = {*digests} - by_digest.keys(), {*templates} - latest.keys()
    if unread or gone:
        rows = connection.execute(_WANTED, {"digests": sorted(unread), "templates": sorted(gone)})
        found = sorted(map(_read_published, rows), key=lambda one: one.published_at)
        by_digest |= {one.digest: _keep_plan(one) for one in found if one.digest in unread}
        latest |= {one.template: one.plan for one in found if one.template in gone}
    return Plans(by_digest, latest, in_force)


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


def read_office(connection: Connection, name: str) -> Office | None:
    """Return published office definitions by their digest, in force or not, or None."""
    query = select(office_definitions.c.json).where(office_definitions.c.digest == name)
    text = connection.execute(query).scalar_one_or_none()
    return None if text is None else load_office(text)


def read_published(connection: Connection) -> dict[str, str]:
    """Return the digests of what is published: of plans by template, of the office under an empty name.

    Those of pilots are under `pilot/` and a number.
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
_RUNNING = (pilots.c.digest == plans.c.digest) & pilots.c.ended.is_(None)
_IN_FORCE = (
    _PLANS.add_columns(pilot_relations.c.relation)
    .select_from(
        plans.outerjoin(pilots, _RUNNING).outerjoin(pilot_relations, pilot_relations.c.pilot == pilots.c.id)
    )
    .where(or_(plans.c.active, pilots.c.id.is_not(None)))
    .order_by(plans.c.template, pilot_relations.c.relation)
)
_ACTIVE_DIGESTS = union_all(
    select(plans.c.template, plans.c.digest).where(plans.c.active),
    select(literal(""), office_definitions.c.digest).where(office_definitions.c.active),
    select(literal("pilot/") + cast(pilots.c.id, String), pilots.c.digest).where(pilots.c.ended.is_(None)),
)
_ACTIVE_OFFICE = select(office_definitions.c.json).where(office_definitions.c.active)
ACTIVE_OFFICE_TEXT = _ACTIVE_OFFICE.scalar_subquery()
"""The canonical JSON that `load_office` reads, as a column of another question."""


def _gather(rows: Iterable[Row[*tuple[Any, ...]]]) -> InForce:
    everyone, piloted = list[PublishedPlan](), dict[tuple[str, str], PublishedPlan]()
    for row in rows:
        known = dict(row._mapping)
        relation = known.pop("relation")
        published = PublishedPlan.model_validate(known)
        if relation is None:
            everyone.append(published)
        else:
            piloted[published.template, relation] = published
    return InForce(tuple(everyone), piloted)


def _read_published(row: Row[*tuple[Any, ...]]) -> PublishedPlan:
    return PublishedPlan.model_validate(dict(row._mapping))


def _activate_office(connection: Connection, office: Office, at: datetime) -> None:
    name = digest(office)
    if read_office(connection, name) is None:
        text = plan_bytes(office).decode()
        connection.execute(office_definitions.insert().values(digest=name, json=text, published_at=at))
    put_office_in_force(connection, name)


def _change(template: str, before: str | None, after: str | None) -> Published:
    if after is None:
        return Published(template=template, digest=None, change="withdrawn")
    if before is None:
        return Published(template=template, digest=after, change="new")
    return Published(template=template, digest=after, change="unchanged" if before == after else "changed")
