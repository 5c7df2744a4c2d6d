"""Stories by day: what happens, what is read, which dates there are, in the order in which it is read."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from .story import DateLine, Line, Mail, Refused, Story

Sort = Literal["date", "line", "mail"]
Mark = Literal["deadline", "target", "phase", "mail", "reminder", "client", "trouble", ""]
"""What a day is marked with in a calendar; nothing for the office's everyday work."""

_TELLS_OF_MAIL = ("message_sent", "note_left", "stands_still")
_TROUBLE = (
    *("deadline_missed", "escalated", "escalated_asked", "refused", "sent_back", "stands_still"),
    *("offer_stands_still", "offer_unanswerable", "given_up"),
)
_DATES = {"deadline": "TERMIJN", "target": "streefdatum van fase", "begin": "vroegste begin van fase"}


class Row(NamedTuple):
    """One thing of a day: its moment (empty for a date), of which sort it is, who, and the text."""

    time: str
    sort: Sort
    who: str
    text: str
    mark: Mark = ""
    mail: Mail | None = None


def rows_by_day(*stories: Story) -> dict[date, list[Row]]:
    """Return all rows by day, the days in order; those of one moment in the order in which they are read.

    Of several stories each row begins with its period.
    """
    days: dict[date, list[Row]] = {}
    for story in stories:
        of = f"{story.start.period.words}: " if len(stories) > 1 else ""
        for day, row in _rows(story):
            days.setdefault(day, []).append(row._replace(text=of + row.text))
    return {day: sorted(days[day], key=lambda row: row.time) for day in sorted(days)}


def _rows(story: Story) -> Iterator[tuple[date, Row]]:
    for one in story.current_dates:
        if one.day:
            yield one.day, _row_of_date(one)
    clients = {mail.to for mail in story.mails if mail.audience == "client"}
    left = list(story.mails)
    for line in story.lines:
        yield line.at.date(), _row_of_line(line, clients)
        for mail in [one for one in left if line.what in _TELLS_OF_MAIL and _is_told(one, line)]:
            left.remove(mail)
            yield mail.at.date(), _row_of_mail(mail)
    for mail in left:
        yield mail.at.date(), _row_of_mail(mail)
    for refusal in story.refusals:
        yield refusal.at.date(), _row_of_refusal(refusal)


def _is_told(mail: Mail, line: Line) -> bool:
    title = line.data.get("title", mail.title)
    return mail.at == line.at and mail.phase == line.phase and mail.title == title


def _row_of_date(one: DateLine) -> Row:
    law = f" ({one.law})" if one.law else ""
    mark: Mark = "deadline" if one.kind == "deadline" else "target" if one.kind == "target" else ""
    return Row("", "date", "", f"{_DATES[one.kind]} '{one.title}'{law}", mark)


def _row_of_line(line: Line, clients: set[str]) -> Row:
    mark: Mark = ""
    if line.what in _TROUBLE:
        mark = "trouble"
    elif line.what == "phase_entered":
        mark = "phase"
    elif line.what == "reminded":
        mark = "reminder"
    elif line.by in clients:
        mark = "client"
    return Row(f"{line.at:%H:%M}", "line", line.who, line.text, mark)


def _row_of_mail(mail: Mail) -> Row:
    time = f"{mail.at:%H:%M}"
    if mail.purpose == "note":
        return Row(time, "mail", "", f"Notitie voor {mail.to}: {mail.subject}", mail=mail)
    arrives = "" if mail.arrived else " niet, want het komt niet aan"
    mark: Mark = "mail" if mail.audience == "client" else ""
    return Row(time, "mail", "", f"{mail.name} leest{arrives}: {mail.subject}", mark, mail)


def _row_of_refusal(refusal: Refused) -> Row:
    text = f"Kan niet ({refusal.act}): {refusal.text}"
    return Row(f"{refusal.at:%H:%M}", "line", refusal.who, text, "trouble")
