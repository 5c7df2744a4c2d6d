"""What `filing.link` in a text becomes: a colleague's page of the filing, or a client's own way in.

A client's link holds a secret that signs in. It exists in the mail alone: the text is kept with
`PERSONAL_LINK` in its place, and each sending gets a secret of its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ...emails import comparable
from ...office.filings.messages import Message
from ...office.visits.sign_in_links import make_link
from .kept_links import PERSONAL_LINK, write_kept_link


@dataclass(frozen=True)
class MessageLinks:
    """Makes links to the pages: they begin with `base_url`, and a client's is good for so long."""

    base_url: str
    good_for: timedelta

    def write_link(self, filing: str, *, client: bool) -> str:
        """Return what a kept text has as the link of a reader."""
        return write_kept_link(self.base_url, filing, client=client)

    def put_in(self, connection: Connection, message: Message) -> str:
        """Return the text that goes out: with a new link of the reader's own where it names one."""
        if PERSONAL_LINK not in message.body:
            return message.body
        now = datetime.now(UTC)
        token = make_link(
            connection,
            message.recipient,
            comparable(message.address),
            at=now,
            until=now + self.good_for,
            filing=message.filing,
            number=message.number,
        )
        return message.body.replace(PERSONAL_LINK, sign_in_url(self.base_url, token))


def sign_in_url(base_url: str, token: str) -> str:
    """Return the address that signs in who has a token."""
    return f"{base_url}/in/{token}"
