"""Acts on running filings in bulk: releasing offers, holding, resuming, giving work to somebody else.

The machine is asked about each filing, from its recorded state, as a filing's own page asks it.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ...data import fill_in
from ...filing.documents import shown_now
from ...filing.events import Actor, AnyAct, Hold, Reassign, Release, Resume
from ...filing.new_acts import take_new
from ...filing.outcome import Refusal, gather_refusals
from ...filing.state import State
from ...filing.turn import Reader
from ...filing.view import View, list_working_roles, view
from ...office.bulk import Foreseen, Line, Outcome
from ...office.filings.filing import Filing, list_filings
from ...office.office_clock import office_now
from ...office.people import TeamMember, all_members, find_first_holder, find_person, named_by_relation
from ...office.people import chain_of as fallbacks_of
from ...office.presence import OnDay, read_day
from ...period import in_words
from ...plan import Plan
from ...runtime.activities.latest_state import read_many_latest
from ...words import DID_WORDS, leave_ids_out
from ..desk import Desk
from ..far_days import refuse_far_day
from ..filings.cases import make_actor
from ..filings.giving import ALREADY_THEIRS, is_same_person, tell_own_eyes
from ..filings.legal_day import find_legal_day
from ..unknown import refuse_other_than_member
from .asking import Asked
from .carrying_acts import AT_ONCE, act_on, send_act
from .guarding import guard
from .kinds import By, Judged, make_line
from .naming import name_template
from .unmet import add_unmet

NOT_READABLE = "Deze opdracht is nog niet begonnen, of kan nu niet worden gelezen."
NO_REASON = Refusal(code="reason_missing", text="Geef een reden.")
NOBODY_FROM = Refusal(code="nobody_from", text="Kies van wie het werk is.")
NOBODY_TO = Refusal(code="nobody_to", text="Kies wie het werk krijgt.")
_SAID = "…"
"""The reason, where the machine is only asked."""


class _Seen(NamedTuple):
    """A filing as it is recorded, and what its people are."""

    plan: Plan
    state: State
    view: View
    named: Mapping[str, str]


class _Office(NamedTuple):
    """Who acts, when, and what the filings are like by their ids."""

    asked: Asked
    member: TeamMember
    giver: str
    colleague: TeamMember | None
    now: datetime
    day: OnDay
    seen: Mapping[str, _Seen]


class _Foreseen(NamedTuple):
    """What would happen, or why not; `about` must be the same too when it is done."""

    foreseen: Foreseen
    text: str
    about: Any = None


class Acting:
    """One act on each of many filings."""

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with its template's title; refuse it without a reason or a colleague."""
        reason, gives = asked.action in ("hold", "reassign"), asked.action == "reassign"
        until = asked.until if asked.action == "hold" and not asked.anyway else None
        same = gives and asked.person and asked.to and is_same_person(connection, asked.person, asked.to)
        named = name_template(connection, asked)
        lacks = gather_refusals(
            reason and not asked.reason.strip() and NO_REASON,
            gives and not asked.person and NOBODY_FROM,
            gives and not asked.to and NOBODY_TO,
            same and ALREADY_THEIRS,
            refuse_far_day(until, office_now(connection).date()),
            named,
        )
        return lacks or named

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return a line for each open filing of the relations, and for each phase or role that is meant.

        A relation without any has a line that says so.
        """
        found = list_filings(
            connection,
            template=asked.template or None,
            period=asked.period or None,
            status="loopt",
            relations=numbers,
        )
        office = _look(desk, connection, who, asked, {one.id: one.relation for one in found})
        if isinstance(office, Refusal):
            return office
        lines = [_judge(office, one, item) for one in found for item in _list_items(office, one.id)]
        nobody = Refusal(code="nobody", text="Er is geen lopende opdracht waarvoor dit kan.")
        lacking = f"heeft geen werk van {office.giver}" if asked.person else "geen lopende opdracht"
        return add_unmet(connection, numbers, lines, lacking) or nobody

    def judge(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged] | Refusal:
        """Return what each line comes to now."""
        about = {one.filing: one.relation for one in lines if one.filing}
        office = _look(desk, connection, who, asked, about)
        if isinstance(office, Refusal):
            return office
        return [_judge(office, one, one.item) for one in lines]

    async def carry_out(
        self, desk: Desk, by: By, asked: Asked, lines: Sequence[tuple[Line, Judged]]
    ) -> list[Outcome]:
        """Act on each filing, a few at once."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(line: Line, judged: Judged) -> Outcome:
            send = partial(send_act, desk, by, asked, line)
            async with slots:
                return await guard(line, act_on(desk, by, line, judged, DID_WORDS[asked.action], send))

        return list(await asyncio.gather(*(one(*pair) for pair in lines)))


def _look(
    desk: Desk, connection: Connection, who: str, asked: Asked, about: Mapping[str, str]
) -> _Office | Refusal:
    """Read what is needed to judge filings (their relations by id) with as many statements for any number."""
    member, colleague = find_person(connection, who), find_person(connection, asked.to) if asked.to else None
    giver = next((one.name for one in all_members(connection) if one.id == asked.person), asked.person)
    if not isinstance(member, TeamMember):
        return refuse_other_than_member(connection, who, member, "dit doen")
    if asked.to and not isinstance(colleague, TeamMember):
        return refuse_other_than_member(connection, asked.to, colleague, "het werk overnemen")
    now = office_now(connection)
    named = named_by_relation(connection, {*about.values()})
    latest = read_many_latest(connection, [*about], desk.equipment.document_ring.open_sealed)
    seen = {
        id: _Seen(plan, state, view(plan, state), named.get(about[id], {}))
        for id, (plan, state) in latest.items()
    }
    to = colleague if isinstance(colleague, TeamMember) else None
    return _Office(asked, member, giver, to, now, read_day(connection, now.date()), seen)


def _list_items(office: _Office, filing: str) -> Iterator[str]:
    """Yield what an act is about in a filing: the phases to release, the roles to give; else one empty text.

    A filing in which the colleague has no role at all has no line; one that cannot be read has.
    """
    seen, asked = office.seen.get(filing), office.asked
    if seen and asked.action == "reassign":
        yield from _list_roles(seen, asked.person)
        return
    waiting = [one.phase for one in seen.view.offers if one.status == "to_release"] if seen else []
    yield from waiting if asked.action == "release" and waiting else [""]


def _list_roles(seen: _Seen, person: str) -> Iterator[str]:
    """Yield the roles with work open or to come that are a person's here: given here, or at the relation."""
    reader = Reader(seen.plan, seen.state)
    coming = [one.role for one in seen.view.phases if one.status in ("pending", "active")]
    for role in dict.fromkeys([*coming, *list_working_roles(reader)]):
        given = reader.assigned_to(role)
        if person == (given or find_first_holder(seen.named, fallbacks_of(role, seen.plan.roles))):
            yield role


def _judge(office: _Office, about: Filing | Line, item: str) -> Judged:
    filing = about.id if isinstance(about, Filing) else about.filing or ""
    seen = office.seen.get(filing)
    found = _foresee(office, seen, item) if seen else _Foreseen("not_ready", NOT_READABLE)
    line = make_line(
        about.relation,
        found.foreseen,
        found.text,
        product=about.product,
        sub_number=about.sub_number,
        filing=filing,
        item=item,
        about=found.about,
    )
    return Judged(line)


def _foresee(office: _Office, seen: _Seen, item: str) -> _Foreseen:
    asked = office.asked
    if asked.action == "hold" and seen.view.held:
        return _Foreseen("already", "is al aangehouden")
    if asked.action == "resume" and not seen.view.held:
        return _Foreseen("already", "is niet aangehouden")
    if asked.action == "release" and not item:
        return _Foreseen("not_ready", "Hier wacht niets op vrijgave.")
    if asked.action == "reassign" and item not in _list_roles(seen, asked.person):
        return _Foreseen("not_ready", f"Dit is geen werk van {office.giver} (meer).")
    act = _make_act(office, seen, item)
    if isinstance(act, Refusal):
        return _Foreseen("not_ready", leave_ids_out(act.text))
    taken = take_new(seen.plan, seen.state, act)
    if isinstance(taken, Refusal):
        return _Foreseen("not_ready", leave_ids_out(taken.text))
    return _say(office, seen, item)


def _make_act(office: _Office, seen: _Seen, item: str) -> AnyAct | Refusal:
    asked, actor = office.asked, _actor(office, office.member, seen)
    if isinstance(actor, Refusal):
        return actor
    said: dict[str, Any] = {"at": office.now, "id": "asked", "by": actor}
    match asked.action:
        case "release":
            return Release(**said, phase=item)
        case "hold":
            return Hold(**said, reason=asked.reason or _SAID, until=asked.until)
        case "resume":
            return Resume(**said)
    if office.colleague is None:
        return NOBODY_TO
    person = _actor(office, office.colleague, seen)
    if isinstance(person, Refusal):
        return person
    return Reassign(**said, role=item, person=person, reason=asked.reason or _SAID)


def _actor(office: _Office, member: TeamMember, seen: _Seen) -> Actor | Refusal:
    return make_actor(seen.named, office.day, member, seen.plan)


def _say(office: _Office, seen: _Seen, item: str) -> _Foreseen:
    """Return what would happen, in Dutch, and what of the filing it hangs on."""
    asked, plan = office.asked, seen.plan
    match asked.action:
        case "release":
            offer = next(one for one in seen.view.offers if one.phase == item)
            block = plan.phase(item).offer
            # An offer has its documents once it is released: those that are current then.
            shown = shown_now(Reader(plan, seen.state), block.documents if block else ())
            titles = ", ".join(plan.document(one.document).title for one in shown)
            text = f"{plan.phase(item).title}: de klant krijgt bericht{f' ({titles})' if titles else ''}"
            return _Foreseen("ready", text, [offer.way, fill_in(shown), list(offer.recipients)])
        case "hold":
            until = f" tot {in_words(asked.until)}" if asked.until else ""
            legal = find_legal_day(seen.view, office.now.date(), asked.until) if asked.until else None
            late = f"; de laatste dag, {in_words(legal.due)}, gaat dan voorbij" if legal and legal.due else ""
            return _Foreseen("ready", f"wordt aangehouden{until}{late}")
        case "resume":
            return _Foreseen("ready", "gaat verder", seen.view.held.since if seen.view.held else None)
    role = next(one.title for one in plan.roles if one.id == item)
    name = office.colleague.name if office.colleague else ""
    person = office.colleague.id if office.colleague else ""
    barred = tell_own_eyes(Reader(plan, seen.state), seen.named, item, person, name)
    return _Foreseen(
        "ready", " ".join([f"{role}: het werk gaat naar {name}{'.' if barred else ''}", *barred])
    )
