"""A role or product that was renamed leaves rows behind: they are named, and an export does without them."""

from pathlib import Path

from kantoor.data import replace
from kantoor.office.database.engine import Database
from kantoor.office.exchange import Imported, export_folder, import_folder
from kantoor.office.overviews.leftovers import leftovers
from kantoor.plan import Office

from .material import OFFICE, accepting

RENAMED = replace(
    OFFICE,
    roles=tuple(
        replace(role, id="rekenmeester") if role.id == "accountant" else role for role in OFFICE.roles
    ),
)


def without_products() -> Office:
    return replace(OFFICE, products=())


def test_nothing_is_left_over_while_the_definitions_know_it(office: Database) -> None:
    with office.read() as connection:
        assert leftovers(connection, OFFICE) == ()


def test_a_role_that_is_gone_is_named_with_who_has_it_and_what_to_do(office: Database) -> None:
    with office.read() as connection:
        (role,) = leftovers(connection, RENAMED)
        products = leftovers(connection, without_products())
    assert (role.kind, role.name) == ("rol", "accountant")
    assert role.text.startswith("role 'accountant' is not defined anymore; ")
    assert ": 1001" in role.text
    assert role.text.endswith("Give them another role with roles.csv.")
    assert {one.kind for one in products} == {"product"}


def test_an_export_leaves_out_what_an_import_would_refuse_and_says_so(
    office: Database, tmp_path: Path
) -> None:
    left_out: list[str] = []
    export_folder(office, tmp_path, RENAMED, left_out)
    assert "accountant" not in (tmp_path / "roles.csv").read_text("utf-8-sig")
    assert left_out
    assert all(text.startswith("roles.csv: ") and "onbekende rol 'accountant'" in text for text in left_out)
    assert isinstance(import_folder(office, tmp_path, RENAMED, accepting), Imported)


def test_an_authority_for_a_product_that_is_gone_never_becomes_one_for_every_product(
    office: Database, tmp_path: Path
) -> None:
    export_folder(office, tmp_path / "all", OFFICE)
    export_folder(office, tmp_path / "gone", without_products())
    before = (tmp_path / "all" / "authorities.csv").read_text("utf-8-sig").splitlines()
    after = (tmp_path / "gone" / "authorities.csv").read_text("utf-8-sig").splitlines()
    assert len(after) < len(before)
    assert set(after) <= set(before)
