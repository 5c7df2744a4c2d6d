"""What an import takes away from work that goes on is told before it is done (R25)."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from kantoor.clock import PracticeClock
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import deliveries, filings, relation_links, work
from kantoor.office.exchange import (
    Costly,
    Edit,
    Edited,
    Imported,
    NotImported,
    Rules,
    Unless,
    edit,
    import_folder,
)
from kantoor.office.exchange.columns import file_kinds
from kantoor.office.exchange.holdings import load
from kantoor.office.filings.recurrences import Recurrence
from kantoor.office.office_clock import write_clock
from kantoor.office.overviews.recurring import tell_gone
from kantoor.office.plans import publish
from kantoor.office.presence_changes import Author
from kantoor.office.relations.changes import find_version
from kantoor.office.relations.relation import find_relation
from kantoor.period import Period
from kantoor.plan import digest
from kantoor.sbr.registry import REPORTS
from kantoor.service.relations.identities import check_relation_identity

from ..shipped import compile_shipped
from .material import NOW, start

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "import.md").read_text("utf-8")
SHIPPED = compile_shipped()
PLAN = SHIPPED.plans["btw-aangifte"]
FILING = "filing/btw-aangifte/1001/2026-01/-/1"
SENT = {
    "number": 1,
    "attempt": 1,
    "relation": "1001",
    "identity_digest": "x",
    "message_kind": "Omzetbelasting",
    "document": "aangifte",
    "sha256": "x",
    "aanleverkenmerk": "x",
    "begun_at": NOW,
    "expires_at": NOW,
    "listed": [],
    "status": "accepted",
}
OFFER = next(phase.id for phase in PLAN.phases if phase.offer)
ROW = {"filing": FILING, "item": "x", "phase": "x", "title": "x", "missing": []}


@pytest.fixture
def dialect() -> str:
    """One dialect is enough: reading twice in one transaction is tested of both."""
    return "sqlite"


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Database:
    """The office of the page, with one filing that is prepared and offered to Anna."""
    assert SHIPPED.office is not None
    for name in file_kinds(SHIPPED.office):
        found = re.search(r"```csv\n(.*?)```", PAGE.split(f"## {name}\n")[1], re.DOTALL)
        assert found is not None
        (tmp_path / name).write_text(found[1], "utf-8")
    with database.write() as connection:
        publish(connection, [PLAN], SHIPPED.office, revision="", author="", at=NOW)
    assert take(database, tmp_path, None).done
    for file in tmp_path.iterdir():
        file.unlink()
    with database.write() as connection:
        now = NOW.replace(tzinfo=None)
        clock = PracticeClock(real_anchor=NOW, office_anchor=now, seconds_per_day=1.0, until=now)
        write_clock(connection, msgspec.to_builtins(clock), now)
        start(connection, plan=digest(PLAN), due=date(2026, 2, 28))
        connection.execute(
            work.insert(),
            [
                {**ROW, "position": 0, "kind": "phase", "roles": ["administratie"], "contacts": []},
                {**ROW, "position": 1, "kind": "decide", "roles": [], "contacts": ["c-anna"]},
            ],
        )
    return database


def take(database: Database, folder: Path, unless: Unless | None, **files: str) -> Imported:
    assert SHIPPED.office is not None
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    needs = REPORTS.identity_needs()
    result = import_folder(
        database, folder, SHIPPED.office, check_relation_identity, needs=needs, unless=unless
    )
    assert isinstance(result, Imported), result
    return result


CASES = [
    (
        {"team": "member;name;email;active\nans;Ans de Wit;ans@delinde.example;nee\n"},
        "Ans de Wit werkt hier niet meer en heeft nog een rol (Administratie en Relatiebeheerder) met open "
        "werk (1) bij relatie 1001, 1002; "
        "geef die rollen aan een collega",
    ),
    (
        {"relations": "number;name;status;status_since\n1001;Bakkerij;vertrokken;2025-12-31\n"},
        "De relatie is vertrokken, maar Aangifte BTW over januari 2026 loopt door: de klant krijgt daarvan "
        "nog uitvragen, herinneringen en andere berichten. Annuleer wat niet meer nodig is (relatie 1001)",
    ),
    (
        {"roles": "relation;role;member\n1001;accountant;ans\n"},
        "Vier ogen: 'Controle', 'Stukken opvragen' en 'Boeken en aangifte opstellen' liggen bij dezelfde "
        "persoon. "
        "Geef een van deze rollen aan een collega. (relatie 1001)",
    ),
    (
        {"authorities": "contact;relation;product;may;since\nc-anna;1001;aangifte-btw;see;2025-01-01\n"},
        "Anna Bakker is niet bevoegd om akkoord te geven, voor Aangifte btw (relatie 1001)",
    ),
    (
        {
            "products": "relation;product;frequency;first_period;until\n"
            "1001;aangifte-btw;month;2026-02;2026-12-31\n"
        },
        "Aangifte BTW over januari 2026 van relatie 1001 loopt, en in die periode is het product niet meer "
        "afgesproken",
    ),
    (
        {
            "authorities": "contact;relation;product;may;since;until\n"
            "c-anna;1001;aangifte-btw;see answer approve;2025-01-01;2026-02-10\n"
        },
        "Anna Bakker is gevraagd te beslissen over Aangifte BTW over januari 2026 van relatie 1001, en is "
        "vóór het einde van de termijn niet meer bevoegd",
    ),
]


@pytest.mark.parametrize(("files", "said"), CASES)
def test_what_work_loses_is_told_and_not_done_until_somebody_agrees(
    running: Database, tmp_path: Path, files: dict[str, str], said: str
) -> None:
    with running.read() as connection:
        before = load(connection).before
    tried = take(running, tmp_path, "losses", **files)
    assert said in tried.losses
    assert not tried.done
    with running.read() as connection:
        assert load(connection).before == before
    agreed = take(running, tmp_path, None, **files)
    assert (agreed.losses, agreed.done) == (tried.losses, True)
    with running.read() as connection:
        assert load(connection).before != before


def test_what_was_not_in_order_is_no_loss_when_only_why_changes(running: Database, tmp_path: Path) -> None:
    header = "contact;relation;product;may;jointly;since;until;proof\n"
    ended = f"{header}c-anna;1001;aangifte-btw;see answer approve;;2025-01-01;2026-01-04;akte\n"
    assert any(
        "Anna Bakker is niet bevoegd" in loss
        for loss in take(running, tmp_path, None, authorities=ended).losses
    )
    later = f"{header}c-anna;1001;aangifte-btw;see answer approve;;2026-12-20;;akte\n"
    assert take(running, tmp_path, "losses", authorities=later).losses == ()
    joint = f"{header}c-anna;1001;aangifte-btw;see answer approve;approve;2026-01-05;2026-12-19;akte\n"
    assert take(running, tmp_path, "losses", authorities=joint).losses == ()


def test_what_starts_by_itself_has_its_problem_as_soon_as_the_relation_left(
    running: Database, tmp_path: Path
) -> None:
    row = Recurrence(
        relation="1001",
        template="btw-aangifte",
        product="aangifte-btw",
        next_period="2026-02",
        next_start=date(2026, 2, 28),
    )
    asked = [row, row.model_copy(update={"status": "stopped"}), row.model_copy(update={"problem": "Iets"})]
    with running.read() as connection:
        assert tell_gone(connection, asked) == tuple(asked)
    left = {"relations": "number;name;status;status_since\n1001;Bakkerij;vertrokken;2025-12-31\n"}
    assert take(running, tmp_path, None, **left).done
    with running.read() as connection:
        said = [one.problem for one in tell_gone(connection, asked)]
    assert said == ["De relatie is vertrokken; er kan geen opdracht meer worden gestart.", "", "Iets"]


def test_an_import_names_the_offers_that_it_moves_to_another_and_caps_the_list(
    running: Database, tmp_path: Path
) -> None:
    months = [f"2026-{month:02}" for month in range(2, 8)]
    with running.write() as connection:
        for month in months:
            start(connection, plan=digest(PLAN), period=month)
        waiting = [f"filing/btw-aangifte/1001/{month}/-/1" for month in ("2026-01", *months)]
        connection.execute(work.delete())
        asked = {**ROW, "position": 0, "kind": "decide", "phase": OFFER, "roles": [], "contacts": ["c-anna"]}
        connection.execute(work.insert(), [{**asked, "filing": filing} for filing in waiting])
    swapped = (
        "contact;name;relation;functions;primary\n"
        "c-anna;Anna Bakker;1001;directeur;nee\nc-bert;Bert Bakker;1001;directeur administrateur;ja\n"
    )
    tried = take(running, tmp_path, "losses", contacts=swapped)
    named = "; ".join(
        f"Aangifte BTW over {Period.parse(month).words} van relatie 1001: Anna Bakker niet meer, "
        "Bert Bakker wel"
        for month in ("2026-01", *months[:4])
    )
    said = f"7 aangeboden stukken gaan naar een ander: {named} en 2 andere. Wie het niet meer krijgt, "
    assert f"{said}hoort dat niet van het kantoor" in tried.losses
    assert not tried.done
    assert take(running, tmp_path, None, contacts=swapped).done
    assert not any("naar een ander" in loss for loss in take(running, tmp_path, "losses").losses)


def test_an_import_of_another_number_names_what_was_made_and_what_was_delivered_under_it(
    running: Database, tmp_path: Path
) -> None:
    late = FILING.replace("2026-01", "2026-02")
    made = {"documents": [{"report": "omzetbelasting", "shown": {"hash": "x"}}]}
    with running.write() as connection:
        for month in ("2026-02", "2026-03"):
            start(connection, plan=digest(PLAN), period=month)
        connection.execute(filings.update().values(reports=["omzetbelasting"]))
        connection.execute(filings.update().where(filings.c.id.in_((FILING, late))).values(view=made))
        connection.execute(deliveries.insert().values(SENT | {"filing": late}))
    other = "number;name;ob_number;btw_id\n1001;Bakkerij;{0};NL{0}\n"
    with running.read() as connection:
        relation = find_relation(connection, "1001")
    assert relation is not None
    assert relation.ob_number is not None
    assert take(running, tmp_path, "losses", relations=other.format(relation.ob_number)).losses == ()
    corrected = relation.ob_number[:-2] + "07"
    tried = take(running, tmp_path, "losses", relations=other.format(corrected))
    assert not tried.done
    changes = "Een nummer waaronder wordt ingediend verandert, en er is al"
    assert tried.losses == (
        f"{changes} gemaakt: Aangifte BTW over januari 2026 van relatie 1001. Kantoor dient niets in waarin "
        "een ander nummer staat dan straks bij de relatie: stuur dat werk terug en maak het opnieuw",
        f"{changes} ingediend onder het nummer van dat moment: Aangifte BTW over februari 2026 van relatie "
        "1001. Was dat nummer verkeerd, meld dat dan waar het is ingediend",
    )


def test_who_leaves_with_roles_but_no_open_work_is_told_without_a_count(
    running: Database, tmp_path: Path
) -> None:
    with running.write() as connection:
        connection.execute(work.delete())
    said, *_ = take(running, tmp_path, "losses", **CASES[0][0]).losses
    assert said.startswith(
        "Ans de Wit werkt hier niet meer en heeft nog een rol (Administratie en Relatiebeheerder) bij "
        "relatie 1001, 1002;"
    )


def test_a_dry_run_counts_what_would_change_and_changes_nothing(running: Database, tmp_path: Path) -> None:
    with running.read() as connection:
        before = load(connection).before
    tried = take(running, tmp_path, "always", relations="number;name\n1009;Nieuw\n")
    assert (tried.counts["relations"].new, tried.losses, tried.done) == (1, (), False)
    with running.read() as connection:
        assert load(connection).before == before


def test_who_leaves_after_handing_over_takes_nothing_away(running: Database, tmp_path: Path) -> None:
    files = {
        "team": "member;name;email;active\nfem;Fem;f@x.example;ja\nans;Ans;ans@delinde.example;nee\n",
        "roles": "relation;role;member\n"
        + "".join(
            f"{number};{role};fem\n"
            for number, role in (
                ("1001", "relatiebeheerder"),
                ("1001", "administratie"),
                ("1002", "administratie"),
            )
        ),
    }
    assert take(running, tmp_path, "losses", **files).losses == ()


def test_a_product_is_withdrawn_before_its_first_period_unless_something_runs_after_that(
    running: Database, tmp_path: Path
) -> None:
    assert SHIPPED.office is not None
    header = "relation;product;sub_number;frequency;first_period;until\n"
    planned = f"{header}1002;aangifte-btw;B05;year;2027;2026-12-31\n"
    later = f"{header}1001;aangifte-btw;;month;2028-01;2027-12-31\n"
    for over in (planned, later):
        (tmp_path / "products.csv").write_text(over, "utf-8")
        never = import_folder(running, tmp_path, SHIPPED.office, check_relation_identity)
        assert isinstance(never, NotImported)
        assert "de laatste dag ligt vóór de eerste periode" in str(never.problems[0])
    assert take(running, tmp_path, "losses", products=planned.replace("2026-12-31", "")).done
    assert take(running, tmp_path, "losses", products=planned).done
    with running.read() as connection:
        before = load(connection).before
    again = take(running, tmp_path, "losses", products=planned).counts["relation_products"]
    assert again.new == again.changed == 0
    (tmp_path / "products.csv").write_text(f"{header}1001;aangifte-btw;;month;2026-01;2025-12-31\n", "utf-8")
    result = import_folder(running, tmp_path, SHIPPED.office, check_relation_identity)
    assert isinstance(result, NotImported)
    assert [str(problem) for problem in result.problems] == [
        "products.csv, regel 2, kolom 6 (until): de laatste dag ligt vóór de eerste, en over de tijd daarna "
        "is al iets "
        "gestart; vul een dag vanaf 31 januari 2026 in"
    ]
    with running.read() as connection:
        assert load(connection).before == before


LINK = "relation;link;other;since;until\n1001;owner;1002;2021-01-01;"
WAITS = (
    "Aangifte inkomstenbelasting over 2025 van relatie 1002 wacht in de fase 'Jaarcijfers van de eigen "
    "onderneming afwachten' op relatie 1001, en blijft wachten"
)


def test_a_filing_that_waits_by_a_link_is_told_before_the_link_ends(
    running: Database, tmp_path: Path
) -> None:
    plan = SHIPPED.plans["aangifte-ib"]
    with running.write() as connection:
        assert SHIPPED.office is not None
        publish(connection, [PLAN, plan], SHIPPED.office, revision="", author="", at=NOW)
        start(
            connection,
            "1002",
            "2025",
            id="filing/aangifte-ib/1002/2025/-/1",
            template="aangifte-ib",
            product="aangifte-ib",
            plan=digest(plan),
            title="Aangifte inkomstenbelasting",
            due=date(2026, 5, 1),
        )
        waits = filings.c.relation == "1002"
        connection.execute(filings.update().where(waits).values(phases=["jaarcijfers"]))
    (told,) = take(running, tmp_path, "losses", links=f"{LINK}2026-04-30\n").losses
    assert told.startswith(WAITS)
    assert told.endswith("en anders als de termijn van het wachten om is")
    # the last day on which it is asked for is past its deadline, and so is what is written without an end
    assert take(running, tmp_path, "losses", links=f"{LINK}2026-05-01\n").losses == ()
    author = Author("ans", NOW.replace(tzinfo=None))
    rules = Rules(SHIPPED.office, check_relation_identity, REPORTS.identity_needs())
    gone = Edit("1001", removed=[(relation_links, ("1001", "owner", "1002", date(2021, 1, 1)))])
    # from the side of the relation that it waits for too
    with running.write() as connection:
        version = find_version(connection, "1001")
        costly = edit(connection, replace(gone, version=version), rules, author)
        assert isinstance(costly, Costly)
        assert costly.losses == (told,)
        done = edit(connection, replace(gone, version=version, agreed=costly.mark), rules, author)
    assert isinstance(done, Edited)
