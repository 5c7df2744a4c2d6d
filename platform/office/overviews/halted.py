"""What does not go by itself, for who sends on behalf of the office there.

What the client rejected, what should have started by itself and could not (R28), every agreed period that
nothing covers (R64), what is open and does not run (R65), and what Digipoort does not answer for long, or
answers when nobody asks any more.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, String, bindparam, case, cast, exists, null, select, union_all

from ...period import in_words, moment_in_words
from ...plan import Plan
from ...words import JUDGEMENT_WORDS
from ..alarms import (
    DELIVERY_WAITS,
    FILED_TWICE,
    JUDGED_LATER,
    JUDGEMENT_WAITS,
    NOT_BEGUN,
    NOT_RUNNING,
    STATUS_WAITS,
    find_alarm,
)
from ..database.columns import among_given
from ..database.questions import Question, list_rows
from ..database.tables import RECURRENCE_ID, STUCK, alarms, filings, recurrences, relation_roles, relations
from ..filings.filing import find_filing
from ..filings.last_days import find_last_day
from ..plans import Plans, active_office, find_plan, plans_in_force
from . import doubtful, rejections
from .rejections import Rejection, until_offered
from .uncovered import Uncovered, look_at

RECURRENCE = "recurrence"
"""Kind of the line of a recurrence that could not start its filing."""

NOT_COVERED = "uncovered"
"""Kind of the line of a period that has no filing and no planned start."""

REJECTED = "rejected"
"""Kind of the line that tells whoever sends in the office's name that the client rejected an offer."""

_DOES_NOT_RUN = (
    "Dit loopt niet meer: termijnen worden niet bewaakt en er gaat niets uit. Vraag wie de server beheert "
    "om het weer op gang te brengen."
)
_WAITS = {
    NOT_BEGUN: "Deze opdracht is gepland, maar sinds {} niet begonnen. Dat wordt steeds opnieuw geprobeerd: "
    "de opdracht begint vanzelf zodra de server antwoordt en er bij de relatie niets ontbreekt. Vraag wie de "
    "server beheert of alles loopt, of start de opdracht nog eens; dubbel starten kan niet.",
    DELIVERY_WAITS: "De aangifte is nog niet ingediend: het lukt niet sinds {}. Het wordt steeds opnieuw "
    "geprobeerd. Vraag wie de server beheert of Digipoort bereikbaar is.",
    STATUS_WAITS: "De aangifte is ingediend, maar de uitslag is niet op te vragen sinds {}. Het wordt steeds "
    "opnieuw geprobeerd. Vraag wie de server beheert of Digipoort bereikbaar is.",
    JUDGEMENT_WAITS: "Digipoort heeft de aangifte aangenomen op {}, maar nog geen uitslag gegeven. Kijk in "
    "het portaal van de Belastingdienst of vraag het de helpdesk van Digipoort, en leg op de pagina van de "
    "opdracht vast wat daar staat. Dien de aangifte niet elders in: dan is die misschien dubbel ingediend.",
}
_LATER = (JUDGED_LATER, FILED_TWICE)
"""What is told of a filing also once it has ended."""
_JUDGED_LATER = (
    "Digipoort meldt '{said}' van de aangifte met kenmerk {kenmerk}; vastgelegd was '{recorded}'. {do}"
)
_FILED = (
    "Die is dus ingediend: dien niet nog eens in.{here} Klopt de aangifte niet, herstel die dan met een "
    "suppletie of correctie."
)
_STANDS_STILL = " Staat de opdracht daarop stil, kies dan 'Opnieuw proberen'."
_GOES_ON = " De opdracht is nog in behandeling: overleg met wie eraan werkt."
_CANCELLED = (
    " De opdracht is geannuleerd, maar wat is aangegeven geldt: laat de klant weten wat te betalen is."
)
_NOT_FILED = "Die is dus niet ingediend: start een extra opdracht en dien opnieuw in."
_FILED_TWICE = (
    "De Belastingdienst heeft van dit tijdvak twee aangiften: die met kenmerk {} is geaccepteerd, nadat een "
    "andere uitslag was vastgelegd, en die met kenmerk {} is ook ingediend. Vraag de Belastingdienst welke "
    "geldt, laat de andere intrekken, en herstel wat dubbel is aangegeven met een suppletie of correctie."
)
_START_WAITS = (
    "Dit is gepland, maar sinds {} niet begonnen. Dat wordt steeds opnieuw geprobeerd: het begint vanzelf "
    "zodra de server antwoordt en er bij de relatie niets ontbreekt. Vraag wie de server beheert of alles "
    "loopt, of kies op de pagina van de geplande start 'Nog eens proberen'; dubbel starten kan niet."
)
"""The same of what starts by itself."""
WAITS = (*_WAITS, *_LATER)
"""Kinds of the lines that are about a return, whose filing says more."""
NEAR = timedelta(days=3)
"""So long before the last day of a return its day is told with what waits for Digipoort."""
_NOT_AGREED = "De klant is niet akkoord"


class Lack(NamedTuple):
    """Something of a relation that does not go by itself: its workflow's id, which template, and why."""

    id: str
    plan: Plan
    relation: str
    relation_name: str
    period: str
    kind: str
    due: date
    why: str
    deadline: date | None = None
    phase: str = ""
    title: str = ""
    deliverer: str | None = None
    """The role that is told it in place of the one that sends."""
    also: tuple[str, ...] = ()
    """Roles that are told it beside the one that delivers: who would do again what need not be done."""
    view: Mapping[str, Any] | None = None
    """Of the filing what says to whom its work was reassigned."""


class Halted(NamedTuple):
    """What was found of all relations, or of those of some members.

    `stuck` are rows of recurrences, `still` rows of what is open and does not run, or waits for Digipoort;
    both have a template.
    """

    rejected: list[Rejection]
    stuck: list[Any]
    uncovered: list[Uncovered]
    still: list[Any]

    @property
    def relations(self) -> set[str]:
        """Return the numbers of the relations that it is about."""
        found: tuple[Iterable[Any], ...] = (self.rejected, self.stuck, self.uncovered, self.still)
        return {one.relation for some in found for one in some}

    @property
    def digests(self) -> set[str]:
        """Return the digests of the plans that it is told by."""
        return {one.plan for one in self.rejected} | {row.plan for row in self.still if row.plan}

    @property
    def templates(self) -> set[str]:
        """Return the templates by whose latest plan it is told."""
        return {row.template for row in (*self.stuck, *self.still)}


def read_halted(
    connection: Connection, on: date, plans: Mapping[str, Plan], answers: tuple[Any, ...]
) -> Halted:
    """Return what does not go by itself, from the answers of OF_ALL or OF_MEMBERS; `plans` by product."""
    rejected, stuck, alarmed, taken = answers
    office, in_force = active_office(connection), plans_in_force(connection)
    # Who is on pilot is few, and may have other periods: they are looked at, whosever they are.
    numbers = sorted({*doubtful.pick_doubtful(taken, plans), *in_force.on_pilot})
    uncovered = look_at(connection, on, office, in_force, numbers) if office and numbers else []
    still = [*connection.execute(_STILL)] if alarmed else []
    return Halted(rejected, stuck, uncovered, still)


def count_rejections(halted: Halted, plans: Plans) -> dict[tuple[str, str], int]:
    """Return how often the client rejected what a phase works on, by filing and phase."""
    return {
        (one.filing, phase): one.times
        for one in halted.rejected
        for phase in until_offered(plans.by_digest[one.plan], one.phase)
    }


def list_lacks(halted: Halted, plans: Plans, on: date) -> list[Lack]:
    """Return what is told of all this to who sends: a rejection where its line is told (`list_rejected`)."""
    return [*_not_started(halted, plans), *_not_covered(halted), *_not_running(halted, plans, on)]


def list_rejected(
    halted: Halted, plans: Plans, counts: Mapping[tuple[str, str], int], told: set[str], on: date
) -> list[Lack]:
    """Return what the client rejected in filings of which nobody is told it with their own work.

    The client was told that they read it.
    """
    return [
        Lack(
            *(one.filing, plan, one.relation, one.relation_name, one.period, REJECTED, on),
            *(f"Weer aan de beurt: {plan.phase(active).title}.", one.due, active, _NOT_AGREED),
            view=one.view,
        )
        for one in halted.rejected
        for plan in (plans.by_digest[one.plan],)
        for active in one.active[:1]
        if one.filing not in told and (one.filing, active) in counts
    ]


def _not_started(halted: Halted, plans: Plans) -> list[Lack]:
    """Return what should have started by itself, with why it could not."""
    return [
        Lack(
            *(f"recurrence/{row.template}/{row.relation}/{row.sub_number}", plan),
            *(row.relation, row.relation_name, row.next_period, RECURRENCE, row.next_start, row.problem),
        )
        for row in halted.stuck
        if (plan := plans.find_latest(row.template, row.relation))
    ]


def _not_covered(halted: Halted) -> list[Lack]:
    """Return the agreed periods that have no filing and no planned start.

    What was planned and does not begin its own line tells, be it a filing or what starts one.
    """
    still = {row.id for row in halted.still}
    still |= {
        f"filing/{row.template}/{row.relation}/{row.period}/{row.sub_number}/1"
        for row in halted.still
        if row.kind == NOT_BEGUN
    }
    return [
        Lack(
            id,
            *(one.plan, one.relation, one.relation_name, one.period.code, NOT_COVERED, one.start, one.why),
        )
        for one in halted.uncovered
        for id in (f"filing/{one.plan.template}/{one.relation}/{one.period.code}/{one.sub_number}/1",)
        if id not in still
    ]


def _not_running(halted: Halted, plans: Plans, on: date) -> list[Lack]:
    """Return what is open and does not run, as a worker saw, and what Digipoort does not answer.

    Each by the filing's own plan, where that is published.
    """
    return [
        Lack(
            *(row.id, plan, row.relation, row.relation_name, row.period),
            *(row.kind, row.starts or on, _say_row(plan, row, day, on)),
            deadline=day if _is_not_filed(row.kind, row.detail) else row.due,
            deliverer=_find_deliverer(plan, row),
            also=_list_working(plan, row) if _is_filed(row.kind, row.detail) else (),
            view=row.view,
        )
        for row in halted.still
        if (plan := plans.by_digest.get(row.plan) or plans.find_latest(row.template, row.relation))
        for day in (_find_last_day(plan, row, row.kind, row.detail),)
    ]


def _say_row(plan: Plan, row: Any, day: date | None, on: date) -> str:
    if row.kind == NOT_BEGUN and row.id.startswith("recurrence/"):
        return _say_start_waits(row.detail)
    return _say_still(row.kind, row.detail, day, on, _say_here(plan, row))


def _find_last_day(plan: Plan, row: Any, kind: str, since: str) -> date | None:
    """Return the last day of the return that a line is about.

    Of one that was not filed after all it has no open deadline, and no active phase, any more.
    """
    phases = (one.id for one in plan.phases) if _is_not_filed(kind, since) else row.phases or ()
    return find_last_day(plan, tuple(phases), row.view, row.due)


def _is_not_filed(kind: str, since: str) -> bool:
    return kind == JUDGED_LATER and not since.startswith("accepted ")


def _is_filed(kind: str, since: str) -> bool:
    return kind == JUDGED_LATER and since.startswith("accepted ")


def _list_working(plan: Plan, row: Any) -> tuple[str, ...]:
    """Return the roles of the phases that a filing is in."""
    return tuple(dict.fromkeys(one.role for one in plan.phases if one.id in (row.phases or ())))


def _say_here(plan: Plan, row: Any) -> str:
    """Say what a return that is filed after all means where its filing is, in Dutch after a space."""
    if row.ended is not None:
        return _CANCELLED if row.ended == "cancelled" else ""
    delivers = any(one.deliver for one in plan.phases if one.id in (row.phases or ()))
    return _STANDS_STILL if delivers else _GOES_ON


def list_waits(connection: Connection, filing: str, on: date) -> tuple[str, ...]:
    """Return in Dutch what of an open filing Digipoort does not answer for long, and since when."""
    found = WAITS_OF.ask(connection, filing=filing)
    there = find_filing(connection, filing) if found else None
    plan = find_plan(connection, there.plan) if there else None
    if there is None or plan is None:
        return tuple(_say_still(row.waits, row.waits_since, None, on, "") for row in found)
    days = (_find_last_day(plan, there, row.waits, row.waits_since) for row in found)
    return tuple(
        _say_still(row.waits, row.waits_since, day, on, _say_here(plan, there))
        for row, day in zip(found, days, strict=True)
    )


def say_start_waits(connection: Connection, recurrence: str) -> str:
    """Return in Dutch that what starts by itself does not begin, and since when; empty if nobody says so."""
    alarm = find_alarm(connection, NOT_BEGUN, recurrence)
    return _say_start_waits(alarm.detail) if alarm else ""


def _say_start_waits(since: str) -> str:
    return _START_WAITS.format(moment_in_words(datetime.fromisoformat(since)))


def _find_deliverer(plan: Plan, row: Any) -> str | None:
    """Return the role that delivers where a judgement is told, and may be recorded.

    That of the phase that does now, if any.
    """
    if row.kind not in (STATUS_WAITS, JUDGEMENT_WAITS, *_LATER):
        return None
    delivering = [one for one in plan.phases if one.deliver]
    now = [one for one in delivering if one.id in (row.phases or ())]
    first = next(iter(now or (delivering if row.kind in _LATER else ())), None)
    return first.role if first else None


def _say_still(kind: str, since: str, due: date | None, on: date, here: str) -> str:
    """Say what does not go on; near the last day of a return, and after it, also which day that is.

    `here` is what it means where the filing is, if the return is filed after all.
    """
    if kind == NOT_RUNNING:
        return _DOES_NOT_RUN
    if kind == FILED_TWICE:
        return _FILED_TWICE.format(*since.split())
    if kind == JUDGED_LATER:
        said, recorded, kenmerk = since.split()
        filed = _is_filed(kind, since)
        words = {"said": _say_judgement(said), "recorded": _say_judgement(recorded)}
        text = _JUDGED_LATER.format(
            **words, kenmerk=kenmerk, do=_FILED.format(here=here) if filed else _NOT_FILED
        )
        if filed:
            return text
    else:
        text = _WAITS[kind].format(moment_in_words(datetime.fromisoformat(since)))
    if due is None or on < due - NEAR:
        return text
    passed = "is verstreken" if due < on else "loopt af"
    return f"{text} De termijn {passed} op {in_words(due)}."


def _say_judgement(status: str) -> str:
    return JUDGEMENT_WORDS.get(status, "niet aangekomen")


_alarmed = alarms.c.kind.in_((NOT_RUNNING, *WAITS))
_told = (filings.c.status != "afgesloten") | alarms.c.kind.in_(_LATER)
_ALARMED = Question(select(alarms.c.id).where(_alarmed).limit(1), list_rows)
"""Nearly always there is none, and the question that follows reads every recurrence."""
_STILL = union_all(
    select(
        *(filings.c.id, filings.c.template, filings.c.relation, filings.c.period, filings.c.due),
        *(relations.c.name.label("relation_name"), alarms.c.kind, alarms.c.detail),
        *(filings.c.plan, filings.c.phases, filings.c.view, filings.c.ended, filings.c.sub_number),
        case((alarms.c.kind == NOT_BEGUN, filings.c.start_date)).label("starts"),
    )
    .join(alarms, (alarms.c.filing == filings.c.id) & _alarmed)
    .join(relations, relations.c.number == filings.c.relation)
    .where(_told),
    select(
        *(alarms.c.filing, recurrences.c.template, recurrences.c.relation, recurrences.c.next_period),
        *(
            cast(None, Date),
            relations.c.name,
            alarms.c.kind,
            alarms.c.detail,
            cast(null(), String),
            *(cast(null(), column.type) for column in (filings.c.phases, filings.c.view, filings.c.ended)),
            recurrences.c.sub_number,
            case((alarms.c.kind == NOT_BEGUN, recurrences.c.next_start)),
        ),
    )
    .join(alarms, (alarms.c.filing == RECURRENCE_ID) & _alarmed)
    .join(relations, relations.c.number == recurrences.c.relation)
    .where(recurrences.c.status != "stopped"),
)
WAITS_OF = Question(
    select(alarms.c.kind.label("waits"), alarms.c.detail.label("waits_since"))
    .join(filings, filings.c.id == alarms.c.filing)
    .where(
        alarms.c.filing == bindparam("filing", type_=String),
        alarms.c.kind.in_(WAITS),
        _told,
    ),
    list_rows,
    "filing",
)
"""What `list_waits` asks."""
_STUCK = (
    select(recurrences, relations.c.name.label("relation_name"))
    .join(relations, relations.c.number == recurrences.c.relation)
    .where(STUCK)
)
_STUCK_OF_ALL = Question(_STUCK, list_rows)
# Those that are stuck are few, and a member's relations many: the few are looked up among the many.
_STUCK_OF_MEMBERS = Question(
    _STUCK.where(
        exists().where(
            relation_roles.c.relation == recurrences.c.relation,
            among_given(relation_roles.c.member, "members"),
        )
    ),
    list_rows,
    "members",
)
OF_ALL = (rejections.OF_ALL, _STUCK_OF_ALL, _ALARMED, doubtful.OF_MEMBERS_AND_SOME)
"""What `read_halted` goes by, of all relations; asked with `products`.

That every period is covered is proved of the relations of `members`, and of those with these `numbers`,
at which there may be nobody to be told: it is too much to prove of the whole office.
"""
OF_MEMBERS = (rejections.OF_MEMBERS, _STUCK_OF_MEMBERS, _ALARMED, doubtful.OF_MEMBERS)
"""The same of the relations at which one of `members` has a role."""
