"""A role goes to nobody who may not have it (R2)."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection

from kantoor.data import replace
from kantoor.office.plans import active_office
from kantoor.office.relations.relation import find_relation
from kantoor.service.relations.editing.products import ProductSheet
from kantoor.service.relations.editing.roles import RolesSheet
from kantoor.service.relations.editing.sheets import At, Wrong
from tests.portal.quiet import quiet_pages


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[At]:
    """A relation of the sample office, whose accountant has to be an AA or RA."""
    made = quiet_pages(tmp_path_factory.mktemp("roles"))
    with made as pages, pages.desk.equipment.database.read() as connection:
        yield ask(connection)


def ask(connection: Connection) -> At:
    office, relation = active_office(connection), find_relation(connection, "1001")
    assert office is not None
    assert relation is not None
    titled = ("AA", "RA")
    roles = (replace(one, qualification=titled) if one.id == "accountant" else one for one in office.roles)
    return At(connection, relation, replace(office, roles=tuple(roles)), date(2026, 1, 5))


def test_a_role_that_asks_a_title_is_offered_to_who_has_it(asking: At) -> None:
    fields = {one.name: one for one in RolesSheet().describe(asking).fields}
    assert [value for value, _ in fields["accountant"].options] == ["", "tom"]
    assert len(fields["administratie"].options) == 6


def test_a_role_is_not_given_to_who_lacks_the_title_or_works_here_no_more(asking: At) -> None:
    found = RolesSheet().draft(asking, {"accountant": ("ruud",), "fiscaal": ("weg",)})
    assert found == Wrong(
        mistakes=(
            ("accountant", "Ruud Smit heeft de titel AA of RA niet."),
            ("fiscaal", "Kies iemand die hier werkt."),
        )
    )


def test_whoever_would_check_their_own_work_is_told_before_the_role_is_given(asking: At) -> None:
    found = RolesSheet().draft(asking, {"administratie": ("tom",)})
    assert not isinstance(found, Wrong)
    (said,) = [one for one in found.edit.told if "Vier ogen" in one and "'Controle'" in one]
    assert said.endswith("liggen dan allemaal bij Tom de Boer, die het eigen werk niet mag controleren")


def test_an_office_without_products_has_a_sheet_that_says_so(asking: At) -> None:
    found = ProductSheet().describe(asking._replace(office=replace(asking.office, products=())))
    assert found is not None
    assert found.notes == ("Het kantoor heeft nog geen producten.",)
