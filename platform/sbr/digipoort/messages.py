"""The payloads as values.

Every time is aware and in UTC. What may hold a BSN or a client's figures stays out of every repr.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a message is about, such as an OB number without NL, type BTW or Fi; it may hold a BSN."""

    number: str = field(repr=False)
    kind: str = "BTW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A question to deliver (aanleverRequest).

    `aanleverkenmerk` is ours, at most 40 characters; it comes back in the receipt, but in no status and no
    process. Digipoort issues the kenmerk.
    """

    message_kind: str
    identity: Identity
    aanleverkenmerk: str
    content: bytes = field(repr=False)
    file_name: str
    mime_type: str = "application/xml"
    role: str = "Bedrijf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Digipoort took a delivery (aanleverResponse): not yet an outcome. `raw` is the whole signed answer."""

    kenmerk: str
    message_kind: str
    aanleverkenmerk: str | None
    identity: Identity
    taken_at: datetime
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status of a process. `raw` is the whole signed answer that brought it.

    `occurrence` counts statuses of the same code and time in one answer, from 0: code 301 comes twice.
    """

    kenmerk: str
    code: str
    at: datetime
    text: str
    fault_code: str | None = None
    fault_text: str | None = field(default=None, repr=False)
    details: str | None = field(default=None, repr=False)
    occurrence: int = 0
    raw: bytes = field(default=b"", repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str, datetime, int]:
        """What makes it one and the same status in every later answer."""
        return (self.kenmerk, self.code, self.at, self.occurrence)


@dataclass(frozen=True, slots=True)
class Process:
    """A delivery that Digipoort knows (ProcesResultaat)."""

    kenmerk: str
    message_kind: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Fault:
    """The other side did not do what was asked. Unsigned: never a success, and no proof of anything.

    `code` and `text` are what it said, without numbers that may tell of whom (`saying.quote`).
    """

    code: str
    text: str
    raw: bytes = field(default=b"", repr=False, compare=False)

    @property
    def sentence(self) -> str:
        """What it said, on one line."""
        return f"{self.code}: {self.text}" if self.text else self.code
