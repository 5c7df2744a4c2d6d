"""Delivering to Digipoort once (R22, DESIGN 5).

The channel is proved and what Digipoort already lists is read before an attempt is written down; it is
written down before anything is sent; a lost answer, or a worker that died in between, is settled by asking
what Digipoort has, never by sending again blindly. What others deliver for the same identity is not taken for
ours: what cannot be told apart is for a person. While the filing is held nothing is sent, and what may have
been sent is settled. Several runs of this activity for one command may overlap (after a time-out, or when the
filing continued as new): who sends again first takes the attempt over.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection
from temporalio import activity
from temporalio.exceptions import ApplicationError

from ...filing.events import Delivered, Failed
from ...office.alarms import DELIVERY_WAITS, raise_alarm
from ...office.database.engine import Database
from ...office.document_store import DocumentStore
from ...office.filings.deliveries import (
    UNSETTLED,
    DeliveryThere,
    DeliveryWaits,
    NewDelivery,
    begin_delivery,
    delivery_failed,
    drop_unsent_delivery,
    find_delivery,
    give_up_delivery,
    known_kenmerken,
    mark_delivery_judged,
    mark_delivery_lost,
    mark_delivery_taken,
    reopen_delivery,
    seen_kenmerken,
    take_up_recorded,
)
from ...office.filings.deliveries import Delivery as Attempt
from ...office.filings.held import is_held
from ...office.filings.overlaps import FiledAlready, find_not_filed
from ...office.office_clock import clock_of, office_now
from ...office.people import standing_until
from ...office.relations.relation import find_relation
from ...office.restored import restored_from
from ...period import Period
from ...sbr.digipoort.client import DigipoortClient
from ...sbr.digipoort.messages import Delivery, Fault, Process, Receipt
from ...sbr.digipoort.problems import AnswerLost, FaultAnswered, NotSent
from ...sbr.digipoort.reconcile import (
    Ambiguous,
    Found,
    NotArrived,
    OfOthers,
    Outcome,
    Sighting,
    TooEarly,
    reconcile,
    sight,
)
from ...sbr.digipoort.statuses import Accepted, Refused, Verdict, judge
from ...words import JUDGEMENT_WORDS
from ..commands import DELIVER
from ..inputs import Answer, DeliverInput
from .contradicting import contradict
from .outgoing import GivenUpError, Outgoing, aanleverkenmerk_of, identity_digest, make_aanleverkenmerk
from .retrying import Heartbeats, again, await_resume, polling, send_heartbeats
from .waiting import telling_silence

PASSING_FAULTS = ("ALS400",)
"""Faults of a gateway that is overloaded; unsigned, so the attempt is settled before it is sent again."""

XML = "application/xml"

_OF_OTHERS = (
    "De aangifte is niet bij Digipoort aangekomen, maar er is wel een aanlevering voor dit nummer die niet "
    "van ons is ({}). Vraag de klant of de aangifte al is ingediend voordat u het opnieuw probeert."
)
_AMBIGUOUS = (
    "Het antwoord van Digipoort is niet aangekomen. Digipoort heeft aanleveringen die wij niet kennen ({}); "
    "controleer of deze aangifte daarbij is voordat u het opnieuw probeert."
)
_RESTORED = (
    "Dit kantoor is hersteld (uit een back-up, of met doctor --revive), en Digipoort heeft sindsdien "
    "aanleveringen voor dit nummer die het kantoor niet kent ({}). Er is niets verzonden. Controleer of deze "
    "aangifte daarbij is voordat u het opnieuw probeert."
)
_NAMED = (
    "De Belastingdienst heeft een aanlevering van deze opdracht die het kantoor niet kent ({}). Er is niets "
    "verzonden. Controleer wat er is ingediend voordat u het opnieuw probeert."
)
_ACCEPTED_EARLIER = (
    "De aangifte die eerder is ingediend ({}) en als {} is vastgelegd, is door de "
    "Belastingdienst geaccepteerd. Er is niets verzonden. Probeer het alleen opnieuw als deze versie die "
    "eerdere moet vervangen; annuleer anders de opdracht."
)

_COMMANDS = 10_000
"""No filing has as many commands."""


class Deliveries:
    """The activity that delivers.

    `margin` is how far Digipoort's clock and ours may differ, and how long a message may still show up after
    it expired; `names_us` says whether the authority's acknowledgement names our aanleverkenmerk. A return is
    sent `most` times at most, each time after it is sure that the one before did not arrive.
    """

    def __init__(
        self,
        database: Database,
        documents: DocumentStore,
        gateway: DigipoortClient,
        outgoing: Outgoing,
        *,
        margin: timedelta,
        poll: timedelta,
        names_us: bool = True,
        most: int = 10,
    ) -> None:
        self._database = database
        self._documents = documents
        self._gateway = gateway
        self._outgoing = outgoing
        self._margin = margin
        self._names_us = names_us
        self._most = most
        self._poll = poll

    @activity.defn(name=DELIVER, no_thread_cancel_exception=True)
    def deliver(self, input: DeliverInput) -> Answer:
        """Hand exactly the approved bytes to Digipoort; return its kenmerk, or why a person has to look."""
        number, at = input.command.number, input.at
        there = self._find(input)
        try:
            kenmerk = there.kenmerk if there else None  # taken before: nothing more is needed to say so
            if kenmerk is None:
                going = self._outgoing.make_delivery(input)
                with send_heartbeats() as beats, self._tell_silence(input, beats):
                    kenmerk = self._go_on(input, there, going) if there else self._begin(input, going, beats)
        except GivenUpError as error:
            kenmerk = self._give_up(input, error)
            if kenmerk is None:
                return Answer(result=Failed(at=at, number=number, error=str(error)))
        return Answer(result=Delivered(at=at, number=number, reference=kenmerk, sent=self._find_day(input)))

    def _find_day(self, input: DeliverInput) -> date | None:
        """Return the day in office time on which the attempt that was taken was sent."""
        with self._database.read() as connection:
            there = find_delivery(connection, input.workflow_id, input.command.number)
            return clock_of(connection).office_time(there.sent_at).date() if there else None

    def _tell_silence(self, input: DeliverInput, beats: Heartbeats) -> AbstractContextManager[None]:
        filing, number = input.workflow_id, input.command.number
        return telling_silence(self._database, DELIVERY_WAITS, filing, number, beats)

    def _find(self, input: DeliverInput) -> Attempt | None:
        with self._database.read() as connection:
            return find_delivery(connection, input.workflow_id, input.command.number)

    def _give_up(self, input: DeliverInput, error: GivenUpError) -> str | None:
        """Write down that this command is given up; return the kenmerk when its delivery was taken before.

        Another run of it may have got further than this one. An attempt of which nobody knows whether it
        arrived is never given up: it would bar every other delivery of its identity and kind, or be sent
        twice. An alarm says what to mend; then it goes on by itself.
        """
        now = datetime.now(UTC)
        kind = self._outgoing.find_message_kind(input.report)
        nothing = self._attempt(input, message_kind=kind, identity="", begun_at=now, expires_at=now)
        with self._database.write() as connection:
            there = give_up_delivery(connection, nothing, str(error))
            if there.status in UNSETTLED:
                text = (
                    f"nobody knows whether delivery {there.number} arrived, and it cannot be settled: {error}"
                )
                raise_alarm(connection, "delivery_unsettled", there.filing, str(there.number), text)
        if there.status in UNSETTLED:
            raise again("a delivery whose answer was lost cannot be settled yet", self._poll)
        return there.kenmerk

    def _attempt(self, input: DeliverInput, *, message_kind: str, identity: str, **facts: Any) -> NewDelivery:
        return NewDelivery(
            filing=input.workflow_id,
            number=input.command.number,
            attempt=input.command.attempt,
            relation=input.origin.filing.relation,
            identity_digest=identity,
            message_kind=message_kind,
            document=input.command.document,
            sha256=input.command.hash,
            aanleverkenmerk=aanleverkenmerk_of(input),
            **facts,
        )

    def _begin(self, input: DeliverInput, going: Delivery, beats: Heartbeats) -> str:
        """Prove the channel, see what is listed, write the attempt down, send."""
        with self._database.read() as connection:
            self._wait_while_held(connection, input.workflow_id)
        try:
            listed = self._gateway.prove_channel(going.identity, going.message_kind).listed
        except NotSent as error:
            raise self._refused_at_the_door(error.fault, beats) or _make_not_sent_error(error) from None
        beats.count_again()
        forgotten = self._find_forgotten(input, going, listed)
        new = self._attempt(
            input,
            message_kind=going.message_kind,
            identity=identity_digest(going.identity),
            begun_at=forgotten.since if forgotten else datetime.now(UTC),
            expires_at=self._gateway.new_expiry(),
            listed=tuple(
                process.kenmerk
                for process in listed
                if forgotten is None or forgotten.doubt or process.kenmerk not in forgotten.kenmerken
            ),
        )
        if forgotten and forgotten.doubt:
            raise self._stop_doubtful(new, forgotten.doubt.format(", ".join(forgotten.kenmerken)))
        arrived = self._find_arrived(new, listed)
        if arrived is not None:
            return self._count(new, arrived)
        with self._database.write() as connection:
            self._wait_while_held(connection, input.workflow_id)
            # What may be ours already is settled first, which asks this before it sends again.
            problem = None if forgotten else self._find_problem(connection, input, going)
            if problem:
                raise GivenUpError(problem)
            begun = begin_delivery(connection, new)
            if isinstance(begun, FiledAlready):
                _alarm_filed(connection, new, begun)
            if isinstance(begun, Attempt) and forgotten:
                if forgotten.alarmed:
                    _alarm_found(connection, new)
                begun = DeliveryThere(delivery=mark_delivery_lost(connection, new.filing, new.number))
        if isinstance(begun, DeliveryThere):
            return self._go_on(input, begun.delivery, going)
        if isinstance(begun, FiledAlready):
            raise GivenUpError(_say_filed(begun))
        if isinstance(begun, DeliveryWaits):
            raise polling("another delivery of this identity and kind is not settled yet", self._poll)
        return self._send(begun, going)

    def _wait_while_held(self, connection: Connection, filing: str) -> None:
        """Raise what has it tried again after the filing was resumed; nothing is written down then."""
        if is_held(connection, filing):
            raise await_resume(self._poll)

    def _find_problem(self, connection: Connection, input: DeliverInput, going: Delivery) -> str | None:
        """Say in Dutch why a return that was approved may not leave any more, as the office has it now."""
        withdrawn = _find_withdrawal(connection, input)
        relation = find_relation(connection, input.origin.filing.relation)
        if withdrawn or relation is None:
            return withdrawn
        return self._outgoing.compare_number(input, going, relation)

    def _find_forgotten(
        self, input: DeliverInput, going: Delivery, listed: Sequence[Process]
    ) -> "_Forgotten | None":
        """Return what is listed, nobody here knows, and may be this filing's own.

        Its writing is gone then: a copy of the database was put back. What the authority names as this
        command's own, or may have come since this command was tried, is settled first, as a lost answer is.
        What it names as another command of this filing, and what came since the office was put back, is for
        a person; of what an earlier attempt of this filing saw listed they were asked before.
        """
        tried, digest = activity.info(), identity_digest(going.identity)
        with self._database.read() as connection:
            restored = restored_from(connection)
            known = known_kenmerken(connection, digest, going.message_kind)
            seen = seen_kenmerken(connection, input.workflow_id)
        scheduled = tried.scheduled_time if tried.attempt > 1 else None
        moments = [moment for moment in (scheduled, restored) if moment is not None]
        if not moments and not self._names_us:
            return None  # nothing would tell whose they are
        strangers = [one.kenmerk for one in listed if one.kenmerk not in known]
        sightings = [self._sight(one, needed=bool(moments)) for one in strangers]
        own = [one for one in sightings if self._names_us and one.refers_to == aanleverkenmerk_of(input)]
        new = [one for one in sightings if one.kenmerk not in seen or one in own]
        other = self._find_named(input.workflow_id, [one for one in new if one not in own])
        if other and not own:
            return _Forgotten(datetime.now(UTC), tuple(one.kenmerk for one in other), _NAMED)
        since = min(moments, default=None)
        late = [one for one in (new if restored else sightings) if since and self._is_since(one, since)]
        found = [one for one in sightings if one in own or one in late]
        if not found:
            return None
        kenmerken = tuple(one.kenmerk for one in found)
        # The authority's first word of our own is nearest to the day of sending, which nobody here knows.
        taken = min((one.first for one in own if one.first is not None), default=None)
        if scheduled is not None and all(self._is_since(one, scheduled) for one in found):
            return _Forgotten(taken or scheduled, kenmerken)
        sent = taken or since or datetime.now(UTC)
        return _Forgotten(sent, kenmerken, None if own else _RESTORED, alarmed=bool(own))

    def _find_named(self, workflow_id: str, sightings: Sequence[Sighting]) -> list[Sighting]:
        """Return those that the authority names as some command of this filing, whichever it was."""
        if not self._names_us or not sightings:
            return []
        names = {make_aanleverkenmerk(workflow_id, number) for number in range(1, _COMMANDS)}
        return [one for one in sightings if one.refers_to in names]

    def _is_since(self, one: Sighting, moment: datetime) -> bool:
        return one.first is None or one.first >= moment - self._margin

    def _stop_doubtful(self, new: NewDelivery, text: str) -> Exception:
        """Write down that only a person can tell whether this was delivered, in one go: nothing is sent."""
        with self._database.write() as connection:
            there = give_up_delivery(connection, new, text)
            if there.status in UNSETTLED:
                return again("another run of this delivery went on with it")
            english = f"Digipoort has deliveries unknown here that may be {new.number}; see its filing"
            raise_alarm(connection, "delivery_undecided", new.filing, str(new.number), english)
        return GivenUpError(text)

    def _go_on(self, input: DeliverInput, there: Attempt, going: Delivery) -> str:
        """Continue an attempt that was written down before, from the status it has."""
        if there.status == "failed":
            raise GivenUpError(there.text or "Het indienen is mislukt.")
        return there.kenmerk or self._settle(input, there, going)

    def _send(self, attempt: Attempt, going: Delivery) -> str:
        """Send an attempt that is written down as sending, once."""
        try:
            answer = self._gateway.deliver(going, expires=attempt.expires_at)
        except NotSent as error:
            with self._database.write() as connection:
                _still_ours(connection, attempt)
                drop_unsent_delivery(connection, attempt.filing, attempt.number)
            raise _make_not_sent_error(error) from None
        except AnswerLost as error:
            # A fault of which we do not know the meaning may pass; one that comes twice does not.
            lasts = error.fault is not None and attempt.said == error.dutch
            raise self._note_lost(attempt, error.code, error.dutch, lasts=lasts) from None
        if isinstance(answer, Receipt):
            return self._note_taken(attempt, answer.kenmerk, answer)
        # Nobody signed a fault: what it says is told only once it is sure that nothing was taken.
        said = f"Digipoort antwoordde met een foutmelding ({answer.sentence})"
        raise self._note_lost(attempt, answer.code, said, lasts=answer.code not in PASSING_FAULTS)

    def _settle(self, input: DeliverInput, attempt: Attempt, going: Delivery) -> str:
        """Settle an attempt whose answer was lost: it is delivered, is sent again, or has failed."""
        if attempt.status == "sending":
            with self._database.write() as connection:
                _still_ours(connection, attempt)
                attempt = mark_delivery_lost(connection, attempt.filing, attempt.number)
        asked = datetime.now(UTC)
        listed = self._list(going)
        with self._database.read() as connection:
            problem = self._find_problem(connection, input, going)
            known = known_kenmerken(connection, attempt.identity_digest, attempt.message_kind)
        known |= {*attempt.listed}
        outcome = self._reconcile(attempt, [one for one in listed if one.kenmerk not in known], asked)
        match outcome:
            case Found(kenmerk=kenmerk):
                return self._note_taken(attempt, kenmerk, None)
            case TooEarly():
                raise polling("the answer was lost; the delivery may still be on its way", self._poll)
            case OfOthers(kenmerken=kenmerken):
                raise self._note_for_a_person(attempt, _OF_OTHERS.format(", ".join(kenmerken)))
            case Ambiguous(kenmerken=kenmerken):
                raise self._note_for_a_person(attempt, _AMBIGUOUS.format(", ".join(kenmerken)))
            case NotArrived() if attempt.text:
                text = f"Digipoort heeft de aangifte geweigerd: {attempt.text}."
                raise self._note_not_taken(attempt, text)
            case NotArrived() if problem:
                raise self._note_failed(attempt, problem, None)
            case NotArrived() if attempt.sendings >= self._most:
                text = f"De aangifte is {attempt.sendings} keer aangeleverd en niet aangekomen."
                said = f" Het laatst gemeld: {attempt.said}." if attempt.said else ""
                raise self._note_not_taken(attempt, text + said)
            case NotArrived():
                arrived = self._find_arrived(attempt, listed)
                if arrived is not None:
                    return self._count(attempt, arrived)
                return self._send(self._take_over(attempt, listed), going)

    def _find_arrived(self, new: NewDelivery, listed: Sequence[Process]) -> Attempt | None:
        """Return what was recorded as not filed of this filing, and Digipoort has judged after all.

        Asked before anything is sent. That of another filing gets its judgement, and stands in the way. What
        was recorded as refused and is refused was done again, and goes out. Raises GivenUpError where an
        earlier version was accepted: only a person can tell what to do then.
        """
        with self._database.read() as connection:
            recorded = find_not_filed(connection, new.filing, new.identity_digest, new.message_kind)
            earlier = [one for at in recorded if (one := find_delivery(connection, *at))]
        for one in earlier:
            verdict = self._ask_recorded(one, listed)
            if not isinstance(verdict, Accepted | Refused):
                continue
            own, accepted = one.filing == new.filing, isinstance(verdict, Accepted)
            if own and one.sha256 == new.sha256 and (accepted or one.status == "failed"):
                return one
            word = JUDGEMENT_WORDS["lost" if one.status == "failed" else one.status]
            text = _ACCEPTED_EARLIER.format(one.kenmerk, word)
            stops = own and accepted
            self._note_judged(one, verdict, new if stops else None, text)
            if stops:
                raise GivenUpError(text)
        return None

    def _ask_recorded(self, recorded: Attempt, listed: Sequence[Process]) -> Verdict | None:
        """Return what Digipoort says of a delivery recorded as not filed; None where it does not know it."""
        assert recorded.kenmerk is not None
        try:
            return judge(self._gateway.statuses(recorded.kenmerk))
        except NotSent as error:
            raise _make_not_sent_error(error) from None
        except (AnswerLost, FaultAnswered) as error:
            if isinstance(error, FaultAnswered) and recorded.kenmerk not in {one.kenmerk for one in listed}:
                return None  # the fault is unsigned, the list that lacks it is not
            raise again(f"the status of one recorded as not filed did not come: {error}") from None

    def _note_judged(
        self, recorded: Attempt, verdict: Accepted | Refused, stopped: NewDelivery | None, why: str
    ) -> None:
        """Write down what Digipoort says of what was recorded as not filed, and what stops by it."""
        accepted = isinstance(verdict, Accepted)
        text = verdict.status.text if isinstance(verdict, Accepted) else verdict.text
        proof = self._documents.put(verdict.status.raw, XML)
        with self._database.write() as connection:
            _still_ours(connection, recorded)
            text += contradict(connection, recorded, "accepted" if accepted else "refused")
            mark_delivery_judged(
                connection,
                recorded.filing,
                recorded.number,
                accepted=accepted,
                code=verdict.status.code,
                text=text,
                at=datetime.now(UTC),
                receipt=proof,
            )
            if stopped is None:
                return
            _still_as(connection, stopped)
            if give_up_delivery(connection, stopped, why).status in UNSETTLED:
                delivery_failed(connection, stopped.filing, stopped.number, why, datetime.now(UTC))

    def _count(self, new: NewDelivery, arrived: Attempt) -> str:
        """Have what arrived after all count as this delivery: nothing is sent, and it is followed."""
        with self._database.write() as connection:
            self._wait_while_held(connection, new.filing)
            _still_ours(connection, arrived)
            _still_as(connection, new)
            return take_up_recorded(connection, new, arrived)

    def _reconcile(self, attempt: Attempt, unknown: Sequence[Process], asked: datetime) -> Outcome:
        """Say which of the kenmerken that nobody knows is this attempt's."""
        sightings = [self._sight(kenmerk) for kenmerk in dict.fromkeys(one.kenmerk for one in unknown)]
        return reconcile(
            sightings,
            attempt.aanleverkenmerk if self._names_us else None,
            asked=asked,
            sent=attempt.sent_at,
            expires=attempt.expires_at,
            margin=self._margin,
        )

    def _sight(self, kenmerk: str, *, needed: bool = True) -> Sighting:
        """Ask what is known of a kenmerk; where that is not `needed`, a fault about it stops no delivery."""
        try:
            return sight(kenmerk, self._gateway.statuses(kenmerk))
        except NotSent as error:
            raise _make_not_sent_error(error) from None
        except (AnswerLost, FaultAnswered) as error:
            if isinstance(error, FaultAnswered) and not needed:
                return Sighting(kenmerk, None, None)
            raise again(f"the statuses of a delivery that nobody knows did not come: {error}") from None

    def _list(self, going: Delivery) -> tuple[Process, ...]:
        try:
            return self._gateway.processes(going.identity, going.message_kind)
        except NotSent as error:
            raise _make_not_sent_error(error) from None
        except (AnswerLost, FaultAnswered) as error:
            raise again(f"Digipoort did not list its processes: {error}") from None

    def _refused_at_the_door(self, fault: Fault | None, beats: Heartbeats) -> GivenUpError | None:
        """Return the error for a person once Digipoort has said so often that it will not have us.

        Nothing was sent; a service that is unavailable or overloaded says nothing, is waited for, and does
        not count.
        """
        if fault is None or beats.count() < self._most:
            return None
        return GivenUpError(f"Niet ingediend: Digipoort antwoordde met een foutmelding ({fault.sentence}).")

    def _take_over(self, attempt: Attempt, listed: tuple[Process, ...]) -> Attempt:
        """Take over an attempt, to send it again; of several runs that overlap only one succeeds."""
        with self._database.write() as connection:
            self._wait_while_held(connection, attempt.filing)
            _still_ours(connection, attempt)
            return reopen_delivery(
                connection,
                attempt.filing,
                attempt.number,
                at=datetime.now(UTC),
                expires_at=self._gateway.new_expiry(),
                listed=tuple({*attempt.listed, *(process.kenmerk for process in listed)}),
            )

    def _note_taken(self, attempt: Attempt, kenmerk: str, receipt: Receipt | None) -> str:
        proof = self._documents.put(receipt.raw, XML) if receipt else None
        at = receipt.taken_at if receipt else datetime.now(UTC)
        with self._database.write() as connection:
            mark_delivery_taken(connection, attempt.filing, attempt.number, kenmerk, at, proof)
        return kenmerk

    def _note_lost(self, attempt: Attempt, code: str, said: str, *, lasts: bool) -> ApplicationError:
        """Write down what came instead of an answer; one that `lasts` is not sent again for it."""
        refused = said if lasts else None
        with self._database.write() as connection:
            _still_ours(connection, attempt)
            mark_delivery_lost(connection, attempt.filing, attempt.number, said=said, refused=refused)
        return polling(f"the answer to a delivery was lost ({code}); it is settled first", self._poll)

    def _note_for_a_person(self, attempt: Attempt, text: str) -> GivenUpError:
        """Write down that only a person can tell what became of it, and raise the alarm."""
        error = self._note_failed(attempt, text, None)
        with self._database.write() as connection:
            english = f"delivery {attempt.number} cannot be told from those that others made; see its filing"
            raise_alarm(connection, "delivery_undecided", attempt.filing, str(attempt.number), english)
        return error

    def _note_not_taken(self, attempt: Attempt, text: str) -> GivenUpError:
        """Write down that Digipoort does not take it, and raise the alarm."""
        error = self._note_failed(attempt, text, None)
        with self._database.write() as connection:
            english = f"Digipoort does not take delivery {attempt.number}, sent {attempt.sendings} times"
            raise_alarm(connection, "delivery_not_taken", attempt.filing, str(attempt.number), english)
        return error

    def _note_failed(self, attempt: Attempt, text: str, code: str | None) -> GivenUpError:
        with self._database.write() as connection:
            _still_ours(connection, attempt)
            delivery_failed(connection, attempt.filing, attempt.number, text, datetime.now(UTC), code)
        return GivenUpError(text)


class _Forgotten(NamedTuple):
    """What is listed and nobody knows; `doubt` is why only a person can tell whose it is, in Dutch.

    It may have come since `since`. `alarmed`: it is this command's own, from before it was asked for here.
    """

    since: datetime
    kenmerken: tuple[str, ...]
    doubt: str | None = None
    alarmed: bool = False


def _alarm_found(connection: Connection, new: NewDelivery) -> None:
    """Raise an alarm: what was approved here need not be what the authority has under this name."""
    text = (
        f"delivery {new.number} was made before this office was put back: nothing was sent again; compare "
        "what was approved here with what the authority has"
    )
    raise_alarm(connection, "delivery_found", new.filing, str(new.number), text)


def _find_withdrawal(connection: Connection, input: DeliverInput) -> str | None:
    """Say in Dutch that the standing authority under which this is delivered has ended (R19), or None.

    The machine knows its last day only as it was when the client was informed.
    """
    relation, product = input.origin.filing.relation, str(input.origin.product["id"])
    if not input.command.standing or standing_until(
        connection, relation, product, office_now(connection).date()
    ):
        return None
    return "De doorlopende machtiging van de klant is ingetrokken of verlopen. Bied de aangifte opnieuw aan."


def _alarm_filed(connection: Connection, new: NewDelivery, already: FiledAlready) -> None:
    """Raise an alarm: what looks at readiness and at starts was passed, as by a number that changed since."""
    text = f"{already.filing} has filed for the same taxpayer and period: nothing was sent"
    raise_alarm(connection, "filed_already", new.filing, str(new.number), text)


def _say_filed(already: FiledAlready) -> str:
    """Say in Dutch which filing has, or may have, filed this return before (R63)."""
    name, words = already.filing.removeprefix("filing/"), Period.parse(already.period).words
    return (
        f"Onder hetzelfde nummer is al een aangifte over {words} ingediend, of ligt die nog bij Digipoort, "
        f"door {name} van relatie {already.relation}. Annuleer deze opdracht, of start een extra opdracht "
        f"met een reden die relatie {already.relation} noemt (--again)."
    )


def _still_ours(connection: Connection, attempt: Attempt) -> None:
    """Raise when another run took the attempt over meanwhile: what we know of it is out of date."""
    if find_delivery(connection, attempt.filing, attempt.number) != attempt:
        raise again("another run of this delivery went on with it")


def _still_as(connection: Connection, new: NewDelivery) -> None:
    """Raise when another run began this command's attempt, or went on with it."""
    if find_delivery(connection, new.filing, new.number) != (new if isinstance(new, Attempt) else None):
        raise again("another run of this delivery went on with it")


def _make_not_sent_error(error: NotSent) -> Exception:
    if error.lasting:
        return GivenUpError(f"Niet ingediend: {error.dutch}.")
    return again(f"nothing was sent: {error}")
