"""Recording what happened to a filing into the office database, and checking who acted (DESIGN 5)."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection
from temporalio import activity

from ...filing.events import Actor
from ...office.alarms import raise_alarm
from ...office.database import Database
from ...office.filings import Filing, find_filing
from ...office.people import authority_of, find_member, roles_of
from ...office.plans import plan_by_digest
from ...office.records import ActorRecord, EntryRecord, FilingRecord, StepRecord, record
from ..commands import RECORD
from ..inputs import RecordInput


class Recording:
    """The activity that records; idempotent by filing and step."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name=RECORD)
    def record(self, input: RecordInput) -> None:
        """Write every step since the last, then see whether those who acted may have done so.

        Tried again for ever while the database is away or its disk is full.
        """
        record(self._database, filing_record(input))
        claims = [
            (s.sequence, s.entries[-1].at.date(), a) for s in input.steps if s.entries for a in s.actors
        ]
        if not claims:
            return
        with self._database.read() as connection:
            filing = find_filing(connection, input.workflow_id)
            wrong = [
                (n, why) for n, on, who in claims if filing for why in _wrong(connection, filing, who, on)
            ]
        if wrong:
            with self._database.write() as connection:
                for sequence, why in wrong:
                    raise_alarm(connection, "actor_differs", input.workflow_id, str(sequence), why)


def filing_record(input: RecordInput) -> FilingRecord:
    """Return what the office writes down of these steps and of the filing as it stands after them."""
    steps = tuple(
        StepRecord(
            sequence=step.sequence,
            digest=step.digest,
            entries=tuple(EntryRecord.model_validate(entry.model_dump()) for entry in step.entries),
            actors=tuple(_actor_record(actor) for actor in step.actors),
        )
        for step in input.steps
    )
    view = input.view
    return FilingRecord(
        workflow_id=input.workflow_id,
        steps=steps,
        view=view.model_dump(mode="json"),
        planner=view.planner,
        phases=tuple(phase.id for phase in view.phases if phase.status == "active"),
        due=view.due,
        ended=view.ended,
    )


def _actor_record(actor: Actor) -> ActorRecord:
    return ActorRecord(kind=actor.kind, id=actor.id, roles=actor.roles, may=actor.may, jointly=actor.jointly)


def _wrong(connection: Connection, filing: Filing, actor: Actor, on: date) -> Iterator[str]:
    """Yield what an actor claimed and the database does not know; who looked it up may have lied."""
    if actor.kind == "team":
        yield from _wrong_member(connection, filing, actor)
    elif actor.kind == "contact":
        given = authority_of(connection, actor.id, filing.relation, filing.product, on)
        beyond = sorted({*actor.may} - {*given.may})
        if beyond:
            yield f"{actor.id} acted with a right that is not recorded: {', '.join(beyond)}"
        elif given.jointly and not actor.jointly:
            yield f"{actor.id} acted alone and may act only jointly"


def _wrong_member(connection: Connection, filing: Filing, actor: Actor) -> Iterator[str]:
    member = find_member(connection, actor.id)
    published = plan_by_digest(connection, filing.plan)
    if member is None or not member.active:
        yield f"{actor.id} acted and is not in the team"
        return
    roles = roles_of(connection, actor.id, filing.relation, published.plan.roles if published else ())
    claimed = [
        *({*actor.roles} - {*roles}),
        *({*actor.qualifications} - {*member.qualifications}),
    ]
    if claimed:
        yield f"{actor.id} acted with what he does not have: {', '.join(sorted(claimed))}"
