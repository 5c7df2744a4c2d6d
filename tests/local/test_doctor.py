"""The doctor finds what is planted, and says how to mend it."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from kantoor.cli.main import execute
from kantoor.local import practice
from kantoor.local.doctor import examine
from kantoor.local.doctor.machine import check_machine, check_room
from kantoor.local.environment import child_environment, settings_environment
from kantoor.local.first_start import prepare
from kantoor.local.office import running_office
from kantoor.office.alarms import raise_alarm
from kantoor.office.database import open_database
from kantoor.office.documents import DocumentStore
from kantoor.office.tables import team
from kantoor.period import Period
from kantoor.runtime.keys import DOCUMENTS, KeyRing
from kantoor.sbr.digipoort.authority import Authority, CertificateFolder
from kantoor.service.desk import Desk
from kantoor.service.starting import Selection, Wish, start
from tests.local.homes import sample_office, settings_in
from tests.runtime.keys import add_key


def silent(line: str) -> None:
    pass


def of(findings, *states):
    return {finding.subject: finding for finding in findings if finding.state in states}


@pytest.fixture
def settings(tmp_path):
    settings = settings_in(tmp_path)
    prepare(settings, silent).close()
    return settings


async def test_a_running_practice_office_is_well(settings):
    practice.init(settings, date(2025, 12, 31), 3600)
    async with running_office(settings, silent):
        findings = await examine(settings)
    assert of(findings, "wrong", "warning") == {}
    good = of(findings, "good")
    assert {"kantoor up", "ports", "database", "clock", "keys", "server", "worker", "filings"} <= set(good)
    assert good["clock"].text == "a practice office: 2025-12-31 09:00, stands still"
    assert good["Digipoort"].text == "the simulator answers and takes our certificate"


async def test_an_office_that_is_not_started_is_told_to_start_and_nothing_is_wrong(tmp_path):
    findings = await examine(settings_in(tmp_path / "home"))
    assert of(findings, "wrong") == {}
    found = of(findings, "warning")
    assert found["kantoor up"].mend == "kantoor up"
    assert found["database"].mend == "kantoor up makes it"
    assert found["certificate"].mend == "kantoor up makes those"


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
        orphan.kill()
    assert of(findings, "wrong") == {}
    told = {finding.text for finding in findings if finding.state == "warning"}
    assert f"one was killed and left 1 programs running (processes {orphan.pid})" in told
    assert f"port {settings.smtp.port} is held by a mail catcher that was left behind" in told


async def test_a_taken_port_is_found(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.smtp.port))
        other.listen()
        found = of(await examine(settings), "wrong")
    assert f"(process {os.getpid()})" in found["ports"].text
    assert "KANTOOR_SMTP_PORT" in found["ports"].mend


async def test_missing_keys_are_told_with_what_cannot_be_read_and_nothing_is_made(settings):
    database = open_database(settings.database_url)
    key = KeyRing.open(settings.keys, DOCUMENTS, may_make=False).newest
    DocumentStore(settings.documents, key.secret, database).put(b"<xbrl/>", "application/xml")
    before = {file: file.read_bytes() for file in settings.keys.iterdir()}
    for file in before:
        file.rename(settings.home / file.name)
    found = of(await examine(settings), "wrong")
    assert found["keys"].text.endswith("not to be read without it: every document")
    assert "from the backup" in found["keys"].mend
    assert list(settings.keys.iterdir()) == []


async def test_another_key_in_the_place_of_the_right_one_and_a_damaged_document_are_found(settings):
    database = open_database(settings.database_url)
    key = KeyRing.open(settings.keys, DOCUMENTS, may_make=False).newest
    name = DocumentStore(settings.documents, key.secret, database).put(b"<xbrl/>", "application/xml")
    (file,) = (one for one in settings.documents.rglob("*") if one.is_file())
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert name[:12] in of(await examine(settings), "wrong")["documents"].text
    file.write_bytes(whole)
    (settings.keys / "documents-1.key").unlink()
    KeyRing.open(settings.keys, DOCUMENTS, may_make=True)
    assert of(await examine(settings), "wrong")["documents"].mend == "put the documents key back"


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
        assert await until_found(settings, "'Stukken opvragen' is for administratie, and nobody is")
        ring = KeyRing.open(settings.keys, may_make=False)
        add_key(settings.keys, 2)
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


async def test_alarms_are_shown(settings):
    with open_database(settings.database_url).write() as connection:
        raise_alarm(connection, "conflict", "filing/x/1/2026-01/-/1", "7", "two records of step 7 differ")
    found = of(await examine(settings), "wrong")["alarms"]
    assert "filing/x/1/2026-01/-/1: two records of step 7 differ" in found.text


def test_the_command_says_it_in_text_and_json_and_in_its_status(settings, monkeypatch, capsys):
    for name, value in settings_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert execute(["doctor"]) == 0
    assert "warning   kantoor up" in capsys.readouterr().out
    (settings.home / "certificates" / "client.pem").write_text("x")
    assert execute(["doctor", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert [one["subject"] for one in json.loads(told.out) if one["state"] == "wrong"] == ["certificate"]
    assert told.err == "Error: 1 thing is wrong\n"
