"""The planner: relations by periods of a product, and how each filing stands."""

from starlette.responses import Response

from ...period import Period, say_over
from ...service.lists import planner_table
from ...service.names import short_name
from ...service.overviews.planner_pages import find_first_product, read_sheet, read_whole_grid
from ...service.results import Cell, Refusal
from ...service.visiting.front import read_front
from ...words import describe_state
from ..answers import go, refuse, show
from ..call import Call, not_there
from ..csv_file import answer_csv
from ..filtering import address_of, keep_filters, read_filter, read_page
from ..page import Page
from .searching import show_hits


def show_first(call: Call) -> Response:
    """Go to the planner of the first product."""
    product = find_first_product(call.desk)
    return refuse(call, product) if isinstance(product, Refusal) else go(call, f"/planner/{product}")


def show_planner(call: Call) -> Response:
    """Show a page of a product's planner."""
    front = read_front(call.desk)
    today, product, word = front.now.date(), call.path["product"], read_filter(call, "zoek")
    sheet = read_sheet(call.desk, product, today, year=_read_year(call), word=word, page=read_page(call))
    if isinstance(sheet, Refusal):
        not_there()
    base = f"/planner/{product}"
    if not sheet.grid.rows and read_page(call) > 1:
        return go(call, address_of(base, jaar=sheet.year, zoek=word))
    return show(
        call,
        "planner.html.j2",
        front=front,
        sheet=sheet,
        word=word,
        base=base,
        say=lambda cell: describe_state(cell.state, cell.ended, cell.standing),
        heads={code: _head(Period.parse(code)) for code in sheet.grid.periods},
        turn=lambda page: address_of(base, jaar=sheet.year, zoek=word, pagina=page),
        file=address_of(f"{base}/csv", jaar=sheet.year, zoek=word),
        lead=_lead,
        explain=_explain,
        following_of={code: Period.parse(code).next().code for code in sheet.grid.periods},
        words_of=lambda code: Period.parse(code).words,
    )


def filter_planner(call: Call) -> Response:
    """Go to the year and the relations that were chosen."""
    product = call.read_text("product") or call.path["product"]
    if not product.replace("-", "").replace("_", "").isalnum():
        not_there()
    kept = keep_filters(call, f"/planner/{product}", ("jaar", "zoek"))
    return kept or show_hits(call, call.read_text("zoek"))


def download_planner(call: Call) -> Response:
    """Return the planner of a product and year as a file, all relations of it."""
    today, product = call.desk.now().date(), call.path["product"]
    year = _read_year(call) or today.year
    grid = read_whole_grid(call.desk, product, today, year=year, word=read_filter(call, "zoek"))
    if isinstance(grid, Refusal):
        not_there()
    return answer_csv(f"planner-{product}-{year}.csv", planner_table(grid))


def _read_year(call: Call) -> int | None:
    text = call.query.get("jaar", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and text >= "1000" else None


def _lead(cell: Cell, relation: str) -> str:
    """Return where a cell leads: to its filing, or to what starts by itself for its relation."""
    if cell.filing.startswith("recurrence/"):
        _, template, _, sub_number = cell.filing.split("/")
        return f"/relaties/{relation}/vanzelf/{template}/{sub_number}"
    return f"/opdrachten/{short_name(cell.filing)}"


def _explain(cell: Cell, code: str) -> str:
    """Return what a cell says besides its state: its name, for who has it read aloud."""
    if cell.filing.startswith("recurrence/"):
        return f"{say_over(Period.parse(code).words)}, nog niet gestart, start vanzelf"
    return short_name(cell.filing)


_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def _head(period: Period) -> str:
    """Return what stands above a column, as short as can be."""
    start = period.start
    match period.kind:
        case "month":
            return _MONTHS[start.month - 1]
        case "quarter":
            return f"{period.quarter}e kw"
        case "half_year":
            return f"{1 if start.month < 7 else 2}e hj"
        case "four_weeks":
            return f"p{period.number}"
        case "year":
            return f"{start.year}"
        case "book_year" if len(period.years) == 1 and (start.month, period.end.month) == (1, 12):
            return "boekjaar"
        case "book_year":
            first, last = (f"{_MONTHS[day.month - 1]} {day:%y}" for day in (start, period.end))
            return f"{first}–{last}"
        case "none":
            return f"{start.day}-{start.month}"
    return f"{start.day}-{start.month} / {period.end.day}-{period.end.month}"


PAGES = (
    Page("/planner", "team", show_first),
    Page("/planner/{product}", "team", show_planner),
    Page("/planner/{product}", "team", filter_planner, "POST"),
    Page("/planner/{product}/csv", "team", download_planner),
)
