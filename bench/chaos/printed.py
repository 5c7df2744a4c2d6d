"""What `make chaos` prints: how the run went, and every check with its violations."""

from collections import Counter
from collections.abc import Iterable, Iterator

from .dribble import TITLE as DRIBBLE_TITLE
from .dribble import Dribbled
from .opening import TITLE, Opening
from .proof import CHECKS
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


def report_dribble(dribbled: Dribbled) -> tuple[str, int]:
    """Return the outcome of the dribbled answer, and the number of violations, of the whole proof too."""
    violations = {title: list(check(dribbled.ran)) for title, check in CHECKS.items()}
    violations = {DRIBBLE_TITLE: list(dribbled.violations())} | {t: v for t, v in violations.items() if v}
    return "\n".join([*dribbled.lines(), "", *_verdicts(violations)]), sum(map(len, violations.values()))


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
        ("  sent again afterwards", str(sum(one.repeated for one in sent))),
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
