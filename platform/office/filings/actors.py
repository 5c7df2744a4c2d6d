"""Holding what a caller said about who acted against the database again: a mismatch raises an alarm."""

from datetime import date

from sqlalchemy import Connection

from ...plan import Model
from ..alarms import raise_alarm
from ..people import authority_of, find_member, roles_of
from ..plans import plan_by_digest
from .filing import Filing


class ActorRecord(Model):
    """Who acted and what the caller said they might do, on a day in office time."""

    kind: str
    id: str
    roles: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    jointly: tuple[str, ...] = ()


def check_actor(connection: Connection, filing: Filing, actor: ActorRecord, on: date, step: int) -> None:
    """Raise an alarm when somebody acted with a role, qualification or right that they do not have."""
    if actor.kind == "team":
        false = _false_of_member(connection, filing, actor)
    elif actor.kind == "contact":
        false = _false_of_contact(connection, filing, actor, on)
    else:
        return
    if false:
        text = f"{actor.id} acted in step {step} with what the office did not give: {', '.join(false)}"
        raise_alarm(connection, "actor_differs", filing.id, f"{step}/{actor.id}", text)


def _false_of_member(connection: Connection, filing: Filing, actor: ActorRecord) -> list[str]:
    member = find_member(connection, actor.id)
    if member is None or not member.active:
        return ["a place in the team"]
    published = plan_by_digest(connection, filing.plan)
    roles = roles_of(connection, member.id, filing.relation, published.plan.roles if published else ())
    return sorted({*actor.roles} - {*roles}) + sorted({*actor.qualifications} - {*member.qualifications})


def _false_of_contact(connection: Connection, filing: Filing, actor: ActorRecord, on: date) -> list[str]:
    authority = authority_of(connection, actor.id, filing.relation, filing.product, on)
    alone = {*actor.may} & {*authority.jointly} - {*actor.jointly}
    return sorted({*actor.may} - {*authority.may}) + [f"{right} alone" for right in sorted(alone)]
