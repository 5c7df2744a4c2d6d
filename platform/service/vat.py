"""The VAT return of a filing from figures: instance and rendering, made and stored (R20, R21, R23, R24)."""

import hashlib
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from itertools import takewhile
from typing import Literal

from sqlalchemy import Connection

from ..days import add_working_days
from ..equipment import digipoort_settings
from ..filing.events import Shown
from ..filing.outcome import Refusal
from ..office.calendars import calendars
from ..office.people import TeamMember, holders
from ..office.plans import active_office
from ..office.relations.relation import Relation, find_relation
from ..period import Period, in_words
from ..plan import EntryPoint, Model, Office, TaxAccount, VatRates
from ..sbr.findings import Finding, errors
from ..sbr.header import InstanceHeader, check_header
from ..sbr.identity import Identity, check_identity_against_instance
from ..sbr.instance import Instance, check_against, make_instance, read_instance, vat_return_of
from ..sbr.payment import PaymentAdvice, payment_advice, vat_reference
from ..sbr.rendering import render_html, render_text
from ..sbr.tables import TableError, account_on, entry_point_for, rates_on
from ..sbr.vat_return import vat_return_from
from .cases import Case
from .desk import Desk

INSTANCE_TYPE = "application/xml"
RENDERING_TYPE = "text/html; charset=utf-8"
TRANSFER_DAYS = 2
"""Bank working days before the last day on which to transfer, so that the money is there (DOMAIN 2.3)."""


class Made(Model):
    """A return that lies in the store: what to attach, how the client reads it, and what was noticed.

    `warnings` have their place in the file of figures, `remarks` are the same for whoever has no such file.
    """

    shown: Shown
    text: str
    warnings: tuple[str, ...]
    remarks: tuple[str, ...]


class Wrong(Refusal):
    """Nothing was made: every mistake in the figures or in the relation's data, as Dutch sentences."""

    mistakes: tuple[str, ...]


def _wrong(*mistakes: str) -> Wrong:
    return Wrong(code="no_return", text="Er is geen aangifte van gemaakt.", mistakes=mistakes)


def make_return(desk: Desk, case: Case, document: str, content: bytes, filename: str) -> Made | Wrong:
    """Make instance and rendering of a filing from a file of figures, and store both.

    The contact person in the instance is who fills the role on whose behalf is sent (R13). Raises
    DatabaseError and DocumentError.
    """
    found = desk.read(lambda connection: _sources(connection, case, document))
    if isinstance(found, Wrong):
        return found
    figures = vat_return_from(content, filename, _rates(found))
    if figures.vat_return is None:
        return _wrong(*_said(errors(figures.findings), filename))
    header = _header(found, case, content)
    problems = errors(check_header(header))
    if problems:
        return _wrong(*(finding.text for finding in problems))
    entry_point = _entry_point(desk, found)
    payment = _payment(found, figures.vat_return.total)
    if isinstance(entry_point, Wrong):
        return entry_point
    if isinstance(payment, Wrong):
        return payment
    content = make_instance(figures.vat_return, header, entry_point)
    strange = _strange(found, read_instance(content), entry_point)
    if strange:
        return _wrong(*(finding.text for finding in strange))
    shown, text = _stored(desk, found, document, content, payment)
    return Made(
        shown=shown,
        text=text,
        warnings=_said(figures.findings, filename),
        remarks=tuple(finding.text for finding in figures.findings),
    )


def text_of(desk: Desk, case: Case, shown: Shown) -> str:
    """Return how the client reads a return in the store; empty when the office can no longer say it.

    Raises DatabaseError and DocumentError.
    """
    found = desk.read(lambda connection: _sources(connection, case, shown.document))
    if isinstance(found, Wrong):
        return ""
    instance = read_instance(desk.equipment.documents.get(shown.hash))
    payment = _payment(found, instance.total)
    return "" if isinstance(payment, Wrong) else render_text(instance, *found.names, payment)


@dataclass(frozen=True)
class _Sources:
    """What a return takes from the office."""

    office: Office
    relation: Relation
    ob_number: str
    sender: TeamMember
    period: Period
    report: str | None
    last_day: date
    today: date
    pay: Literal["now", "after_assessment", "nothing"]

    @property
    def names(self) -> tuple[str, str]:
        """Return the names that the client knows: his own and the office's."""
        return self.relation.name, self.office.text.name


def _sources(connection: Connection, case: Case, document: str) -> _Sources | Wrong:
    deliver = next(
        (p.deliver for p in case.plan.phases if p.deliver and p.deliver.document == document), None
    )
    if deliver is None:
        return _wrong(f"Het document '{document}' wordt nergens ingediend.")
    office, relation = active_office(connection), find_relation(connection, case.filing.relation)
    role = case.plan.role(deliver.on_behalf_of)
    senders = holders(connection, case.filing.relation, role.id, case.plan.roles)
    if office is None or relation is None or not relation.ob_number:
        return _wrong("Het OB-nummer van de relatie ontbreekt.")
    if not senders:
        return _wrong(f"Niemand vervult de rol {role.title} voor deze relatie.")
    last_day = next(d.due for d in case.view.deadlines if d.id == deliver.deadline)
    if last_day is None:
        return _wrong("De uiterste dag is nog niet bekend; leg eerst vast waar die van afhangt.")
    return _Sources(
        office=office,
        relation=relation,
        ob_number=relation.ob_number,
        sender=senders[0],
        period=Period.parse(case.filing.period),
        report=case.plan.document(document).report,
        last_day=last_day,
        today=case.now.date(),
        pay=deliver.pay,
    )


def _header(found: _Sources, case: Case, figures: bytes) -> InstanceHeader:
    """Return the head of the instance: the office files as intermediary, under its consultant number."""
    initials, prefix, surname = _named(found.sender.name)
    created = case.now.replace(second=0, microsecond=0)
    made = hashlib.sha256(f"{case.filing.id} {created.isoformat()} ".encode() + figures).hexdigest()
    return InstanceHeader(
        ob_number=found.ob_number,
        start=found.period.start,
        end=found.period.end,
        reference=f"OB-{found.period.code}-{made[:6]}",
        created=created,
        contact_initials=initials,
        contact_prefix=prefix,
        contact_surname=surname,
        contact_telephone=_dialled(found.sender.phone or found.office.text.phone),
        software_name="kantoor",
        software_version=version("kantoor"),
        vendor_number=found.office.software_vendor_number or "",
        consultant_number=found.office.tax_consultant_number,
    )


def _rates(found: _Sources) -> VatRates | None:
    """Return the rates of the period; where none are known, figures are not compared with them."""
    try:
        return rates_on(found.office.vat_rates, found.period.start)
    except TableError:
        return None


def _entry_point(desk: Desk, found: _Sources) -> EntryPoint | Wrong:
    """Return the report's entry point of the year; an inferred one never goes to Digipoort itself."""
    year = found.period.start.year
    table = f"definitions/law/{found.report}.yaml"
    try:
        rows = (row for row in found.office.entry_points if row.report == found.report)
        entry_point = entry_point_for(rows, year)
    except TableError:
        return _wrong(f"Voor aangiften over {year} is geen taxonomie bekend; vul {table} aan.")
    equipment = desk.equipment
    if entry_point.confirmed or digipoort_settings(desk.settings, practice=equipment.practice).is_stand_in:
        return entry_point
    return _wrong(f"De taxonomie van {year} in {table} is afgeleid, niet gecontroleerd (confidence: L).")


def _account(found: _Sources) -> TaxAccount | None:
    try:
        return account_on(found.office.tax_accounts, found.last_day)
    except TableError:
        return None


def _payment(found: _Sources, total: int) -> PaymentAdvice | Wrong:
    """Return what to do about the total: how much, by when, to which account, under which reference."""
    account = _account(found)
    if account is None and found.pay == "now" and total > 0:
        day = in_words(found.last_day)
        return _wrong(f"Er is geen rekening van de Belastingdienst bekend op {day}; vul definitions/law aan.")
    bank = calendars(found.office.closing_days, found.period.end, found.last_day).bank
    transfer_by = add_working_days(found.last_day, -TRANSFER_DAYS, bank)
    return payment_advice(
        total,
        vat_reference(found.ob_number, found.period.start, found.period.end),
        account,
        found.last_day,
        transfer_by if transfer_by >= found.today else None,
        pay=found.pay,
    )


def _strange(found: _Sources, instance: Instance, entry_point: EntryPoint) -> tuple[Finding, ...]:
    """Return what is wrong with a return that was read back: whose it is, over when, how much (R20)."""
    return errors(
        [
            *check_identity_against_instance(_identity(found), instance),
            *check_against(instance, entry_point, found.period.start, found.period.end),
            *vat_return_of(instance).findings,
        ]
    )


def _stored(
    desk: Desk, found: _Sources, document: str, content: bytes, payment: PaymentAdvice
) -> tuple[Shown, str]:
    """Render what was read back, so that what is shown is what is sent, and store both."""
    instance = read_instance(content)
    store = desk.equipment.documents
    rendering = store.put(render_html(instance, *found.names, payment).encode(), RENDERING_TYPE)
    shown = Shown(document=document, hash=store.put(content, INSTANCE_TYPE), rendering=rendering)
    return shown, render_text(instance, *found.names, payment)


def _identity(found: _Sources) -> Identity:
    relation = found.relation
    return Identity(
        legal_form=relation.legal_form,
        bsn=relation.bsn,
        rsin=relation.rsin,
        ob_number=relation.ob_number,
        btw_id=relation.btw_id,
        kvk_number=relation.kvk,
    )


def _named(name: str) -> tuple[str, str | None, str]:
    """Return a name as the instance takes it: initial, what stands before the surname, surname."""
    first, *rest = name.split() or [""]
    small = list(takewhile(lambda word: word[0] in "'’" or word[0].islower(), rest[:-1]))
    return first[:1].upper(), " ".join(small) or None, " ".join(rest[len(small) :]) or first


def _dialled(phone: str) -> str:
    """Return a telephone number as the instance takes it: digits, with a leading plus where there is one."""
    digits = "".join(sign for sign in phone.replace("(0)", "") if sign.isdigit())
    return f"+{digits}" if phone.strip().startswith("+") else digits


def _said(findings: tuple[Finding, ...], filename: str) -> tuple[str, ...]:
    """Return findings as sentences, with their place in the file of figures."""
    return tuple(f"{filename}:{f.line}:{f.column or 1}: {f.text}" if f.line else f.text for f in findings)
