"""A story as a calendar in plain text, in Dutch: by day what happens, what is read, which dates there are."""

import textwrap
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..period import in_words
from ..words import FREQUENCY_WORDS, WORK_WORDS, describe_state
from .story import DateLine, Line, Mail, Refused, Story

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
WIDTH = 100
STOPPED_WORDS = {
    "ended": "De opdracht is afgesloten.",
    "until": "De gevraagde laatste dag is bereikt; de opdracht loopt nog.",
    "at_rest": "Er gebeurt vanzelf niets meer; de opdracht loopt nog.",
}


_DATE, _LINE, _MAIL = 0, 1, 2
_TELLS_OF_MAIL = ("message_sent", "note_left", "stands_still")


class _Row(NamedTuple):
    """One thing of a day: its moment, of which sort it is, who, and the text."""

    time: str
    sort: int
    who: str
    text: str
    body: str = ""


def calendar_lines(story: Story, *, mails: bool = False) -> Iterator[str]:
    """Yield a story as text: heading, days, how it ends; with `mails` each message whole."""
    yield from _head(story)
    days: dict[date, list[_Row]] = {}
    for day, row in _rows(story):
        days.setdefault(day, []).append(row)
    width = max((len(row.who) for rows in days.values() for row in rows), default=0)
    for day in sorted(days):
        yield ""
        yield f"{WEEKDAYS[day.weekday()]} {in_words(day)}"
        last = ("", "")
        for row in sorted(days[day], key=lambda row: row.time):
            shown = row._replace(time="" if row.time == last[0] else row.time)
            if (row.time, row.who) == last:
                shown = shown._replace(who="")
            yield from _say(shown, width, whole=mails)
            last = (row.time, row.who or last[1])
    yield ""
    yield from _tail(story)


def _head(story: Story) -> Iterator[str]:
    start = story.start
    relation, product = start.relation, start.product
    natural = str(relation.get("legal_form") or "").replace("_", " ")
    frequency = next((w for k, w in FREQUENCY_WORDS.items() if k == product.get("frequency")), "")
    yield f"{story.plan.title} over {start.period.words}"
    about = ", ".join(filter(None, (natural, f"per {frequency}" if frequency else "")))
    yield f"Simulatie voor {relation.get('name') or relation['number']} ({relation['number']}): {about}"
    for note in story.notes:
        yield from textwrap.wrap(f"Let op: {note}", WIDTH)


def _tail(story: Story) -> Iterator[str]:
    view = story.view
    state = describe_state(view.planner, view.ended)
    end = f", {view.end_title}" if view.end_title else ""
    yield f"{STOPPED_WORDS[story.stopped]} Stand op {in_words(story.now.date())}: {state}{end}."
    for item in view.work:
        if item.kind != "escalated":  # the same work, for one role more
            missing = f": {'; '.join(item.missing)}" if item.missing else ""
            text = f"Open ({WORK_WORDS[item.kind]}): {item.title}{missing}"
            yield from textwrap.wrap(text, WIDTH, subsequent_indent="      ")


def _rows(story: Story) -> Iterator[tuple[date, _Row]]:
    """Yield all rows; those of one moment in the order in which they are to be read."""
    for one in story.current_dates:
        if one.day:
            yield one.day, _Row("", _DATE, "", _say_date(one))
    left = list(story.mails)
    for line in story.lines:
        yield line.at.date(), _row_of(line)
        for mail in [one for one in left if line.what in _TELLS_OF_MAIL and _is_told(one, line)]:
            left.remove(mail)
            yield mail.at.date(), _row_of_mail(mail)
    for mail in left:
        yield mail.at.date(), _row_of_mail(mail)
    for refusal in story.refusals:
        yield refusal.at.date(), _row_of_refusal(refusal)


def _is_told(mail: Mail, line: Line) -> bool:
    return (
        mail.at == line.at and mail.phase == line.phase and mail.title == line.data.get("title", mail.title)
    )


def _row_of(line: Line) -> _Row:
    return _Row(f"{line.at:%H:%M}", _LINE, line.who, line.text)


def _row_of_mail(mail: Mail) -> _Row:
    if mail.purpose == "note":
        return _Row(f"{mail.at:%H:%M}", _MAIL, "", f"> Notitie voor {mail.to}: {mail.subject}", mail.body)
    arrives = "" if mail.arrived else " niet, want het komt niet aan"
    text = f"> {mail.name} leest{arrives}: {mail.subject}"
    return _Row(f"{mail.at:%H:%M}", _MAIL, "", text, mail.body)


def _row_of_refusal(refusal: Refused) -> _Row:
    return _Row(f"{refusal.at:%H:%M}", _LINE, refusal.who, f"Kan niet ({refusal.act}): {refusal.text}")


def _say_date(one: DateLine) -> str:
    law = f" ({one.law})" if one.law else ""
    kinds = {"deadline": "TERMIJN", "target": "streefdatum van fase", "begin": "vroegste begin van fase"}
    return f"{kinds[one.kind]} '{one.title}'{law}"


def _say(row: _Row, width: int, *, whole: bool) -> Iterator[str]:
    lead = "  ====   " if row.sort == _DATE else f"  {row.time:5}  {row.who:{width}}  "
    indent = " " * len(lead)
    yield from textwrap.wrap(
        row.text, max(WIDTH, len(lead) + 40), initial_indent=lead, subsequent_indent=indent
    )
    if whole and row.body:
        for paragraph in row.body.splitlines():
            yield f"{indent}| {paragraph}".rstrip()
