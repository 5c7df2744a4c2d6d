"""Attempts to deliver, each written down before anything is sent, so that none is ever made twice."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, RowMapping, String, bindparam, cast, exists, or_, select

from ...plan import Model
from ..alarms import DELIVERY_WAITS, JUDGEMENT_WAITS, STATUS_WAITS, drop_alarm, find_alarm, raise_alarm
from ..database.questions import Question
from ..database.tables import OPEN, deliveries, filings, timeline
from .overlaps import BY_HAND as BY_HAND
from .overlaps import HAS, FiledAlready, find_filed

DeliveryStatus = Literal["sending", "unknown", "taken", "accepted", "refused", "failed"]

UNSETTLED: tuple[DeliveryStatus, ...] = ("sending", "unknown")
"""Nobody knows whether the gateway has it."""

_JUDGED: tuple[DeliveryStatus, ...] = ("accepted", "refused", "failed")

_TELLS_OF: dict[str, tuple[DeliveryStatus, ...]] = {
    DELIVERY_WAITS: UNSETTLED,
    STATUS_WAITS: ("taken",),
    JUDGEMENT_WAITS: ("taken",),
}
"""In which status of its delivery an alarm of a kind holds."""

_NEXT: dict[str, tuple[str, ...]] = {
    "sending": ("unknown", "taken", "failed"),
    "unknown": ("sending", "taken", "failed"),
    "taken": ("accepted", "refused", "failed"),
    "accepted": (),
    "refused": (),
    "failed": (),
}


def find_receipts(connection: Connection, relation: str) -> frozenset[str]:
    """Return the filings of a relation of which the authority's answer on the content is kept."""
    judged = deliveries.c.status.in_(("accepted", "refused")) & deliveries.c.receipt.is_not(None)
    query = select(deliveries.c.filing).where(deliveries.c.relation == relation, judged)
    return frozenset(connection.execute(query).scalars())


class NewDelivery(Model):
    """An attempt about to be made; `number` is the command's, `sha256` that of the exact bytes.

    Times are real; after `expires_at` the gateway refuses the message. `aanleverkenmerk` is ours, at most 40
    characters, never used before. `identity_digest` stands for the identity in the message, by which the
    gateway lists deliveries: several relations may file under one number. `listed` holds the kenmerken that
    the gateway had of this identity and kind before anything was sent: a lost answer cannot be one of them.
    """

    filing: str
    number: int
    attempt: int
    relation: str
    identity_digest: str
    message_kind: str
    document: str
    sha256: str
    aanleverkenmerk: str
    begun_at: datetime
    expires_at: datetime
    listed: tuple[str, ...] = ()


class Delivery(NewDelivery):
    """An attempt as it is known now; times are real, `kenmerk` the gateway's, `receipt` a document hash.

    `proof` is that of what a person gave when they recorded a judgement, whatever the gateway said since.
    `sendings` counts how often it was sent; `said` is what the other side last said of it, a Dutch sentence
    without personal data that nobody signed. `text` of an unknown one is why it will not be sent again.
    """

    status: DeliveryStatus
    sent_again_at: datetime | None
    sendings: int
    said: str | None
    kenmerk: str | None
    code: str | None
    text: str | None
    receipt: str | None
    proof: str | None
    taken_at: datetime | None
    judged_at: datetime | None

    @property
    def sent_at(self) -> datetime:
        """Return when the message was made that may be on its way; only then can it have arrived."""
        return self.sent_again_at or self.begun_at


class DeliveryThere(Model):
    """This command's attempt was written down before; `delivery` says how far it came."""

    delivery: Delivery


class DeliveryWaits(Model):
    """Another attempt of this identity and message kind is unanswered: wait until it is reconciled."""

    delivery: Delivery


class DeliveryConflictError(Exception):
    """An attempt cannot go from its status to the asked one: a fault of the program."""


def begin_delivery(
    connection: Connection, new: NewDelivery
) -> Delivery | DeliveryThere | DeliveryWaits | FiledAlready:
    """Write an attempt down as sending; only when a Delivery comes back may anything be sent.

    Needs a writing connection; commit before sending.
    """
    there = find_delivery(connection, new.filing, new.number)
    if there is not None:
        return DeliveryThere(delivery=there)
    already = find_filed(connection, new.filing, new.identity_digest, new.message_kind)
    if already is not None:
        return already
    unanswered = _find_unanswered(connection, new)
    if unanswered is not None:
        return DeliveryWaits(delivery=unanswered)
    return _insert(connection, new, {})


def give_up_delivery(connection: Connection, new: NewDelivery, text: str) -> Delivery:
    """Write down that nothing will be sent, or return the delivery that another run of this command began.

    After this no other run can begin the delivery, however late it comes.
    """
    there = find_delivery(connection, new.filing, new.number)
    if there is not None:
        return there
    return _insert(connection, new, {"status": "failed", "text": text, "judged_at": new.begun_at})


def mark_delivery_lost(
    connection: Connection,
    filing: str,
    number: int,
    *,
    said: str | None = None,
    refused: str | None = None,
) -> Delivery:
    """It is not known whether the gateway took it: the answer was lost, or nobody signed it.

    `said` is what the other side said instead, when it said something; `refused` is set when it is not to be
    sent again for that.
    Raises DeliveryConflictError.
    """
    values = {"text": refused} if said is None else {"text": refused, "said": said}
    return _move(connection, filing, number, "unknown", values)


def reopen_delivery(
    connection: Connection,
    filing: str,
    number: int,
    *,
    at: datetime,
    expires_at: datetime,
    listed: tuple[str, ...],
) -> Delivery:
    """Reconciling showed that the gateway has nothing of it: send again, under the same aanleverkenmerk.

    Raises DeliveryConflictError.
    """
    again = {"sent_again_at": at, "sendings": _get_delivery(connection, filing, number).sendings + 1}
    values = {"expires_at": expires_at, "listed": [*listed], "text": None, **again}
    return _move(connection, filing, number, "sending", values)


def drop_unsent_delivery(connection: Connection, filing: str, number: int) -> None:
    """The gateway surely has nothing of it: the attempt is free again. Raises DeliveryConflictError."""
    now = _get_delivery(connection, filing, number)
    if now.status != "sending":
        raise DeliveryConflictError(f"delivery {number} of {filing} is {now.status}, not sending")
    connection.execute(
        deliveries.delete().where(deliveries.c.filing == filing, deliveries.c.number == number)
    )


def mark_delivery_taken(
    connection: Connection, filing: str, number: int, kenmerk: str, at: datetime, receipt: str | None = None
) -> Delivery:
    """The gateway took it under its kenmerk. Raises DeliveryConflictError."""
    return _move(
        connection, filing, number, "taken", {"kenmerk": kenmerk, "taken_at": at, "receipt": receipt}
    )


def mark_delivery_judged(
    connection: Connection,
    filing: str,
    number: int,
    *,
    accepted: bool,
    code: str,
    text: str,
    at: datetime,
    receipt: str | None = None,
) -> Delivery:
    """The authority's answer is final; `receipt` is the raw answer's hash. Raises DeliveryConflictError."""
    values: dict[str, Any] = {"code": code, "text": text, "judged_at": at}
    if receipt is not None:
        values["receipt"] = receipt
    return _move(connection, filing, number, "accepted" if accepted else "refused", values)


def delivery_failed(
    connection: Connection, filing: str, number: int, text: str, at: datetime, code: str | None = None
) -> Delivery:
    """It ended without an answer on the content. Raises DeliveryConflictError."""
    return _move(connection, filing, number, "failed", {"text": text, "code": code, "judged_at": at})


def record_judgement(
    connection: Connection,
    filing: str,
    number: int,
    status: Literal["accepted", "refused", "failed"],
    *,
    text: str,
    proof: str,
    at: datetime,
) -> Delivery:
    """Write down the judgement that a person knows, with proof (a hash), where the gateway does not say it.

    Raises DeliveryConflictError.
    """
    values = {"code": BY_HAND, "text": text, "judged_at": at, "receipt": proof, "proof": proof}
    return _move(connection, filing, number, status, values)


def tell_wait(
    connection: Connection, kind: str, filing: str, number: int, since: datetime, text: str
) -> None:
    """Raise the alarm that a delivery waits, in office time since when, if it still does.

    Whoever writes that it goes on takes the alarm away in the same transaction (`_drop_waits`): what is told
    is always as the delivery's row is, whatever dies in between.
    """
    there = find_delivery(connection, filing, number)
    # What a person recorded counts only once Digipoort was asked again, which is what waits.
    recorded = there is not None and there.code == BY_HAND and kind == STATUS_WAITS
    waits = there is None or recorded or there.status in _TELLS_OF[kind]
    if waits and find_alarm(connection, kind, filing) is None:
        raise_alarm(connection, kind, filing, since.isoformat(timespec="minutes"), text)


def _drop_waits(connection: Connection, filing: str, status: str) -> None:
    """Remove the alarms that a delivery waits which do not hold in this status of it."""
    for kind, statuses in _TELLS_OF.items():
        if status not in statuses:
            drop_alarm(connection, kind, filing)


def restore_delivery(
    connection: Connection, new: NewDelivery, status: DeliveryStatus, values: dict[str, Any]
) -> bool:
    """Write an attempt down again as it is known from elsewhere; say whether that told anything new.

    One that the office knows goes on to that status, when it is a later one. One that nobody knows the
    outcome of is not written beside another such of its identity and kind: its own command will wait for it.
    What the gateway said comes in the place of what a person recorded. A kenmerk is that of the latest
    attempt of the filing that has it (`take_up_recorded`).
    """
    there = find_delivery(connection, new.filing, new.number)
    if there is None:
        if status in UNSETTLED and _find_unanswered(connection, new) is not None:
            return False
        _insert(connection, new, {"status": status} | _hand_over(connection, new, values))
        return True
    over_recorded = _is_recorded(there) and status in _JUDGED and values.get("code") != BY_HAND
    ahead = bool(_NEXT[there.status]) and there.status != status
    if status in UNSETTLED or not (ahead or over_recorded):
        return False
    connection.execute(
        deliveries.update()
        .where(deliveries.c.filing == new.filing, deliveries.c.number == new.number)
        .values(status=status, **_hand_over(connection, new, values))
    )
    _drop_waits(connection, new.filing, status)
    return True


def _hand_over(connection: Connection, new: NewDelivery, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an attempt without the kenmerk if a later one has it; an earlier one loses it."""
    kenmerk = values.get("kenmerk")
    same = (deliveries.c.filing == new.filing, deliveries.c.kenmerk == kenmerk)
    later = select(deliveries.c.number).where(*same, deliveries.c.number > new.number)
    if kenmerk is None or connection.execute(later).first() is not None:
        return values | {"kenmerk": None}
    connection.execute(
        deliveries.update().where(*same, deliveries.c.number < new.number).values(kenmerk=None)
    )
    return values


def find_recorded(connection: Connection, there: Delivery) -> DeliveryStatus | None:
    """Return what a person recorded of an attempt, or of the earlier one that counts as it; else None."""
    if there.code != BY_HAND or there.status != "taken":
        return there.status if there.code == BY_HAND else None
    taken_up = (
        select(deliveries.c.status)
        .where(
            deliveries.c.filing == there.filing,
            deliveries.c.number < there.number,
            deliveries.c.code == BY_HAND,
            deliveries.c.kenmerk.is_(None),
        )
        .order_by(deliveries.c.number.desc())
    )
    return connection.execute(taken_up).scalar()


def _is_recorded(there: Delivery) -> bool:
    """Say whether a person recorded how it was judged, which the gateway's own word replaces."""
    return there.code == BY_HAND and there.kenmerk is not None


def find_delivery(connection: Connection, filing: str, number: int) -> Delivery | None:
    """Return the attempt that a command made, or None."""
    return _first(connection, deliveries.c.filing == filing, deliveries.c.number == number)


def list_deliveries(connection: Connection, *, status: DeliveryStatus | None = None) -> tuple[Delivery, ...]:
    """Return attempts, by the moment they were begun."""
    query = select(deliveries).order_by(deliveries.c.begun_at, deliveries.c.filing, deliveries.c.number)
    if status is not None:
        query = query.where(deliveries.c.status == status)
    return tuple(_delivery(row) for row in connection.execute(query).mappings())


def deliveries_of(connection: Connection, filing: str) -> tuple[Delivery, ...]:
    """Return the attempts of a filing, by the moment they were begun."""
    return DELIVERIES_OF.ask(connection, filing=filing)


def _read_deliveries(rows: Iterable[Any]) -> tuple[Delivery, ...]:
    found = (Delivery.model_validate(row._asdict()) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.begun_at, one.number)))


DELIVERIES_OF = Question(
    select(deliveries).where(deliveries.c.filing == bindparam("filing", type_=String)),
    _read_deliveries,
    "filing",
)
"""What `deliveries_of` returns."""


UNDERWAY = Question(
    select(deliveries)
    .where(deliveries.c.status.in_(("sending", "unknown", "taken")))
    .order_by(deliveries.c.begun_at)
    .limit(bindparam("most")),
    _read_deliveries,
    "most",
)
"""The attempts on which the authority has not judged yet, `most` of them, by when they were begun."""


class Unwritten(NamedTuple):
    """A delivery that a filing asked for and of which no attempt is written down: it is tried, or will be.

    `asked_at` is real time.
    """

    filing: str
    asked_at: datetime


def list_unwritten(connection: Connection, phases: Collection[str], most: int) -> list[Unwritten]:
    """Return the deliveries of open filings of which no attempt is written down, so many, the oldest first.

    An attempt is written down once Digipoort has answered. `phases` are those that deliver, of all plans.
    """
    tried = exists().where(
        deliveries.c.filing == filings.c.id,
        deliveries.c.sha256 == timeline.c.data["hash"].as_string(),
        cast(deliveries.c.attempt, String) == timeline.c.data["attempt"].as_string(),
    )
    active = cast(filings.c.phases, String)
    query = (
        select(filings.c.id, timeline.c.recorded_at)
        .join(timeline, (timeline.c.filing == filings.c.id) & (timeline.c.what == "delivering"))
        .where(OPEN, or_(*(active.contains(f'"{one}"', autoescape=True) for one in sorted(phases))), ~tried)
    )
    rows = connection.execute(query.order_by(timeline.c.recorded_at, filings.c.id).limit(most))
    return [Unwritten(*row) for row in rows]


def list_recorded_by_hand(connection: Connection, since: datetime, until: datetime) -> tuple[Delivery, ...]:
    """Return the attempts of which a person recorded the judgement between two moments (real time).

    Of one that counts as a later attempt since (`take_up_recorded`) the kenmerk went over to that.
    """
    query = select(deliveries).where(
        deliveries.c.code == BY_HAND,
        deliveries.c.status.in_(_JUDGED),
        deliveries.c.kenmerk.is_not(None),
        deliveries.c.judged_at >= since,
        deliveries.c.judged_at <= until,
    )
    rows = connection.execute(query.order_by(deliveries.c.judged_at, deliveries.c.filing)).mappings()
    return tuple(map(_delivery, rows))


def list_beside(connection: Connection, one: Delivery) -> tuple[Delivery, ...]:
    """Return other attempts of the same identity, kind and days that the authority has, or may have.

    The latest first.
    """
    own = select(filings.c.first_day, filings.c.last_day).where(filings.c.id == one.filing)
    first_day, last_day = connection.execute(own).one()
    query = (
        select(deliveries)
        .join(filings, filings.c.id == deliveries.c.filing)
        .where(
            deliveries.c.identity_digest == one.identity_digest,
            deliveries.c.message_kind == one.message_kind,
            deliveries.c.status.in_(HAS),
            (deliveries.c.filing != one.filing) | (deliveries.c.number != one.number),
            filings.c.first_day <= last_day,
            filings.c.last_day >= first_day,
        )
        .order_by(deliveries.c.begun_at.desc())
    )
    return tuple(map(_delivery, connection.execute(query).mappings()))


def known_kenmerken(connection: Connection, identity_digest: str, message_kind: str) -> frozenset[str]:
    """Return the gateway's kenmerken that belong to attempts already: what a lost answer cannot be."""
    query = select(deliveries.c.kenmerk).where(
        deliveries.c.identity_digest == identity_digest,
        deliveries.c.message_kind == message_kind,
        deliveries.c.kenmerk.is_not(None),
    )
    return frozenset(connection.execute(query).scalars())


def seen_kenmerken(connection: Connection, filing: str) -> frozenset[str]:
    """Return what the gateway had listed when attempts of this filing were written down."""
    query = select(deliveries.c.listed).where(deliveries.c.filing == filing)
    return frozenset(kenmerk for listed in connection.execute(query).scalars() for kenmerk in listed)


def _find_unanswered(connection: Connection, new: NewDelivery) -> Delivery | None:
    """Return the attempt of this identity and kind of which nobody knows whether it arrived."""
    return _first(
        connection,
        deliveries.c.identity_digest == new.identity_digest,
        deliveries.c.message_kind == new.message_kind,
        deliveries.c.status.in_(UNSETTLED),
    )


def _insert(connection: Connection, new: NewDelivery, more: dict[str, Any]) -> Delivery:
    row = new.model_dump(exclude={"listed"}) | {"listed": [*new.listed]} | more
    connection.execute(deliveries.insert().values(**row))
    inserted = _get_delivery(connection, new.filing, new.number)
    _drop_waits(connection, new.filing, inserted.status)
    return inserted


def take_up_recorded(connection: Connection, new: NewDelivery, earlier: Delivery) -> str:
    """Have an attempt that was recorded as not filed, and that the gateway judged, count as this one.

    Returns its kenmerk, which goes over to this one: it is followed under it. Needs a writing connection.
    """
    if find_delivery(connection, new.filing, new.number) is None:
        _insert(connection, new, {})
    own = (deliveries.c.filing == new.filing, deliveries.c.number == new.number)
    old = (deliveries.c.filing == earlier.filing, deliveries.c.number == earlier.number)
    connection.execute(deliveries.update().where(*old).values(kenmerk=None))
    kept = {name: getattr(earlier, name) for name in ("taken_at", "code", "text", "receipt")}
    sent = {"begun_at": earlier.sent_at, "sent_again_at": None}
    connection.execute(
        deliveries.update().where(*own).values(status="taken", kenmerk=earlier.kenmerk, **kept, **sent)
    )
    _drop_waits(connection, new.filing, "taken")
    return earlier.kenmerk or ""


def _move(
    connection: Connection, filing: str, number: int, to: DeliveryStatus, values: dict[str, Any]
) -> Delivery:
    """Write down how an attempt stands now.

    What the gateway says comes in the place of what a person recorded.
    """
    now = _get_delivery(connection, filing, number)
    by_hand = _is_recorded(now) and values.get("code") != BY_HAND
    if now.status == to and not by_hand:
        if all(getattr(now, name) == value for name, value in values.items() if name in ("kenmerk", "code")):
            return now
        raise DeliveryConflictError(f"delivery {number} of {filing} is already {to} with a different answer")
    if to not in _NEXT["taken" if by_hand else now.status]:
        raise DeliveryConflictError(f"delivery {number} of {filing} cannot go from {now.status} to {to}")
    connection.execute(
        deliveries.update()
        .where(deliveries.c.filing == filing, deliveries.c.number == number)
        .values(status=to, **values)
    )
    _drop_waits(connection, filing, to)
    return _get_delivery(connection, filing, number)


def _get_delivery(connection: Connection, filing: str, number: int) -> Delivery:
    found = find_delivery(connection, filing, number)
    if found is None:
        raise DeliveryConflictError(f"delivery {number} of {filing} was never started")
    return found


def _first(connection: Connection, *conditions: Any) -> Delivery | None:
    row = connection.execute(select(deliveries).where(*conditions)).mappings().first()
    return None if row is None else _delivery(row)


def _delivery(row: RowMapping) -> Delivery:
    return Delivery.model_validate(dict(row))
