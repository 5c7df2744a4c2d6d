"""How the office itself does: what is open, what stands still, alarms, deliveries and mail on their way."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from ...office.alarms import NOT_BEGUN, NOT_RUNNING, Alarm, all_alarms
from ...office.database.questions import ask_at_once
from ...office.filings.deliveries import Delivery, list_underway
from ...office.filings.messages import Message, list_unsent
from ...office.filings.recurrences import OLDEST_STUCK, Recurrence
from ...office.overviews.browsing import count_by_state
from ...office.overviews.standing_still import STALLED, StandsStill
from ...office.overviews.uncovered import find_uncovered
from ...office.plans import active_plans
from ...office.relations.relation import all_relations
from ...period import Period, say_over
from ...plan import Model, Planner
from ..desk import Desk
from ..names import short_name

__all__ = ["About", "AlarmLine", "Stuck", "System", "Underway", "Unsent", "read_system"]

MOST = 100
_IDLE = (NOT_RUNNING, NOT_BEGUN)


class About(Model):
    """What something is about, as people call it: a filing (how people write it) or a relation.

    Neither where it is the office's own, or nobody knows it any more.
    """

    text: str
    filing: str = ""
    relation: str = ""


class AlarmLine(Model):
    """An alarm; `at` is real time. What it says is a word of its kind: its own text is for the server."""

    kind: str
    about: About
    at: datetime


class Stuck(Model):
    """Something that should have started by itself and could not."""

    about: About
    relation: str
    due: date
    why: str


class Still(Model):
    """An open filing or recurrence that does not go on; `kind` is one of what waits on a work list.

    What is stalled says in which phase and since when others were brought in; `due` is its target date.
    """

    about: About
    kind: Literal["stalled", "not_running", "not_begun"]
    phase: str = ""
    title: str = ""
    why: tuple[str, ...] = ()
    due: date | None = None
    escalated: date | None = None


class Underway(Model):
    """A delivery that has no answer yet; moments are real."""

    about: About
    status: str
    begun_at: datetime
    sendings: int
    said: str


class Unsent(Model):
    """A mail that is not known to have been sent; `at` is office time. No address: it is personal data."""

    about: About
    subject: str
    at: datetime
    unsure: bool


class System(Model):
    """Of each list at most `MOST` lines, the oldest first; `open` counts filings by their state.

    `uncovered` counts agreed periods whose start has come, that have neither a filing that begins nor a
    planned start. What does not run or begin is in `still`, not in `alarms`.
    """

    open: dict[Planner, int]
    still: tuple[Still, ...]
    stuck: tuple[Stuck, ...]
    uncovered: int
    alarms: tuple[AlarmLine, ...]
    deliveries: tuple[Underway, ...]
    mails: tuple[Unsent, ...]


def read_system(desk: Desk, today: date) -> System:
    """Return how the office does. Raises DatabaseError."""

    def ask(connection: Connection) -> System:
        stuck, stalled = ask_at_once(connection, OLDEST_STUCK, STALLED, most=MOST)
        raised = all_alarms(connection)
        alarms = [one for one in raised if one.kind not in _IDLE][:MOST]
        idle = [one for one in raised if one.kind in _IDLE][:MOST]
        deliveries, mails = list_underway(connection, MOST), list_unsent(connection, MOST)
        ids = {one.workflow_id for one in stuck}
        ids |= {one.filing for some in (stalled, alarms, idle, deliveries, mails) for one in some}
        about = _tell_about(connection, ids)
        return System(
            open=count_by_state(connection, today),
            still=(
                *(_make_idle(one, about) for one in idle),
                *(_make_stalled(one, about) for one in stalled),
            ),
            stuck=tuple(_stuck(one, about) for one in stuck),
            uncovered=len(find_uncovered(connection, today)),
            alarms=tuple(AlarmLine(kind=one.kind, about=about[one.filing], at=one.at) for one in alarms),
            deliveries=tuple(_underway(one, about) for one in deliveries),
            mails=tuple(_unsent(one, about) for one in mails),
        )

    return desk.read(ask)


def _tell_about(connection: Connection, ids: Collection[str]) -> dict[str, About]:
    """Return what filings and recurrences are called: the template, the period and the relation."""
    parts = {id: id.split("/") for id in ids}
    numbers = {found[2] for found in parts.values() if len(found) > 3}
    names = {one.number: one.name for one in all_relations(connection, numbers)} if numbers else {}
    titles = {one.template: one.plan.title for one in active_plans(connection)}

    def tell(id: str) -> About:
        kind, template, relation, *rest = (*parts[id], "", "", "")
        title, name = titles.get(template, template), names.get(relation)
        if kind == "filing" and name:
            over = say_over(Period.parse(rest[0]).words)
            return About(text=f"{title} {over}, {name}", filing=short_name(id))
        if kind == "recurrence" and name:
            return About(text=f"{title} die vanzelf start, {name}", relation=relation)
        return About(text="het kantoor" if kind in ("", "office") else title or id)

    return {id: tell(id) for id in ids}


def _stuck(one: Recurrence, about: Mapping[str, About]) -> Stuck:
    told = about[one.workflow_id]
    text = f"{told.text}: {Period.parse(one.next_period).words}"
    return Stuck(
        about=About(text=text, relation=one.relation),
        relation=one.relation,
        due=one.next_start,
        why=one.problem,
    )


def _make_stalled(one: StandsStill, about: Mapping[str, About]) -> Still:
    return Still(
        about=about[one.filing],
        kind="stalled",
        phase=one.phase,
        title=one.title,
        why=one.why,
        due=one.due,
        escalated=one.escalated,
    )


def _make_idle(one: Alarm, about: Mapping[str, About]) -> Still:
    return Still(about=about[one.filing], kind="not_begun" if one.kind == NOT_BEGUN else "not_running")


def _underway(one: Delivery, about: Mapping[str, About]) -> Underway:
    return Underway(
        about=about[one.filing],
        status=one.status,
        begun_at=one.begun_at,
        sendings=one.sendings,
        said=one.said or one.text or "",
    )


def _unsent(one: Message, about: Mapping[str, About]) -> Unsent:
    return Unsent(about=about[one.filing], subject=one.subject, at=one.at, unsure=one.unsure)
