"""The doctor finds what is planted, and says how to fix it."""

import asyncio
import errno
import json
import os
import re
import socket
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from kantoor.cli.main import execute
from kantoor.equipment import open_equipment
from kantoor.keys.ring import DOCUMENTS, KeyRing
from kantoor.local import practice
from kantoor.local.claims import claim
from kantoor.local.doctor import examine
from kantoor.local.doctor.machine import check_machine, check_room
from kantoor.local.environment import child_environment, settings_environment
from kantoor.local.keeping.backup import back_up
from kantoor.local.office import running_office
from kantoor.local.programs import server_file
from kantoor.office.alarms import NOT_RUNNING, raise_alarm
from kantoor.office.backed_up import note_backed_up
from kantoor.office.database.engine import open_database
from kantoor.office.database.tables import filings, team, work
from kantoor.office.document_store import DocumentStore
from kantoor.office.own_home import LOCK, note_started
from kantoor.period import Period
from kantoor.sbr.digipoort.practice_certificates import Authority, CertificateFolder
from kantoor.service.desk import Desk
from kantoor.service.starting.starting import Selection, Wish, start
from tests.keys.adding import add_key
from tests.local.homes import sample_office, settings_in


def silent(line: str) -> None:
    pass


def of(findings, *states):
    return {finding.subject: finding for finding in findings if finding.state in states}


@pytest.fixture
def settings(copied, prepared_home):
    return copied(prepared_home)


async def test_a_running_office_is_well_and_its_last_backup_compared_with_what_the_server_remembers(
    settings, tmp_path
):
    practice.init(settings, date(2025, 12, 31), 3600)
    async with running_office(settings, silent):
        findings = await examine(settings)
        assert "backup" not in of(findings, "good", "warning", "wrong")
        set_backed_up(settings, datetime.now(UTC) - timedelta(days=30, hours=1))
        with open_database(settings.database_url).write() as connection:
            raise_alarm(connection, NOT_RUNNING, "filing/x/2/2026-01/-/1", "", "seen this morning")
        again = await examine(settings)
        assert "alarms" not in of(again, "wrong"), "the server was looked at since"
        old = of(again, "warning")["backup"]
        done = back_up(settings, tmp_path)
        new = of(await examine(settings), "good")["backup"]
    (empty,) = of(findings, "wrong", "warning").values()
    assert empty.mend == "run `kantoor deploy`, then `kantoor relation import FOLDER` (docs/import.md)"
    good = of(findings, "good")
    assert {"kantoor up", "ports", "database", "clock", "keys", "server", "worker", "filings"} <= set(good)
    assert good["clock"].text == "a practice office: 2025-12-31 09:00, stopped"
    assert (
        good["Digipoort"].text == "the simulator accepts our certificate, and its signed answer is believed"
    )
    assert old.text.endswith(
        "what has ended, the server remembers for 30 days, so that some of what came since could not be "
        "fetched again"
    )
    assert old.mend.endswith("or have the server remember more: temporal.retention_days")
    assert new.text == (
        f"the last one is of {done.moment:%Y-%m-%d %H:%M} UTC; "
        "what has ended, the server remembers for 30 days"
    )


def set_backed_up(settings, moment):
    database = open_database(settings.database_url)
    with database.write() as connection:
        note_backed_up(connection, moment)
    database.close()


async def test_an_office_that_is_being_started_is_said_to_be_so_and_since_when(settings):
    before = datetime.now(UTC).replace(microsecond=0)
    with claim(settings.home):
        findings = await examine(settings)
        assert of(findings, "wrong") == {}
        (starting,) = of(findings, "warning").values()
        assert starting.text.startswith("kantoor up is starting the office, since ")
        since = re.search(r"since (\d\d:\d\d:\d\d) UTC", starting.text)[1]
        assert since in {f"{before + timedelta(seconds=second):%H:%M:%S}" for second in range(60)}
        note_started(settings.home)
        assert "is starting" not in " ".join(one.text for one in await examine(settings))
    with claim(settings.home):
        note_since(settings.home, hours=1)
        assert of(await examine(settings), "wrong")


def note_since(home, hours):
    long_ago = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    os.utime(home / LOCK, (long_ago, long_ago))


def test_where_the_database_of_an_office_is_gone_it_is_told_and_none_is_made(settings, monkeypatch, capsys):
    file = settings.home / "kantoor.db"
    file.unlink()
    for name, value in settings_environment(settings).items():
        monkeypatch.setenv(name, value)
    for words in ("up", "practice init --date 2026-01-05 --day 3600", "work --as sanne", "backup a.tar"):
        assert execute(words.split()) == 3, words
        said = capsys.readouterr().err
        assert f"{file} is gone" in said
        assert f"kantoor restore FILE --over {settings.home}" in said
    gone = of(asyncio.run(examine(settings)), "wrong")["database"]
    assert f"{file} is gone" in gone.text
    assert "kantoor restore FILE --over" in gone.mend
    assert not file.exists()


@pytest.mark.parametrize("made", [True, False])
async def test_where_no_office_is_a_first_user_is_told_what_to_do_and_nothing_is_wrong(tmp_path, made):
    if made:
        (tmp_path / "home").mkdir()
    findings = await examine(settings_in(tmp_path / "home"))
    assert of(findings, "wrong") == {}
    found = of(findings, "warning")
    assert found["kantoor up"].mend == "kantoor up"
    for command in ("practice init", "up", "demo"):
        assert f"kantoor {command}" in found["database"].mend
    assert found["certificate"].mend == "kantoor up makes them"


@pytest.mark.parametrize(("mebibytes", "state"), [(49, "wrong"), (499, "warning"), (500, "good")])
def test_a_full_disk_is_seen_coming(mebibytes, state, tmp_path, monkeypatch):
    usage = SimpleNamespace(free=mebibytes * 1024 * 1024)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    finding = check_room(tmp_path / "not" / "made" / "yet")
    assert (finding.subject, finding.state) == ("disk", state)
    assert finding.text.startswith(f"{mebibytes} MB free")


def test_what_a_killed_up_left_behind_is_no_stranger(settings):
    code = (
        "import socket, time; s = socket.create_server(('127.0.0.1', {})); print(flush=True); time.sleep(99)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code.format(settings.smtp.port)],
        env=child_environment(settings),
        stdout=subprocess.PIPE,
    ) as orphan:
        assert orphan.stdout
        orphan.stdout.readline()
        findings = check_machine(settings)
        other = check_machine(settings.model_copy(update={"home": settings.home / "other"}))
        orphan.kill()
    taken = of(other, "wrong")["ports"]
    assert taken.text.endswith(f"(process {orphan.pid}) of the kantoor office in {settings.home}")
    port = settings.smtp.port + (1000 if settings.smtp.port < 64000 else -1000)
    assert taken.mend.startswith("two offices need ports of their own: stop that office, or ")
    assert taken.mend.endswith(f"with KANTOOR_SMTP_PORT={port}")
    assert of(findings, "wrong") == {}
    told = {finding.text for finding in findings if finding.state == "warning"}
    assert f"one was killed and left 1 programs running (processes {orphan.pid})" in told
    assert f"port {settings.smtp.port} is held by a mail catcher that was left behind" in told


async def test_a_stopped_office_with_open_filings_and_no_server_file_is_told_what_to_do(settings):
    add_filings(settings, 2)
    (found,) = [one for one in await examine(settings) if one.subject == "server"]
    assert found.state == "wrong"
    assert found.text.endswith(
        "temporal.db is missing: 2 open filings and recurrences of the database run nowhere"
    )
    assert "kantoor restore" in found.mend
    assert "kantoor up, and then kantoor doctor --revive" in found.mend
    server_file(settings).parent.mkdir(parents=True, exist_ok=True)
    server_file(settings).touch()
    assert "server" not in of(await examine(settings), "wrong")


async def test_a_server_that_takes_connections_and_never_answers_is_told_as_away(settings):
    with socket.socket() as silent_server, claim(settings.home):
        note_started(settings.home)
        host, _, port = settings.temporal.address.rpartition(":")
        silent_server.bind((host, int(port)))
        silent_server.listen()
        asked = []
        found = of(await examine(settings, asked.append), "wrong")["server"]
    assert (
        found.text
        == f"the Temporal server at {settings.temporal.address} is unreachable or rejects the connection"
    )
    assert "asking the Temporal server" in asked


async def test_periods_that_nothing_covers_and_what_is_not_real_yet_are_told_with_what_to_do(settings):
    sample_office(open_equipment(settings))
    warnings = of(await examine(settings), "warning")
    assert "mail stays on this machine" in warnings["connected"].text
    assert "For real" in warnings["connected"].mend
    assert "tax_consultant_number, software_vendor_number" in warnings["definitions"].text
    found = warnings["periods"]
    start, *relations = found.mend.split(" --as PERSON")[0].split(" --relation ")
    assert re.fullmatch(r"kantoor start btw-aangifte --period 20\d\d-\S+", start)
    assert relations
    assert relations == sorted({*relations})


async def test_a_taken_port_is_found(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.smtp.port))
        other.listen()
        found = of(await examine(settings), "wrong")
    assert f"(process {os.getpid()})" in found["ports"].text
    assert "KANTOOR_SMTP_PORT" in found["ports"].mend


def put_document(settings, content=b"<xbrl/>"):
    equipment = open_equipment(settings)
    name = equipment.documents.put(content, "application/xml")
    equipment.close()
    return name


def add_filings(settings, count):
    """Write planned filings into the office database; return their ids."""
    equipment = open_equipment(settings)
    plan = sample_office(equipment)
    ids = [f"filing/btw-aangifte/1001/2026-01/-/{number}" for number in range(1, count + 1)]
    facts = {
        "template": "btw-aangifte",
        "relation": "1001",
        "period": "2026-01",
        "sub_number": "-",
        "product": "aangifte-btw",
        "plan": plan,
        "start_date": date(2026, 2, 1),
    }
    with equipment.database.write() as connection:
        for number, name in enumerate(ids, 1):
            connection.execute(filings.insert().values(id=name, sequence=number, **facts))
    equipment.close()
    return ids


async def test_keys_are_named_with_their_files_and_their_folder(settings):
    (told,) = [
        one.text for one in await examine(settings) if one.subject == "keys" and "temporal" in one.text
    ]
    key = KeyRing.open(settings.keys, may_make=False).newest
    assert told == f"temporal-1.key ({key.id}) in {settings.keys}"


async def test_missing_keys_are_told_with_what_cannot_be_read_and_nothing_is_made(settings):
    put_document(settings)
    for file in list(settings.keys.iterdir()):
        file.rename(settings.home / file.name)
    found = of(await examine(settings), "wrong")
    assert found["keys"].text.endswith("; unreadable until then: every document")
    assert "from the backup" in found["keys"].mend
    assert list(settings.keys.iterdir()) == []


async def test_of_many_filings_that_cannot_be_read_three_are_named(settings):
    first, second, third, *_ = sorted(add_filings(settings, 114))
    (settings.keys / "temporal-1.key").unlink()
    told = of(await examine(settings), "wrong")["keys"].text
    assert told.endswith(f" unreadable until then: {first}, {second}, {third} … and 111 more")


async def test_a_key_folder_that_cannot_be_read_is_told_as_such(settings):
    settings.keys.rename(settings.home / "aside")
    settings.keys.write_text("no folder")
    (found,) = [one for one in await examine(settings) if one.state == "wrong"]
    assert found.text == f"the key folder {settings.keys} cannot be read: Not a directory"
    assert found.mend.startswith("check its permissions")


async def test_a_key_that_was_used_before_and_is_gone_is_worth_knowing(settings):
    first = KeyRing.open(settings.keys, may_make=False).newest
    add_key(settings.keys, 2)
    open_equipment(settings).close()
    (settings.keys / "temporal-1.key").unlink()
    found = of(await examine(settings), "warning")["keys"]
    assert found.text.startswith(f"key {first.id} is not in {settings.keys}: ")


async def test_documents_with_one_trouble_are_one_finding(settings):
    names = {put_document(settings, bytes([number])) for number in range(6)}
    for file in [one for one in settings.documents.rglob("*") if one.is_file()]:
        file.write_bytes(file.read_bytes()[:-1])
    (found,) = [one for one in await examine(settings) if one.state == "wrong"]
    assert sum(name[:12] in found.text for name in names) == 3
    assert found.text.endswith(" … and 3 more")
    assert found.mend == "put the file back from the backup"


async def test_a_document_of_another_key_is_found(settings):
    equipment = open_equipment(settings)
    foreign = KeyRing.open(settings.home / "elsewhere", DOCUMENTS, may_make=True)
    DocumentStore(settings.documents, foreign, equipment.database).put(b"<xbrl/>", "application/xml")
    equipment.close()
    found = of(await examine(settings), "wrong")["documents"]
    assert found.mend == "put the documents key back from the backup"


async def test_a_certificate_that_has_expired_or_has_another_key_is_found(settings):
    files = CertificateFolder(settings.home / "certificates")
    old = Authority.make("x", datetime(2020, 1, 1, tzinfo=UTC)).issue(
        "kantoor.invalid", begin=datetime(2020, 1, 1, tzinfo=UTC), end=datetime(2021, 1, 1, tzinfo=UTC)
    )
    key = files.key("client").read_bytes()
    old.write(files.certificate("client"), files.key("client"))
    assert "expired on 01-01-2021" in of(await examine(settings), "wrong")["certificate"].text
    files.key("client").write_bytes(key)
    assert "does not belong" in of(await examine(settings), "wrong")["certificate"].text


async def test_filings_that_do_not_get_on_or_cannot_be_read_are_named(tmp_path):
    settings = settings_in(tmp_path)
    settings.local.mail = False  # nobody listens there: what the filing sends fails and is tried again
    practice.init(settings, date(2026, 2, 1), 3600)
    async with running_office(settings, silent) as office:
        sample_office(office.equipment)
        await start_one(Desk(office.equipment, await office.client()), "1001")
        found = await until_found(settings, "send_message is at attempt")
        assert "the mail server cannot be reached" in found[0]
        with office.equipment.database.write() as connection:
            connection.execute(team.update().values(active=False))
        assert await until_found(
            settings, "nobody holds the role administratie, which 'Stukken opvragen' needs"
        )
        ring = KeyRing.open(settings.keys, may_make=False)
        add_key(settings.keys, 2)
        open_equipment(settings).close()
        (settings.keys / "temporal-1.key").unlink()
        findings = await examine(settings)
    texts = [finding.text for finding in findings if finding.state == "wrong"]
    assert f"filing/btw-aangifte/1001/2026-01/-/1 cannot be read: key {ring.ids[0]} is missing" in texts
    assert any("the mail server cannot be reached; messages wait" in text for text in texts)


async def until_found(settings, text):
    async with asyncio.timeout(60):
        while True:
            found = [f.text for f in await examine(settings) if f.state == "wrong" and text in f.text]
            if found:
                return found
            await asyncio.sleep(0.2)


async def start_one(desk, relation):
    wish = Wish(
        template="btw-aangifte",
        period=Period.parse("2026-01"),
        selection=Selection(relations=(relation,)),
        start_date=date(2026, 2, 1),
    )
    (line,) = await start(desk, "marieke", wish, dry_run=False)
    assert line.text == "gestart", line


async def test_work_of_nobody_is_one_finding_for_each_role(settings):
    ids = add_filings(settings, 5)
    with open_database(settings.database_url).write() as connection:
        for name in ids:
            facts = {"kind": "phase", "item": "x", "phase": "x", "contacts": [], "missing": []}
            for position, role in enumerate(("salaris", "salaris", "nieuw")):
                row = {"filing": name, "position": position, "title": "Opstellen", "roles": [role]}
                connection.execute(work.insert().values(**row, **facts))
        connection.execute(team.update().values(active=False))
    found = [one.text for one in await examine(settings) if one.subject == "work"]
    assert found == [
        f"{', '.join(ids[:3])} … and 2 more: nobody holds the role {role}, which 'Opstellen' needs"
        for role in ("salaris", "nieuw")
    ]


async def test_a_damaged_database_is_put_back_and_one_that_cannot_be_opened_has_its_rights_looked_at(
    settings,
):
    file = settings.home / "kantoor.db"
    file.write_bytes(b"no database" * 1000)
    damaged = of(await examine(settings), "wrong")["database"]
    assert damaged.mend == "put the database back from the backup; kantoor up makes no new one in its place"
    file.unlink()
    file.mkdir()
    closed = of(await examine(settings), "wrong")["database"]
    assert closed.mend.startswith("check that it exists, and its permissions")
    assert "new office" not in closed.mend


async def test_a_home_that_cannot_be_written_is_found(settings, monkeypatch):
    def refuse(**where):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    found = of(await examine(settings), "wrong")
    assert found["home"].text == f"{settings.home} cannot be written: Read-only file system"
    assert set(found) == {"home"}


async def test_a_home_that_is_no_folder_is_all_that_is_told(tmp_path):
    (tmp_path / "home").write_text("no folder")
    (found,) = await examine(settings_in(tmp_path / "home"))
    assert found.text == f"{tmp_path / 'home'} cannot be read: Not a directory"


async def test_alarms_of_one_kind_are_one_finding(settings):
    with open_database(settings.database_url).write() as connection:
        for number in range(1, 6):
            name = f"filing/x/{number}/2026-01/-/1"
            raise_alarm(connection, "conflict", name, "7", f"two records of step {number} differ")
        raise_alarm(connection, "lost", "filing/x/9/2026-01/-/1", "7", "it is lost")
    first, second = (one.text for one in await examine(settings) if one.subject == "alarms")
    assert first.startswith("filing/x/1/2026-01/-/1: two records of step 1 differ (")
    assert first.endswith("; likewise filing/x/2/2026-01/-/1, filing/x/3/2026-01/-/1 … and 2 more")
    assert "it is lost" in second


async def test_alarms_are_shown(settings):
    with open_database(settings.database_url).write() as connection:
        raise_alarm(connection, "conflict", "filing/x/1/2026-01/-/1", "7", "two records of step 7 differ")
        raise_alarm(connection, NOT_RUNNING, "filing/x/2/2026-01/-/1", "", "open, and does not run")
    texts = [one.text for one in await examine(settings) if one.subject == "alarms"]
    assert "filing/x/1/2026-01/-/1: two records of step 7 differ" in texts[0]
    assert "filing/x/2/2026-01/-/1: open, and does not run" in texts[1]


def test_the_command_says_it_in_text_and_json_and_in_its_status(settings, monkeypatch, capsys):
    for name, value in settings_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert execute(["doctor"]) == 0
    assert "warning   kantoor up" in capsys.readouterr().out
    (settings.home / "certificates" / "client.pem").write_text("x")
    assert execute(["doctor", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert [one["subject"] for one in json.loads(told.out) if one["state"] == "wrong"] == ["certificate"]
    assert told.err == "Error: 1 problem found\n"
