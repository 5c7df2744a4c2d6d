"""The shipped plans and what driving them has in common."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kantoor.filing.view import DeadlineView, PhaseView
from kantoor.plan import Plan

from ..shipped import compile_shipped
from .driver import Driver

DEFINITIONS = Path(__file__).parents[2] / "definitions"


@cache
def _plans() -> dict[str, Plan]:
    return dict(compile_shipped().plans)


def shipped(template: str) -> Plan:
    """Return the plan of a shipped template."""
    return _plans()[template]


def relation(legal_form: str, **fields: Any) -> dict[str, Any]:
    """Return what a filing knows of a relation with this legal form."""
    natural = legal_form in ("natuurlijk_persoon", "eenmanszaak")
    return {"number": "1001", "legal_form": legal_form, "natural_person": natural, **fields}


def deadline(filing: Driver, name: str) -> DeadlineView:
    """Return a deadline as people see it."""
    return next(one for one in filing.view.deadlines if one.id == name)


def due(filing: Driver, name: str) -> date | None:
    """Return the last day of a deadline."""
    return deadline(filing, name).due


def phase(filing: Driver, name: str) -> PhaseView:
    """Return a phase as people see it."""
    return next(one for one in filing.view.phases if one.id == name)


def messages(filing: Driver) -> list[str]:
    """Return the messages that were sent, in order."""
    return [command.message for command in filing.commands if command.kind == "send"]
