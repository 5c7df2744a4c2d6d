"""The reports that kantoor can make, by id."""

from collections.abc import Iterable, Iterator, Mapping

from .report import Report
from .vat.report import VatReport


class Reports(Mapping[str, Report]):
    """Reports by id. An office is opened with those of `REPORTS`, or with others that it is given."""

    def __init__(self, reports: Iterable[Report]) -> None:
        """Raises ValueError when two reports have one id."""
        self._reports: dict[str, Report] = {}
        for report in reports:
            if report.id in self._reports:
                raise ValueError(f"two reports are called '{report.id}'")
            self._reports[report.id] = report

    def __getitem__(self, name: str) -> Report:
        return self._reports[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._reports)

    def __len__(self) -> int:
        return len(self._reports)

    def identity_needs(self) -> dict[str, tuple[str, ...]]:
        """Return the fields of a relation that each report needs, by report, for the office's readiness."""
        return {name: report.identity_needs for name, report in self.items()}


REPORTS = Reports([VatReport()])
"""What is shipped. One more report is one more line here."""
