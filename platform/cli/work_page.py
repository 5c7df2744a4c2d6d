"""What waits for a person as `kantoor work` prints it, and what a client types to read and to answer."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ..period import Period, in_words
from ..plan import Way
from ..service.cases import short_name
from ..service.reading import Informed, Waiting

HEADER = ("uiterlijk", "relatie", "periode", "wat", "opdracht", "noem", "ontbreekt")
KIND_WORDS = {
    "phase": "doen",
    "release": "vrijgeven",
    "escalated": "klant zwijgt",
    "decide": "beslissen",
    "task": "taak",
    "stalled": "staat stil",
    "recurrence": "start niet",
}
_ANSWERS: dict[Way, tuple[tuple[str, str], ...]] = {
    "approval": (("akkoord", "approve"), ("afkeuren", "reject --reason TEXT")),
    "signature": (("ondertekenen", "sign"), ("afkeuren", "reject --reason TEXT")),
    "information": (),
}
_LABEL = max(len(label) for answers in _ANSWERS.values() for label, _ in answers) + 1


def row_of(line: Waiting) -> tuple[str, ...]:
    """Return a line of the table under HEADER."""
    due = in_words(line.due) if line.due else ""
    late = f"{due} (te laat)" if line.late else due
    return (
        *(late, f"{line.relation} {line.relation_name}", Period.parse(line.period).words),
        f"{KIND_WORDS[line.kind]}: {line.title}",
        *(short_name(line.filing), line.item, _missing(line)),
    )


def to_read(found: Sequence[Informed]) -> Iterator[str]:
    """Yield for everything that a client was informed of what to type to read it."""
    for one in found:
        yield ""
        yield f"Ter informatie, {one.filing_title} over {Period.parse(one.period).words}:"
        for document in one.documents:
            yield _typed("bekijken", f"document {short_name(one.filing)} --document {document}")


def to_decide(lines: Sequence[Waiting], who: str) -> Iterator[str]:
    """Yield for everything that waits for a decision of `who` what to type to read it and to answer."""
    waiting = [line for line in lines if line.kind == "decide" and line.way]
    several = Counter(line.filing for line in waiting)
    for line in waiting:
        name = short_name(line.filing)
        phase = f" --phase {line.phase}" if several[line.filing] > 1 else ""
        yield ""
        yield f"{line.title}, {line.filing_title} over {Period.parse(line.period).words}:"
        for document in line.documents:
            yield _typed("bekijken", f"document {name} --document {document}")
        for label, answer in _ANSWERS[line.way or "approval"]:
            yield _typed(label, f"decide {name} {answer}{phase} --as {who}")


def _typed(label: str, command: str) -> str:
    return f"  {label + ':':<{_LABEL}}  kantoor filing {command}"


def _missing(line: Waiting) -> str:
    """Return the first thing that is missing and how many more there are; `filing show` names them all."""
    first, more = line.missing[:1], len(line.missing) - 1
    return f"{first[0]} (+{more})" if more > 0 else "".join(first)
