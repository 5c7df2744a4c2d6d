"""The reports that kantoor can make, by id."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from .facts import Sender
from .header import check_sender, remark_sender
from .report import Report
from .vat.report import VatReport

OFFICE_KINDS = frozenset(("BTW", "Fi"))
"""What an office can call an identity of which the report names no type (the setting `identity_type`)."""


class ReportNeeds(dict[str, tuple[str, ...]]):
    """By report the fields of a relation that it needs; it also judges who would be the contact person.

    `identity_kinds` are the types under which Digipoort may know the identity of one of them.
    """

    identity_kinds: frozenset[str] = OFFICE_KINDS

    def check_sender(self, name: str, phone: str, initials: str, prefix: str, surname: str) -> list[str]:
        """Return why no instance can have this contact person, in Dutch sentences."""
        return [*_check_sender(name, phone, initials, prefix, surname)]

    def remark_sender(self, name: str, initials: str, prefix: str, surname: str) -> list[str]:
        """Return how an instance writes a name that can be read in more than one way, in Dutch sentences."""
        sender = Sender(name=name, phone="", initials=initials, prefix=prefix, surname=surname)
        return [finding.text for finding in remark_sender(sender)]


@lru_cache(maxsize=512)
def _check_sender(name: str, phone: str, initials: str, prefix: str, surname: str) -> tuple[str, ...]:
    """Return what `check_sender` does: an office of thousands of relations has few who send."""
    sender = Sender(name=name, phone=phone, initials=initials, prefix=prefix, surname=surname)
    return tuple(finding.text for finding in check_sender(sender))


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

    def identity_needs(self) -> "ReportNeeds":
        """Return the fields of a relation that each report needs, by report, for the office's readiness."""
        needs = ReportNeeds({name: report.identity_needs for name, report in self.items()})
        needs.identity_kinds = OFFICE_KINDS | {
            one.identity_type for one in self.values() if one.identity_type
        }
        return needs


REPORTS = Reports([VatReport()])
"""What is shipped. One more report is one more line here."""
