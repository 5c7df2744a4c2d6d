"""Releases: a pilot, what becomes of it, and a deploy that is taken back; in an office without a server."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec import to_builtins
from sqlalchemy import select

import kantoor.compiler
from kantoor.cli.main import execute
from kantoor.clock import PracticeClock
from kantoor.data import replace
from kantoor.equipment import open_equipment
from kantoor.office.bulk import list_lines
from kantoor.office.database.tables import pilot_remarks, timeline
from kantoor.office.deploys import list_deploys
from kantoor.office.office_clock import write_clock
from kantoor.office.plans import Plan, active_office, active_plans, plan_in_force, read_published
from kantoor.office.relations.snapshot import load_snapshot
from kantoor.period import Period, in_words
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.reading import list_runs
from kantoor.service.bulk.runs import prepare
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import Desk
from kantoor.service.relations.relations import remove
from kantoor.service.releasing.deploying import (
    Deployable,
    Deployed,
    NotDeployed,
    deploy,
    read_definitions,
    say_deployed,
)
from kantoor.service.releasing.not_released import NotReleased
from kantoor.service.releasing.pilot_remarks import NOT_ON_PILOT, remark
from kantoor.service.releasing.pilot_reports import PilotReport, read_reports, say_report
from kantoor.service.releasing.pilot_suggesting import Candidate, pick_different, suggest_relations
from kantoor.service.releasing.plans import list_releases, read_plans
from kantoor.service.releasing.releasing import Released, promote, roll_back, say_released
from kantoor.service.results import Refusal
from kantoor.service.starting.candidates import candidates
from kantoor.service.starting.wishes import Selection, Wish
from kantoor.settings import load_settings
from kantoor.words import RUN_WORDS
from tests.office.material import folder_of, start

SMALL = Path(kantoor.compiler.__file__).parent / "small_office"
TEMPLATE = "btw-aangifte"
WORKFLOW = Path("workflows") / f"{TEMPLATE}.yaml"
RELATIONS = """\
number;name;legal_form;ob_number;rsin;bsn;sbr_enabled
1001;Bakkerij De Korenaar B.V.;bv;801234505B01;801234505;;ja
1002;Schilder Jansen;eenmanszaak;111222333B01;;111222333;ja
1003;Wil niets B.V.;bv;;;;ja
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
        assert (
            execute(
                ["deploy", str(definitions), "--by", "Ans", "--without-scenarios", "Ze draaien in hun test"]
            )
            == 0
        )
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
    assert "there is no template 'anders'" in refused(promote(desk, "anders", "Bea", "Bevalt"))
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
    assert not isinstance(remove(desk, "1002", agreed=True), Refusal)  # what it took part in stays as it was


def test_what_cannot_be_put_on_pilot_is_refused_and_says_what_to_do(
    desk: Desk, newer: Path, definitions: Path
) -> None:
    ready, same = read(newer), read(definitions)
    for said, definitions, relations in (
        ("there is no relation 9999", ready, ["1001", "9999"]),
        ("relation 1003 takes no product", ready, ["1001", "1003"]),
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
    assert "no pilot of" in refused(roll_back(desk, TEMPLATE, "Bea", "Terug"))


FOUR_EYES = ("role: administratie\n    not_before", "role: accountant\n    not_before")
"""Whoever does the work may not check it: nobody can start on such a plan."""


def lacking(result: Deployed | Released | NotDeployed) -> list[tuple[str, tuple[str, ...]]]:
    """Return the codes of what would be lacked, with the relations."""
    assert isinstance(result, Deployed | Released), result
    assert result.runs
    return [(one.code, one.numbers) for runs in result.runs.templates for one in runs.lacking]


def test_a_deploy_on_pilot_tells_of_its_relations_and_a_promote_of_all_others(
    desk: Desk, newer: Path
) -> None:
    deployed = release(desk, edit(newer, *FOUR_EYES), "1001")
    assert lacking(deployed) == [("four_eyes", ("1001",))]
    assert any(one.endswith("(1001).") for one in say_deployed(deployed))
    assert lacking(roll_back(desk, None, "Bea", "Terug", dry_run=True)) == []
    promoted = promote(desk, None, "Bea", "Bevalt")
    assert lacking(promoted) == [("four_eyes", ("1002",))]
    assert isinstance(promoted, Released)
    assert any(one.endswith("(1002).") for one in say_released(promoted))


def test_a_rollback_tells_who_would_lack_something_by_the_office_of_before(desk: Desk, newer: Path) -> None:
    number = "tax_consultant_number: '123456'\n"
    lacked = [("no_office_number", ("1001", "1002"))]
    assert lacking(release(desk, edit(newer, number, "", Path("office.yaml")))) == lacked
    with (newer / "office.yaml").open("a", encoding="utf-8") as file:
        file.write(number)
    assert lacking(release(desk, newer)) == []
    assert lacking(roll_back(desk, None, "Bea", "Terug")) == lacked


def test_a_start_of_many_is_judged_by_the_plan_of_each(desk: Desk, newer: Path) -> None:
    release(desk, edit(newer, *FOUR_EYES), "1001")
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


def test_what_the_plan_of_a_pilot_refuses_is_told_of_its_relations_and_the_others_start(
    desk: Desk, newer: Path
) -> None:
    created = "created: { before: period.start, days: 1 }\n"
    release(desk, edit(newer, created, f"{created}start: by_hand\n"), "1001")
    wish = Wish(
        template=TEMPLATE, period=Period.parse("2026-01"), selection=Selection(), recurring=True, anyway=True
    )
    needs = desk.equipment.reports.identity_needs()
    for selection in (Selection(relations=("1001", "1002")), Selection(product="aangifte-btw")):
        wished = wish.model_copy(update={"selection": selection})
        found = desk.read(lambda connection, w=wished: candidates(connection, "ans", w, needs))
        assert isinstance(found, list), found
        theirs, others = (one.line for one in found)
        assert (theirs.result, "met de hand gestart" in theirs.text) == ("not_ready", True)
        assert others.result == "starts", others
    alone = wish.model_copy(update={"selection": Selection(relations=("1001",))})
    refusal = desk.read(lambda connection: candidates(connection, "ans", alone, needs))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "by_hand"


def test_a_bulk_start_fills_in_no_day_that_the_plan_of_a_pilot_asks_for(desk: Desk, newer: Path) -> None:
    asked = Asked(action="start", template=TEMPLATE, period="2026-01", anyway=True)
    chosen = Chosen(numbers="1001 1002")
    created = "created: { before: period.start, days: 1 }\n"
    release(desk, edit(newer, created, f"{created}start: on_date\n"), "1001")
    number = prepare(desk, "ans", asked, chosen)
    assert isinstance(number, int), number
    lines = desk.read(lambda connection: list_lines(connection, number))
    assert [(one.relation, one.foreseen) for one in lines] == [("1001", "not_ready"), ("1002", "ready")]


def test_relations_that_are_ready_and_differ_are_proposed_for_a_pilot(desk: Desk, newer: Path) -> None:
    found = suggest_relations(desk)
    assert not isinstance(found, Refusal)
    assert [(one.relation, one.legal_form, one.frequency) for one in found] == [
        ("1001", "bv", "maand"),
        ("1002", "eenmanszaak", "maand"),
    ]
    release(desk, newer, "1001")
    rest = suggest_relations(desk, TEMPLATE)
    assert not isinstance(rest, Refusal)
    assert [one.relation for one in rest] == ["1002"]
    assert isinstance(suggest_relations(desk, "anders"), Refusal)


def test_of_relations_for_a_pilot_those_with_a_filing_each_month_come_first(desk: Desk) -> None:
    snapshot = desk.read(lambda connection: load_snapshot(connection, None, date(2026, 1, 5)))
    one, other = snapshot.held["1001"], snapshot.held["1002"]
    monthly = one.products[0]
    quarterly = replace(monthly, frequency="quarter", way="signature")
    found = [Candidate(one, monthly), Candidate(other, quarterly), Candidate(one, monthly)]
    picked = pick_different(found)  # the quarterly one differs more from the first than the other does
    assert [each.product.frequency for each in picked] == ["month", "month", "quarter"]


def test_a_run_that_was_shown_and_is_void_is_listed_so(desk: Desk, newer: Path) -> None:
    asked = Asked(action="start", template=TEMPLATE, period="2026-01", anyway=True)
    number = prepare(desk, "ans", asked, Chosen(numbers="1001 1002"))
    assert isinstance(number, int), number
    (run,) = list_runs(desk).runs
    assert run.stage == "shown"
    release(desk, newer)
    (run,) = list_runs(desk).runs
    assert (run.number, run.stage, RUN_WORDS[run.stage]) == (number, "void", "vervallen")


def test_a_report_counts_what_happened_beside_the_plan_before(desk: Desk, newer: Path) -> None:
    release(desk, newer, "1001")
    (empty,) = reports_of(desk)
    assert "  0 opdrachten, waarvan 0 afgesloten." in say_report(empty)
    entries = [
        ("phase_entered", 1, {}),
        ("reminded", 3, {}),
        ("sent_back", 4, {}),
        ("sent_back", 4, {"reason": "510"}),
        ("phase_entered", 4, {}),
        ("phase_completed", 5, {}),
        ("decided", 6, {"answer": "reject"}),
        ("sent_back", 6, {}),
    ]
    with desk.equipment.database.write() as connection:
        for relation, days in (("1001", 0), ("1002", 4)):
            plan = plan_in_force(connection, TEMPLATE, relation)
            assert plan
            id = start(connection, relation, plan=plan.digest).id
            for number, (what, day, data) in enumerate(entries if relation == "1001" else entries[4:6]):
                values = {"what": what, "at": datetime(2026, 1, day + (day == 5) * days), "data": data}
                by = "kantoor" if data.get("reason") else "ans"  # what the authority refused
                fixed = {"filing": id, "sequence": 1, "index": number, "by": by, "phase": "opstellen"}
                connection.execute(timeline.insert().values(**fixed, **values, recorded_at=datetime.now(UTC)))
    assert remark(desk, "ans", f"{TEMPLATE}/1001/2026-01", "Te vroeg.", "one") is None
    assert remark(desk, "ans", f"{TEMPLATE}/1002/2026-01", "Te vroeg.", "two") == NOT_ON_PILOT
    (report,) = reports_of(desk)
    (theirs,), (others,) = report.theirs.phases, report.others.phases
    assert (theirs.entered, theirs.completed, theirs.days) == (2, 1, 1.0)
    assert (others.entered, others.completed, others.days) == (1, 1, 5.0)
    assert report.theirs.counts == {"reminded": 1, "sent_back": 1, "rejected": 1}
    said = [*say_report(report)]
    theirs_said = "2 keer begonnen, 1 keer afgerond, gemiddeld 1,0 dagen"
    assert (
        f"  Fase Opstellen: {theirs_said}; vorig plan: 1 keer begonnen, 1 keer afgerond, gemiddeld 5,0 dagen."
    ) in said
    assert "  Herinneringen: 1 (1,0 per opdracht); vorig plan: 0 (0,0 per opdracht)." in said
    assert said[-1].endswith("bij btw-aangifte/1001/2026-01: Te vroeg.")
    roll_back(desk, None, "Bea", "Terug")
    (ended,) = reports_of(desk)
    assert ended.pilot.how == "rollback"
    with desk.equipment.database.read() as connection:
        assert b"Te vroeg" not in b"".join(connection.execute(select(pilot_remarks.c.said)).scalars())


def reports_of(desk: Desk) -> tuple[PilotReport, ...]:
    found = read_reports(desk)
    assert not isinstance(found, Refusal)
    return found


def test_a_report_has_what_came_of_the_plan_and_phases_that_only_the_others_came_to(
    desk: Desk, newer: Path
) -> None:
    release(desk, newer, "1001")
    with desk.equipment.database.write() as connection:
        for relation in ("1001", "1002"):
            plan = plan_in_force(connection, TEMPLATE, relation)
            assert plan
            id = start(connection, relation, plan=plan.digest).id
            if relation == "1002":
                entry = {"what": "phase_entered", "at": datetime(2026, 1, 2), "data": {}, "by": "ans"}
                place = {"filing": id, "sequence": 1, "index": 0, "phase": "controle"}
                connection.execute(timeline.insert().values(**entry, **place, recorded_at=datetime.now(UTC)))
    (report,) = reports_of(desk)
    none, one = "0 keer begonnen, 0 keer afgerond", "1 keer begonnen, 0 keer afgerond"
    assert f"  Fase Controle: {none}; vorig plan: {one}." in say_report(report)
    promote(desk, None, "Bea", "Bevalt")
    assert list(say_report(reports_of(desk)[0]))[1].endswith(": daarna voor iedereen.")
    roll_back(desk, None, "Bea", "Toch niet")
    (report,) = reports_of(desk)
    assert report.pilot.taken_back
    day = in_words(report.pilot.taken_back.date())
    assert list(say_report(report))[1].endswith(f": daarna voor iedereen, tot dat op {day} is teruggezet.")


def test_days_of_releases_are_those_of_the_clock_of_a_practice_office(desk: Desk, newer: Path) -> None:
    shown = datetime(2026, 2, 2, 9)
    clock = PracticeClock(
        real_anchor=datetime.now(UTC), office_anchor=shown, seconds_per_day=86_400, until=datetime(2027, 1, 1)
    )
    with desk.equipment.database.write() as connection:
        write_clock(connection, to_builtins(clock), shown)
    release(desk, newer, "1001")
    moved = replace(clock, real_anchor=datetime.now(UTC), office_anchor=datetime(2026, 3, 2, 9))
    with desk.equipment.database.write() as connection:
        write_clock(connection, to_builtins(moved), moved.office_anchor)
    promote(desk, None, "Bea", "Bevalt")
    february, march = shown.date(), moved.office_anchor.date()
    (report,) = reports_of(desk)
    assert report.pilot.until
    assert (report.pilot.since.date(), report.pilot.until.date()) == (february, march)
    assert [one.at.date() for one in list_releases(desk)[:2]] == [march, february]
    lines = read_plans(desk)
    assert not isinstance(lines, Refusal)
    assert lines[0].since.date() == february
