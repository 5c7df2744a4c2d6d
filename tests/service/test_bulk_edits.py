"""Edits of many relations at once: tried first, written where nothing is another, and taken back (R30)."""

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from kantoor.filing.outcome import Refusal
from kantoor.office.bulk import Line
from kantoor.office.database.tables import relation_changes, team
from kantoor.office.relations.relation import Relation, find_relation, products_of
from kantoor.service.access import Visitor
from kantoor.service.bulk import reading, runs
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import Desk
from kantoor.service.relations.editing.history import History, read_history
from kantoor.service.relations.editing.identity import IdentitySheet
from kantoor.service.relations.editing.products import ProductSheet
from kantoor.service.relations.editing.roles import RolesSheet
from kantoor.service.relations.editing.saving import save_sheet
from kantoor.service.relations.editing.sheets import Consequences, Saved, Sent
from tests.counting import count_statements
from tests.portal.quiet import quiet_pages

IDEAL = Asked(action="set", field="ideal_enabled", value="ja")
TOM = Visitor(id="tom", name="Tom de Boer", kind="team")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with quiet_pages(tmp_path_factory.mktemp("edits")) as pages:
        yield pages.desk


def prepare(desk: Desk, asked: Asked, *numbers: str, who: str = "marieke") -> int:
    number = runs.prepare(desk, who, asked, Chosen(numbers=" ".join(numbers)))
    assert isinstance(number, int), number
    return number


def lines(desk: Desk, number: int) -> tuple[Line, ...]:
    found = reading.read_lines(desk, number)
    assert not isinstance(found, Refusal)
    return found


def foreseen(desk: Desk, number: int) -> list[tuple[str, str, str]]:
    return [(line.relation, line.foreseen, line.text) for line in lines(desk, number)]


def written(desk: Desk, number: int, who: str = "marieke") -> list[tuple[str, str]]:
    """Confirm a run and return what became of each line."""
    found = reading.read_run(desk, number)
    assert not isinstance(found, Refusal)
    assert asyncio.run(runs.confirm(desk, who, number, found.run.ready)) is None
    return [(line.status, line.said) for line in lines(desk, number)]


def relation(desk: Desk, number: str) -> Relation:
    found = desk.read(lambda connection: find_relation(connection, number))
    assert found is not None
    return found


def refused(made: int | Refusal) -> str:
    assert isinstance(made, Refusal), made
    return made.code


def test_a_field_is_set_where_it_is_another_and_each_change_says_in_which_run(desk: Desk) -> None:
    assert isinstance(save(desk, "1002", ideal_enabled="ja"), Saved)
    number = prepare(desk, IDEAL, "1001", "1002", "1001", "9999")
    assert foreseen(desk, number) == [
        ("1001", "ready", "iDEAL: van nee naar ja."),
        ("1002", "already", "is al zo"),
        ("9999", "not_ready", "Er is geen relatie met nummer 9999."),
    ]
    assert not relation(desk, "1001").ideal_enabled
    assert written(desk, number)[0] == ("done", "")
    assert relation(desk, "1001").ideal_enabled
    columns = (relation_changes.c.relation, relation_changes.c.by, relation_changes.c.run)
    with desk.equipment.database.read() as connection:
        last = connection.execute(select(*columns).order_by(relation_changes.c.id.desc())).first()
    assert last == ("1001", "marieke", number)
    history = read_history(desk, "1001")
    assert isinstance(history, History)
    assert (history.changes[0].who, history.changes[0].run) == ("Marieke van der Linde", number)


def save(desk: Desk, number: str, **typed: str) -> object:
    """Edit a relation on its own page, as Tom."""
    sent = Sent({name: (value,) for name, value in typed.items()}, version=1_000_000)
    return save_sheet(desk, TOM, number, IdentitySheet(), sent)


def test_what_was_changed_since_it_was_shown_is_left_and_the_others_are_written(desk: Desk) -> None:
    asked = Asked(action="set", field="dga", value="ja")
    number = prepare(desk, asked, "1001", "1003")
    assert isinstance(save(desk, "1003", dga="nee"), Saved)
    assert written(desk, number) == [
        ("done", ""),
        (
            "changed",
            "Veranderd sinds u keek: Heeft een directeur-grootaandeelhouder: van nee naar ja.",
        ),
    ]
    assert (relation(desk, "1001").fields, relation(desk, "1003").fields) == ({"dga": True}, {"dga": False})


def test_what_an_edit_costs_is_told_of_each_relation(desk: Desk) -> None:
    number = prepare(desk, Asked(action="set", field="indienen via SBR", value="nee"), "1001", "1002")
    first, second = (text for _, _, text in foreseen(desk, number))
    assert first == (
        "Indienen via SBR: van ja naar nee. Let op: Indienen via SBR staat uit voor deze relatie."
    )
    assert first == second


def test_a_role_is_given_to_who_may_have_it(desk: Desk) -> None:
    unfit = Asked(action="role", role="fiscaal", to="weg")
    assert refused(runs.prepare(desk, "marieke", unfit, Chosen(numbers="1001"))) == "unknown_person"
    number = prepare(desk, Asked(action="role", role="administratie", to="joost"), "1001")
    ((_, _, text),) = foreseen(desk, number)
    assert text == "Rol Administratie (Medewerker: van Sanne Visser naar Joost Mulder)."
    assert written(desk, number) == [("done", "")]


def test_a_product_is_added_and_ended_once(desk: Desk) -> None:
    adding = Asked(action="add", product="opgaaf-icp", frequency="quarter", period="2026-Q1")
    number = prepare(desk, adding, "1001")
    assert written(desk, number) == [("done", "")]
    again = prepare(desk, adding, "1001")
    assert foreseen(desk, again) == [("1001", "already", "neemt dit product al af")]
    ending = Asked(action="end", product="opgaaf-icp", until=date(2026, 6, 30))
    number = prepare(desk, ending, "1001", "1002")
    assert [one[1] for one in foreseen(desk, number)] == ["ready", "not_ready"]
    assert written(desk, number)[0] == ("done", "")
    (taken,) = desk.read(lambda connection: products_of(connection, "1001", "opgaaf-icp"))
    assert taken.until == date(2026, 6, 30)
    assert foreseen(desk, prepare(desk, ending, "1001"))[0][1:] == ("already", "eindigt al op 30 juni 2026")


def test_a_run_is_taken_back_but_for_what_others_changed_since(desk: Desk) -> None:
    number = prepare(desk, Asked(action="role", role="administratie", to="joost"), "1003", "1005")
    written(desk, number)
    sent = Sent({"administratie": ("tom",)}, version=1_000_000)
    told = save_sheet(desk, TOM, "1005", RolesSheet(), sent)
    assert isinstance(told, Consequences)
    assert "Vier ogen" in told.sentences[0]
    assert isinstance(save_sheet(desk, TOM, "1005", RolesSheet(), sent._replace(agreed=told.mark)), Saved)
    undone = runs.prepare_undo(desk, "sanne", number)
    assert isinstance(undone, int)
    back, kept = foreseen(desk, undone)
    assert back[1:] == ("ready", "Rol Administratie (Medewerker: van Joost Mulder naar Sanne Visser).")
    assert kept[1] == "not_ready"
    assert kept[2] == (
        "Blijft zoals het is: Rol Administratie, sindsdien gewijzigd door Tom de Boer"
        " (Medewerker: van Joost Mulder naar Tom de Boer)."
    )
    assert written(desk, undone, "sanne") == [("done", ""), ("left", "")]
    again = runs.prepare_undo(desk, "sanne", number)
    assert isinstance(again, int)
    assert [line.foreseen for line in lines(desk, again)] == ["not_ready", "not_ready"]


@pytest.mark.parametrize(
    "asked",
    [
        Asked(action="add", product="opgaaf-icp", frequency="quarter", period="2026-Q1"),
        Asked(action="end", product="aangifte-btw", until=date(2026, 6, 30)),
        Asked(action="set", field="dga", value="ja"),
    ],
)
def test_what_is_taken_back_is_as_it_was(desk: Desk, asked: Asked) -> None:
    def look() -> tuple[object, ...]:
        return relation(desk, "1006"), desk.read(lambda connection: products_of(connection, "1006"))

    before, number = look(), prepare(desk, asked, "1006")
    assert written(desk, number) == [("done", "")]
    assert look() != before
    undone = runs.prepare_undo(desk, "marieke", number)
    assert isinstance(undone, int)
    assert written(desk, undone) == [("done", "")]
    assert look() == before


@pytest.mark.parametrize(
    ("number", "typed"),
    [
        ("1007", {"frequency": "quarter", "first_period": "2026-Q1", "until": "2026-12-31"}),
        ("1009", {"frequency": "month", "first_period": "2027-01"}),
    ],
)
def test_a_product_that_was_added_stays_where_somebody_changed_any_of_it_since(
    desk: Desk, number: str, typed: dict[str, str]
) -> None:
    def take() -> tuple[object, ...]:
        return desk.read(lambda connection: products_of(connection, number, "opgaaf-icp"))

    adding = Asked(action="add", product="opgaaf-icp", frequency="quarter", period="2026-Q1")
    run = prepare(desk, adding, number)
    assert written(desk, run) == [("done", "")]
    sheet = ProductSheet("opgaaf-icp", since=date(2026, 1, 1))
    sent = Sent({name: (value,) for name, value in typed.items()}, version=1_000_000)
    assert isinstance(save_sheet(desk, TOM, number, sheet, sent), Saved)
    changed = take()
    undone = runs.prepare_undo(desk, "marieke", run)
    assert isinstance(undone, int)
    ((_, as_foreseen, text),) = foreseen(desk, undone)
    assert (as_foreseen, "sindsdien gewijzigd door Tom de Boer" in text) == ("not_ready", True)
    assert take() == changed


def test_who_left_is_named_where_a_role_would_go_back_to_them_and_is_given_none(desk: Desk) -> None:
    number = prepare(desk, Asked(action="role", role="administratie", to="tom"), "1012")
    assert written(desk, number) == [("done", "")]
    left = team.update().where(team.c.id == "joost")
    with desk.equipment.database.write() as connection:
        connection.execute(left.values(active=False))
    undone, choices = runs.prepare_undo(desk, "marieke", number), reading.read_choices(desk)
    with desk.equipment.database.write() as connection:
        connection.execute(left.values(active=True))
    assert isinstance(undone, int)
    assert foreseen(desk, undone) == [
        ("1012", "not_ready", "Administratie: Joost Mulder werkt hier niet meer.")
    ]
    assert ("joost" in choices.members, "joost" in choices.here) == (True, False)


def test_what_cannot_be_set_in_bulk_is_refused_with_what_to_do(desk: Desk) -> None:
    for asked, code in (
        (Asked(action="set", field="rsin", value="001001607"), "no_field"),
        (Asked(action="set", field="ideal_enabled", value="misschien"), "not_read"),
        (Asked(action="set", field="ideal_enabled"), "no_value"),
        (Asked(action="role", role="koffie", to="tom"), "no_role"),
        (Asked(action="team", process_team="Noord"), "no_process_team"),
        (Asked(action="add", product="opgaaf-icp"), "no_frequency"),
        (Asked(action="add", product="opgaaf-icp", frequency="quarter", period="2026-05"), "not_read"),
        (Asked(action="stop", template="btw"), "unknown_template"),
        (Asked(action="add", product="opgaaf-icp", frequency="ooit", period="2026-Q1"), "not_read"),
        (Asked(action="end", product="opgaaf-icp"), "no_day"),
    ):
        assert refused(runs.prepare(desk, "marieke", asked, Chosen(numbers="1001"))) == code


def test_a_run_that_cannot_be_taken_back_says_why(desk: Desk) -> None:
    assert isinstance(save(desk, "1011", ideal_enabled="nee"), Saved)
    waits, late = prepare(desk, IDEAL, "1011"), prepare(desk, IDEAL, "1011")
    assert refused(runs.prepare_undo(desk, "marieke", 10_000)) == "no_run"
    assert refused(runs.prepare_undo(desk, "marieke", waits)) == "not_undone"
    assert written(desk, waits) == [("done", "")]
    assert [status for status, _ in written(desk, late)] == ["changed"]
    assert refused(runs.prepare_undo(desk, "marieke", late)) == "nothing_changed"


def test_a_run_of_edits_takes_as_many_statements_for_one_relation_as_for_several(desk: Desk) -> None:
    counted = []
    for some in (["1007"], ["1007"], ["1007", "1009", "1011"]):
        with count_statements(desk.equipment.database) as statements:
            prepare(desk, Asked(action="role", role="administratie", to="joost"), *some)
        counted.append(len(statements))
    assert counted[1] == counted[2]
