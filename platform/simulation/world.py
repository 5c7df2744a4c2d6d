"""The world outside a filing: mail, the authority, other filings. It answers commands, and notices come."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from ..data import Struct
from ..filing.commands import (
    AnyCommand,
    Deliver,
    FindLinked,
    Follow,
    LeaveNote,
    Resolve,
    Send,
    StartFiling,
    Watch,
)
from ..filing.events import (
    AnyResult,
    Delivered,
    Failed,
    FilingKey,
    Judged,
    Linked,
    NoteLeft,
    Reached,
    Resolved,
    ResolvedContact,
    Sent,
    Started,
)
from ..filing.waiting import awaited_notices
from ..period import Period
from ..plan import Offer, SamePeriod, Way
from ..rights import DECIDING, NEEDED
from ..words import RELATION_LINK_WORDS, join_in_dutch
from .cast import Client
from .scene import Scene

ARRIVES_HOUR = 9
"""When on a day a notice comes, or another filing is so far."""


class Reply(NamedTuple):
    """What the world answers to a command, and when; never before now."""

    result: AnyResult
    at: datetime


class Coming(NamedTuple):
    """A notice that comes for a phase that waits for it."""

    at: datetime
    phase: str
    notice: str


class AnyWorld(Protocol):
    """What a simulation asks of a world; `World` is the usual one."""

    @property
    def clients(self) -> tuple[Client, ...]:
        """Return the client's contacts."""
        ...

    def answer(self, scene: Scene, command: AnyCommand) -> Reply | None:
        """Answer a command that was just issued; None leaves it on its way, to be answered by the caller."""
        ...

    def notices(self, scene: Scene) -> Iterator[Coming]:
        """Yield the notices that are to come, as the filing stands."""
        ...


class Verdict(Struct):
    """What the authority says to one attempt: `failed` is a failure on the way, that a person tries again."""

    kind: Literal["accepted", "refused", "failed"] = "accepted"
    code: str = "500"
    text: str = "Verwerkt"


class World(Struct):
    """A world by a few settings. What is not said goes well."""

    clients: tuple[Client, ...] = (Client(),)
    verdicts: tuple[Verdict, ...] = ()
    """By attempt; every later one is accepted."""
    verdict_hours: int = 2
    notice_workdays: int | None = 20
    """Until a notice comes that a phase waits for; None: it never comes. Of several, the first comes."""
    notices_after: dict[str, int | None] = msgspec.field(default_factory=dict)
    """The same by kind of notice."""
    other_workdays: int | None = 10
    """Until another filing is so far that a phase waits for; None: it never is."""
    others_after: dict[str, int | None] = msgspec.field(default_factory=dict)
    """The same by template."""
    unreachable: tuple[str, ...] = ()
    """Ids of those with whom no mail arrives."""
    reachable_from: date | None = None
    """The day from which mail arrives with them."""
    no_filings: tuple[str, ...] = ()
    """Templates of which the relation has no filing, and none is agreed."""
    linked: dict[str, int] = msgspec.field(default_factory=dict)
    """How many relations are linked to the relation, by what they are to it.

    Of what is not said there is one where the template needs it, and none where that is optional.
    """
    standing_until: date | None = None
    """The last day of the client's standing authority."""
    way: Way | None = None
    """How the relation wants offers, where not as the template says."""
    recipient: str | None = None
    """The function to which offers go, or 'primary_contact', where not as the template says."""
    problem: str | None = None
    """Why nothing can be offered, in Dutch."""
    start_problem: str | None = None
    """Why no other filing can be started, in Dutch."""

    def refusing(self, verdict: Verdict) -> "World":
        """Return this world with a first attempt at delivering that the authority judges so."""
        return msgspec.structs.replace(self, verdicts=(verdict,))

    def answer(self, scene: Scene, command: AnyCommand) -> Reply | None:
        """Answer a command; None to what never comes."""
        at = scene.now
        about: dict[str, Any] = {"at": at, "number": command.number}
        match command:
            case Send():
                return Reply(self._send(scene, command, about), at)
            case Resolve():
                return Reply(self._resolve(scene, command, about), at)
            case Deliver():
                return Reply(Delivered(reference=f"simulatie-{command.attempt}", **about), at)
            case Follow():
                return Reply(self._judge(command, about), at + timedelta(hours=self.verdict_hours))
            case Watch():
                return self._watch(scene, command, about)
            case StartFiling():
                return Reply(self._start(scene, command, about), at)
            case FindLinked():
                return Reply(self._find(scene, command, about), at)
            case LeaveNote():
                return Reply(NoteLeft(**about), at)

    def notices(self, scene: Scene) -> Iterator[Coming]:
        """Yield for each phase that waits the notices that come, each on its day."""
        for phase in scene.reader.active_phases():
            state = scene.reader.phase_state(phase.id)
            for notice in awaited_notices(phase):
                workdays = self.notices_after.get(notice, self.notice_workdays)
                if workdays is not None and state and state.entered:
                    yield Coming(scene.moment(state.entered, workdays, ARRIVES_HOUR), phase.id, notice)

    def _send(self, scene: Scene, command: Send, about: dict[str, Any]) -> AnyResult:
        title = scene.plan.message(command.message).title
        if not readers_of(scene, command):
            return Failed(error=f"Er is niemand naar wie '{title}' kan worden gestuurd.", **about)
        to = [one for one in readers_of(scene, command) if one not in command.reached]
        lost = [one for one in to if not self._is_reached(one, scene.now.date())]
        reached = tuple(one for one in to if one not in lost)
        if not lost:
            return Sent(recipients=reached, **about)
        error = " ".join(f"Niet verstuurd aan {one}: het e-mailadres bestaat niet." for one in lost)
        return Failed(error=error, reached=reached, **about)

    def _is_reached(self, one: str, today: date) -> bool:
        mended = self.reachable_from is not None and today >= self.reachable_from
        return one not in self.unreachable or mended

    def _resolve(self, scene: Scene, command: Resolve, about: dict[str, Any]) -> AnyResult:
        phase = scene.plan.phase(command.phase)
        offer = phase.offer
        to = offer.to if offer else None
        if to and self.recipient == "primary_contact":
            to = msgspec.structs.replace(to, kind="primary_contact", name=None)
        elif to and self.recipient:
            to = msgspec.structs.replace(to, kind="function", name=self.recipient)
        owners = self._find_owners(scene, command)
        meant = [
            one for one in self.clients if (one.id in owners if command.own else to and one.is_meant(to))
        ]
        problem = self.problem or (self._find_problem(offer, meant, owners) if offer else None)
        sender = scene.member_of(offer.on_behalf_of) if offer else None
        return Resolved(
            recipients=tuple(
                ResolvedContact(contact=c.id, may=c.may, jointly=c.jointly, own=tuple(owners.get(c.id, ())))
                for c in meant
            ),
            sender=sender.id if sender else None,
            way=self.way,
            standing_until=self.standing_until,
            problem=problem,
            **about,
        )

    def _find_problem(self, offer: Offer, meant: list[Client], owners: dict[str, list[str]]) -> str | None:
        """Say in Dutch what keeps an offer from being made, in the order in which the office would notice.

        Of documents that are somebody's own (`owners`) each must be able to decide for theirs.
        """
        needed = NEEDED[self.way or offer.offer_as]
        able = [one for one in meant if needed in one.may]
        if not meant:
            return "Er is niemand aan wie dit kan worden aangeboden."
        if needed not in DECIDING:
            return None
        unable = [one for one in meant if one not in able]
        if unable and (owners or offer.to.decide != "one" or not able):
            return f"{join_in_dutch(one.name for one in unable)} mag hier niet over beslissen."
        own = sorted({name for names in owners.values() for name in names})
        groups = [[one for one in able if name in owners.get(one.id, ())] for name in own] or [able]
        for alone in (group[0] for group in groups if len(group) == 1):
            if needed in alone.jointly:
                return f"{alone.name} mag alleen samen met een ander beslissen; er is geen ander die dat mag."
        return None

    def _find_owners(self, scene: Scene, command: Resolve) -> dict[str, list[str]]:
        """Return by contact which of the offered documents are their own."""
        owners: dict[str, list[str]] = {}
        documents = (one for one in scene.plan.documents if one.id in command.own)
        for document in documents:
            for client in self.clients:
                if document.of and client.is_meant(document.of):
                    owners.setdefault(client.id, []).append(document.id)
        return owners

    def _judge(self, command: Follow, about: dict[str, Any]) -> AnyResult:
        place = command.attempt - 1
        verdict = self.verdicts[place] if place < len(self.verdicts) else Verdict()
        if verdict.kind == "failed":
            return Failed(
                error=f"Het indienen is mislukt: {verdict.text} ({verdict.code}).", over=True, **about
            )
        return Judged(accepted=verdict.kind == "accepted", code=verdict.code, text=verdict.text, **about)

    def _watch(self, scene: Scene, command: Watch, about: dict[str, Any]) -> Reply | None:
        if command.template in self.no_filings:
            none = Reached(filing=command.template, how="none", **about)
            return Reply(none, scene.now) if command.optional else None
        workdays = self.others_after.get(command.template, self.other_workdays)
        if workdays is None:
            return None
        at = scene.moment(scene.now, workdays, ARRIVES_HOUR)
        other = path_of_other(scene, command.template, command.period, command.relation)
        return Reply(Reached(filing=other, how="phase" if command.until else "ended", **about), at)

    def _start(self, scene: Scene, command: StartFiling, about: dict[str, Any]) -> AnyResult:
        other = path_of_other(scene, command.template, command.period, command.relation)
        if self.start_problem:
            return Failed(error=f"{other}: {self.start_problem}", **about)
        return Started(filing=other, **about)

    def _find(self, scene: Scene, command: FindLinked, about: dict[str, Any]) -> AnyResult:
        """Return as many linked relations as there are, by numbers that are made of the relation's own."""
        own = scene.state.origin.filing.relation
        count = self.linked.get(command.link, 0 if command.optional else 1)
        if not count and not command.optional:
            word = RELATION_LINK_WORDS[command.link]
            return Failed(error=f"Bij deze relatie is geen {word} vastgelegd.", **about)
        found = tuple(f"{own}-{command.link}-{place}" for place in range(1, count + 1))
        return Linked(relations=found, **about)


def readers_of(scene: Scene, command: Send) -> tuple[str, ...]:
    """Return for whom a message is, by id."""
    if command.contacts:
        return command.contacts
    to = command.to
    assigned = scene.reader.assigned_to(to.name or "") if to and to.kind == "role" else None
    return (assigned,) if assigned else scene.cast.readers(to) if to else ()


def path_of_other(scene: Scene, template: str, which: SamePeriod, relation: str | None = None) -> str:
    """Return the path of another filing over a period of this one's kind, of the relation or a linked one."""
    key, own = scene.state.origin.filing, scene.state.origin.period
    beside = {"previous": own.start - timedelta(days=1), "next": own.end + timedelta(days=1)}.get(
        which, own.start
    )
    period = Period.holding(own.kind, beside)
    return FilingKey(
        template=template,
        relation=relation or key.relation,
        period=period.code,
        sub_number="-" if relation else key.sub_number,
    ).path
