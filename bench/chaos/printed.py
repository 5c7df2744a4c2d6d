"""What `make chaos` prints: how the run went, and every check with its violations."""

from collections import Counter
from collections.abc import Iterable, Iterator

from .backup import TITLE as BACKUP_TITLE
from .backup import PutBack
from .bulk import TITLE as BULK_TITLE
from .bulk import StartedInBulk
from .dribble import TITLE as DRIBBLE_TITLE
from .dribble import Dribbled
from .moving import TITLE as MOVING_TITLE
from .moving import MovedOften
from .opening import TITLE, Opening
from .proof import CHECKS
from .race import TITLE as RACE_TITLE
from .race import Raced
from .requests import TITLE as REQUESTS_TITLE
from .requests import Requested
from .run import Ran

SHOWN_AT_MOST = 10
"""Violations of one check that are printed."""


def report(ran: Ran) -> tuple[str, int]:
    """Return the whole report and the number of violations."""
    violations = {title: list(check(ran)) for title, check in CHECKS.items()}
    lines = [*_numbers(ran), "", *_verdicts(violations)]
    return "\n".join(lines), sum(map(len, violations.values()))


def report_opening(opening: Opening) -> tuple[str, int]:
    """Return the outcome of the opening hour, and the number of violations."""
    violations = {TITLE: list(opening.violations())}
    return "\n".join([*opening.lines(), "", *_verdicts(violations)]), sum(map(len, violations.values()))


def report_moves(moved: MovedOften) -> tuple[str, int]:
    """Return the outcome of filings that were moved, and the number of violations."""
    violations = {MOVING_TITLE: list(moved.violations())}
    return "\n".join([*moved.lines(), "", *_verdicts(violations)]), len(violations[MOVING_TITLE])


def report_bulk(started: StartedInBulk) -> tuple[str, int]:
    """Return the outcome of a bulk start, and the number of violations."""
    violations = {BULK_TITLE: list(started.violations())}
    return "\n".join([*started.lines(), "", *_verdicts(violations)]), len(violations[BULK_TITLE])


def report_dribble(dribbled: Dribbled) -> tuple[str, int]:
    """Return the outcome of the dribbled answer, and the number of violations, of the whole proof too."""
    return _report_own(DRIBBLE_TITLE, dribbled)


def report_put_back(done: PutBack) -> tuple[str, int]:
    """Return the outcome of a backup put back, and the number of violations, of the whole proof too."""
    return _report_own(BACKUP_TITLE, done)


def report_race(raced: Raced) -> tuple[str, int]:
    """Return the outcome of the race to the delivery transaction, and the number of violations."""
    violations = {RACE_TITLE: list(raced.violations())}
    text = "\n".join([*raced.lines(), "", *_verdicts(violations)])
    return text, len(violations[RACE_TITLE])


def report_requests(done: Requested) -> tuple[str, int]:
    """Return the outcome of what clients were asked, and the number of violations, of the whole proof too."""
    return _report_own(REQUESTS_TITLE, done)


def _report_own(title: str, played: Dribbled | PutBack | Requested) -> tuple[str, int]:
    """Return the outcome of a scene with its own office: its own check, and those that found something."""
    found = {name: list(check(played.ran)) for name, check in CHECKS.items()}
    violations = {title: list(played.violations())} | {name: some for name, some in found.items() if some}
    return "\n".join([*played.lines(), "", *_verdicts(violations)]), sum(map(len, violations.values()))


def _numbers(ran: Ran) -> Iterator[str]:
    sent, evidence = ran.memory.sent, ran.evidence
    copies = Counter(mail.message_id for mail in evidence.caught)
    rows = [
        ("seed", str(ran.wanted.seed)),
        ("filings", f"{len(evidence.filings)} in {len(ran.parts)} rounds, {ran.seconds:.0f} s"),
        ("kills", _count_words(kill.program for kill in ran.kills)),
        ("contacts exchanged", f"{ran.people.exchanged}, {ran.people.ended} after authority had ended"),
        ("revived", f"{ran.loss.revived} workflows, {len(ran.loss.forgotten)} ended filings forgotten"),
        ("caught up", f"{ran.loss.fetched} filings of a database put back"),
        ("acts acknowledged", str(len(ran.memory.acknowledged))),
        ("  not known at first", str(sum(one.unknown > 0 for one in sent))),
        ("  told: outside failed", _count_words(trouble for one in sent for trouble in one.troubles)),
        ("  told: does not run", f"{sum(one.not_running for one in sent)}, while the server's file was lost"),
        ("  sent again afterwards", str(sum(one.repeated for one in sent))),
        ("  lost and repeated", str(sum(one.lost for one in sent))),
        ("  refused, as they must", _count_words(s.refused for s in sent if s.expected_refusal)),
        ("  refused, list outdated", _count_words(s.refused for s in sent if not s.expected_refusal)),
        ("deliveries", _count_words(delivery.status for delivery in evidence.deliveries)),
        (
            "messages",
            f"{len(evidence.messages)}, copies repeated {sum(n - 1 for n in copies.values())}, withdrawn "
            f"{sum(line.what == 'message_withdrawn' for line in evidence.timeline)}",
        ),
        ("workflow events", _spread([w.events for w in evidence.workflows.values()])),
        ("history bytes", _spread([w.size for w in evidence.workflows.values()])),
    ]
    return (f"{name:<26}{value}" for name, value in rows)


def _verdicts(violations: dict[str, list[str]]) -> Iterator[str]:
    for title, found in violations.items():
        yield f"{'ok' if not found else f'{len(found)} violations':<16}{title}"
        yield from (f"    {one}" for one in found[:SHOWN_AT_MOST])
        if len(found) > SHOWN_AT_MOST:
            yield f"    and {len(found) - SHOWN_AT_MOST} more"


def _count_words(words: Iterable[str | None]) -> str:
    counts = Counter(word for word in words if word is not None)
    return ", ".join(f"{word} {n}" for word, n in sorted(counts.items())) or "none"


def _spread(numbers: list[int]) -> str:
    if not numbers:
        return "none"
    ordered = sorted(numbers)
    return f"median {ordered[len(ordered) // 2]}, most {ordered[-1]}"
