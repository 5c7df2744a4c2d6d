"""What comes of closed filings by another plan, in sentences with the office's own titles."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..review.saying import count, join, quote
from .report import Count, Days, Kept, Misfits, NotSaid, Stopped, TemplateWhatIf, WhatIf

MOST_PERIODS = 4
MOST_MISFITS = 8

NOT_SAID = {
    "moved": "ran on more than one plan, or was to",
    "incomplete": "not all of their steps are recorded",
    "unreadable": "their steps cannot be read",
    "no_plan": "the plan that they ran on is not there",
    "otherwise": "this version of kantoor takes one of their steps otherwise",
    "not_told": "a plan asks for what is not told of them",
    "not_ended": "they had not ended",
    "not_reproduced": "run again by their own plan they do not come out as they happened",
    "base_stops": "they would not have ended by the old plan either",
    "asks_unknown": "the new plan waits for what nobody asked then",
    "never_at_rest": "they would never come to rest",
    "fault": "a fault of kantoor, of which the log has the kind",
}
"""Why nothing is said of filings, by code; a test holds it to all codes."""

ASSUMED = {
    "role": "{times} a colleague with the role {title} does what somebody of another role did.",
    "tick": "{times} whoever completed the phase also ticks {title}.",
    "documents": "{times} the documents as they are then are looked at in {title}.",
    "sign": "{times} a client who agreed signs in {title}.",
    "approve": "{times} a client who signed agrees in {title}.",
    "send": "{times} a message of {title} that is new arrives.",
    "resolve": "{times} an offer of {title} goes to those to whom the last one went.",
    "deliver": "{times} a delivery of {title} that is new is taken in.",
    "follow": "{times} a delivery of {title} that is new is accepted.",
    "start": "{times} a filing that {title} starts is started.",
    "note": "{times} a note that {title} leaves for another filing is left.",
}
"""What was taken for granted, by kind; a test holds it to all kinds."""

NOTHING = "Nothing would have been different."
AS_MANY = (
    "All numbers would have been the same: what differs evens out between filings, no longer fits, or was"
    " taken for granted."
)


class Told(NamedTuple):
    """A template: its heading, how many filings were compared, and the sentences under it."""

    heading: str
    basis: tuple[str, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


def say_total(found: WhatIf) -> str:
    """Say in a line what the change would have done to all closed filings, what is gravest first."""
    if not found.templates and not found.not_looked_at:
        return "no template changes."
    closed = count(sum(one.filings for one in found.templates), "closed filing")
    judged = sum(one.judged for one in found.templates)
    if not judged:
        none = f"of {closed}, none could be compared" if found.templates else "no closed filing was compared"
        return f"{none}, so nothing can be said of this change."
    late = sum(one.more_late for one in found.templates)
    in_time = sum(one.fewer_late for one in found.templates)
    stopped = sum(line.filings for one in found.templates for line in one.stopped)
    otherwise = sum(line.filings for one in found.templates for line in one.otherwise)
    said = [f"kept {count(stopped, 'filing')} from ending"] if stopped else []
    said += [f"ended {count(otherwise, 'filing')} in another way"] if otherwise else []
    said += [f"made {count(late, 'return')} late by law"] if late else []
    said += [f"kept {count(in_time, 'return')} from being late by law"] if in_time else []
    reminders = sum(line.after - line.before for one in found.templates for line in one.reminders)
    messages = sum(line.after - line.before for one in found.templates for line in one.messages)
    for number, noun in ((reminders, "reminder"), (messages, "message")):
        if number:
            said.append(f"sent {count(abs(number), noun)} {_more(number)}")
    of = f"of {closed}, {judged} could be compared"
    if not said:
        return f"{of}: all would have ended as they did, none more late by law, with as many messages."
    return f"{of}: this change would have {join(said)}."


def _more(number: int) -> str:
    return "more" if number > 0 else "less"


def tell(found: WhatIf) -> Iterator[Told]:
    """Yield what is said of each template."""
    for one in found.templates:
        sentences = tuple(_list_sentences(one))
        yield Told(
            heading=f"{one.title} ({one.template})",
            basis=tuple(_list_basis(one)),
            sentences=sentences or _say_no_number(one),
            notes=tuple(_list_notes(one)),
        )


def _say_no_number(one: TemplateWhatIf) -> tuple[str, ...]:
    """Return what is said where no number differs: nothing differs only where no filing does."""
    if not one.compared:
        return ()
    return (NOTHING if one.same == one.compared else AS_MANY,)


def _list_basis(one: TemplateWhatIf) -> Iterator[str]:
    closed = count(one.filings, "closed filing")
    yield (
        f"{closed}: {one.reproduced} came out exactly as {_they(one.reproduced)} happened, by the plan of"
        f" then; {one.judged} could be compared, {one.compared} of them would have ended as before and"
        f" {one.same} are without any difference."
    )
    for line in one.not_said:
        yield _say_not_said(line)


def _they(number: int) -> str:
    return "it" if number == 1 else "they"


def _say_not_said(line: NotSaid) -> str:
    return f"{count(line.filings, 'filing')} left out: {NOT_SAID.get(line.code, line.code)}."


def _list_sentences(one: TemplateWhatIf) -> Iterator[str]:
    """Yield the sentences, first those of filings that are in no other: a comment tells the first few."""
    for stop in one.stopped:
        yield _say_stopped(stop)
    for stop in one.otherwise:
        yield (
            f"{count(stop.filings, 'filing')} would have ended as {quote(stop.where)} instead of"
            f" {quote(stop.was)}."
        )
    for kept in one.kept:
        yield from _say_kept(kept)
    for days, word in ((one.later, "later"), (one.earlier, "earlier")):
        yield from _say_days(days, word)
    yield from _say_counts(one.reminders, "reminder", "in")
    yield from _say_counts(one.escalations, "escalation", "in")
    yield from _say_counts(one.messages, "message", "of")
    for line in one.items:
        more = line.after - line.before
        yield (
            f"{count(abs(more), 'item')} of work {_more(more)} for {quote(line.title)}"
            f" ({line.after} instead of {line.before})."
        )
    for line in one.rounds:
        more = line.after - line.before
        times = count(abs(more), "time")
        yield f"The phase {quote(line.title)} begins {times} {_more(more)}."


def _say_kept(kept: Kept) -> Iterator[str]:
    what = "late by law" if kept.law else "late by the office's own date"
    of = f"{quote(kept.title)}, {kept.after} instead of {kept.before}"
    if kept.more:
        periods = [f"{number} over {period}" for period, number in kept.periods[:MOST_PERIODS]]
        more = len(kept.periods) - MOST_PERIODS
        periods += [count(more, "other period")] if more > 0 else []
        yield f"{count(kept.more, 'filing')} more would have been {what} ({of}): {join(periods)}."
    if kept.fewer:
        yield f"{count(kept.fewer, 'filing')} would no longer have been {what} ({of})."


def _say_days(days: Days | None, word: str) -> Iterator[str]:
    if days:
        yield (
            f"{count(days.filings, 'filing')} would have ended {word}: {count(days.median, 'day')} at the"
            f" median, {days.most} at most."
        )


def _say_counts(lines: Iterable[Count], noun: str, word: str) -> Iterator[str]:
    for line in lines:
        more = line.after - line.before
        yield (
            f"{count(abs(more), noun)} {_more(more)} {word} {quote(line.title)}"
            f" ({line.after} instead of {line.before})."
        )


def _say_stopped(stop: Stopped) -> str:
    where = f"in {quote(stop.where)}" if stop.where else "before its first phase"
    said = f"{count(stop.filings, 'filing')} would not have ended, and would have stopped {where}."
    why = " ".join(quote(text) for text in stop.why)
    return f"{said} The acts that did not fit: {why}" if why else said


def _list_notes(one: TemplateWhatIf) -> Iterator[str]:
    for line in one.misfits[:MOST_MISFITS]:
        yield _say_misfits(line)
    if len(one.misfits) > MOST_MISFITS:
        yield f"And {len(one.misfits) - MOST_MISFITS} kinds of acts more, which JSON names."
    for assumed in one.assumed:
        times = count(assumed.acts, "time")
        yield "Taken for granted: " + ASSUMED[assumed.kind].format(times=times, title=quote(assumed.title))


def _say_misfits(line: Misfits) -> str:
    where = f" in {quote(line.title)}" if line.title else ""
    acts = f"{count(line.acts, 'act')} ‘{line.act}’{where}"
    if line.why == "gone":
        return f"{acts} no longer {'fits' if line.acts == 1 else 'fit'}: there is no such phase."
    if line.why == "not_reached":
        return f"{acts} would not have been needed: the filing ends without it."
    return f"{acts} no longer {'fits' if line.acts == 1 else 'fit'}: {quote(line.text)}"
