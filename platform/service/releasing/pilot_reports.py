"""What happened in the filings of a pilot, beside those on the plan before, with remarks of people (R34)."""

from collections.abc import Iterator

from sqlalchemy import Connection

from ...office.filings.courses import Course, PhaseCourse, find_filings_on, read_course
from ...office.people import find_person
from ...office.pilots import Pilot, Remark, list_pilots, list_remarks
from ...office.plans import latest_plan, require_plan
from ...period import in_words
from ...plan import Model
from ...words import COURSE_WORDS, count_of
from ..desk import Desk
from ..names import short_digest, short_name
from ..results import Refusal
from ..unknown import refuse_template
from .pilot_remarks import place_of

NO_PILOT = Refusal(code="no_pilot", text="Er was nog geen pilot.")


class RemarkLine(Model):
    """A remark: its day of office time, the filing by its name, who wrote it and whether that is a client."""

    at: str
    filing: str
    who: str
    of_client: bool
    text: str


class PilotReport(Model):
    """A pilot with the course of its filings, and of those on the plan before over the same periods."""

    pilot: Pilot
    title: str
    phases: dict[str, str]
    theirs: Course
    others: Course
    remarks: tuple[RemarkLine, ...]


def read_reports(desk: Desk, template: str | None = None) -> tuple[PilotReport, ...] | Refusal:
    """Return the report on each pilot that runs, of a template or all; else on the last one.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> tuple[PilotReport, ...] | Refusal:
        if template is not None and latest_plan(connection, template) is None:
            return refuse_template(connection, template)
        every = list_pilots(connection, template)
        shown = [one for one in every if one.ended is None] or every[:1]
        return tuple(_report(connection, desk, one) for one in shown) or NO_PILOT

    return desk.read(ask)


def _report(connection: Connection, desk: Desk, pilot: Pilot) -> PilotReport:
    plan, before = require_plan(connection, pilot.digest), require_plan(connection, pilot.before)
    known = {phase.id for phase in plan.phases}
    gone = (phase for phase in before.phases if phase.id not in known)
    theirs = find_filings_on(connection, pilot.digest, relations=pilot.relations)
    periods = {period for _, period in theirs}
    others = find_filings_on(connection, pilot.before, periods=periods) if periods else ()
    return PilotReport(
        pilot=pilot,
        title=plan.title,
        phases={phase.id: phase.title for phase in (*plan.phases, *gone)},
        theirs=read_course(connection, [id for id, _ in theirs]),
        others=read_course(connection, [id for id, _ in others]),
        remarks=tuple(_open(connection, desk, one) for one in list_remarks(connection, pilot.id)),
    )


def _open(connection: Connection, desk: Desk, remark: Remark) -> RemarkLine:
    person = find_person(connection, remark.by)
    return RemarkLine(
        at=in_words(remark.at.date()),
        filing=short_name(remark.filing),
        who=person.name if person else remark.by,
        of_client=remark.of_client,
        text=desk.equipment.document_ring.open_sealed(remark.said, place_of(remark.id)).decode(),
    )


def say_report(report: PilotReport) -> Iterator[str]:
    """Yield a report line by line, in Dutch."""
    pilot, theirs, others = report.pilot, report.theirs, report.others
    yield f"Pilot van {report.title} ({pilot.template}, plan {short_digest(pilot.digest)})"
    yield f"  {say_pilot(pilot)}"
    yield f"  {_say_number(theirs)}."
    yield f"  Op het vorige plan, over dezelfde perioden: {_say_number(others)}."
    before = {one.phase: one for one in others.phases}
    known = {one.phase: one for one in theirs.phases}
    for phase, title in report.phases.items():
        if phase in known or phase in before:
            there = _say_phase(before.get(phase)) if others.filings else "geen opdrachten"
            yield f"  Fase {title}: {_say_phase(known.get(phase))}; vorig plan: {there}."
    for what, word in COURSE_WORDS.items():
        if theirs.counts.get(what) or others.counts.get(what):
            there = _say_rate(others, what) if others.filings else "geen opdrachten"
            yield f"  {word}: {_say_rate(theirs, what)}; vorig plan: {there}."
    for remark in report.remarks:
        whose = "klant" if remark.of_client else "medewerker"
        yield f"  Opmerking van {remark.who} ({whose}), {remark.at}, bij {remark.filing}: {remark.text}"


def say_pilot(pilot: Pilot) -> str:
    """Say in Dutch for whom a pilot is or was, since when, by whom, and how it ended."""
    named = "relatie" if len(pilot.relations) == 1 else "relaties"
    whom = f"Voor {named} {', '.join(pilot.relations)}, sinds {in_words(pilot.since.date())}"
    by = f" door {pilot.by}" if pilot.by else ""
    if pilot.until is None:
        return f"{whom}{by}; loopt."
    how = "daarna voor iedereen" if pilot.how == "promote" else "teruggezet"
    if pilot.taken_back is not None:
        how += f", tot dat op {in_words(pilot.taken_back.date())} is teruggezet"
    return f"{whom}{by}; geëindigd op {in_words(pilot.until.date())}: {how}."


def _say_number(course: Course) -> str:
    return f"{count_of(course.filings, 'opdracht', 'opdrachten')}, waarvan {course.ended} afgesloten"


def _say_phase(course: PhaseCourse | None) -> str:
    if course is None:
        return "0 keer begonnen, 0 keer afgerond"
    said = f"{course.entered} keer begonnen, {course.completed} keer afgerond"
    return said if course.days is None else f"{said}, gemiddeld {_say_decimal(course.days)} dagen"


def _say_rate(course: Course, what: str) -> str:
    number = course.counts.get(what, 0)
    return f"{number} ({_say_decimal(number / max(course.filings, 1))} per opdracht)"


def _say_decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
