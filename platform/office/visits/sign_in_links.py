"""Links that sign their reader in: one per mail that was sent, until it expires or another replaces it."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from ...plan import Model
from ..database.tables import sign_in_links
from .tokens import digest_token, make_token


class SignInLink(Model):
    """A link as it is kept; `filing` is what it leads to, `number` the Send command of its mail.

    `path` is where somebody was going who asked for it, one of our own.
    """

    token: str
    person: str
    address: str
    filing: str | None = None
    number: int | None = None
    path: str | None = None
    made_at: datetime
    expires_at: datetime
    replaced_at: datetime | None = None


def make_link(
    connection: Connection,
    person: str,
    address: str,
    *,
    at: datetime,
    until: datetime,
    filing: str | None = None,
    number: int | None = None,
    path: str | None = None,
) -> str:
    """Make a link for who has this e-mail address; return its token, which is kept nowhere.

    Earlier ones of the same mail live until one of them is used. `at` and `until` are real time.
    """
    token = make_token()
    row = SignInLink(
        token=digest_token(token),
        person=person,
        address=_bind(token, address),
        filing=filing,
        number=number,
        path=path,
        made_at=at,
        expires_at=until,
    )
    connection.execute(sign_in_links.insert().values(**row.model_dump()))
    return token


def find_link(connection: Connection, token: str) -> SignInLink | None:
    """Return the link with this token, also one that is no longer good, or None."""
    query = select(sign_in_links).where(sign_in_links.c.token == digest_token(token))
    row = connection.execute(query).mappings().first()
    return None if row is None else SignInLink.model_validate(dict(row))


def find_asked_link(connection: Connection, person: str) -> SignInLink | None:
    """Return the last link that was made because somebody asked for one, or None."""
    query = select(sign_in_links).where(sign_in_links.c.person == person, sign_in_links.c.number.is_(None))
    row = connection.execute(query.order_by(sign_in_links.c.made_at.desc()).limit(1)).mappings().first()
    return None if row is None else SignInLink.model_validate(dict(row))


def drop_link(connection: Connection, token: str) -> None:
    """Forget a link that nobody has: its mail surely did not go out."""
    connection.execute(sign_in_links.delete().where(sign_in_links.c.token == digest_token(token)))


def is_good(link: SignInLink, token: str, address: str | None, at: datetime) -> bool:
    """Say whether a link signs in at a moment: it dies with the address that it was sent to."""
    # Before version 0024 the digest was of the address alone; such links expire.
    if address is None or link.address not in (_bind(token, address), digest_token(address)):
        return False
    return link.replaced_at is None and at < link.expires_at


def _bind(token: str, address: str) -> str:
    """Return what is kept of an address: without the token, which is not kept, nobody can guess it."""
    return digest_token(f"{token} {address}")


def replace_others(connection: Connection, link: SignInLink, at: datetime) -> None:
    """Let other links of the same mail sign in no longer: this one was used.

    One that somebody asked for replaces all that they had before.
    """
    if link.number is None:
        earlier = sign_in_links.c.made_at < link.made_at
        _replace(connection, sign_in_links.c.person == link.person, earlier, at=at)
        return
    same = (
        sign_in_links.c.person == link.person,
        sign_in_links.c.filing == link.filing,
        sign_in_links.c.number == link.number,
        sign_in_links.c.token != link.token,
    )
    _replace(connection, *same, at=at)


def _replace(connection: Connection, *which: ColumnElement[bool], at: datetime) -> None:
    open_ones = sign_in_links.c.replaced_at.is_(None)
    connection.execute(sign_in_links.update().where(*which, open_ones).values(replaced_at=at))
