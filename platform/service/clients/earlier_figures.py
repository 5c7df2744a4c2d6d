"""What a client reads beside a return: its main figures, and those of earlier periods that were delivered."""

from sqlalchemy import Connection

from ...filing.view import read_view
from ...office.document_store import DocumentError
from ...office.filings.filing import Filing, list_earlier
from ...period import Period, PeriodError, PeriodKind
from ...plan import Model
from ...sbr.findings import ReportError
from ...sbr.report import Report
from ..desk import Desk
from ..filings.audiences import find_versions
from .client_cases import ClientCase, say_period

IN_A_YEAR: dict[PeriodKind, int] = {"month": 12, "quarter": 4, "half_year": 2, "four_weeks": 13}
"""How many periods back the same one of a year ago is; of others it is the one before."""


class Comparison(Model):
    """Main figures of a return and of earlier ones, in whole euros.

    `periods` has the periods in words, this one first; `lines` a label with the amount of each period, None
    where that return has no such figure.
    """

    periods: tuple[str, ...]
    lines: tuple[tuple[str, tuple[int | None, ...]], ...]


def compare_earlier(desk: Desk, case: ClientCase, document: str, hash: str) -> Comparison | None:
    """Return the figures of a version beside those of the period before, and of the same one a year ago.

    Only of what was delivered for the same relation and taxpayer, by the same template, and that this contact
    may read; None where there is nothing of it, or the figures cannot be read. Raises DatabaseError.
    """
    name = next((one.report for one in case.plan.documents if one.id == document), None)
    report = desk.equipment.reports.get(name) if name else None
    asked = _list_periods(case.filing.period)
    if report is None or not asked:
        return None

    def ask(connection: Connection) -> dict[str, str]:
        found = list_earlier(connection, case.filing, asked)
        hashes = ((one.period, _find_delivered(case, one, document)) for one in found)
        return {period: hash for period, hash in hashes if hash}

    earlier = desk.read(ask)
    kept = [(case.filing.period, hash), *((one, earlier[one]) for one in asked if one in earlier)]
    figures = {period: found for period, hash in kept if (found := _read(desk, report, hash))}
    if len(figures) < 2 or case.filing.period not in figures:
        return None
    labels = dict.fromkeys(label for one in figures.values() for label in one)
    return Comparison(
        periods=tuple(map(say_period, figures)),
        lines=tuple((label, tuple(one.get(label) for one in figures.values())) for label in labels),
    )


def _list_periods(code: str) -> tuple[str, ...]:
    """Return the period before and the same one a year ago, as they are written; none where there is none."""
    try:
        period = Period.parse(code)
    except PeriodError:
        return ()
    if period.kind == "none":
        return ()
    year_ago = period
    for _ in range(IN_A_YEAR.get(period.kind, 1)):
        year_ago = year_ago.previous()
    return tuple(dict.fromkeys((period.previous().code, year_ago.code)))


def _find_delivered(case: ClientCase, earlier: Filing, document: str) -> str | None:
    """Return the hash of what was delivered of a document, where it was and the contact may read it."""
    if earlier.view is None:
        return None
    view = read_view(earlier.view)
    delivering = {one.id for one in case.plan.phases if one.deliver and one.deliver.document == document}
    if not any(one.id in delivering and one.status == "completed" for one in view.phases):
        return None
    readable = find_versions(view, case.viewer).get(document)
    return readable[1].hash if readable else None


def _read(desk: Desk, report: Report, hash: str) -> dict[str, int]:
    try:
        return dict(report.list_figures(desk.equipment.documents.get(hash)))
    except (DocumentError, ReportError):
        return {}
