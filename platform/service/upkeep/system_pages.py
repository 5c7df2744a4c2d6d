"""How the office itself does: what is open, what stands still, alarms, deliveries and mail on their way."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import Connection

from ...office.alarms import NOT_BEGUN, NOT_RUNNING, Alarm, all_alarms
from ...office.database.questions import ask_at_once
from ...office.filings.deliveries import UNDERWAY, Delivery, Unwritten, list_unwritten
from ...office.filings.messages import UNSENT, Message
from ...office.filings.recurrences import OLDEST_STUCK, Recurrence
from ...office.overviews.browsing import count_by_state
from ...office.overviews.standing_still import STALLED, StandsStill
from ...office.overviews.uncovered import find_uncovered
from ...office.overviews.work_rows import PLANS_IN_USE
from ...office.people import all_members
from ...office.plans import active_plans, find_plans
from ...office.programs import PROGRAMS
from ...office.relations.relation import all_relations
from ...office.visits.unsent_links import NOT_SENT, REFUSED
from ...period import Period, say_over
from ...plan import Model, Planner
from ...runtime.link_texts import DUTCH
from ..desk import Desk
from ..names import short_name
from .programs import ProgramLine, judge_programs

__all__ = ["About", "AlarmLine", "Stuck", "System", "Underway", "Unsent", "read_system"]

MOST = 100
_IDLE = (NOT_RUNNING, NOT_BEGUN)
_LINKS = (NOT_SENT, REFUSED)


class About(Model):
    """What something is about, as people call it: a filing (how people write it), a relation or a colleague.

    None of these where it is the office's own, or nobody knows it any more. What starts by itself for a
    relation is named by template and sub-number.
    """

    text: str
    filing: str = ""
    relation: str = ""
    recurrence: str = ""
    member: str = ""


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
    """A delivery that has no answer yet; moments are real.

    `status` is that of its attempt, or asked: Digipoort has not answered, so that there is none.
    """

    about: About
    status: str
    begun_at: datetime
    sendings: int
    said: str


class Unsent(Model):
    """A mail that is not known to have been sent. No address: it is personal data.

    `at` is office time, and real time of a link to sign in (`state` tried or refused).
    """

    about: About
    subject: str
    at: datetime
    state: Literal["unsent", "unsure", "tried", "refused"]


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
    programs: tuple[ProgramLine, ...]


def read_system(desk: Desk, today: date) -> System:
    """Return how the office does. Raises DatabaseError."""

    def ask(connection: Connection) -> System:
        stuck, stalled, deliveries, mails, heard, in_use = ask_at_once(
            connection, OLDEST_STUCK, STALLED, UNDERWAY, UNSENT, PROGRAMS, PLANS_IN_USE, most=MOST
        )
        raised = all_alarms(connection)
        alarms = [one for one in raised if one.kind not in _IDLE][:MOST]
        links = [one for one in alarms if one.kind in _LINKS]
        idle = [one for one in raised if one.kind in _IDLE][:MOST]
        running = find_plans(connection, {row.digest for row in in_use}, ()).by_digest.values()
        delivering = {phase.id for plan in running for phase in plan.phases if phase.deliver}
        asked = list_unwritten(connection, delivering, MOST) if delivering else []
        ids = {one.workflow_id for one in stuck}
        ids |= {one.filing for some in (stalled, alarms, idle, asked, deliveries, mails) for one in some}
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
            deliveries=(
                *(_unwritten(one, about) for one in asked),
                *(_underway(one, about) for one in deliveries),
            ),
            mails=(*(_unsent_link(one, about) for one in links), *(_unsent(one, about) for one in mails)),
            programs=judge_programs(heard, datetime.now(UTC)),
        )

    return desk.read(ask)


def _tell_about(connection: Connection, ids: Collection[str]) -> dict[str, About]:
    """Return what filings and recurrences are called: the template, the period and the relation."""
    parts = {id: id.split("/") for id in ids}
    numbers = {found[2] for found in parts.values() if len(found) > 3}
    numbers |= {found[1] for found in parts.values() if found[0] == "relation"}
    people = any(found[0] == "person" for found in parts.values())
    colleagues = {one.id: one.name for one in all_members(connection)} if people else {}
    names = {one.number: one.name for one in all_relations(connection, numbers)} if numbers else {}
    titles = {one.template: one.plan.title for one in active_plans(connection)}

    def tell(id: str) -> About:
        kind, template, relation, *rest = (*parts[id], "", "", "")
        title, name = titles.get(template, template), names.get(relation)
        if kind == "relation" and template in names:
            return About(text=names[template], relation=template)
        if kind == "person":
            known = template in colleagues
            return About(
                text=colleagues.get(template, "iemand buiten het kantoor"), member=template if known else ""
            )
        if kind == "filing" and name:
            over = say_over(Period.parse(rest[0]).words)
            return About(text=f"{title} {over}, {name}", filing=short_name(id))
        if kind == "recurrence" and name:
            named = f"{template}/{rest[0]}"
            return About(text=f"{title} die vanzelf start, {name}", relation=relation, recurrence=named)
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


def _unwritten(one: Unwritten, about: Mapping[str, About]) -> Underway:
    return Underway(about=about[one.filing], status="asked", begun_at=one.asked_at, sendings=0, said="")


def _underway(one: Delivery, about: Mapping[str, About]) -> Underway:
    return Underway(
        about=about[one.filing],
        status=one.status,
        begun_at=one.begun_at,
        sendings=one.sendings,
        said=one.said or one.text or "",
    )


def _unsent(one: Message, about: Mapping[str, About]) -> Unsent:
    state: Literal["unsure", "unsent"] = "unsure" if one.unsure else "unsent"
    return Unsent(about=about[one.filing], subject=one.subject, at=one.at, state=state)


def _unsent_link(one: Alarm, about: Mapping[str, About]) -> Unsent:
    state: Literal["tried", "refused"] = "tried" if one.kind == NOT_SENT else "refused"
    return Unsent(about=about[one.filing], subject=DUTCH.subject, at=one.at, state=state)
