"""A document of a report, made of figures: instance and rendering, stored (R20, R21, R23, R24)."""

from datetime import date, datetime
from importlib.metadata import version

from sqlalchemy import Connection

from ...days import add_working_days
from ...equipment import digipoort_settings
from ...filing.events import SYSTEM, Shown
from ...filing.outcome import Refusal
from ...filing.view import View
from ...office.calendars import calendars
from ...office.filings.filing import Filing
from ...office.people import TeamMember, find_holder
from ...office.plans import active_office
from ...office.relations.readiness import MEND_COLLEAGUE
from ...office.relations.relation import Relation, find_relation
from ...office.relations.taxpayers import taxpayer_of
from ...period import Period
from ...plan import Deliver, Model, Office, Plan
from ...sbr.facts import Facts, PaymentTerms, Sender, Software
from ...sbr.findings import Finding, ReportError
from ...sbr.identity import Identity
from ...sbr.payment import PaymentAdvice
from ...sbr.registry import Reports
from ...sbr.report import FiguresExample, Report, make_report
from ..desk import Desk
from .cases import Case

INSTANCE_TYPE = "application/xml"
RENDERING_TYPE = "text/html; charset=utf-8"
TRANSFER_DAYS = 2
"""Bank working days before the last day on which to transfer, so that the money is there (DOMAIN 2.3)."""


class MadeDocument(Model):
    """A document in the store: what to attach, how the client reads it, and what was noticed.

    `warnings` have their place in the file of figures, `remarks` are the same for whoever has no such file.
    """

    shown: Shown
    text: str
    warnings: tuple[str, ...]
    remarks: tuple[str, ...]


class FiguresRefused(Refusal):
    """Nothing was made: every mistake in the figures or in the relation's data, as Dutch sentences."""

    mistakes: tuple[str, ...]


def make_document(
    desk: Desk, case: Case, report: Report, document: str, figures: bytes, filename: str
) -> MadeDocument | FiguresRefused:
    """Make instance and rendering of a filing's document from a file of figures, and store both.

    Raises DatabaseError and DocumentError.
    """
    facts = desk.read(lambda connection: _gather_facts(connection, desk, case, document))
    if isinstance(facts, FiguresRefused):
        return facts
    try:
        made = make_report(report, figures, filename, facts)
    except ReportError as error:
        told = _tell(error.findings, filename)
        of_colleague = any(one.field.startswith("Contact") for one in error.findings)
        count = sum(one.times for one in error.findings)
        return _refuse(*told, *((MEND_COLLEAGUE,) if of_colleague else ()), count=count)
    store = desk.equipment.documents
    rendering = store.put(made.rendering.page.encode(), RENDERING_TYPE)
    return MadeDocument(
        shown=Shown(document=document, hash=store.put(made.content, INSTANCE_TYPE), rendering=rendering),
        text=made.rendering.text,
        warnings=_tell(made.warnings, filename),
        remarks=tuple(finding.text for finding in made.warnings),
    )


def list_examples(reports: Reports, plan: Plan) -> dict[str, FiguresExample]:
    """Return, by document of a plan, what a file of figures for it looks like, where its report says so."""
    named = {one.id: reports.get(one.report) for one in plan.documents if one.report}
    return {name: report.example for name, report in named.items() if report and report.example}


def read_document(desk: Desk, case: Case, report: Report, shown: Shown) -> str:
    """Return how the client reads a document in the store; empty when the office can no longer say it.

    Raises DatabaseError and DocumentError.
    """
    facts = desk.read(lambda connection: _gather_facts(connection, desk, case, shown.document))
    if isinstance(facts, FiguresRefused):
        return ""
    try:
        return report.render(desk.equipment.documents.get(shown.hash), facts).text
    except ReportError:
        return ""


def find_payment(
    desk: Desk, filing: Filing, plan: Plan, view: View, now: datetime, shown: Shown
) -> PaymentAdvice | None:
    """Return what to do about paying a version of a document; None where its report cannot say it (R24).

    Raises DatabaseError and DocumentError.
    """
    name = next((one.report for one in plan.documents if one.id == shown.document), None)
    report = desk.equipment.reports.get(name) if name else None
    if report is None:
        return None
    case = Case(filing=filing, plan=plan, view=view, actor=SYSTEM, now=now)
    facts = desk.read(lambda connection: _gather_facts(connection, desk, case, shown.document))
    if isinstance(facts, FiguresRefused):
        return None
    try:
        return report.advise_payment(desk.equipment.documents.get(shown.hash), facts)
    except ReportError:
        return None


def _gather_facts(connection: Connection, desk: Desk, case: Case, document: str) -> Facts | FiguresRefused:
    """Return what a report takes from the office; the contact person fills the role that sends (R13)."""
    delivers = (phase.deliver for phase in case.plan.phases if phase.deliver)
    deliver = next((one for one in delivers if one.document == document), None)
    if deliver is None:
        title = case.plan.document(document).title
        return _refuse(f"Geen fase dient het document '{title}' in.")
    office, relation = active_office(connection), find_relation(connection, case.filing.relation)
    if office is None or relation is None:
        raise LookupError(f"the relation of {case.filing.id}, or the office's definitions, are not there")
    role = case.plan.role(deliver.on_behalf_of)
    day = case.now.date()
    sender = find_holder(connection, relation.number, role.id, case.plan.roles, day, case.view.given)
    if sender is None:
        return _refuse(f"Niemand heeft de rol {role.title} voor deze relatie.")
    last_day = next(d.due for d in case.view.deadlines if d.id == deliver.deadline)
    if last_day is None:
        return _refuse("De uiterste dag is nog niet bekend. Leg eerst vast waar die van afhangt.")
    period = Period.parse(case.filing.period)
    equipment = desk.equipment
    return Facts(
        filing=case.filing.id,
        relation=relation.name,
        office=office.text.name,
        identity=_identity_of(relation, case.filing.sub_number),
        period=period,
        sender=_sender_of(sender, office),
        software=Software(
            name="kantoor",
            version=version("kantoor"),
            vendor_number=office.software_vendor_number or "",
        ),
        consultant_number=office.tax_consultant_number,
        created=case.now,
        terms=_payment_terms(case, office, deliver, period, last_day),
        law=office,
        stand_in=digipoort_settings(desk.settings, practice=equipment.practice).is_stand_in,
    )


def _identity_of(relation: Relation, sub_number: str) -> Identity:
    return Identity(
        legal_form=relation.legal_form,
        bsn=relation.bsn,
        rsin=relation.rsin,
        ob_number=taxpayer_of(relation, "ob_number", sub_number),
        btw_id=relation.btw_id,
        kvk_number=relation.kvk,
    )


def _sender_of(member: TeamMember, office: Office) -> Sender:
    return Sender(
        name=member.name,
        phone=member.phone or office.text.phone,
        initials=member.initials,
        prefix=member.prefix,
        surname=member.surname,
    )


def _payment_terms(
    case: Case, office: Office, deliver: Deliver, period: Period, last_day: date
) -> PaymentTerms:
    bank = calendars(office.closing_days, period.end, last_day).bank
    transfer_by = add_working_days(last_day, -TRANSFER_DAYS, bank)
    in_time = transfer_by >= case.now.date()
    return PaymentTerms(pay=deliver.pay, last_day=last_day, transfer_by=transfer_by if in_time else None)


def _refuse(*mistakes: str, count: int = 1) -> FiguresRefused:
    """Refuse to make a document; `count` is of what is wrong, which a sentence may tell more of at once."""
    many = f" Er zijn {count} fouten gevonden." if count > 1 else ""
    return FiguresRefused(code="no_return", text=f"Er is geen aangifte gemaakt.{many}", mistakes=mistakes)


def _tell(findings: tuple[Finding, ...], filename: str) -> tuple[str, ...]:
    """Return findings as sentences, with their place in the file of figures, in the order of its lines."""
    in_order = sorted(findings, key=lambda one: (one.line is None, one.line or 0, one.column or 0))
    return tuple(f"{filename}, {_say_place(one)}: {one.text}" if one.line else one.text for one in in_order)


def _say_place(finding: Finding) -> str:
    """Return where something is found in its file: the first place of a line is the line as a whole."""
    where = finding.where or (f"teken {finding.column}" if (finding.column or 1) > 1 else "")
    return f"regel {finding.line}{f', {where}' if where else ''}"
