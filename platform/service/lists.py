"""Lists as tables: what their columns are called and contain. Every face shows the same."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ..fact_values import UNKNOWN
from ..period import Period, in_words
from ..tables import Table
from ..words import (
    ADVICE_WORDS,
    DOSSIER_KIND_WORDS,
    FORESEEN_WORDS,
    FREQUENCY_WORDS,
    ITEM_WORDS,
    LINE_WORDS,
    MISSING_WORDS,
    NOT_AGREED,
    NOTICE_WORDS,
    RELATION_STATUS_WORDS,
    RUN_WORDS,
    SENT_BACK_WORDS,
    SENT_WORD,
    START_WORDS,
    WORK_WORDS,
    describe_state,
)
from .names import short_name, with_sub_number
from .overviews.reading import Waiting
from .results import (
    Cell,
    FilingLine,
    Missing,
    NoticeLine,
    PlannerGrid,
    PlannerRow,
    RecurrenceLine,
    RelationLine,
    RelationProduct,
)

if TYPE_CHECKING:  # its module reads temporalio, which lists do without
    from ..office.bulk import Line as BulkLine
    from .bulk.reading import Summary
    from .clients.chats import UnreadChat
    from .filings.requests import RequestPage
    from .relations.dossier import DossierLine
    from .starting.candidates import Line
    from .team.team import MemberLine, Span


def filing_table(filings: Sequence[FilingLine]) -> Table:
    """Return the table of filings, each with its state today."""
    return Table(
        ("opdracht", "titel", "status", "fase", "uiterlijk"),
        tuple(
            (
                filing.name,
                filing.title,
                describe_state(filing.planner, filing.ended, filing.standing),
                ", ".join(filing.phases),
                _say_day(filing.due, unknown=filing.due_unknown),
            )
            for filing in filings
        ),
    )


def work_table(lines: Sequence[Waiting]) -> Table:
    """Return what waits, with target date and last day; 'opdracht' and 'onderdeel' are what acts name."""
    return Table(
        ("streefdatum", "uiterlijk", "relatie", "periode", "wat", "opdracht", "onderdeel", "toelichting"),
        tuple(map(_work_row, lines)),
    )


def dossier_table(lines: "Sequence[DossierLine]") -> Table:
    """Return the documents of a dossier."""
    return Table(
        ("datum", "soort", "jaar", "opdracht", "onderdeel", "document", "kenmerk", "van"),
        tuple(
            (
                in_words(line.at.date()),
                DOSSIER_KIND_WORDS[line.kind] if line.kind else SENT_WORD,
                line.year_words,
                short_name(line.filing) if line.filing else "",
                line.item,
                line.name,
                line.hash[:12],
                line.by,
            )
            for line in lines
        ),
    )


def start_table(lines: "Sequence[Line]") -> Table:
    """Return who starts, and why not the others."""
    return Table(
        ("relatie", "naam", "uitkomst", "toelichting"),
        tuple(
            (
                with_sub_number(line.relation, line.sub_number),
                line.name,
                START_WORDS[line.result],
                " ".join((line.text, *(f"(advies: {one})" for one in line.advice))),
            )
            for line in lines
        ),
    )


def bulk_table(lines: "Sequence[BulkLine]") -> Table:
    """Return the lines of a bulk run: what was shown, and what became of it."""
    return Table(
        ("relatie", "naam", "opdracht", "proef", "toelichting", "uitkomst", "uitslag"),
        tuple(
            (
                with_sub_number(line.relation, line.sub_number),
                line.name,
                short_name(line.filing) if line.filing else "",
                FORESEEN_WORDS[line.foreseen],
                line.text,
                LINE_WORDS[line.status],
                line.said,
            )
            for line in lines
        ),
    )


def bulk_run_table(runs: "Sequence[Summary]") -> Table:
    """Return bulk runs, and how far each is."""
    return Table(
        ("nummer", "wat", "door", "op", "status", "gedaan"),
        tuple(
            (
                str(one.number),
                one.title,
                one.who_name,
                in_words(one.day),
                RUN_WORDS[one.stage],
                f"{one.done} van {one.ready}",
            )
            for one in runs
        ),
    )


def planner_table(grid: PlannerGrid) -> Table:
    """Return the planner of one product: relations by periods."""
    return Table(
        ("relatie", "naam", *grid.periods),
        tuple((*_planner_name(row), *_planner_cells(row, grid.periods)) for row in grid.rows),
    )


def recurrence_table(recurrences: Sequence[RecurrenceLine]) -> Table:
    """Return what starts by itself, and when."""
    return Table(
        ("herhaling", "status", "volgende periode", "start op", "probleem"),
        tuple(map(_recurrence_row, recurrences)),
    )


def team_table(members: "Sequence[MemberLine]") -> Table:
    """Return who works here, when they are absent from today on, and their stand-ins."""
    return Table(
        ("medewerker", "naam", "titels", "afwezig", "waarnemer"),
        tuple(
            (
                one.id,
                one.name,
                " ".join(one.titles),
                ", ".join(map(_say_span, one.absent)),
                ", ".join(
                    f"{line.stand_in}{f' ({line.role})' if line.role else ''} {_say_span(line.days)}"
                    for line in one.stand_ins
                ),
            )
            for one in members
        ),
    )


def _say_span(days: "Span") -> str:
    return (
        f"{in_words(days.since)} t/m {in_words(days.until)}"
        if days.until
        else f"vanaf {in_words(days.since)}"
    )


def relation_table(relations: Sequence[RelationLine]) -> Table:
    """Return relations with what they take and what they lack."""
    header: tuple[str, ...] = (
        "nummer",
        "naam",
        "rechtsvorm",
        "status",
        "OB-nummer",
        "producten",
        "ontbreekt",
    )
    rows: tuple[tuple[str, ...], ...] = tuple(map(_relation_row, relations))
    if any(line.group for line in relations):
        header = (*header, "groep")
        rows = tuple((*row, line.group) for row, line in zip(rows, relations, strict=True))
    return Table(header, rows)


def _say_day(day: date | None, *, unknown: bool) -> str:
    return in_words(day) if day else UNKNOWN if unknown else ""


def chat_table(chats: "Sequence[UnreadChat]") -> Table:
    """Return the chats in which something is to be read."""
    return Table(
        ("sinds", "opdracht", "contactpersoon", "relatie", "ongelezen", "gesloten"),
        tuple(
            (
                in_words(one.since.date()),
                short_name(one.filing),
                f"{one.contact} {one.contact_name}",
                one.relation_name,
                str(one.lines),
                "ja" if one.closed else "",
            )
            for one in chats
        ),
    )


def notice_table(notices: Sequence[NoticeLine]) -> Table:
    """Return the notices in the inbox, and which filing each is for."""
    return Table(
        ("datum", "relatie", "bericht", "kenmerk", "opdracht", "status"),
        tuple(
            (
                in_words(one.date),
                one.relation,
                one.kind,
                one.reference or "",
                one.filing or "",
                NOTICE_WORDS[one.taken],
            )
            for one in notices
        ),
    )


def _work_row(line: Waiting) -> tuple[str, ...]:
    due = _say_day(line.due, unknown=line.due_unknown)
    deadline = _say_day(line.deadline, unknown=line.deadline_unknown)
    return (
        f"{due} (verstreken)" if line.late and line.due and line.day == line.due else due,
        f"{deadline} (verstreken)" if line.late and line.day != line.due else deadline,
        f"{line.relation} {line.relation_name}",
        Period.parse(line.period).words,
        f"{say_kind(line)}: {line.title}",
        short_name(line.filing),
        line.item,
        _explain(line),
    )


def say_kind(line: Waiting) -> str:
    """Return what is to be done in words: that the client rejected it, where that is why."""
    return NOT_AGREED if line.rejected else WORK_WORDS[line.kind]


def say_round(line: Waiting) -> str:
    """Return which round of offering it is after the client rejected it; empty otherwise."""
    return f"{line.rejected + 1}e ronde" if line.rejected else ""


def say_sent_back(line: Waiting) -> str:
    """Return who sent the work back; empty otherwise."""
    return SENT_BACK_WORDS[line.sent_back] if line.sent_back else ""


def _explain(line: Waiting) -> str:
    """Return the round, in whose place it is done and the first thing missing; the filing's page has all."""
    first, more = "".join(line.missing[:1]), len(line.missing) - 1
    missing = f"{first} (+{more})" if more > 0 else first
    place = f"voor {line.in_place_of}" if line.in_place_of else ""
    escalated = f"geëscaleerd op {in_words(line.escalated)}" if line.escalated else ""
    return "; ".join(
        part for part in (say_round(line), say_sent_back(line), escalated, place, missing) if part
    )


def _planner_name(row: PlannerRow) -> tuple[str, str]:
    return with_sub_number(row.relation, row.sub_number), row.name


def _planner_cells(row: PlannerRow, periods: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_planner_cell(row.cells[period]) if period in row.cells else "" for period in periods)


def _planner_cell(cell: Cell) -> str:
    """Return how the filings over a period stand, the first one first."""
    return ", ".join(describe_state(one.state, one.ended, one.standing) for one in (*cell.before, cell))


def _recurrence_row(line: RecurrenceLine) -> tuple[str, ...]:
    following = ("", "")
    if line.status != "stopped":
        following = (Period.parse(line.next_period).words, in_words(line.next_start))
    return (line.name, line.state, *following, line.problem)


def describe_taken(line: RelationLine) -> tuple[str, ...]:
    """Return each product of a relation and how often it is taken."""
    times = Counter((p.product, p.sub_number) for p in line.products)
    return tuple(_describe(p, several=times[p.product, p.sub_number] > 1) for p in line.products)


def list_missing(line: RelationLine) -> tuple[str, ...]:
    """Return in a few words each thing that a relation lacks."""
    return tuple(dict.fromkeys(MISSING_WORDS[missing.code] for missing in line.missing))


def say_missing(line: RelationLine) -> tuple[str, ...]:
    """Return in a few words what a relation lacks for its next starts, by the day as of which it does."""
    return tuple(_say_by_day((one.day, one.missing) for one in line.starts))


def say_advice(line: RelationLine) -> tuple[str, ...]:
    """Return in a few words what is advised for the next starts of a relation, by day, and is not there.

    Who else has a number of its own comes first.
    """
    same = dict.fromkeys(ADVICE_WORDS[one.code] for one in line.same)
    return (*same, *_say_by_day((one.day, one.advice) for one in line.starts))


_LACK_WORDS = {**ADVICE_WORDS, **MISSING_WORDS}


def _say_by_day(lacks: Iterable[tuple[date, Sequence[Missing]]]) -> Iterator[str]:
    by_day: dict[date, dict[str, None]] = {}
    for day, some in lacks:
        by_day.setdefault(day, {}).update(dict.fromkeys(_LACK_WORDS[one.code] for one in some))
    for day, words in sorted(by_day.items()):
        if words:
            yield f"{', '.join(words)} (voor de start op {in_words(day)})"


def list_next_days(line: RelationLine) -> tuple[str, ...]:
    """Return the days on which what a relation takes starts next, the first one first."""
    return tuple(in_words(day) for day in sorted({one.day for one in line.starts}))


def _describe(product: RelationProduct, *, several: bool) -> str:
    """Return a product and how often it is taken, with since when where that has changed or will."""
    since = f" vanaf {product.first_period.code}" if several and product.first_period else ""
    return f"{product.product} per {FREQUENCY_WORDS[product.frequency]}{since}"


def _relation_row(line: RelationLine) -> tuple[str, ...]:
    return (
        line.number,
        line.name,
        line.legal_form or "",
        RELATION_STATUS_WORDS[line.status],
        line.ob_number,
        ", ".join(describe_taken(line)),
        ", ".join(list_missing(line)),
    )


def say_requests(pages: "Sequence[RequestPage]", *, questions: bool) -> Iterator[str]:
    """Yield what was asked of a client as lines; `questions` adds what helps to answer."""
    if not pages:
        yield "In deze opdracht is niets uitgevraagd."
    for page in pages:
        optional = "" if page.required else " (niet verplicht)"
        yield f"{page.id}: {page.title}{optional}, gevraagd op {in_words(page.made.date())}"
        if page.intro and questions:
            yield from (f"  {line}" for line in page.intro.splitlines())
        for item in page.items:
            late = ", nagekomen" if item.late else ""
            reason = f": {item.reason}" if item.reason else ""
            need = "" if item.required else " (niet verplicht)"
            label = f"{item.id}: {item.title}{need}: " if page.kind == "list" else ""
            yield f"  {label}{ITEM_WORDS[item.status]}{late}{reason}"
            yield from (f"    document {one[:12]}…" for one in item.documents)
        for line in page.answers:
            need = "" if line.required else " (niet verplicht)"
            choices = f" [{', '.join(line.choices)}]" if line.choices and questions else ""
            yield f"  {line.id}: {line.title}{need}{choices}: {line.answer or '-'}"
            if line.help and questions:
                yield from (f"    {help}" for help in line.help.splitlines())
