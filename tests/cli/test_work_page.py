"""What `kantoor work` prints for a client: what to type to read, and to answer by how it is offered."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from kantoor.cli.main import execute
from kantoor.cli.work_page import to_decide, to_read
from kantoor.data import replace
from kantoor.filing.view import View
from kantoor.local.environment import settings_environment
from kantoor.local.first_start import prepare
from kantoor.office.database.tables import filings, relation_contacts, work
from kantoor.office.filings.filing import NewFiling, create_filing
from kantoor.service.overviews.reading import Informed, Waiting
from tests.filing.driver import RECIPIENT, Driver
from tests.filing.plans import VAT
from tests.local.homes import sample_office, settings_in

LINE = {
    "filing": "filing/btw-aangifte/1001/2026-Q1/-/1",
    "template": "btw-aangifte",
    "filing_title": "Aangifte btw",
    "relation": "1001",
    "relation_name": "Bakkerij De Korenaar B.V.",
    "period": "2026-Q1",
    "kind": "decide",
    "item": "aanbieden",
    "phase": "aanbieden",
    "title": "Aanbieden aan de klant",
    "roles": (),
    "due": date(2026, 4, 24),
    "late": False,
    "missing": (),
    "proof": None,
    "documents": ("aangifte",),
}
NAME = "btw-aangifte/1001/2026-Q1"


def line(**facts: object) -> Waiting:
    return Waiting(**LINE | facts)


@pytest.mark.parametrize(
    ("way", "label", "answer"),
    [("approval", "akkoord:      ", "approve"), ("signature", "ondertekenen: ", "sign")],
)
def test_what_to_type_follows_how_it_is_offered(way: str, label: str, answer: str) -> None:
    assert list(to_decide([line(way=way)], "c-anja")) == [
        "",
        "Aanbieden aan de klant, Aangifte btw over het eerste kwartaal van 2026 voor "
        "1001 Bakkerij De Korenaar B.V.:",
        f"  bekijken:      kantoor filing document {NAME} --document aangifte",
        f"  {label} kantoor filing decide {NAME} {answer} --as c-anja",
        f"  afkeuren:      kantoor filing decide {NAME} reject --reason TEXT --as c-anja",
    ]


def test_of_two_decisions_on_one_filing_each_names_its_phase() -> None:
    both = [line(way="approval"), line(way="signature", phase="tekenen", item="tekenen")]
    answers = [text for text in to_decide(both, "c-anja") if " decide " in text]
    assert [text.split("--phase ")[1].split()[0] for text in answers] == [
        *("aanbieden", "aanbieden"),
        *("tekenen", "tekenen"),
    ]


def test_who_was_informed_is_told_how_to_object_for_as_long_as_they_can() -> None:
    told = Informed(
        filing=LINE["filing"],
        relation="1001",
        relation_name="Bakkerij bv",
        filing_title="Aangifte btw",
        period="2026-Q1",
        phase="aanbieden",
        documents=("aangifte",),
        object_until=date(2026, 4, 22),
    )
    assert list(to_read([told], "c-anja")) == [
        "",
        "Ter informatie, Aangifte btw over het eerste kwartaal van 2026 voor 1001 Bakkerij bv"
        " (bezwaar maken kan tot en met 22 april 2026):",
        f"  bekijken:      kantoor filing document {NAME} --document aangifte",
        f"  afkeuren:      kantoor filing decide {NAME} reject --reason TEXT --phase aanbieden --as c-anja",
    ]


def test_other_work_needs_no_more_than_its_line() -> None:
    assert list(to_decide([line(kind="phase"), line(kind="task")], "sanne")) == []


def informed_view() -> View:
    """Return a return of which Wietske was informed under her standing authority."""
    filing = Driver(VAT)
    filing.resolution = {
        "recipients": (replace(RECIPIENT, contact="c-wietske"),),
        "way": "information",
        "standing_until": date(2026, 12, 31),
    }
    filing.to_offer()
    return filing.view


def new_filing(relation: str, period: str, plan: str, start: date) -> NewFiling:
    return NewFiling(
        id=f"filing/btw-aangifte/{relation}/{period}/-/1",
        template="btw-aangifte",
        relation=relation,
        period=period,
        product="aangifte-btw",
        plan=plan,
        title="Aangifte btw",
        start_date=start,
    )


def use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands of this test find the office."""
    for name, value in settings_environment(settings_in(home)).items():
        monkeypatch.setenv(name, value)


def test_a_contact_of_two_relations_reads_of_each_line_and_each_block_whose_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    equipment = prepare(settings_in(tmp_path), lambda said: None)
    plan = sample_office(equipment)
    offered, informed = Driver(VAT), informed_view()
    offered.resolution = {"recipients": (replace(RECIPIENT, contact="c-wietske"),)}
    offered.to_offer()
    (row,) = [msgspec.to_builtins(one) for one in offered.view.work if one.kind == "decide"]
    row["item"] = row.pop("id")
    with equipment.database.write() as connection:
        served = {"contact": "c-wietske", "relation": "1003", "functions": [], "primary": False}
        connection.execute(relation_contacts.insert().values(**served))
        for relation in ("1003", "1007"):
            for period, view in (("2026-01", informed), ("2026-02", offered.view)):
                new = new_filing(relation, period, plan, date(2025, 12, 31))
                create_filing(connection, new)
                mine = filings.c.id == new.id
                connection.execute(filings.update().where(mine).values(view=msgspec.to_builtins(view)))
            connection.execute(work.insert().values(row | {"filing": new.id, "position": 1}))
    equipment.close()
    use(tmp_path, monkeypatch)
    assert execute(["work", "--as", "c-wietske"]) == 0
    said = capsys.readouterr().out.splitlines()
    names = ("1003 VOF De Twee Gezusters", "1007 Fotografie Elzinga")
    about = [line for line in said if "btw-aangifte/" in line and "kantoor" not in line]
    assert [[name for name in names if name in line] for line in about] == [[name] for name in names]
    assert [line for line in said if line.endswith(":")] == [
        *(f"Aanbieden aan de klant, Aangifte btw over februari 2026 voor {name}:" for name in names),
        *(f"Ter informatie, Aangifte btw over januari 2026 voor {name}:" for name in names),
    ]


def test_a_client_who_was_informed_is_told_how_to_read_the_last_of_it(tmp_path, monkeypatch, capsys):
    equipment = prepare(settings_in(tmp_path), lambda said: None)
    plan = sample_office(equipment)
    view = msgspec.to_builtins(informed_view())
    with equipment.database.write() as connection:
        for period, start in (("2026-02", date(2026, 1, 31)), ("2026-01", date(2025, 12, 31))):
            create_filing(connection, new_filing("1007", period, plan, start))
        connection.execute(filings.update().values(view=view))
    equipment.close()
    use(tmp_path, monkeypatch)
    assert execute(["work", "--as", "wietske@elzingafoto.example"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Uw werklijst is leeg.",
        "",
        "Ter informatie, Aangifte btw over februari 2026 voor 1007 Fotografie Elzinga:",
        "  bekijken:      kantoor filing document btw-aangifte/1007/2026-02 --document aangifte",
    ]
    assert execute(["work", "--as", "c-hugo"]) == 0
    assert capsys.readouterr().out == "Uw werklijst is leeg.\n"
    assert execute(["work", "--as", "marieke"]) == 0
    assert "Ter informatie" not in capsys.readouterr().out
