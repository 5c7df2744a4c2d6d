"""One filing as a client meets it, found by its key: what every page of it rests on."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import Connection

from ...audience import Viewer
from ...filing.events import Actor
from ...filing.format_1 import read_state
from ...filing.state import State
from ...filing.view import OfferView, View, view
from ...office.database.questions import ask_at_once
from ...office.filings.chat_lines import HAS_UNREAD
from ...office.filings.dossier import DOSSIER
from ...office.filings.filing import Filing, find_filing_by_key
from ...office.filings.notes import NOTES_IN
from ...office.filings.records import RECORDED, open_state, read_recorded
from ...office.filings.went_back import DECIDED
from ...office.office_clock import office_now
from ...office.overviews.client_sentences import address
from ...office.overviews.rejections import RELEASED
from ...office.overviews.timeline import (
    ENTRIES,
    TimelineLine,
    name_offered,
    name_versions,
    pick_versions,
    timeline_of,
)
from ...office.people import NAMED_MEMBERS, RELATIONS_OF, RIGHTS_OF, authority_of, find_holder
from ...office.pilots import PILOT_OF
from ...office.plans import active_office, find_plan
from ...office.presence import PRESENCE
from ...office.relations.relation import RELATION, find_relation
from ...period import Period, PeriodError, say_over
from ...plan import Model, Plan
from ..access import Doing, Visitor, find_by_key
from ..desk import Desk
from ..filings.audiences import list_entries

TAKEN_BACK = "offer_taken_back"
"""What a client reads of an offer that the office took back; no entry of the timeline itself."""


class ClientCase(Model):
    """A filing that runs or ran, with who reads it; `now` is office time, `actor` what they may do today."""

    key: str
    filing: Filing
    plan: Plan
    state: State
    view: View
    actor: Actor
    viewer: Viewer
    relation_name: str
    now: datetime
    may_act: bool
    """Whether somebody of this relation may still do anything: not where it has left."""


class Helper(Model):
    """Whom a client calls about a filing."""

    name: str
    phone: str
    email: str


class ClientHead(Model):
    """What every page of a filing says first; `title` is that of the filing with its period in words."""

    key: str
    title: str
    filing: str
    period: str
    relation: str
    ended: bool
    helper: Helper


class ClientEvent(Model):
    """Something that happened, as a client reads it."""

    at: datetime
    who: str
    text: str


def find_client_case(
    connection: Connection, desk: Desk, visitor: Visitor, key: str, doing: Doing = "read"
) -> ClientCase | None:
    """Return the filing with this key where a client may do this to it; else None.

    Raises UnreadableStateError when the recorded state cannot be opened.
    """
    filing = _find_filing(connection, visitor, key, doing) if visitor.kind == "client" else None
    plan = find_plan(connection, filing.plan) if filing else None
    if filing is None or plan is None:
        return None
    content = open_state(read_recorded(connection, filing.id), desk.equipment.document_ring.open_sealed)
    if content is None:
        return None
    now = office_now(connection)
    authority = authority_of(connection, visitor.id, filing.relation, filing.product, now.date())
    state = read_state(plan, content)
    relation = find_relation(connection, filing.relation)
    return ClientCase(
        key=key,
        filing=filing,
        plan=plan,
        state=state,
        view=view(plan, state),
        actor=Actor(kind="contact", id=visitor.id, may=authority.may, jointly=authority.jointly),
        viewer=Viewer(client=True, id=visitor.id),
        relation_name=relation.name if relation else filing.relation,
        now=now,
        may_act=relation is not None and relation.status != "left",
    )


def _find_filing(connection: Connection, visitor: Visitor, key: str, doing: Doing) -> Filing | None:
    """Return what `find_by_key` does, and ask at once what the pages of the filing are made of."""
    filing = find_filing_by_key(connection, key) if key else None
    if filing is None:
        return None
    ask_at_once(
        connection,
        *_OF_PAGES,
        filing=filing.id,
        relation=filing.relation,
        contact=visitor.id,
        day=office_now(connection).date(),
        plan=filing.plan,
    )
    return find_by_key(connection, visitor, key, doing)


_OF_PAGES = (
    *(RELATION, RELATIONS_OF, RIGHTS_OF, NAMED_MEMBERS, PRESENCE),
    *(RECORDED, ENTRIES, NOTES_IN, DOSSIER, HAS_UNREAD, PILOT_OF),
)
"""What a client's pages of a filing are made of."""


def make_head(connection: Connection, case: ClientCase, asked_in: str = "") -> ClientHead:
    """Return what every page of a filing says first; of what a phase asks (`asked_in`) with who asks it."""
    period = say_period(case.filing.period)
    return ClientHead(
        key=case.key,
        title=f"{case.filing.title} {say_over(period)}",
        filing=case.filing.title,
        period=period,
        relation=case.relation_name,
        ended=case.view.ended is not None,
        helper=find_helper(connection, case, asked_in),
    )


def find_helper(connection: Connection, case: ClientCase, asked_in: str = "") -> Helper:
    """Return whom a client calls: who sends in the office's name, else the office itself.

    Of a request or task it is who does the phase that asks it: they look at what comes, and sign its mail.
    """
    asking = next((phase.role for phase in case.plan.phases if phase.id == asked_in), "")
    blocks = [block for phase in case.plan.phases for block in (phase.offer, phase.deliver) if block]
    role = asking or (blocks[0].on_behalf_of if blocks else case.plan.phases[0].role)
    day, given = case.now.date(), case.view.given
    found = find_holder(connection, case.filing.relation, role, case.plan.roles, day, given)
    office = active_office(connection)
    text = office.text if office else case.plan.office
    if found is None:
        return Helper(name=text.name, phone=text.phone, email=text.email)
    return Helper(name=found.name, phone=found.phone or text.phone, email=found.email)


def list_events(connection: Connection, desk: Desk, case: ClientCase) -> tuple[TimelineLine, ...]:
    """Return what of the timeline is for the client, and when the office took back what they were offered."""
    theirs = list_entries(connection, desk, case.filing, case.viewer)
    if not any(one.what == RELEASED for one in theirs):
        return theirs
    taken_back = _list_taken_back(case, timeline_of(connection, case.filing.id))
    return tuple(sorted((*theirs, *taken_back), key=lambda one: (one.sequence, one.index)))


def is_made(offer: OfferView | None) -> bool:
    """Say whether an offer went out, or ended: until then there is nothing to read."""
    return offer is not None and (offer.sent is not None or offer.outcome is not None)


def _list_taken_back(case: ClientCase, lines: Sequence[TimelineLine]) -> Iterator[TimelineLine]:
    """Yield the entries with which an offer was taken back, as a client reads them.

    What the office says when it sends work back is not theirs to read; that it took the offer back is.
    """
    order = {phase.id: place for place, phase in enumerate(case.plan.phases)}
    made = {offer.phase for offer in case.view.offers if is_made(offer)}
    offered, titles = name_offered(case.plan), name_versions((one.what, one.data) for one in lines)
    for phase in (one for one in case.plan.phases if one.offer):
        places = [i for i, one in enumerate(lines) if one.what == RELEASED and one.phase == phase.id]
        for start, end in zip_longest(places, places[1:]):
            since = lines[start + 1 : end]
            if any(one.what == DECIDED and one.data.get("answer") == "reject" for one in since):
                continue
            if end is None and (phase.id in made or case.view.ended):
                continue
            taking = (
                one
                for one in since
                if (one.what == "sent_back" and order.get(one.phase or "", -1) >= order[phase.id])
                or (one.what == "moved" and end is None)
            )
            found = next(taking, None)
            if found:
                data = {"phase": phase.id}
                text = address(
                    TAKEN_BACK,
                    {"title": phase.title},
                    {},
                    reader=case.actor.id,
                    by=found.by,
                    offered=pick_versions(lines[start].data, titles) or offered[phase.id],
                )
                yield found.model_copy(
                    update={"what": TAKEN_BACK, "phase": phase.id, "text": text, "data": data}
                )


def say_event(line: TimelineLine, me: str) -> ClientEvent:
    """Return an entry as a client reads it, with who did it where that is somebody else."""
    return ClientEvent(at=line.at, who="" if line.by in ("kantoor", me) else line.who, text=line.text)


def say_period(code: str) -> str:
    """Return a period in words; one that cannot be read as it is written."""
    try:
        return Period.parse(code).words
    except PeriodError:
        return code
