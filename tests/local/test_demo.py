"""The demo's own parts: its home, its sample office, and the check of journal against database."""

import asyncio
import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from temporalio.service import RPCError, RPCStatusCode

from kantoor.cli.main import execute
from kantoor.equipment import open_equipment
from kantoor.keys.ring import KeyFileError
from kantoor.local.claims import claim
from kantoor.local.demo.audit import differences
from kantoor.local.demo.changing import change
from kantoor.local.demo.home import make_home
from kantoor.local.demo.play import MANAGER, VISITORS, make_links, tell_end
from kantoor.local.demo.players import INFORMED, MONTHLY, SAMPLE
from kantoor.local.demo.printing import describe_kill, folder
from kantoor.local.demo.scenes import DEFINITIONS, importing
from kantoor.local.demo.stage import TEMPLATE, DemoFailedError, Stage, WaitedInVainError
from kantoor.local.environment import settings_environment
from kantoor.local.errors import LocalError, PortTakenError
from kantoor.office.database.errors import DatabaseFullError
from kantoor.office.database.tables import deliveries, timeline
from kantoor.office.filings.deliveries import (
    NewDelivery,
    begin_delivery,
    mark_delivery_judged,
    mark_delivery_taken,
)
from kantoor.office.filings.filing import NewFiling, create_filing
from kantoor.office.people import find_person
from kantoor.office.plans import plan_in_force
from kantoor.office.relations.next_starts import find_missing_of
from kantoor.runtime.connecting import ServerAwayError
from kantoor.sbr.digipoort.simulator.journal import Entry, Journal, digest
from kantoor.sbr.digipoort.simulator.script import read_script
from kantoor.sbr.registry import REPORTS
from kantoor.service.desk import Desk
from kantoor.service.releasing.deploying import (
    Deployable,
    Deployed,
    deploy,
    describe_published,
    read_definitions,
)
from kantoor.service.visiting.managing import give_management
from kantoor.settings import SettingsError
from tests.local.homes import settings_in
from tests.office.material import have_in_force
from tests.portal.visitors import Pages

from ..shipped import compile_shipped

CONTENT = b"<xbrl>1000</xbrl>"
FILING = "filing/btw-aangifte/1001/2026-01/-/1"
NOW = datetime(2026, 2, 4, 9, tzinfo=UTC)
SCRIPT = SAMPLE / "simulator-script.yaml"


@pytest.fixture
def equipment(copied, sample_home):
    """The sample office, with one filing."""
    equipment = open_equipment(copied(sample_home))
    with equipment.database.read() as connection:
        published = plan_in_force(connection, "btw-aangifte", "1001").digest
    new = NewFiling(
        id=FILING,
        template="btw-aangifte",
        relation="1001",
        period="2026-01",
        product="aangifte-btw",
        plan=published,
        title="Aangifte btw",
        start_date=date(2025, 12, 31),
    )
    with equipment.database.write() as connection:
        create_filing(connection, new)
    yield equipment
    equipment.close()


def delivered(equipment, journal, *, content=CONTENT, kenmerk="k-1", number=7):
    """One delivery, as database and journal have it when all is well."""
    name = equipment.documents.put(content, "application/xml")
    new = NewDelivery(
        filing=FILING,
        number=number,
        attempt=1,
        relation="1001",
        identity_digest="d",
        message_kind="Omzetbelasting",
        document="aangifte",
        sha256=name,
        aanleverkenmerk=f"a-{number}",
        begun_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )
    with equipment.database.write() as connection:
        begin_delivery(connection, new)
        mark_delivery_taken(connection, FILING, number, kenmerk, NOW)
        mark_delivery_judged(connection, FILING, number, accepted=True, code="500", text="", at=NOW)
    took(journal, content, kenmerk, f"a-{number}")
    return name


def took(journal, content, kenmerk, aanleverkenmerk):
    opened = Journal(journal)
    entry = Entry(
        kenmerk=kenmerk,
        identity="001001607B01",
        identity_kind="Fi",
        message_kind="Omzetbelasting",
        aanleverkenmerk=aanleverkenmerk,
        sha256=digest(content),
        accepted=NOW,
        scenario="happy",
        course=(),
        final_status="500",
    )
    opened.take(entry, content)
    opened.close()


def told(equipment, *lines, sequence=1):
    """Write lines on the filing's timeline."""
    with equipment.database.write() as connection:
        for index, (what, data) in enumerate(lines):
            connection.execute(
                timeline.insert().values(
                    filing=FILING,
                    sequence=sequence,
                    index=index,
                    at=NOW.replace(tzinfo=None),
                    by="c-anja",
                    what=what,
                    phase="aanbieden",
                    data=data,
                    recorded_at=NOW,
                )
            )


def approved(equipment, name):
    told(equipment, ("decided", {"answer": "approve", "hashes": name}))


def test_one_approved_delivery_that_arrived_once_is_in_order(equipment, tmp_path):
    approved(equipment, delivered(equipment, tmp_path / "digipoort"))
    assert differences(equipment, tmp_path / "digipoort") == []


def test_what_was_shown_under_a_standing_authority_is_in_order_and_a_rejected_one_is_not(equipment, tmp_path):
    name = delivered(equipment, tmp_path / "digipoort")
    told(equipment, ("offer_released", {"hashes": name}), ("decided", {"answer": "reject", "hashes": name}))
    assert differences(equipment, tmp_path / "digipoort") == [
        f"{FILING}: what was delivered was neither approved nor shown"
    ]
    told(equipment, ("offer_released", {"hashes": name}), ("informed", {}), sequence=2)
    assert differences(equipment, tmp_path / "digipoort") == []


def test_bytes_that_arrived_twice_are_found(equipment, tmp_path):
    name = delivered(equipment, tmp_path / "digipoort")
    approved(equipment, name)
    took(tmp_path / "digipoort", CONTENT, "k-2", "a-8")
    assert differences(equipment, tmp_path / "digipoort") == [
        f"{name[:12]} was delivered 2 times",
        "the journal has k-2, the database does not",
    ]


def test_a_delivery_that_never_arrived_is_found(equipment, tmp_path):
    approved(equipment, delivered(equipment, tmp_path / "digipoort"))
    assert differences(equipment, tmp_path / "another") == [
        f"{FILING}: delivery 7 is not in the journal",
    ]


def test_other_bytes_than_were_sent_are_found(equipment, tmp_path):
    name = delivered(equipment, tmp_path / "digipoort")
    approved(equipment, name)
    (tmp_path / "digipoort" / "contents" / name).write_bytes(CONTENT + b" ")
    assert differences(equipment, tmp_path / "digipoort") == [
        f"{FILING}: the bytes that arrived differ from those sent"
    ]


def test_another_outcome_than_the_authority_gave_is_found(equipment, tmp_path):
    approved(equipment, delivered(equipment, tmp_path / "digipoort"))
    with equipment.database.write() as connection:
        connection.execute(deliveries.update().values(status="refused"))
    assert differences(equipment, tmp_path / "digipoort") == [
        f"{FILING}: k-1 ended differently from what the database says"
    ]


def test_the_sample_office_has_everybody_ready_but_one(equipment):
    office = compile_shipped()
    assert office.office
    plan = office.plans["btw-aangifte"]
    with equipment.database.read() as connection:
        missing = find_missing_of(
            connection, have_in_force(plan), REPORTS.identity_needs(), date(2025, 12, 31), [*MONTHLY, "1011"]
        )
    assert {number for (number, _), found in missing.items() if found} == {"1011"}
    assert len(missing["1011", plan.template]) >= 4
    assert INFORMED in MONTHLY


def test_the_script_of_the_demo_is_one(tmp_path):
    assert len(read_script(SCRIPT).rows) == 3


def test_the_demo_prints_of_a_deploy_what_the_command_prints(tmp_path, monkeypatch, capsys):
    settings = settings_in(tmp_path / "shown")
    for name, value in settings_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert execute(["deploy", str(DEFINITIONS), "--by", "Bea"]) == 0
    told = capsys.readouterr().out.splitlines()
    ready = read_definitions(DEFINITIONS)
    assert isinstance(ready, Deployable)
    desk = Desk(open_equipment(settings_in(tmp_path / "shown")))
    result = deploy(desk, ready, "demo")
    assert isinstance(result, Deployed)
    desk.equipment.close()
    again = [describe_published(plan).replace("unchanged", "new") for plan in result.plans]
    assert again == told


def test_the_demo_prints_of_an_import_what_the_command_prints(equipment, tmp_path, monkeypatch, capsys):
    for name, value in settings_environment(settings_in(tmp_path)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(Path(__file__).parents[2])
    said = []
    office = SimpleNamespace(equipment=equipment)
    stage = Stage(office, Desk(equipment), lambda text: said.append(text.removeprefix("   ")))
    asyncio.run(importing(stage))
    command, *lines = said
    assert command == "$ kantoor relation import platform/local/sample"
    assert execute(command.removeprefix("$ kantoor ").split()) == 0
    assert lines == capsys.readouterr().out.splitlines()


def test_the_demo_prints_of_a_change_what_the_commands_print_and_goes_back(town, kantoor):
    filing, said = town.begun(), []
    old = filing.now().plan

    def say(text):
        said.extend(text.removeprefix("   ") for text in text.splitlines() or [""])

    async def scene(desk):
        await change(Stage(SimpleNamespace(), desk, say), Path("definitions"), filing.name)

    town.play(scene)
    typed = [line for line in said if line.startswith("$ kantoor ")]
    compared, tried, *_ = [line.split("|")[0].split()[2:] for line in typed]
    told = kantoor(*compared)[1].splitlines()
    shown = said[1 : said.index(typed[1])]
    assert shown
    assert [line for line in shown if line.removesuffix(" …") not in told] == []
    deploys = [line for line in kantoor(*tried)[1].splitlines() if TEMPLATE in line]
    assert said[len(shown) + 2 :][: len(deploys)] == deploys
    (new,) = (line.split()[1] for line in deploys if line.endswith(" changed"))
    place = next(place for place, line in enumerate(said) if line.startswith("$ kantoor bulk move"))
    number = next(iter(kantoor.json("bulk", "list")))["number"]
    run = kantoor("bulk", "show", str(number))[1].splitlines()
    going_back = [
        line.replace("vervallen", "nog te bevestigen") for line in run[:2]
    ]  # it holds no more by now
    assert going_back == said[place + 1 :][:2]
    page = kantoor("filing", "show", filing.name)[1].splitlines()
    assert said[-2:] == [line.strip() for line in page if "Verplaatst" in line]
    assert filing.now().plan == old
    assert [one["digest"] for one in kantoor.json("plans", "--template", TEMPLATE) if one["active"]] == [old]
    asked = ("filing", "move", filing.name, "--to", new, "--mark", "0" * 12, "--as", "marieke")
    kantoor.refused("not_manager", *asked)


def test_the_addresses_at_the_end_of_the_demo_sign_each_visitor_in(equipment, tmp_path):
    desk = Desk(dataclasses.replace(equipment, practice=True))
    give_management(desk, MANAGER)
    told = tell_end(tmp_path, tmp_path / "aangifte.html", make_links(desk), 1)
    printed = [line.strip() for line in told.splitlines() if line.strip().startswith(desk.settings.base_url)]
    assert len(printed) == len(VISITORS)
    pages = Pages(desk)
    for link, (who, _) in zip(printed, VISITORS, strict=True):
        browser = pages.stranger()
        page = browser.open(urlsplit(link).path).press("Ja, log mij in")
        assert page.status == 200
        name = desk.read(lambda connection, who=who: find_person(connection, who)).name
        assert name in page.tree.xpath("string(//header)")
        assert page.path == ("/mijn" if who.startswith("c-") else "/werk")


def test_a_folder_is_printed_as_it_is_typed_from_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert folder(tmp_path / "a" / "b") == "a/b"
    assert folder(SAMPLE) == str(SAMPLE.resolve())


def test_a_demo_in_its_own_home_plays_there_again(tmp_path, monkeypatch):
    played = []

    async def playing(home, *_):
        played.append(home)

    monkeypatch.setattr("kantoor.cli.demo.play", playing)
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path))
    assert execute(["demo"]) == 0
    made = make_home(tmp_path / "demo", SCRIPT)
    monkeypatch.setenv("KANTOOR_HOME", str(made.home))
    assert execute(["demo"]) == 0
    assert played == [made.home, made.home]


def test_a_quick_or_busy_machine_is_said_so_and_fails_nothing():
    assert describe_kill(0).startswith("killed the worker (SIGKILL) after the last return had landed")
    assert describe_kill(1).endswith("with 1 return in flight")
    assert describe_kill(2).endswith("with 2 returns in flight")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DemoFailedError("boeken wijken af"), 70),
        (WaitedInVainError("waited in vain"), 3),
        (PortTakenError("port 2525 is taken"), 3),
        (ServerAwayError("the Temporal server does not answer"), 3),
        (RPCError("away", RPCStatusCode.UNAVAILABLE, b""), 3),
        (DatabaseFullError("the disk is full"), 3),
        (KeyFileError("no key can be written"), 3),
        (PermissionError(13, "Permission denied", "x/y"), 3),
        (SettingsError(["KANTOOR_X is not a setting"]), 2),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("logs", [True, False])
def test_whatever_a_demo_fails_of_its_last_line_says_what_to_do(
    error, status, logs, tmp_path, monkeypatch, capsys
):
    async def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("kantoor.cli.demo.play", failing)
    if logs:
        (tmp_path / "logs").mkdir()
    assert execute(["demo", "--home", str(tmp_path)]) == status
    *first, last = capsys.readouterr().err.splitlines()
    assert first[0].startswith("Error: ")
    told = f"The logs of its programs are in {tmp_path / 'logs'}; " if logs else ""
    assert last == f"{told}kantoor demo (make demo) starts over."


def test_a_demo_where_no_folder_can_be_made_says_so_and_what_to_do(tmp_path, capsys):
    (tmp_path / "bestand").touch()
    assert execute(["demo", "--home", str(tmp_path / "bestand" / "demo")]) == 3
    assert capsys.readouterr().err == (
        f"Error: {tmp_path / 'bestand' / 'demo'}: Not a directory\nkantoor demo (make demo) starts over.\n"
    )


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path):
    (tmp_path / "brief.txt").write_text("belangrijk")
    with pytest.raises(LocalError, match="left unchanged"):
        make_home(tmp_path, SCRIPT)
    assert (tmp_path / "brief.txt").exists()


def test_a_demo_makes_its_home_anew_unless_its_office_runs(tmp_path):
    first = make_home(tmp_path / "demo", SCRIPT)
    (first.home / "old").touch()
    with claim(first.home), pytest.raises(LocalError, match="is still running"):
        make_home(tmp_path / "demo", SCRIPT)
    second = make_home(tmp_path / "demo", SCRIPT)
    assert not (second.home / "old").exists()
    assert second.local.script == second.home / "simulator-script.yaml"
