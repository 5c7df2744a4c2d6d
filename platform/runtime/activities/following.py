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
from .deliveries import XML
from .retrying import Heartbeats, again, delay_of_attempt, polling
from .waiting import Limits, tell_undecided, telling_silence

LOOKS = 20
"""At least as long as so many looks take, at the shortest wait, a judgement may stay away."""

_NOT_OURS = (
    "De aanlevering die na een verloren antwoord bij deze aangifte is gevonden ({}), is volgens de "
    "Belastingdienst niet van ons. Vraag de klant of de aangifte al is ingediend voordat u het opnieuw "
    "probeert."
)


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
        *,
        poll: timedelta,
        most: timedelta,
        patience: timedelta,
        names_us: bool = True,
    ) -> None:
        self._database = database
        self._documents = documents
        self._gateway = gateway
        self._poll = poll
        self._most = most
        self._limits = Limits(patience, poll * LOOKS)
        self._names_us = names_us

    @activity.defn(name=FOLLOW, no_thread_cancel_exception=True)
    def follow(self, input: FollowInput) -> Answer:
        """Return the authority's final answer with its own text; the signed answer is kept as proof."""
        by_hand = self._find_recorded(input)
        if by_hand is not None:
            return by_hand
        filing, number = input.workflow_id, input.command.delivery
        with telling_silence(self._database, STATUS_WAITS, filing, number, Heartbeats()):
            return self._ask(input)

    def _find_recorded(self, input: FollowInput) -> Answer | None:
        """Return the judgement that a person recorded, where there is one: then nothing is asked any more."""
        there = self._find(input)
        if there is None or there.code != BY_HAND:
            return None
        number, at, text = input.command.number, input.at, there.text or ""
        if there.status == "failed":
            return Answer(result=Failed(at=at, number=number, error=text, over=True))
        accepted = there.status == "accepted"
        return Answer(result=Judged(at=at, number=number, accepted=accepted, code=BY_HAND, text=text))

    def _find(self, input: FollowInput) -> Delivery | None:
        with self._database.read() as connection:
            return find_delivery(connection, input.workflow_id, input.command.delivery)

    def _ask(self, input: FollowInput) -> Answer:
        try:
            verdict = judge(self._gateway.statuses(input.command.reference))
        except NotSent as error:
            if error.lasting:
                text = f"De status is niet op te vragen: {error.dutch}."
                return Answer(result=Failed(at=input.at, number=input.command.number, error=text))
            raise again(f"the status was not asked: {error}", self._delay()) from None
        except (AnswerLost, FaultAnswered) as error:
            raise again(f"the status did not come: {error}", self._delay()) from None
        self._alert(input, verdict)
        if isinstance(verdict, Pending):
            self._tell_undecided(input)
            raise polling("not final yet", self._delay())
        if isinstance(verdict, Accepted) and self._is_of_another(input, verdict):
            return self._not_ours(input)
        return self._final(input, verdict)

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
        if not self._names_us or attempt is None or attempt.receipt is not None or not refers_to:
            return False
        return refers_to not in (attempt.aanleverkenmerk, input.command.reference)

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
        code = verdict.status.code
        text = verdict.status.text if isinstance(verdict, Accepted) else verdict.text
        proof = self._documents.put(verdict.status.raw, XML)
        with self._database.write() as connection:
            if accepted or isinstance(verdict, Refused):
                mark_delivery_judged(
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
                delivery_failed(connection, filing, delivery, text, now, code)
        number, at = input.command.number, input.at
        if accepted or isinstance(verdict, Refused):
            return Answer(result=Judged(at=at, number=number, accepted=accepted, code=code, text=text))
        error = f"Digipoort meldt {code}: {text}"
        return Answer(result=Failed(at=at, number=number, error=error, over=True))

    def _alert(self, input: FollowInput, verdict: Verdict) -> None:
        if not verdict.alerts:
            return
        with self._database.write() as connection:
            for alert in verdict.alerts:
                raise_alarm(connection, "digipoort_status", input.workflow_id, alert, alert)

    def _delay(self) -> timedelta:
        return delay_of_attempt(self._poll, self._most)
