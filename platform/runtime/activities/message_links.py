"""What `filing.link` in a text becomes: a colleague's page of the filing, or a client's own way in.

A client's link holds a secret that signs in. It exists in the mail alone: the text is kept with
`PERSONAL_LINK` in its place, and each sending gets a secret of its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ...emails import comparable
from ...office.filings.filing import short_name
from ...office.filings.messages import Message
from ...office.visits.sign_in_links import make_link

PERSONAL_LINK = "[persoonlijke link]"
"""What is kept of a client's link, and what a simulated mail shows."""


@dataclass(frozen=True)
class MessageLinks:
    """Makes links to the pages: they begin with `base_url`, and a client's is good for so long."""

    base_url: str
    good_for: timedelta

    def write_link(self, filing: str, *, client: bool) -> str:
        """Return what a kept text has as the link of a reader."""
        return PERSONAL_LINK if client else filing_url(self.base_url, filing)

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


def filing_url(base_url: str, filing: str) -> str:
    """Return the address of a filing's page for colleagues."""
    return f"{base_url}/opdrachten/{short_name(filing)}"
