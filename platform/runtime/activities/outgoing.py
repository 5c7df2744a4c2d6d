"""What goes out to Digipoort: the approved bytes, and what they themselves say of whose they are."""

import hashlib

from ...office.document_store import DocumentError, DocumentStore
from ...office.relations.relation import Relation
from ...office.relations.taxpayers import NUMBER_WORDS, field_of, identifying_need, taxpayer_of
from ...sbr.digipoort.messages import Delivery, Identity
from ...sbr.findings import ReportError
from ...sbr.registry import Reports
from ..inputs import DeliverInput

_OTHER_NUMBER = (
    "Niet ingediend: in de aangifte staat een ander {} dan nu bij de relatie. Klopt het bij de relatie, "
    "stuur het werk dan terug en maak de aangifte opnieuw. Klopt het in de aangifte, herstel het dan bij de "
    "relatie en probeer het opnieuw."
)


class GivenUpError(Exception):
    """Trying again is useless until a person has looked at the problem; the sentence is Dutch."""


class Outgoing:
    """Makes the deliveries of documents, by their reports.

    `identity_type` is what the office calls an identity of which the report names no type, `role` whose role
    it files in (FACTS 1.3).
    """

    def __init__(self, documents: DocumentStore, reports: Reports, *, identity_type: str, role: str) -> None:
        self._documents = documents
        self._reports = reports
        self._identity_type = identity_type
        self._role = role

    def make_delivery(self, input: DeliverInput) -> Delivery:
        """Return what goes out for a command: every time the same. Raises GivenUpError.

        The identity is the instance's own, so that metadata and content cannot differ. Our aanleverkenmerk
        tells nothing of whose it is.
        """
        report = self._reports.get(input.report)
        if report is None:
            raise GivenUpError(f"Voor het rapport '{input.report}' is geen berichtsoort bekend.")
        try:
            content = self._documents.get(input.command.hash)
            identifier = report.identify(content)
        except DocumentError as error:
            raise GivenUpError(f"Het document kan niet worden gelezen ({error}).") from None
        except ReportError:
            raise GivenUpError("Het document is geen aangifte die kan worden ingediend.") from None
        if hashlib.sha256(content).hexdigest() != input.command.hash:
            raise GivenUpError("De klant heeft een andere versie geaccordeerd; deze wordt niet ingediend.")
        return Delivery(
            message_kind=report.message_kind,
            identity=Identity(identifier, report.identity_type or self._identity_type),
            aanleverkenmerk=aanleverkenmerk_of(input),
            content=content,
            file_name=f"{report.message_kind}.xbrl",
            role=self._role,
        )

    def compare_number(self, input: DeliverInput, going: Delivery, relation: Relation) -> str | None:
        """Say in Dutch that a return has another number than its relation has now, or return None.

        The number is the one by which the authority knows whose a return is; a report without one is not
        compared.
        """
        report = self._reports.get(input.report)
        need = identifying_need(report.identity_needs) if report else None
        if need is None:
            return None
        if taxpayer_of(relation, need, input.origin.filing.sub_number) == going.identity.number:
            return None
        return _OTHER_NUMBER.format(NUMBER_WORDS[field_of(relation, need)])

    def find_identity(self, message_kind: str, sha256: str) -> Identity | None:
        """Return whose a return is that was delivered, by its bytes; None where they tell it no more."""
        report = next((one for one in self._reports.values() if one.message_kind == message_kind), None)
        if report is None:
            return None
        try:
            identifier = report.identify(self._documents.get(sha256))
        except (DocumentError, ReportError):
            return None
        return Identity(identifier, report.identity_type or self._identity_type)

    def find_message_kind(self, report: str) -> str:
        """Return the berichtsoort of a report; of one that nobody knows its id."""
        found = self._reports.get(report)
        return found.message_kind if found else report


def aanleverkenmerk_of(input: DeliverInput) -> str:
    """Return our own reference of a command's delivery: always the same, telling nothing of whose it is."""
    return make_aanleverkenmerk(input.workflow_id, input.command.number)


def make_aanleverkenmerk(workflow_id: str, number: int) -> str:
    """Return our own reference of the delivery that a command of a filing makes, by the command's number."""
    command = f"{workflow_id}\n{number}"
    return f"kantoor-{hashlib.sha256(command.encode()).hexdigest()[:32]}"


def identity_digest(identity: Identity) -> str:
    """Return what stands for an identity where its number has no place."""
    return hashlib.sha256(f"{identity.kind}\n{identity.number}".encode()).hexdigest()
