"""Following a delivery until Digipoort's status is final: one activity, tried again until then."""

from datetime import UTC, datetime, timedelta

from temporalio import activity

from ...filing.events import Failed, Judged
from ...office.alarms import STATUS_WAITS, raise_alarm
from ...office.database.engine import Database
from ...office.document_store import DocumentStore
from ...office.filings.deliveries import (
    BY_HAND,
    Delivery,
    DeliveryStatus,
    deliveries_of,
    delivery_failed,
    find_delivery,
    mark_delivery_judged,
)
from ...office.filings.records import find_last_told
from ...sbr.digipoort.client import DigipoortClient
from ...sbr.digipoort.problems import AnswerLost, FaultAnswered, NotSent
from ...sbr.digipoort.statuses import Accepted, Pending, Refused, Verdict, judge
from ..commands import FOLLOW
from ..inputs import Answer, FollowInput
from .contradicting import contradict
from .deliveries import XML
from .outgoing import Outgoing
from .retrying import Heartbeats, again, delay_of_attempt, polling
from .waiting import Limits, tell_undecided, telling_silence

LOOKS = 20
"""At least as long as so many looks take, at the shortest wait, a judgement may stay away."""

_NOT_OURS = (
    "De aanlevering die na een verloren antwoord bij deze aangifte is gevonden ({}), is volgens de "
    "Belastingdienst niet van ons. Vraag de klant of de aangifte al is ingediend voordat u het opnieuw "
    "probeert."
)

_LOST = (
    "De aangifte is niet aangekomen: {}. Kies 'Opnieuw proberen' om nog eens in te dienen, of annuleer de "
    "opdracht."
)
_BEFORE_WHO, _AFTER_WHO = _LOST.split("{}")
_NOT_YET = " De uitslag die is vastgelegd geldt pas als Digipoort nog eens is gevraagd."


class Following:
    """The activity that follows a delivery; it polls after `poll`, doubling up to `most`.

    `names_us` says whether the authority's acknowledgement names our aanleverkenmerk. After `patience` (in
    office time) without a final status somebody is told.
    """

    def __init__(
        self,
        database: Database,
        documents: DocumentStore,
        gateway: DigipoortClient,
        outgoing: Outgoing,
        *,
        poll: timedelta,
        most: timedelta,
        patience: timedelta,
        names_us: bool = True,
    ) -> None:
        self._database = database
        self._documents = documents
        self._gateway = gateway
        self._outgoing = outgoing
        self._poll = poll
        self._most = most
        self._limits = Limits(patience, poll * LOOKS)
        self._names_us = names_us

    @activity.defn(name=FOLLOW, no_thread_cancel_exception=True)
    def follow(self, input: FollowInput) -> Answer:
        """Return the authority's final answer with its own text; the signed answer is kept as proof."""
        filing, number = input.workflow_id, input.command.delivery
        with telling_silence(self._database, STATUS_WAITS, filing, number, Heartbeats()):
            return self._ask(input)

    def _find(self, input: FollowInput) -> Delivery | None:
        with self._database.read() as connection:
            return find_delivery(connection, input.workflow_id, input.command.delivery)

    def _ask(self, input: FollowInput) -> Answer:
        """Ask Digipoort; only where it says nothing final, what a person recorded before that counts."""
        there = self._find(input)
        recorded = there if there is not None and there.code == BY_HAND and there.status != "taken" else None
        try:
            verdict = judge(self._gateway.statuses(input.command.reference))
        except NotSent as error:
            if error.lasting:
                text = f"De status is niet op te vragen: {error.dutch}.{_NOT_YET if recorded else ''}"
                return Answer(result=Failed(at=input.at, number=input.command.number, error=text))
            raise again(f"the status was not asked: {error}", self._delay()) from None
        except (AnswerLost, FaultAnswered) as error:
            if recorded and isinstance(error, FaultAnswered) and self._is_unknown(recorded):
                return _answer_recorded(input, recorded)
            raise again(f"the status did not come: {error}", self._delay()) from None
        self._alert(input, verdict)
        if isinstance(verdict, Pending):
            if recorded:
                return _answer_recorded(input, recorded)
            self._tell_undecided(input)
            raise polling("not final yet", self._delay())
        if isinstance(verdict, Accepted) and self._is_of_another(input, verdict):
            return self._not_ours(input)
        return self._final(input, verdict)

    def _is_unknown(self, recorded: Delivery) -> bool:
        """Say whether Digipoort, which will not tell the statuses, does not list the delivery either.

        A fault is unsigned and proves nothing; the list is signed.
        """
        identity = self._outgoing.find_identity(recorded.message_kind, recorded.sha256)
        if identity is None:
            return False
        try:
            listed = self._gateway.processes(identity, recorded.message_kind)
        except (NotSent, AnswerLost, FaultAnswered):
            return False
        return recorded.kenmerk not in {one.kenmerk for one in listed}

    def _tell_undecided(self, input: FollowInput) -> None:
        """Tell somebody, once Digipoort has had the delivery for longer than it may without deciding."""
        there = self._find(input)
        if there is None:
            return
        with self._database.read() as connection:
            told = find_last_told(connection, input.workflow_id, "delivered", input.command.phase)
        tell_undecided(self._database, there, told or input.at, self._limits)

    def _is_of_another(self, input: FollowInput, accepted: Accepted) -> bool:
        """Say whether what the authority accepted is not ours, though its moment told so.

        Asked where we have no receipt: a delivery whose answer was lost is known by its moment, and the
        acknowledgement that tells more comes later than that.
        """
        attempt = self._find(input)
        refers_to = accepted.acknowledgement.refers_to if accepted.acknowledgement else ""
        if not self._names_us or attempt is None or not refers_to:
            return False
        if attempt.code == BY_HAND:  # its receipt is what a person gave, and an earlier attempt may be meant
            with self._database.read() as connection:
                ours = {one.aanleverkenmerk for one in deliveries_of(connection, attempt.filing)}
            return refers_to not in (*ours, input.command.reference)
        return attempt.receipt is None and refers_to not in (attempt.aanleverkenmerk, input.command.reference)

    def _not_ours(self, input: FollowInput) -> Answer:
        """Write down that the kenmerk is another's; what is tried again is the delivery."""
        filing, delivery = input.workflow_id, input.command.delivery
        text = _NOT_OURS.format(input.command.reference)
        with self._database.write() as connection:
            delivery_failed(connection, filing, delivery, text, datetime.now(UTC))
            english = f"the kenmerk of delivery {delivery} turned out to be somebody else's"
            raise_alarm(connection, "delivery_undecided", filing, str(delivery), english)
        return Answer(result=Failed(at=input.at, number=input.command.number, error=text, over=True))

    def _final(self, input: FollowInput, verdict: Verdict) -> Answer:
        assert not isinstance(verdict, Pending)
        filing, delivery, now = input.workflow_id, input.command.delivery, datetime.now(UTC)
        accepted = isinstance(verdict, Accepted)
        judged = accepted or isinstance(verdict, Refused)
        code = verdict.status.code
        text = verdict.status.text if isinstance(verdict, Accepted) else verdict.text
        proof = self._documents.put(verdict.status.raw, XML)
        to: DeliveryStatus = "accepted" if accepted else "refused" if judged else "failed"
        with self._database.write() as connection:
            text += contradict(connection, find_delivery(connection, filing, delivery), to)
            if judged:
                there = mark_delivery_judged(
                    connection,
                    filing,
                    delivery,
                    accepted=accepted,
                    code=code,
                    text=text,
                    at=now,
                    receipt=proof,
                )
            else:
                there = delivery_failed(connection, filing, delivery, text, now, code)
        number, at, text = input.command.number, input.at, there.text or text
        if judged:
            return Answer(result=Judged(at=at, number=number, accepted=accepted, code=code, text=text))
        error = f"Digipoort meldt {code}: {text}"
        return Answer(result=Failed(at=at, number=number, error=error, over=True, code=code))

    def _alert(self, input: FollowInput, verdict: Verdict) -> None:
        if not verdict.alerts:
            return
        with self._database.write() as connection:
            for alert in verdict.alerts:
                raise_alarm(connection, "digipoort_status", input.workflow_id, alert, alert)

    def _delay(self) -> timedelta:
        return delay_of_attempt(self._poll, self._most)


def _answer_recorded(input: FollowInput, recorded: Delivery) -> Answer:
    """Return the judgement that a person recorded."""
    number, at, text = input.command.number, input.at, recorded.text or ""
    proof = recorded.proof or ""
    if recorded.status == "failed":
        error = _LOST.format(text)
        return Answer(result=Failed(at=at, number=number, error=error, over=True, code=BY_HAND, proof=proof))
    accepted = recorded.status == "accepted"
    return Answer(
        result=Judged(at=at, number=number, accepted=accepted, code=BY_HAND, text=text, proof=proof)
    )


def read_recorded_lost(failed: Failed) -> str | None:
    """Return what was recorded where a person recorded that a delivery is lost; None where nobody did.

    An answer of before the code was in it is known by its sentence.
    """
    said = failed.error.removeprefix(_BEFORE_WHO).removesuffix(_AFTER_WHO)
    fits = failed.error == _LOST.format(said)
    return said if failed.code == BY_HAND or (fits and not failed.code) else None
