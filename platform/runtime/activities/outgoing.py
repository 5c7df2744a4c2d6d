"""What goes out to Digipoort: the approved bytes, and what they themselves say of whose they are."""

import hashlib

from ...office.document_store import DocumentError, DocumentStore
from ...sbr.digipoort.messages import Delivery, Identity
from ...sbr.filing_rules import InstanceError
from ...sbr.instance import read_instance
from ..inputs import DeliverInput

MESSAGE_KINDS = {"omzetbelasting": "Omzetbelasting"}
"""Report of a document to Digipoort's berichtsoort (FACTS 1.3)."""


class GivenUpError(Exception):
    """Trying again is of no use before a person has looked; the sentence is Dutch."""


def outgoing(documents: DocumentStore, input: DeliverInput, identity_type: str, role: str) -> Delivery:
    """Return what goes out for a command: every time the same. Raises GivenUpError.

    The identity is the instance's own, so that metadata and content cannot differ. Our aanleverkenmerk tells
    nothing of whose it is.
    """
    kind = MESSAGE_KINDS.get(input.report)
    if kind is None:
        raise GivenUpError(f"Voor het rapport '{input.report}' is geen berichtsoort bekend.")
    try:
        content = documents.get(input.command.hash)
        identity = read_instance(content).identifier
    except DocumentError as error:
        raise GivenUpError(f"Het document kan niet worden gelezen ({error}).") from None
    except InstanceError:
        raise GivenUpError("Het document is geen aangifte die kan worden aangeleverd.") from None
    if hashlib.sha256(content).hexdigest() != input.command.hash:
        raise GivenUpError("Het document is niet wat is goedgekeurd; het wordt niet aangeleverd.")
    return Delivery(
        message_kind=kind,
        identity=Identity(identity, identity_type),
        aanleverkenmerk=aanleverkenmerk_of(input),
        content=content,
        role=role,
    )


def aanleverkenmerk_of(input: DeliverInput) -> str:
    """Return our own reference of a command's delivery: always the same, telling nothing of whose it is."""
    command = f"{input.workflow_id}\n{input.command.number}"
    return f"kantoor-{hashlib.sha256(command.encode()).hexdigest()[:32]}"


def identity_digest(identity: Identity) -> str:
    """Return what stands for an identity where its number has no place."""
    return hashlib.sha256(f"{identity.kind}\n{identity.number}".encode()).hexdigest()
