"""Releases: a pilot, what becomes of it, and a deploy that is taken back; in an office without a server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import kantoor.compiler
from kantoor.cli.main import execute
from kantoor.equipment import open_equipment
from kantoor.office.deploys import list_deploys
from kantoor.office.plans import Plan, active_office, active_plans, plan_in_force, read_published
from kantoor.period import Period
from kantoor.service.candidates import Selection, Wish, candidates
from kantoor.service.deploying import Deployable, Deployed, deploy, read_definitions
from kantoor.service.desk import Desk
from kantoor.service.not_released import NotReleased
from kantoor.service.releasing import Released, promote, roll_back
from kantoor.settings import load_settings
from tests.office.material import folder_of

SMALL = Path(kantoor.compiler.__file__).parent / "small_office"
TEMPLATE = "btw-aangifte"
WORKFLOW = Path("workflows") / f"{TEMPLATE}.yaml"
RELATIONS = """\
number;name;legal_form;ob_number;rsin;bsn;sbr_enabled
1001;Bakkerij De Korenaar B.V.;bv;801234505B01;801234505;;ja
1002;Schilder Jansen;eenmanszaak;111222333B01;;111222333;ja
"""
ROLES = """\
relation;role;member
1001;relatiebeheerder;ans
1001;accountant;bas
1001;administratie;ans
1002;relatiebeheerder;bas
1002;accountant;bas
1002;administratie;ans
"""
PRODUCTS = """\
relation;product;frequency;sub_number;first_period;until;foreign;way;recipient
1001;aangifte-btw;month;;2026-01;;nee;;
1002;aangifte-btw;month;;2026-01;;nee;;
"""
CONTACTS = """\
contact;name;salutation;email;relation;functions;primary
c1;Anna Bakker;Beste mevrouw Bakker;anna@korenaar.example;1001;directeur;ja
c3;Piet Jansen;Beste Piet;piet@jansen.example;1002;;ja
"""
AUTHORITIES = """\
contact;relation;product;may;jointly;since;until;proof
c1;1001;;see approve sign;;2025-01-01;;uittreksel KvK
c3;1002;;see answer approve sign;;2025-01-01;;opdrachtbevestiging
"""


def edit(folder: Path, old: str, new: str, file: Path = WORKFLOW) -> Path:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of small definitions of an office that can deliver."""
    folder = shutil.copytree(SMALL, tmp_path_factory.mktemp("small") / "definitions")
    with (folder / "office.yaml").open("a", encoding="utf-8") as file:
        file.write("tax_consultant_number: '123456'\nsoftware_vendor_number: SWO12345\n")
    return folder


@pytest.fixture(scope="module")
def furnished(definitions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office with two relations that are ready, and a plan in force."""
    home = tmp_path_factory.mktemp("released") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KANTOOR_HOME", str(home))
        patch.setenv("KANTOOR_DATABASE_URL", f"sqlite:///{home}/kantoor.db")
        assert execute(["deploy", str(definitions), "--by", "Ans"]) == 0
        tables = {"relations": RELATIONS, "roles": ROLES, "products": PRODUCTS, "contacts": CONTACTS}
        files = folder_of(home / "csv", authorities=AUTHORITIES, standing_authorities=None, **tables)
        assert execute(["relation", "import", str(files)]) == 0
    return home


@pytest.fixture
def desk(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    home = shutil.copytree(furnished, tmp_path / "home")
    monkeypatch.setenv("KANTOOR_HOME", str(home))
    monkeypatch.setenv("KANTOOR_DATABASE_URL", f"sqlite:///{home}/kantoor.db")
    equipment = open_equipment(load_settings())
    yield Desk(equipment)
    equipment.close()


@pytest.fixture
def newer(definitions: Path, tmp_path: Path) -> Path:
    return edit(
        shutil.copytree(definitions, tmp_path / "newer"), "title: Aangifte btw", "title: Nieuwe aangifte"
    )


def read(folder: Path) -> Deployable:
    ready = read_definitions(folder)
    assert isinstance(ready, Deployable), ready.report
    return ready


def release(desk: Desk, folder: Path, *pilot: str) -> Deployed:
    result = deploy(desk, read(folder), "Bea", pilot=pilot)
    assert isinstance(result, Deployed), result
    return result


def refused(result: object) -> str:
    assert isinstance(result, NotReleased), result
    return result.text


def plan_of(desk: Desk, relation: str) -> Plan:
    found = desk.read(lambda connection: plan_in_force(connection, TEMPLATE, relation))
    assert found
    return found.plan


def titles(desk: Desk) -> dict[str, str]:
    return {relation: plan_of(desk, relation).title for relation in ("1001", "1002")}


USUAL, NEW = "Aangifte btw", "Nieuwe aangifte"


def test_a_pilot_is_for_its_relations_until_it_is_promoted(desk: Desk, newer: Path) -> None:
    assert release(desk, newer, "1001").relations == ("1001",)
    assert titles(desk) == {"1001": NEW, "1002": USUAL}
    assert "does not run" in refused(promote(desk, "anders", "Bea", "Bevalt"))
    shown = promote(desk, TEMPLATE, "Bea", "Bevalt", dry_run=True)
    assert titles(desk) == {"1001": NEW, "1002": USUAL}
    done = promote(desk, TEMPLATE, "Bea", "Bevalt")
    assert isinstance(done, Released)
    assert isinstance(shown, Released)
    assert done.plans == shown.plans
    assert titles(desk) == {"1001": NEW, "1002": NEW}
    promoted, piloted, first = desk.read(list_deploys)
    assert [(one.kind, one.author, one.reason) for one in (promoted, piloted, first)] == [
        ("promote", "Bea", "Bevalt"),
        ("pilot", "Bea", ""),
        ("deploy", "Ans", ""),
    ]
    assert promoted.before == piloted.before == first.changes


def test_a_pilot_that_is_rolled_back_leaves_the_plan_before(desk: Desk, newer: Path) -> None:
    seen = desk.read(read_published)
    release(desk, newer, "1001", "1002")
    done = roll_back(desk, None, "Bea", "Bevalt niet")
    assert isinstance(done, Released)
    assert (done.kind, done.relations) == ("rollback", ("1001", "1002"))
    assert titles(desk) == {"1001": USUAL, "1002": USUAL}
    assert desk.read(read_published) == seen
    release(desk, newer, "1002")


def test_what_cannot_be_put_on_pilot_is_refused_and_says_what_to_do(
    desk: Desk, newer: Path, definitions: Path
) -> None:
    ready, same = read(newer), read(definitions)
    for said, definitions, relations in (
        ("there is no relation 9999", ready, ["1001", "9999"]),
        ("these are 6", ready, list("123456")),
        ("no plan of these definitions is another", same, ["1001"]),
        ("hold for everyone", read(edit(newer, "010 000", "010 111", Path("office.yaml"))), ["1001"]),
    ):
        assert said in refused(deploy(desk, definitions, "Bea", pilot=relations))
    assert isinstance(deploy(desk, ready, "Bea", pilot=["1001"]), Deployed)
    for relations in (["1002"], []):
        assert f"a pilot of {TEMPLATE} runs" in refused(deploy(desk, ready, "Bea", pilot=relations))
    assert isinstance(deploy(desk, same, "Bea"), Deployed)  # it changes nothing
    assert titles(desk) == {"1001": NEW, "1002": USUAL}


def test_deploys_are_taken_back_one_by_one_with_what_belongs_to_no_template(desk: Desk, newer: Path) -> None:
    release(desk, newer)
    office = desk.read(active_office)
    release(
        desk, edit(newer, "functions: [directeur]", "functions: [directeur, vennoot]", Path("office.yaml"))
    )
    assert desk.read(active_office) != office
    for title, same_office in ((NEW, True), (USUAL, True)):
        done = roll_back(desk, None, "Bea", "Terug")
        assert isinstance(done, Released)
        assert [one.plan.title for one in desk.read(active_plans)] == [title]
        assert (desk.read(active_office) == office) is same_office
    assert "nothing was published here at all" in refused(roll_back(desk, None, "Bea", "Terug"))
    assert "a pilot of" in refused(roll_back(desk, TEMPLATE, "Bea", "Terug"))


def test_a_start_of_many_is_judged_by_the_plan_of_each(desk: Desk, newer: Path) -> None:
    edit(newer, "role: administratie\n    not_before", "role: accountant\n    not_before")
    release(desk, newer, "1001")
    wish = Wish(
        template=TEMPLATE,
        period=Period.parse("2026-01"),
        selection=Selection(relations=("1001", "1002")),
        anyway=True,
    )
    needs = desk.equipment.reports.identity_needs()
    found = desk.read(lambda connection: candidates(connection, "ans", wish, needs))
    assert isinstance(found, list)
    said = {one.line.relation: one.line.result for one in found}
    assert said["1002"] == "starts", [one.line.text for one in found]
    assert said["1001"] == "not_ready", found  # whoever does the work may not check it
