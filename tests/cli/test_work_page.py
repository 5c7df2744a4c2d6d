"""What `kantoor work` prints for a client: what to type to read, and to answer by how it is offered."""

from datetime import date

import msgspec
import pytest

from kantoor.cli.main import execute
from kantoor.cli.work_page import to_decide, to_read
from kantoor.data import replace
from kantoor.filing.view import View
from kantoor.local.environment import settings_environment
from kantoor.local.first_start import prepare
from kantoor.office.database.tables import filings
from kantoor.office.filings.filing import NewFiling, create_filing
from kantoor.service.reading import Informed, Waiting
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
        "Aanbieden aan de klant, Aangifte btw over het eerste kwartaal van 2026:",
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
        filing_title="Aangifte btw",
        period="2026-Q1",
        phase="aanbieden",
        documents=("aangifte",),
        object_until=date(2026, 4, 22),
    )
    assert list(to_read([told], "c-anja")) == [
        "",
        "Ter informatie, Aangifte btw over het eerste kwartaal van 2026"
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


def test_a_client_who_was_informed_is_told_how_to_read_the_last_of_it(tmp_path, monkeypatch, capsys):
    equipment = prepare(settings_in(tmp_path), lambda said: None)
    plan = sample_office(equipment)
    view = msgspec.to_builtins(informed_view())
    with equipment.database.write() as connection:
        for period, start in (("2026-02", date(2026, 1, 31)), ("2026-01", date(2025, 12, 31))):
            new = NewFiling(
                id=f"filing/btw-aangifte/1007/{period}/-/1",
                template="btw-aangifte",
                relation="1007",
                period=period,
                product="aangifte-btw",
                plan=plan,
                title="Aangifte btw",
                start_date=start,
            )
            create_filing(connection, new)
        connection.execute(filings.update().values(view=view))
    equipment.close()
    for name, value in settings_environment(settings_in(tmp_path)).items():
        monkeypatch.setenv(name, value)
    assert execute(["work", "--as", "wietske@elzingafoto.example"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Uw werklijst is leeg.",
        "",
        "Ter informatie, Aangifte btw over februari 2026:",
        "  bekijken:      kantoor filing document btw-aangifte/1007/2026-02 --document aangifte",
    ]
    assert execute(["work", "--as", "c-hugo"]) == 0
    assert capsys.readouterr().out == "Uw werklijst is leeg.\n"
    assert execute(["work", "--as", "marieke"]) == 0
    assert "Ter informatie" not in capsys.readouterr().out
