"""Digipoort's two services as the simulator plays them, without a network: questions in, answers out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from lxml import etree

from ..messages import Delivery, Identity, Process, Receipt, Status
from .clock import ClockError, office_time
from .content import EARLIEST_DAYS, refuse
from .journal import Entry, Journal, digest
from .scenarios import HAPPY_FLOW, SCENARIOS, Manner, Scenario, Step, final_code
from .script import Script


class Faulty(Exception):  # noqa: N818 (not an error of ours: it becomes the answer)
    """The answer is a fault: code and text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that was taken, and how to answer."""

    receipt: Receipt
    role: str
    manner: Manner


@dataclass(frozen=True, slots=True)
class Told:
    """Statuses of a kenmerk, whom they are about, and how to answer."""

    statuses: tuple[Status, ...]
    identity: Identity | None
    manner: Manner


class Digipoort:
    """The state of both services. `pace` is the real time between two statuses."""

    def __init__(
        self,
        journal: Journal,
        *,
        script: Script,
        clock_file: Path | None,
        now: Callable[[], datetime],
        pace: timedelta,
        earliest_days: Mapping[str, int] = EARLIEST_DAYS,
    ) -> None:
        self._journal = journal
        self._script = script
        self._clock_file = clock_file
        self._earliest_days = earliest_days
        self._now = now
        self._pace = pace

    def deliver(self, delivery: Delivery) -> Taken | Manner:
        """Take a delivery, durably before this returns; a Manner alone answers one that is not taken.

        The same delivery a second time is a second delivery. Raises Faulty.
        """
        scenario, text = self._scenario(delivery)
        try:
            if not scenario.takes:
                self._journal.refuse(delivery.identity.number, scenario.name, self._now())
                return scenario.delivery
            entry = self._entry(delivery, scenario, text)
            self._journal.take(entry, delivery.content)
        except (OSError, ClockError) as error:
            raise Faulty("ALS400", f"Digipoort kan het verzoek nu niet verwerken ({error}).") from None
        receipt = Receipt(
            kenmerk=entry.kenmerk,
            message_kind=entry.message_kind,
            aanleverkenmerk=entry.aanleverkenmerk or None,
            identity=delivery.identity,
            taken_at=entry.accepted,
            raw=b"",
        )
        return Taken(receipt, delivery.role, scenario.delivery)

    def statuses(self, kenmerk: str) -> Told:
        """The statuses so far; none for a kenmerk that nobody issued."""
        entry = self._journal.entries.get(kenmerk)
        if entry is None:
            return Told((), None, Manner.ANSWER)
        now = self._now()
        so_far = tuple(status for status in _statuses(entry, self._pace) if status.at <= now)
        identity = Identity(entry.identity, entry.identity_kind)
        return Told(so_far, identity, SCENARIOS[entry.scenario].status)

    def processes(self, identity: Identity, message_kind: str) -> tuple[Process, ...]:
        """The deliveries of an identity and message kind."""
        entries = self._journal.of(identity.number, identity.kind, message_kind)
        return tuple(Process(entry.kenmerk, message_kind, identity) for entry in entries)

    def _scenario(self, delivery: Delivery) -> tuple[Scenario, str | None]:
        """The script comes first, then an aanleverkenmerk that is one of the stub's."""
        number = delivery.identity.number
        scripted = self._script.find(number, self._journal.attempts(number) + 1)
        if scripted is not None:
            return scripted
        return SCENARIOS.get(delivery.aanleverkenmerk, HAPPY_FLOW), None

    def _entry(self, delivery: Delivery, scenario: Scenario, text: str | None) -> Entry:
        """Decide the whole course now: then a restart needs nothing but the journal. Raises ClockError."""
        now = self._now()
        refused = refuse(delivery, office_time(self._clock_file, now), self._earliest_days)
        course = refused or _replace_fault_text(scenario.course, text)
        entry = Entry(
            kenmerk=str(uuid4()),
            identity=delivery.identity.number,
            identity_kind=delivery.identity.kind,
            message_kind=delivery.message_kind,
            aanleverkenmerk=delivery.aanleverkenmerk,
            sha256=digest(delivery.content),
            accepted=now,
            scenario=scenario.name,
            course=course,
            final_status=None,
        )
        return replace(entry, final_status=final_code(_statuses(entry, self._pace)))


def _replace_fault_text(course: tuple[Step, ...], text: str | None) -> tuple[Step, ...]:
    if text is None or course[-1].fault_code is None:
        return course
    return (*course[:-1], replace(course[-1], fault_text=text))


def _statuses(entry: Entry, pace: timedelta) -> list[Status]:
    return [
        Status(
            kenmerk=entry.kenmerk,
            code=step.code,
            at=entry.accepted + number * pace,
            text=step.text,
            fault_code=step.fault_code,
            fault_text=step.fault_text,
            details=_acknowledgement(entry) if step.code == "500" else None,
        )
        for number, step in enumerate(entry.course)
    ]


def _acknowledgement(entry: Entry) -> str:
    """The authority's own receipt, as it travels in the details of status 500."""
    root = etree.Element("Responsemessage", version="2006.1")
    identification = etree.SubElement(root, "Identification")
    specification = etree.SubElement(root, "Specification")
    for parent, name, text in (
        (identification, "MessageId", entry.kenmerk),
        (identification, "RefersToMessageId", entry.aanleverkenmerk),
        (identification, "MessageIdBd", f"BD-{entry.kenmerk[:8]}"),
        (identification, "DatumTijdOntvangst", f"{entry.accepted:%Y%m%d%H%M}"),
        (identification, "ResponseType", "acknowledgement"),
        (specification, "Class", "A"),
        (specification, "Code", "0001"),
        (specification, "Description", "Status: Verwerkbaar"),
    ):
        etree.SubElement(parent, name).text = text
    return etree.tostring(root, encoding="unicode")
