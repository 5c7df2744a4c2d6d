"""docs/import.md says every column, and its folder is one that the shipped definitions take."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import team
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.exchange.columns import DUTCH, FileKind, file_kinds
from kantoor.office.plans import publish
from kantoor.office.relations.next_starts import find_missing_of
from kantoor.sbr.registry import REPORTS
from kantoor.service.relations.identities import check_relation_identity

from ..shipped import compile_shipped
from .material import NOW, have_in_force

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "import.md").read_text("utf-8")
SHIPPED = compile_shipped()


def section(name: str) -> str:
    return PAGE.split(f"## {name}\n")[1].split("\n## ")[0]


def table(kind: FileKind) -> str:
    rows = (
        f"| `{c.name}` | {f'`{DUTCH[c.name]}`' if c.name in DUTCH else ''} | "
        f"{'required' if c.required else ''} | {c.meaning} |\n"
        for c in kind.columns
    )
    return "| column | or in Dutch | | meaning |\n|---|---|---|---|\n" + "".join(rows)


def test_every_file_has_its_columns_on_the_page() -> None:
    assert SHIPPED.office is not None
    for name, kind in file_kinds(SHIPPED.office).items():
        assert table(kind) in section(name), f"put this under '## {name}':\n{table(kind)}"


def test_the_folder_on_the_page_comes_in_and_its_clients_are_ready(
    database: Database, tmp_path: Path
) -> None:
    office = SHIPPED.office
    assert office is not None
    plan = SHIPPED.plans["btw-aangifte"]
    for name in file_kinds(office):
        found = re.search(r"```csv\n(.*?)```", section(name), re.DOTALL)
        assert found is not None
        (tmp_path / name).write_text(found[1], encoding="utf-8")
    with database.write() as connection:
        publish(connection, [plan], office, revision="", author="", at=NOW)
    result = import_folder(database, tmp_path, office, check_relation_identity)
    assert isinstance(result, Imported), result
    assert result.warnings == ()
    with database.read() as connection:
        ready = find_missing_of(connection, have_in_force(plan), REPORTS.identity_needs(), date(2026, 1, 5))
    assert [ready[number, plan.template] for number in ("1001", "1002")] == [(), ()]
    assert ready["1003", plan.template][0].text == "De relatie is nog prospect."


def test_who_cannot_be_named_in_a_return_is_told_when_it_is_asked_who_is_ready(
    database: Database, tmp_path: Path
) -> None:
    test_the_folder_on_the_page_comes_in_and_its_clients_are_ready(database, tmp_path)
    office = SHIPPED.office
    assert office is not None
    plan = SHIPPED.plans["btw-aangifte"]
    with database.write() as connection:  # as an older kantoor took it
        connection.execute(update(team).values(phone="6,12346E+08"))
    with database.read() as connection:
        ready = find_missing_of(connection, have_in_force(plan), REPORTS.identity_needs(), date(2026, 1, 5))
    for number, who in (("1001", "Ans de Wit"), ("1002", "Bas Groen")):
        assert [one.text for one in ready[number, plan.template]] == [
            f"{who} kan niet in de aangifte staan. Het telefoonnummer van {who} is geen nummer dat te bellen "
            "is, zoals 06-12345678. Beheer verbetert dit met een import van team.csv; of geef de rol aan een "
            "ander."
        ]


@pytest.fixture
def dialect() -> str:
    """One dialect is enough for a page."""
    return "sqlite"
