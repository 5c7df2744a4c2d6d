"""Holding the records of a run against each other; every sentence that comes out is a violation."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from msgspec import to_builtins

from kantoor.data import canonical, digest_of
from kantoor.filing.events import SYSTEM
from kantoor.filing.view import read_view
from kantoor.mail.catcher import Caught
from kantoor.office.filings.deliveries import Delivery
from kantoor.office.filings.messages import Message
from kantoor.office.filings.words import leave_words_out
from kantoor.runtime.activities.kept_links import PERSONAL_LINK
from kantoor.sbr.digipoort.simulator.journal import Entry

from .evidence import Evidence, Line
from .memory import Sent
from .promises import no_message_too_late, no_offer_twice, no_period_uncovered, one_return_each
from .run import Ran
from .stories import Part

_OWN_LINK = re.compile(r"https?://\S+?/in/[\w-]{43}")
"""A link that signs its reader in."""
LOOKS_AGAIN = "again-"
"""How ids of acts begin by which the office itself has an offer look up its recipients again."""

Check = Callable[[Ran], Iterator[str]]

TOLD_AS = {
    "check": "checkpoint_ticked",
    "complete": "phase_completed",
    "back": "sent_back",
    "attach": "document_attached",
    "decide": "decided",
    "task_done": "task_done",
    "note": "noted",
    "cancel": "filing_ended",
    "retry": "retried",
    "answer": "request_answered",
    "accept_item": "item_accepted",
    "send_back_item": "item_sent_back",
    "not_applicable": "item_not_applicable",
}
"""The word that the timeline has for an act; deciding not to deliver ends the filing."""


def every_filing_ended(ran: Ran) -> Iterator[str]:
    """Each filing of each round ended as its story says, in the right phase, and there are no others."""
    found = {filing.id: filing for filing in ran.evidence.filings}
    expected = {part.filing: part for part in _parts(ran)}
    for id in found.keys() - expected.keys():
        yield f"{id} was started by nobody"
    for id, part in expected.items():
        filing, workflow = found.get(id), ran.evidence.workflows.get(id)
        if filing is None or (workflow is None and id not in ran.loss.forgotten):
            yield f"{id} does not exist"
            continue
        if (filing.status, filing.ended) != ("afgesloten", part.story.ends):
            yield f"{id} ({part.story.name}) is {filing.status}, {filing.ended}, in {filing.phases}"
        if filing.phases != part.story.ends_in:
            yield f"{id} ({part.story.name}) ended in {filing.phases}"
        if workflow is not None and workflow.status != "COMPLETED":
            yield f"{id} is {workflow.status} on the server"
    for id in ran.evidence.running:
        if id.startswith("filing/"):
            yield f"{id} still runs on the server"


def states_agree(ran: Ran) -> Iterator[str]:
    """What the database recorded is what the workflow makes of its history: state, view and every step."""
    for filing in ran.evidence.filings:
        steps = ran.evidence.steps.get(filing.id, ())
        if [number for number, _ in steps] != [*range(1, filing.recorded + 1)]:
            yield f"{filing.id}: the recorded steps have gaps or repetitions"
        rebuilt = ran.evidence.rebuilt[filing.id]
        if rebuilt.wrong:
            yield f"{filing.id}: cannot be made again from its events: {rebuilt.wrong}"
        if not rebuilt.digest == (steps[-1][1] if steps else None) == filing.state_digest:
            yield f"{filing.id}: the recorded state is another than its events lead to"
        if filing.id in ran.loss.forgotten:
            continue
        workflow = ran.evidence.workflows[filing.id]
        if workflow.state is None or workflow.view is None:
            yield f"{filing.id}: the workflow does not answer what its state is"
            continue
        if workflow.state.journal.sequence != filing.recorded:
            yield f"{filing.id}: {workflow.state.journal.sequence} steps taken, {filing.recorded} recorded"
        if digest_of(canonical(workflow.state)) != filing.state_digest:
            yield f"{filing.id}: the recorded state is another than the workflow's"
        kept = leave_words_out(to_builtins(workflow.view))  # what people wrote is in no row
        if read_view(kept) != read_view(filing.view):
            yield f"{filing.id}: the recorded view is another than the workflow's"
        if workflow.state.journal.in_flight:
            yield f"{filing.id}: commands are in flight after the end"
        for cause in workflow.failed_tasks:
            yield f"{filing.id}: a workflow task failed: {cause}"


def every_act_once(ran: Ran) -> Iterator[str]:
    """Every acknowledged act is in state and timeline once, where its sender was told; no others do."""
    for part in _parts(ran):
        sent = [one for one in ran.memory.sent if one.filing == part.filing]
        yield from _acts_of(ran.evidence, part, sent)
    for one in ran.memory.sent:
        if one.lost and one.id not in ran.memory.unrecorded:
            yield f"{one.filing}: act {one.id} ({one.kind}) went with the server's file, and nobody was told"
        for wrong in one.repeats:
            yield f"{one.filing}: act {one.id} ({one.kind}): {wrong}"
        if one.expected_refusal and one.refused is None:
            yield f"{one.filing}: act {one.id} ({one.kind}) of {one.who} had to be refused"


def deliveries_once(ran: Ran) -> Iterator[str]:
    """Every delivery is in the simulator's journal, the database and the timeline once, with equal bytes."""
    evidence = ran.evidence
    taken = {entry.kenmerk: entry for entry in evidence.journal}
    known = Counter(delivery.kenmerk for delivery in evidence.deliveries if delivery.kenmerk)
    for kenmerk in taken.keys() ^ known.keys():
        yield f"kenmerk {kenmerk} is known on one side only"
    yield from (f"kenmerk {kenmerk} belongs to {n} deliveries" for kenmerk, n in known.items() if n > 1)
    marks = Counter(entry.aanleverkenmerk for entry in evidence.journal)
    yield from (f"{mark} was taken {n} times" for mark, n in marks.items() if n > 1)
    identities = {part.relation.number: part.relation.ob_number for part in _parts(ran)}
    for delivery in evidence.deliveries:
        entry = taken.get(delivery.kenmerk or "")
        for wrong in _delivery(evidence, delivery, entry, identities[delivery.relation]):
            yield f"{delivery.filing}, delivery {delivery.number}: {wrong}"


def _delivery(evidence: Evidence, delivery: Delivery, entry: Entry | None, identity: str) -> Iterator[str]:
    if evidence.stored.get(delivery.sha256) != delivery.sha256:
        yield f"the document store has other bytes: {evidence.stored.get(delivery.sha256)}"
    if delivery.status not in ("accepted", "refused", "failed"):
        yield f"it is {delivery.status}"
    if entry is None:
        if delivery.status != "failed":
            yield f"it is {delivery.status}, and Digipoort has nothing of it"
        return
    if (entry.aanleverkenmerk, entry.sha256) != (delivery.aanleverkenmerk, delivery.sha256):
        yield "Digipoort has other bytes, or another aanleverkenmerk"
    if entry.identity != identity:
        yield "it was made for another relation"
    if evidence.contents.get(entry.sha256) != entry.sha256:
        yield "the bytes at Digipoort are not those of their hash"
    if entry.final_status != delivery.code:
        yield f"it ended in {entry.final_status} at Digipoort and in {delivery.code} here"


def only_what_was_agreed(ran: Ran) -> Iterator[str]:
    """What was delivered is what the client agreed to, or was shown under the standing authority."""
    for part in _parts(ran):
        delivered = [d for d in ran.evidence.deliveries if d.filing == part.filing]
        accepted = [d for d in delivered if d.status == "accepted"]
        refused = [d for d in delivered if d.status == "refused"]
        wanted = 1 if part.story.delivers and part.story.ends == "completed" else 0
        if (len(accepted), len(refused)) != (wanted, part.story.refusals):
            yield (
                f"{part.filing} ({part.story.name}): {len(accepted)} accepted and {len(refused)} refused "
                f"deliveries, {wanted} and {part.story.refusals} expected"
            )
        agreed = ran.memory.agreed.get(part.filing, [])
        if part.story.informed:
            agreed = _informed_of(ran.evidence, part.filing)
        for delivery in delivered:
            if delivery.sha256 not in agreed:
                yield f"{part.filing}: delivery {delivery.number} is not what the client agreed to"
            if delivery.sha256 not in ran.memory.shown.get(part.filing, []):
                yield f"{part.filing}: delivery {delivery.number} is nothing that anybody attached"
        yield from _deliveries_on_timeline(ran.evidence, part)


def messages_once(ran: Ran) -> Iterator[str]:
    """Every message arrived; once more at most for each kill on its way, and the later ones say so."""
    kills = sum(kill.program in ("worker", "mail") for kill in ran.kills)
    arrived: dict[str, list[Caught]] = {}
    for mail in ran.evidence.caught:
        arrived.setdefault(mail.message_id, []).append(mail)
    known = {message.message_id: message for message in ran.evidence.messages}
    for message_id in arrived.keys() - known.keys():
        if _is_gone(ran, arrived[message_id]):
            continue
        yield f"message {message_id} was caught and is not in the database"
    for message_id, message in known.items():
        copies = arrived.get(message_id, [])
        withdrawn = message.sent_at is None and (
            bool(ran.evidence.lines(message.filing, "message_withdrawn")) or _is_passed_on(ran, message)
        )
        if withdrawn and not copies:
            continue
        # Of what left while it was written into a database that was replaced nobody knows.
        copies = [one for one in copies if not _is_gone(ran, [one])] or copies
        for wrong in _message(message, copies, 1 + kills, withdrawn=withdrawn):
            yield f"{message.filing}, message {message.number} to {message.recipient}: {wrong}"
    yield from _messages_on_timeline(ran)


def _is_passed_on(ran: Ran, message: Message) -> bool:
    """Say whether another contact had it since: who was its reader is none any more."""
    return any(
        (one.filing, one.number) == (message.filing, message.number) and one.sent_at is not None
        for one in ran.evidence.messages
    )


def _is_gone(ran: Ran, copies: list[Caught]) -> bool:
    """Say whether a message left while what was written went with a database that was replaced."""
    if ran.loss.gone is None:
        return False
    first, last = ran.loss.gone
    return all(first <= ran.evidence.left[mail.number] <= last for mail in copies)


def _message(message: Message, copies: list[Caught], most: int, *, withdrawn: bool) -> Iterator[str]:
    """Yield what is wrong with a message and its copies.

    Who is killed between the mail server's yes and writing it down asks again, and may hear that the message
    is withdrawn by then: it was taken, and nobody knows.
    """
    known = message.sent_at is not None or (withdrawn and most > 1)
    if not known or not copies:
        yield f"it did not arrive ({len(copies)} copies, sent at {message.sent_at})"
    if len(copies) > most:
        yield f"it arrived {len(copies)} times"
    if not all(mail.repeated for mail in copies[1:]) or (len(copies) > 1 and not message.repeated):
        yield f"it arrived {len(copies)} times, and a later one does not say that it is a repeat"
    # A client's link is in the mail alone: the kept text has its place.
    if any(_OWN_LINK.sub(PERSONAL_LINK, mail.text).strip() != message.body.strip() for mail in copies):
        yield "it arrived with another text"
    if any(message.address not in mail.to for mail in copies):
        yield "it arrived at another address"


def nothing_else_wrong(ran: Ran) -> Iterator[str]:
    """No alarm but the stories' own, no program crashed by itself, nobody was left without an answer."""
    yield from ran.memory.wrong
    yield from ran.loss.wrong
    refused = {part.filing for part in _parts(ran) if "deliver_fault" in part.story.scenarios}
    for alarm in ran.evidence.alarms:
        if alarm.kind == "delivery_not_taken" and alarm.filing in refused:
            continue  # Digipoort's own fault is for a person
        if alarm.kind == "actor_differs" and alarm.text.split()[0] in ran.people.left:
            continue  # authority ended as of the day before, between the act and its record
        yield f"alarm {alarm.kind} of {alarm.filing}: {alarm.text}"
    # Status 3 is a worker that came up while the server was killed: it says so, and is started again.
    told = [line for line in ran.evidence.said if " exited (" in line and "(status 3)" not in line]
    yield from (f"crashed by itself: {line}" for line in told if "(signal 9)" not in line)
    killed = sum("(signal 9)" in line for line in ran.evidence.said)
    if killed > len(ran.kills):
        yield f"programs were killed {killed} times, {len(ran.kills)} times by us"
    for recurrence in ran.evidence.recurrences:
        if recurrence.status != "stopped" or recurrence.problem:
            yield f"{recurrence.workflow_id} is {recurrence.status}: {recurrence.problem}"


CHECKS: Mapping[str, Check] = {
    "every filing ended as its story says": every_filing_ended,
    "recorded state and view are the workflow's own": states_agree,
    "no acknowledged act lost, none doubled": every_act_once,
    "every delivery made once, byte for byte": deliveries_once,
    "only what was agreed was delivered": only_what_was_agreed,
    "every message arrived, repeats by kills only, marked": messages_once,
    "no alarms, no crashes of its own": nothing_else_wrong,
    "one accepted return per identity, report and day": one_return_each,
    "no period without a filing, a start or a line": no_period_uncovered,
    "no message about what was over when it left": no_message_too_late,
    "nobody has one offer twice unmarked": no_offer_twice,
}


def _parts(ran: Ran) -> tuple[Part, ...]:
    return tuple(part for parts in ran.parts for part in parts)


def _acts_of(evidence: Evidence, part: Part, sent: list[Sent]) -> Iterator[str]:
    workflow = evidence.workflows.get(part.filing)
    if workflow is None or workflow.state is None:
        return
    answered = {answer.id: answer.sequence for answer in workflow.state.journal.answered}
    told = {one.id: one.sequence for one in sent if one.sequence is not None}
    for id in answered.keys() - told.keys():
        if id.startswith(LOOKS_AGAIN):
            continue
        yield f"{part.filing}: act {id} was taken and its sender was never told"
    for id, sequence in told.items():
        if answered.get(id) != sequence:
            yield f"{part.filing}: act {id} was acknowledged as step {sequence}, and is {answered.get(id)}"
    by_people = {line.sequence for line in evidence.lines(part.filing) if line.by != SYSTEM.id}
    started = {line.sequence for line in evidence.lines(part.filing, "started")}
    for sequence in (by_people - started) ^ set(told.values()):
        yield f"{part.filing}: step {sequence} is an act on one side only"
    lines = evidence.lines(part.filing)
    for one in sent:
        if one.sequence is not None and not any(_tells(line, one) for line in lines):
            yield f"{part.filing}: act {one.id} ({one.kind} by {one.who}) is not on the timeline"
    notes = Counter(line.data["text"] for line in evidence.lines(part.filing, "noted"))
    yield from (f"{part.filing}: '{text}' was noted {n} times" for text, n in notes.items() if n > 1)


def _tells(line: Line, sent: Sent) -> bool:
    if (line.sequence, line.by) != (sent.sequence, sent.who):
        return False
    if line.what not in (TOLD_AS[sent.kind], "filing_ended"):
        return False
    return all(line.data.get(key) == value for key, value in sent.says.items())


def _informed_of(evidence: Evidence, filing: str) -> list[str]:
    released = evidence.lines(filing, "offer_released")
    return [hash for line in released for hash in str(line.data["hashes"]).split(", ")]


def _deliveries_on_timeline(evidence: Evidence, part: Part) -> Iterator[str]:
    """The timeline tells of each delivery that Digipoort took, once, and of its end."""
    taken = [d for d in evidence.deliveries if d.filing == part.filing and d.kenmerk]
    told = Counter(str(line.data["reference"]) for line in evidence.lines(part.filing, "delivered"))
    if told != Counter(d.kenmerk for d in taken):
        yield f"{part.filing}: the timeline tells of other deliveries than the database: {told}"
    for word in ("accepted", "refused"):
        lines = len(evidence.lines(part.filing, word))
        if lines != sum(d.status == word for d in taken):
            yield f"{part.filing}: the timeline says {word} {lines} times"
    hashes = [line.data["hash"] for line in evidence.lines(part.filing, "delivering")]
    attempts = [d.sha256 for d in evidence.deliveries if d.filing == part.filing]
    if sorted(hashes) != sorted(attempts):
        yield f"{part.filing}: the timeline tells of {len(hashes)} attempts, the database of {len(attempts)}"


def _messages_on_timeline(ran: Ran) -> Iterator[str]:
    for part in _parts(ran):
        sent = Counter(m.number for m in ran.evidence.messages if m.filing == part.filing and m.sent_at)
        told = len(ran.evidence.lines(part.filing, "message_sent"))
        if told != len(sent) and not (ran.loss.gone and told > len(sent)):
            yield f"{part.filing}: {len(sent)} messages were sent, the timeline tells of {told}"
