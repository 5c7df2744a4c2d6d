"""Following a delivery until Digipoort's status is final: one activity, tried again until then."""

from datetime import UTC, datetime, timedelta

from temporalio import activity

from ...filing.events import Failed, Judged
from ...office.alarms import raise_alarm
from ...office.database.engine import Database
from ...office.document_store import DocumentStore
from ...office.filings.deliveries import delivery_failed, mark_delivery_judged
from ...sbr.digipoort.client import DigipoortClient
from ...sbr.digipoort.problems import AnswerLost, FaultAnswered, NotSent
from ...sbr.digipoort.statuses import Accepted, Pending, Refused, Verdict, judge
from ..commands import FOLLOW
from ..inputs import Answer, FollowInput
from .deliveries import XML
from .retrying import again, polling


class Following:
    """The activity that follows a delivery; it polls after `poll`, doubling up to `most`."""

    def __init__(
        self,
        database: Database,
        documents: DocumentStore,
        gateway: DigipoortClient,
        *,
        poll: timedelta,
        most: timedelta,
    ) -> None:
        self._database = database
        self._documents = documents
        self._gateway = gateway
        self._poll = poll
        self._most = most

    @activity.defn(name=FOLLOW, no_thread_cancel_exception=True)
    def follow(self, input: FollowInput) -> Answer:
        """Return the authority's final answer with its own text; the signed answer is kept as proof."""
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
            raise polling("not final yet", self._delay())
        return self._final(input, verdict)

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
        delay: timedelta = self._poll * 2 ** min(activity.info().attempt - 1, 20)
        return min(delay, self._most)
