"""Open work of a filing that moves, before and after: as a review tells it to everyone, it names nobody."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import zip_longest

from ...filing.construct import WorkItem
from ...filing.turn import Reader
from ...filing.work_changes import Words, pair_work, read_words
from ...plan import Form, FormField, Message, Plan
from ...review.runs import WorkChanged, WorkGoes, WorkPart


def compare_open_work(before: Reader, after: Reader, renamed: dict[str, str]) -> Iterator[WorkChanged]:
    """Yield what becomes otherwise of open work: due date, whose it is, its title, text and form.

    `renamed` has the phases of the newer plan by those of the older.
    """
    for kind, phase, was, now in pair_work(before, after, renamed):
        if kind == "move":
            continue  # what waits for whoever asked a move is answered by the move
        if was is None or now is None:
            what: WorkPart = "new" if now else "gone"
            one = now or was
            assert one is not None
            yield WorkChanged(
                what=what,
                phase=phase,
                title=one.title,
                before=_say_whose(before, was) if was else None,
                after=_say_whose(after, now) if now else None,
            )
            continue
        for part, left, right in _compare(before, after, was, now):
            yield WorkChanged(what=part, phase=phase, title=now.title, before=left, after=right)


def compare_doers(
    before: Reader,
    after: Reader,
    renamed: dict[str, str],
    name: Callable[[Plan, WorkItem], tuple[str, ...]],
) -> Iterator[WorkGoes]:
    """Yield the open work that other colleagues would have; `name` says who has work by a plan.

    Of work that comes or goes too; what waits for the client is theirs, and not told.
    """
    for kind, phase, was, now in pair_work(before, after, renamed):
        one = now or was
        if kind == "move" or one is None:
            continue
        had = name(before.plan, was) if was else ()
        has = name(after.plan, now) if now else ()
        if had != has:
            yield WorkGoes(phase=phase, title=one.title, before=had, after=has)


def _compare(
    before: Reader, after: Reader, was: WorkItem, now: WorkItem
) -> Iterator[tuple[WorkPart, str | None, str | None]]:
    if was.title != now.title:
        yield "title", was.title, now.title
    left, right = _say_whose(before, was), _say_whose(after, now)
    if _whose(was) != _whose(now) or left != right:
        yield "whose", left, right
    if was.due != now.due:
        yield "due", _iso(was.due), _iso(now.due)
    had, has = read_words(before, was), read_words(after, now)
    if had.messages != has.messages:
        yield "text", *_find_first(_list_lines(had), _list_lines(has))
    if had.form != has.form:
        yield "form", *_find_first(_list_fields(had.form), _list_fields(has.form))


def _whose(item: WorkItem) -> tuple[object, ...]:
    return item.person, item.roles, item.contacts, item.client


def _say_whose(reader: Reader, item: WorkItem) -> str:
    """Say whose work it is by roles, and of people only of what kind they are."""
    people = ["a colleague to whom it was given"] if item.person else []
    people += [reader.rules.role(name).title for name in item.roles]
    people += [f"{len(item.contacts)} of the client's contacts"] if item.contacts else []
    people += ["the client"] if item.client else []
    return ", ".join(people) or "nobody"


def _list_lines(words: Words) -> list[str]:
    return [line for message in words.messages for line in _read_lines(message)]


def _read_lines(message: Message) -> Iterator[str]:
    for language, text in sorted(message.texts.items()):
        yield from (f"{line} ({language})" if language != "nl" else line for line in _split(text.subject))
        yield from (f"{line} ({language})" if language != "nl" else line for line in _split(text.body))


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _list_fields(form: Form | None) -> list[str]:
    if form is None:
        return []
    return [form.title, *_split(form.intro or ""), *map(_say_field, form.fields)]


def _say_field(field: FormField) -> str:
    said = f"{field.title} ({field.kind}{', required' if field.required else ''})"
    more = [field.help or "", *(option.title for option in field.options)]
    return "; ".join((said, *(one for one in more if one)))


def _find_first(before: list[str], after: list[str]) -> tuple[str | None, str | None]:
    """Return the first lines that differ, None for a side that has no more; both where none can be shown."""
    return next(((left, right) for left, right in zip_longest(before, after) if left != right), (None, None))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
