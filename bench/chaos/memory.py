"""What the people of a run remember by themselves: every act they sent, and what they were told of it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Sent:
    """One act, however often it was sent under its id.

    `sequence` is set when it was acknowledged, `refused` when it was refused; `says` is what of it can be
    found again on the timeline. `unknown` counts the times that nobody could say whether it arrived.
    """

    id: str
    filing: str
    who: str
    kind: str
    says: dict[str, str] = field(default_factory=dict)
    sequence: int | None = None
    lost: bool = False
    """It was acknowledged, went with the server's file before it was recorded, and was sent again."""
    refused: str | None = None
    expected_refusal: bool = False
    unknown: int = 0
    not_running: int = 0
    """How often it was told, while the server's file was lost, that the filing does not run."""
    troubles: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    """What was wrong with the answers to repeats after the acknowledgement; empty when all was right."""
    repeated: int = 0


@dataclass(slots=True)
class Memory:
    """All acts of a run, the documents that people approved, and what went wrong while they worked."""

    sent: list[Sent] = field(default_factory=list)
    shown: dict[str, list[str]] = field(default_factory=dict)
    """Hashes that people made and attached, by filing, in order."""
    agreed: dict[str, list[str]] = field(default_factory=dict)
    """Hashes that the client agreed to (in person or by telephone), by filing, in order."""
    given: dict[str, list[str]] = field(default_factory=dict)
    """Hashes of documents that a client gave because they were asked for, by filing, in order."""
    wrong: list[str] = field(default_factory=list)
    losses: int = 0
    """How often the server's file was lost."""
    is_lost: bool = False
    """The server's file was lost, and not everything was revived yet."""
    unrecorded: set[str] = field(default_factory=set)
    """Ids of acts of which the office said, after it was revived, that they are not in its record."""

    def begin(self, id: str, filing: str, who: str, kind: str, says: dict[str, str]) -> Sent:
        """Note that an act is about to be sent."""
        sent = Sent(id, filing, who, kind, says)
        self.sent.append(sent)
        return sent

    @property
    def acknowledged(self) -> tuple[Sent, ...]:
        """Return the acts that their senders know to have been taken."""
        return tuple(sent for sent in self.sent if sent.sequence is not None)
