"""Pilots: a plan that is in force for some relations; everyone else goes on with the one before (R34)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, select, update

from ..plan import Model
from .database.questions import Question
from .database.tables import deploys, pilot_relations, pilot_remarks, pilots


class Pilot(Model):
    """A pilot: `digest` is the plan on pilot, `before` that of everyone else.

    `since` and `until` are office time; `by` and `revision` are those of the deploy that began it. `ended` is
    the number of the release that ended it, which promoted it or rolled it back (`how`); `taken_back` is when
    a promote was rolled back later.
    """

    id: int
    template: str
    digest: str
    before: str
    since: datetime
    by: str
    revision: str
    relations: tuple[str, ...]
    ended: int | None = None
    until: datetime | None = None
    how: str | None = None
    taken_back: datetime | None = None


def begin_pilots(
    connection: Connection, plans: Mapping[str, tuple[str, str]], relations: Collection[str], deploy: int
) -> None:
    """Put plans in force for relations; `plans` has the digests of before and after by template.

    Needs a writing connection. A template that has a pilot raises the database's IntegrityError: ask first.
    """
    for template, (before, after) in sorted(plans.items()):
        values = {"template": template, "digest": after, "before": before, "deploy": deploy}
        made = connection.execute(pilots.insert().values(**values)).inserted_primary_key
        assert made is not None
        rows = [{"pilot": made[0], "relation": one} for one in sorted(relations)]
        connection.execute(pilot_relations.insert(), rows)


def end_pilots(connection: Connection, ended: Sequence[Pilot], release: int) -> None:
    """Note by which release pilots ended. Needs a writing connection."""
    numbers = [one.id for one in ended]
    connection.execute(update(pilots).where(pilots.c.id.in_(numbers)).values(ended=release))


def list_pilots(
    connection: Connection, template: str | None = None, *, running: bool = False
) -> tuple[Pilot, ...]:
    """Return the pilots of a template or of all, the latest first; `running` ones have not ended."""
    end, back = deploys.alias(), deploys.alias()
    query = (
        select(
            *(pilots.c[name] for name in ("id", "template", "digest", "before", "ended")),
            *(deploys.c.at.label("since"), deploys.c.author.label("by"), deploys.c.revision),
            *(end.c.at.label("until"), end.c.kind.label("how"), back.c.at.label("taken_back")),
        )
        .join(deploys, deploys.c.id == pilots.c.deploy)
        .outerjoin(end, end.c.id == pilots.c.ended)
        .outerjoin(back, back.c.undoes == pilots.c.ended)
        .order_by(pilots.c.id.desc())
    )
    if template is not None:
        query = query.where(pilots.c.template == template)
    if running:
        query = query.where(pilots.c.ended.is_(None))
    rows = connection.execute(query).mappings().all()
    theirs: dict[int, list[str]] = {}
    wanted = pilot_relations.c.pilot.in_([row["id"] for row in rows])
    for pilot, relation in connection.execute(
        select(pilot_relations.c.pilot, pilot_relations.c.relation)
        .where(wanted)
        .order_by(pilot_relations.c.relation)
    ):
        theirs.setdefault(pilot, []).append(relation)
    return tuple(Pilot.model_validate({**row, "relations": tuple(theirs.get(row["id"], ()))}) for row in rows)


def find_pilot_of(connection: Connection, digest: str, relation: str) -> int | None:
    """Return the number of the running pilot of a plan that a relation takes part in, or None."""
    return PILOT_OF.ask(connection, plan=digest, relation=relation)


PILOT_OF: Question[int | None] = Question(
    select(pilots.c.id)
    .join(pilot_relations, pilot_relations.c.pilot == pilots.c.id)
    .where(
        pilots.c.digest == bindparam("plan", type_=String),
        pilots.c.ended.is_(None),
        pilot_relations.c.relation == bindparam("relation", type_=String),
    ),
    lambda rows: next((row.id for row in rows), None),
    "plan",
    "relation",
)
"""What `find_pilot_of` returns."""


class Remark(Model):
    """What somebody wrote about a filing of a pilot; `at` is office time, `said` is sealed."""

    id: str
    pilot: int
    filing: str
    at: datetime
    by: str
    of_client: bool
    said: bytes


def write_remark(connection: Connection, remark: Remark) -> None:
    """Keep a remark; one with its id stays as it is. Needs a writing connection."""
    there = select(pilot_remarks.c.id).where(pilot_remarks.c.id == remark.id)
    if connection.execute(there).first() is None:
        connection.execute(pilot_remarks.insert().values(**remark.model_dump()))


def list_remarks(connection: Connection, pilot: int) -> tuple[Remark, ...]:
    """Return the remarks on a pilot, the first first."""
    columns = (pilot_remarks.c[name] for name in Remark.model_fields)
    query = select(*columns).where(pilot_remarks.c.pilot == pilot)
    rows = connection.execute(query.order_by(pilot_remarks.c.number)).mappings()
    return tuple(Remark.model_validate(dict(row)) for row in rows)
