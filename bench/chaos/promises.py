"""What is promised of every office, whatever happens to it; every sentence that comes out is a violation."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from kantoor.filing.commands import Send
from kantoor.office.filings.messages import Message
from kantoor.period import Period

from .evidence import Evidence, Line
from .run import Ran

MARGIN = timedelta(seconds=5)
"""A message may leave so long after what made it superfluous was recorded: it was judged just before."""

LEFT = ("sent_back", "phase_completed", "phase_passed_over")
"""What the timeline says of a phase that is left: whatever was on its way about it is over."""


def one_return_each(ran: Ran) -> Iterator[str]:
    """No identity has two accepted returns of one report over a day, unless one's reason names the other."""
    filings = {filing.id: filing for filing in ran.evidence.filings}
    accepted: dict[tuple[str, str, date], list[str]] = {}
    told: set[tuple[str, str]] = set()
    for delivery in ran.evidence.deliveries:
        filing = filings.get(delivery.filing)
        if delivery.status != "accepted" or filing is None:
            continue
        period = Period.parse(filing.period)
        for day in _days(period.start, period.end):
            others = accepted.setdefault((delivery.identity_digest, delivery.message_kind, day), [])
            for other in others:
                names = {*filing.again_of, *(filings[other].again_of if other in filings else ())}
                pair = (other, delivery.filing)
                if other == delivery.filing or pair in told or names & {other, delivery.filing}:
                    continue
                told.add(pair)
                yield f"{delivery.filing} and {other} were both accepted over {day}"
            others.append(delivery.filing)
    mine = Counter((d.filing, d.status) for d in ran.evidence.deliveries)
    for (id, status), count in mine.items():
        if status == "accepted" and count > 1:
            yield f"{id} was accepted {count} times"


def no_period_uncovered(ran: Ran) -> Iterator[str]:
    """Each day of an agreed product whose period has begun is filed, planned, or on a work list."""
    evidence = ran.evidence
    for taken in evidence.products:
        if taken.since is None:
            continue
        covered: set[date] = set()
        for filing in evidence.filings:
            if (filing.relation, filing.product) == (taken.relation, taken.product):
                covered.update(_days_of(filing.period))
        for relation, product, code in evidence.uncovered:
            if (relation, product) == (taken.relation, taken.product):
                covered.update(_days_of(code))
        planned = min(
            (
                Period.parse(one.next_period).start
                for one in evidence.recurrences
                if one.status == "running" and one.relation == taken.relation
            ),
            default=date.max,
        )
        last = Period.holding(taken.frequency, evidence.today).end
        for day in _days(taken.since, min(taken.until or last, last)):
            if day not in covered and day < planned:
                yield f"{taken.relation}, {taken.product}: nothing covers {day}, and nobody is told"
                break


def no_message_too_late(ran: Ran) -> Iterator[str]:
    """No message left about something that was over: answered, done, left, ended, or not theirs any more.

    Whatever it was: an offer, a reminder, an escalation, what was asked of the client. And each copy of it:
    one that was sent again because a connection broke leaves at a moment of its own.
    """
    evidence = ran.evidence
    messages = {message.message_id: message for message in evidence.messages}
    for mail in evidence.caught:
        message = messages.get(mail.message_id)
        if message is None:
            continue
        if message.number not in evidence.rebuilt[message.filing].sends:
            yield f"{message.filing}: no recorded step asked for '{message.message}' ({message.number})"
            continue
        left = evidence.left[mail.number]
        over = _find_over(evidence, message, left)
        if over is not None and left > over.recorded_at + MARGIN:
            late = (left - over.recorded_at).total_seconds()
            yield (
                f"{message.filing}: '{message.message}' to {message.recipient} left {late:.0f} s after "
                f"{over.what} (step {over.sequence})"
            )


def no_offer_twice(ran: Ran) -> Iterator[str]:
    """Nobody got the same offer twice without its saying so."""
    messages = {message.message_id: message for message in ran.evidence.messages}
    got: Counter[tuple[str, str, int]] = Counter()
    for mail in ran.evidence.caught:
        message = messages.get(mail.message_id)
        if message is None or message.purpose != "offer" or mail.repeated:
            continue
        asked = ran.evidence.rebuilt[message.filing].asked.get(message.number, 0)
        released = ran.evidence.lines(message.filing, "offer_released")
        got[message.filing, message.recipient, sum(line.sequence <= asked for line in released)] += 1
    for (filing, recipient, number), count in got.items():
        if count > 1:
            yield f"{filing}: {recipient} got offer {number} {count} times, unmarked"


def _find_over(evidence: Evidence, message: Message, left: datetime) -> Line | None:
    """Return what made a message superfluous after it was asked for, and before it left, or None."""
    rebuilt = evidence.rebuilt[message.filing]
    asked, command = rebuilt.asked[message.number], rebuilt.sends[message.number]
    if message.number in rebuilt.closing:
        return None
    for line in evidence.lines(message.filing):
        if line.sequence <= asked:
            continue
        if line.what == "filing_ended":
            return line
        if line.phase != command.phase:
            continue
        if line.what in LEFT or _answers(line, command):
            return line
        if (over := _settles(evidence, line, command)) and not _is_asked_again(evidence, over, command, left):
            return over
        if line.what == "recipients_changed" and _is_of_offer(command):
            if message.recipient in str(line.data["joined"]).split(", "):
                return None
            if message.recipient in str(line.data["left"]).split(", ") and not _comes_back(
                evidence, message, line
            ):
                return line
    return None


def _is_of_offer(command: Send) -> bool:
    """Say whether a message goes to those whom an offer has resolved: itself, or its reminder."""
    return command.automation is None and command.to is None


def _answers(line: Line, command: Send) -> bool:
    """Say whether somebody did what a message of this phase waits for: its offer, or its task."""
    if command.automation is None:
        return line.what == "decided" and _is_of_offer(command)
    mine = f"{command.phase}.{command.automation}."
    return line.what == "task_done" and str(line.data["task"]).startswith(mine)


def _settles(evidence: Evidence, line: Line, command: Send) -> Line | None:
    """Return the line where with it nothing is missing any more of what a message's request asks."""
    request = f"{command.phase}.{command.automation}"
    if not _is_about(line, request):
        return None
    missing = set(evidence.rebuilt[line.filing].wanted.get(request, ()))
    for one in evidence.lines(line.filing):
        if one.sequence <= line.sequence:
            follow_request(missing, one, request)
    return None if missing else line


def _is_asked_again(evidence: Evidence, over: Line, command: Send, left: datetime) -> bool:
    """Say whether something of a request was sent back since, and before a message left."""
    request = f"{command.phase}.{command.automation}"
    return any(
        over.sequence < line.sequence and line.recorded_at <= left and _is_about(line, request)
        for line in evidence.lines(over.filing, "item_sent_back")
    )


def follow_request(missing: set[str], line: Line, request: str) -> None:
    """Follow by the timeline what of a request (phase and automation) is missing, by the titles of items."""
    if not _is_about(line, request):
        return
    item = str(line.data.get("item") or line.data.get("title"))
    if line.what in ("request_answered", "item_not_applicable"):
        missing.discard(item)
    elif line.what == "item_sent_back":
        missing.add(item)


def _is_about(line: Line, request: str) -> bool:
    return str(line.data.get("request", "")).startswith(f"{request}.")


def _comes_back(evidence: Evidence, message: Message, left: Line) -> bool:
    """Say whether who left an offer is one of its recipients later: then nobody can say which it was for."""
    return any(
        line.sequence > left.sequence and message.recipient in str(line.data["joined"]).split(", ")
        for line in evidence.lines(message.filing, "recipients_changed")
    )


def _days_of(code: str) -> Iterator[date]:
    period = Period.parse(code)
    return _days(period.start, period.end)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
