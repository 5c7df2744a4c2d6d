"""The second factor of a team member besides the mailbox: a code of their authenticator (RFC 6238)."""

from datetime import UTC, datetime, timedelta

import pyotp
from pyotp.utils import strings_equal

from ...keys.sealing import BrokenSealError
from ...office.visits.attempts import count_attempt, forget_attempts
from ...office.visits.changes import VisitChange, record_change
from ...office.visits.second_factors import SecondFactor, drop_factor, find_factor, put_factor, take_step
from ...office.visits.sessions import end_sessions, prove_session
from ...office.visits.tokens import digest_token
from ...plan import Model
from ..access import Visitor
from ..desk import Desk
from ..results import Refusal
from .visiting import TOO_OFTEN

STEP_SECONDS = 30
"""How long a code of an authenticator holds (RFC 6238, section 5.2); one before and after count too."""
MOST_CODES = 10
"""Wrong codes of one person within fifteen minutes."""
WHILE = timedelta(minutes=15)
_CODE = "code"
"""What is counted of who gives a code."""

WRONG_CODE = Refusal(
    code="wrong_code",
    text="Deze code klopt niet, of is al gebruikt. Wacht op de volgende code in uw app en vul die in.",
    field="code",
)


class Enrolment(Model):
    """What an authenticator needs: the secret to type, and the address that its QR code holds."""

    secret: str
    uri: str


def begin_enrolment(desk: Desk, visitor: Visitor, token: str, office: str) -> Enrolment:
    """Return the secret for a team member's authenticator: this session's own until its first code was given.

    Another session gets another secret: who once saw one does not know the one that is enrolled.
    """
    with desk.equipment.database.write() as connection:
        factor = find_factor(connection, visitor.id)
        secret = _open_pending(desk, factor, token) if factor else None
        if secret is None:
            secret = pyotp.random_base32()
            put_factor(connection, _seal(desk, visitor.id, secret, token))
    uri = pyotp.TOTP(secret).provisioning_uri(name=visitor.name, issuer_name=office)
    return Enrolment(secret=secret, uri=uri)


def give_code(desk: Desk, visitor: Visitor, token: str, code: str) -> Refusal | None:
    """Take a code in the session of this token; None when it counts, from then on all is shown."""
    now, mark = datetime.now(UTC), desk.equipment.document_ring.mark(visitor.id)
    with desk.equipment.database.write() as connection:
        if count_attempt(connection, _CODE, mark, WHILE, now) > MOST_CODES:
            return TOO_OFTEN
        factor = find_factor(connection, visitor.id)
        enrols = factor is not None and factor.since is None
        secret = _open_pending(desk, factor, token) if factor and enrols else _open(desk, factor)
        step = _find_step(secret, code, now) if secret else None
        if secret is None or step is None:
            return WRONG_CODE
        if enrols:
            put_factor(connection, _seal(desk, visitor.id, secret))
        if not take_step(connection, visitor.id, step, now):
            return WRONG_CODE
        prove_session(connection, token, now)
    return None


def forget_factor(desk: Desk, member: str, *, by: str) -> None:
    """Have a team member enrol again, their sessions ended; recorded with who did it.

    How many wrong codes they gave is forgotten: those were for the secret that goes. `by` is the id of a
    manager, empty for who runs the server. Raises DatabaseError.
    """
    now = datetime.now(UTC)
    with desk.equipment.database.write() as connection:
        drop_factor(connection, member)
        end_sessions(connection, member)
        forget_attempts(connection, _CODE, desk.equipment.document_ring.mark(member))
        record_change(connection, VisitChange(member=member, what="factor_forgotten", who=by, at=now))


def _find_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the number of the step whose code this is, now or one step away; None where it is of none."""
    made, typed = pyotp.TOTP(secret), "".join(code.split())
    current = int(now.timestamp()) // STEP_SECONDS
    near = (current - 1, current, current + 1)
    return next((step for step in near if strings_equal(made.generate_otp(step), typed)), None)


def _open(desk: Desk, factor: SecondFactor | None) -> str | None:
    if factor is None:
        return None
    return desk.equipment.document_ring.open_sealed(factor.secret, _name(factor.member)).decode()


def _open_pending(desk: Desk, factor: SecondFactor, token: str) -> str | None:
    """Return a secret that awaits its first code, in the session that it was made in; else None."""
    try:
        place = _name(factor.member, token)
        return desk.equipment.document_ring.open_sealed(factor.secret, place).decode()
    except BrokenSealError:
        return None


def _seal(desk: Desk, member: str, secret: str, token: str = "") -> SecondFactor:
    sealed = desk.equipment.document_ring.seal(secret.encode(), _name(member, token))
    return SecondFactor(member=member, secret=sealed)


def _name(member: str, token: str = "") -> bytes:
    """Return what a secret is bound to: its member, and the session while its first code was not given."""
    return f"second factor {member} {digest_token(token) if token else ''}".strip().encode()
