"""Findings of checks: one record for figures, numbers, instances and payment; and the error with findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (error: nothing is made or sent) or odd (warning: a person looks).

    `code` is stable, English and kebab-case; `field` names the number, item or rubriek it is about; `text`
    is a Dutch sentence for people that never holds an identifying number. `line` and `column` count from 1
    and are set when the finding comes from a file; of a sheet `where` names the column, in Dutch. `times` is
    how often it was found, where its text names the other places too.
    """

    code: str
    field: str
    severity: Severity
    text: str
    line: int | None = None
    column: int | None = None
    where: str = ""
    times: int = 1


class ReportError(ValueError):
    """A report cannot be made, read or paid; `findings` say why, the message repeats their texts."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(" ".join(finding.text for finding in findings))
        self.findings = findings


def error(code: str, field: str, text: str, line: int | None = None, column: int | None = None) -> Finding:
    """Make a finding that stops what was asked."""
    return Finding(code, field, "error", text, line, column)


def warning(code: str, field: str, text: str) -> Finding:
    """Make a finding that a person should look at, and that stops nothing."""
    return Finding(code, field, "warning", text)


def only_errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return only the errors."""
    return tuple(finding for finding in findings if finding.severity == "error")
