"""What Digipoort asks of a question besides its signature and its schema (FACTS 1.2 and 1.3)."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from ..messages import Delivery
from ..names import ANONYMOUS
from ..verifying import Verified

MESSAGE_KINDS = frozenset({"Omzetbelasting", "OBSUP", "ICP", "Aangifte_LH"})
"""The berichtsoorten that were seen."""

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_FILE_NAME = re.compile(r"[0-9A-Za-z_-]+(\.[0-9A-Za-z]+)?")


def find_addressing_breach(question: Verified, host: str, path: str) -> str | None:
    """Say what is wrong with the addresses of a question that came to this host (with its port) and path."""
    if not question.message_id:
        return "it has no MessageID"
    if not _URI.fullmatch(question.message_id):
        return "its MessageID is not a URI"
    to, here = urlsplit(question.to or ""), urlsplit(f"https://{host}{path}")
    if to.path != here.path:
        return "its To is another service"
    if (to.scheme, to.hostname) != (here.scheme, here.hostname) or to.port not in (None, here.port):
        return "its To is another endpoint"
    if question.reply_to not in (None, ANONYMOUS):
        return "its ReplyTo is not anonymous"
    return None


def find_delivery_breach(delivery: Delivery, kinds: Collection[str]) -> str | None:
    """Say what is wrong with the metadata of a delivery; `kinds` are the message kinds that are known."""
    if delivery.message_kind not in kinds:
        return "its berichtsoort is unknown"
    if not _FILE_NAME.fullmatch(delivery.file_name):
        return "its bestandsnaam is not a plain file name"
    return None
