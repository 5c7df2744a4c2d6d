"""What a client types to read what was offered and to answer, as `kantoor work` prints it under its table."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ..period import Period, in_words, say_over
from ..plan import Way
from ..service.names import short_name
from ..service.overviews.reading import Informed, Waiting

_REJECT = "reject --reason TEXT"
_ANSWERS: dict[Way, tuple[tuple[str, str], ...]] = {
    "approval": (("akkoord", "approve"), ("afkeuren", _REJECT)),
    "signature": (("ondertekenen", "sign"), ("afkeuren", _REJECT)),
    "information": (),
}
_LABEL = max(len(label) for answers in _ANSWERS.values() for label, _ in answers) + 1


def to_read(found: Sequence[Informed], who: str) -> Iterator[str]:
    """Yield what `who` types to read each document that they were informed of, and to object in time."""
    for one in found:
        last = f" (bezwaar maken kan tot en met {in_words(one.object_until)})" if one.object_until else ""
        yield ""
        yield f"Ter informatie, {_say_which(one)}{last}:"
        for document in one.documents:
            yield _command_line("bekijken", f"document {short_name(one.filing)} --document {document}")
        if one.object_until:
            phase = f"--phase {one.phase} --as {who}"
            yield _command_line("afkeuren", f"decide {short_name(one.filing)} {_REJECT} {phase}")


def to_decide(lines: Sequence[Waiting], who: str) -> Iterator[str]:
    """Yield what `who` types to read each offer that waits for their decision, and to answer it."""
    waiting = [line for line in lines if line.kind == "decide" and line.way]
    several = Counter(line.filing for line in waiting)
    for line in waiting:
        name = short_name(line.filing)
        phase = f" --phase {line.phase}" if several[line.filing] > 1 else ""
        yield ""
        yield f"{line.title}, {_say_which(line)}:"
        for document in line.documents:
            yield _command_line("bekijken", f"document {name} --document {document}")
        for label, answer in _ANSWERS[line.way or "approval"]:
            yield _command_line(label, f"decide {name} {answer}{phase} --as {who}")


def _say_which(one: Waiting | Informed) -> str:
    """Return which return it is, and of whom: a contact may be one of several relations."""
    over = say_over(Period.parse(one.period).words)
    return f"{one.filing_title} {over} voor {one.relation} {one.relation_name}"


def _command_line(label: str, command: str) -> str:
    return f"  {label + ':':<{_LABEL}}  kantoor filing {command}"
