"""What stands in the way of completing a phase of work, whatever construct it comes from."""

from ..plan import Phase
from .checkpoints import CHECKPOINTS
from .construct import Construct
from .documents import DOCUMENTS
from .facts import FACTS
from .requests import REQUESTS
from .turn import Reader

HINDERING: tuple[Construct, ...] = (CHECKPOINTS, FACTS, DOCUMENTS, REQUESTS)
"""The constructs that can keep a phase from being completed, in the order in which people are told."""


def obstacles(reader: Reader, phase: Phase) -> list[str]:
    """Say in Dutch what is missing before a phase can be completed, by the id that an act names and title."""
    return [text for construct in HINDERING for text in construct.obstacles(reader, phase)]
