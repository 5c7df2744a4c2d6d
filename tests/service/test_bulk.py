"""Bulk runs of an office that runs: shown, confirmed with the number shown, carried out, told by line."""

import asyncio
import threading
from datetime import date
from typing import Any, get_args

import pytest
from temporalio.service import RPCError, RPCStatusCode

from kantoor.filing.outcome import Refusal
from kantoor.office import bulk as rows
from kantoor.office.bulk import Line
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import team
from kantoor.office.filings.recurrences import Recurrence, list_recurrences
from kantoor.office.filings.sent_acts import SentAct, keep_act
from kantoor.runtime import client
from kantoor.runtime.starter import Starter
from kantoor.service.bulk import carrying, reading, runs
from kantoor.service.bulk.asking import Action, Asked
from kantoor.service.bulk.kinds import FAULT
from kantoor.service.bulk.reading import Summary
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done
from kantoor.service.starting import recurrences
from kantoor.service.upkeep.practice_time import PAST, let_time_run
from tests.counting import count_statements

from .test_reviving import lose, revived
from .town import NO_PRODUCT, NOT_READY, OF_A_QUARTER, QUARTERLY, Commands, Return, Town

START = Asked(action="start", template="btw-aangifte", period="2026-01")
REASON = "Sanne is ziek"


def prepare(town: Town, asked: Asked, *relations: str, who: str = "marieke", **more: Any) -> int | Refusal:
    async def scene(desk: Desk) -> int | Refusal:
        return runs.prepare(desk, who, asked, Chosen(numbers=" ".join(relations)), **more)

    return town.play(scene)


def made(town: Town, asked: Asked, *relations: str, **more: Any) -> int:
    number = prepare(town, asked, *relations, **more)
    assert isinstance(number, int), number
    return number


def summary(town: Town, number: int) -> Summary:
    async def scene(desk: Desk) -> Summary:
        found = reading.read_run(desk, number)
        assert not isinstance(found, Refusal)
        return found.run

    return town.play(scene)


def lines(town: Town, number: int) -> tuple[Line, ...]:
    async def scene(desk: Desk) -> tuple[Line, ...]:
        found = reading.read_lines(desk, number)
        assert not isinstance(found, Refusal)
        return found

    return town.play(scene)


def confirm(town: Town, number: int, count: int, who: str = "marieke") -> Refusal | None:
    return town.play(lambda desk: runs.confirm(desk, who, number, count))


def carried_out(town: Town, number: int, who: str = "marieke") -> list[tuple[str, str]]:
    """Confirm a run, wait for its end, and return what became of each line."""
    assert confirm(town, number, summary(town, number).ready, who) is None
    town.play(lambda desk: until_done(desk, number))
    return [(line.status, line.said) for line in lines(town, number)]


async def until_done(desk: Desk, number: int) -> None:
    """Wait until a run has ended."""
    async with asyncio.timeout(60):
        while True:
            found = reading.read_run(desk, number)
            if not isinstance(found, Refusal) and found.run.status == "done":
                return
            await asyncio.sleep(0.05)


def code(refusal: Any) -> str:
    assert isinstance(refusal, Refusal), refusal
    return refusal.code


def test_what_is_shown_is_kept_and_nothing_is_done_before_it_is_confirmed(town: Town) -> None:
    ready, running = town.relation(), town.begun()
    number = made(town, START, ready, running.relation, NOT_READY, NO_PRODUCT, QUARTERLY, "9999")
    told = [(line.relation, line.foreseen, line.text) for line in lines(town, number)]
    assert told == [
        (ready, "ready", "start nu"),
        (running.relation, "already", "loopt al"),
        (NOT_READY, "not_ready", "Indienen via SBR staat uit voor deze relatie."),
        (NO_PRODUCT, "not_ready", "De relatie neemt het product Aangifte btw niet af."),
        (QUARTERLY, "not_ready", OF_A_QUARTER),
        ("9999", "not_ready", "Er is geen relatie met nummer 9999."),
    ]
    found = summary(town, number)
    assert (found.status, found.ready, found.total, found.void) == ("shown", 1, 6, "")
    assert found.title == "Aangifte btw over januari 2026 starten, startdatum 3 februari 2026"
    assert town.filings(relation=ready) == ()
    assert carried_out(town, number)[0] == ("done", "gestart")
    assert len(town.filings(relation=ready)) == 1


def test_it_is_confirmed_with_the_number_that_was_shown_by_who_made_it(town: Town) -> None:
    number = made(town, START, town.relation(), NOT_READY)
    assert code(confirm(town, number, 2)) == "other_number"
    assert code(confirm(town, number, 1, "sanne")) == "not_yours"
    assert code(confirm(town, 10_000_000, 1)) == "no_run"
    assert summary(town, number).status == "shown"


def test_nothing_selected_is_refused_and_is_never_everybody(town: Town) -> None:
    for action in get_args(Action):
        asked = START.model_copy(update={"action": action, "reason": REASON, "person": "sanne", "to": "wim"})
        assert code(prepare(town, asked)) == "nothing_selected"


def test_where_nothing_can_be_done_there_is_nothing_to_confirm(town: Town) -> None:
    number = made(town, START, NOT_READY)
    assert code(confirm(town, number, 0)) == "nothing_to_do"


def test_the_same_form_sent_twice_is_one_run(town: Town) -> None:
    relation = town.relation()
    first = made(town, START, relation, act_id="a" * 32)
    assert made(town, START, relation, act_id="a" * 32) == first
    assert made(town, START, relation, town.relation(), act_id="a" * 32) != first


def test_a_run_that_was_cancelled_cannot_be_confirmed_any_more(town: Town) -> None:
    relation = town.relation()
    number = made(town, START, relation)

    async def stop(desk: Desk) -> Refusal | None:
        return runs.cancel(desk, "sanne", number)

    assert town.play(stop) is None
    assert code(confirm(town, number, 1)) == "run_over"
    assert town.filings(relation=relation) == ()


def test_nobody_reviews_or_decides_in_bulk() -> None:
    assert {"complete", "decide", "waive", "back"}.isdisjoint(get_args(Action))


def test_offers_are_released_and_a_filing_without_one_says_so(town: Town) -> None:
    one, other = town.begun(template="met-de-hand"), town.begun(template="met-de-hand")
    offer(town, one)
    asked = Asked(action="release", template="met-de-hand")
    number = made(town, asked, one.relation, other.relation)
    told = [(line.relation, line.foreseen) for line in lines(town, number)]
    assert told == [(one.relation, "ready"), (other.relation, "not_ready")]
    assert carried_out(town, number)[0] == ("done", "vrijgegeven")
    one.until_offer("waiting")


def offer(town: Town, filing: Return) -> None:
    """Bring a filing to its offer, which waits to be released."""
    filing.acts("sanne", *[lambda acts, t=t: acts.task_done(filing.name, t, "1") for t in tasks_of(filing)])
    filing.to("opstellen")
    filing.attach(document="aangifte")
    filing.attach("memo", document="memo")
    filing.tick("sanne", "bank_aangesloten", "vraagposten")
    filing.tick("tom", "grootboek", "tarieven", "aftrek")
    filing.until_offer("to_release")


def tasks_of(filing: Return) -> list[str]:
    return [item.id for item in filing.view().work if item.kind == "task"]


def test_filings_are_held_and_resumed_and_the_reason_is_nowhere_in_the_clear(town: Town) -> None:
    filings = [town.begun(), town.begun()]
    relations = [one.relation for one in filings]
    asked = Asked(action="hold", template="btw-aangifte", reason=REASON)
    number = made(town, asked, *relations, who="sanne")
    assert [line.text for line in lines(town, number)] == ["wordt aangehouden"] * 2
    assert summary(town, number).asked.reason == REASON
    assert carried_out(town, number, "sanne") == [("done", "aangehouden")] * 2
    for filing in filings:
        filing.until(lambda f: f.view is not None and f.view["held"] is not None)
    again = made(town, asked, *relations, who="sanne")
    assert [line.foreseen for line in lines(town, again)] == ["already"] * 2
    resuming = made(town, Asked(action="resume"), *relations, who="sanne")
    assert carried_out(town, resuming, "sanne") == [("done", "hervat")] * 2
    files = list(town.settings.home.glob("kantoor.db*"))
    assert files
    assert not [one.name for one in files if REASON.encode() in one.read_bytes()]


def test_the_work_of_somebody_who_is_ill_goes_to_a_colleague(town: Town) -> None:
    filing = town.begun()
    asked = Asked(action="reassign", person="sanne", to="wim", reason=REASON)
    number = made(town, asked, filing.relation)
    told = [(line.item, line.text) for line in lines(town, number)]
    assert told == [("administratie", "Administratie: het werk gaat naar Wim Vos")]
    assert summary(town, number).title == "Overdragen, van Sanne Visser aan Wim Vos"
    assert carried_out(town, number) == [("done", "overgedragen")]
    filing.until(lambda f: any(one["person"] == "wim" for one in f.view["work"]) if f.view else False)


def test_a_dry_run_of_acts_takes_as_many_statements_for_one_filing_as_for_several(town: Town) -> None:
    relations = [town.begun().relation for _ in range(3)]
    asked = Asked(action="hold", template="btw-aangifte", reason=REASON)
    counted = []
    for some in (relations[:1], relations):

        async def scene(desk: Desk, some: list[str] = some) -> list[str]:
            with count_statements(desk.equipment.database) as statements:
                made = runs.prepare(desk, "sanne", asked, Chosen(numbers=" ".join(some)))
            assert isinstance(made, int), made
            return [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]

        counted.append(town.play(scene))
    assert counted[0] == counted[1]


def test_the_commands_prepare_show_confirm_and_list(town: Town, kantoor: Commands) -> None:
    relation = town.relation()
    words = ("start", "btw-aangifte", "--period", "2026-01", "--relation", relation, "--as", "marieke")
    status, out, _ = kantoor("bulk", *words, "--relation", NOT_READY)
    assert status == 0
    first, shown, nothing, following, *_ = out.splitlines()
    number = first.split()[1].rstrip(":")
    assert shown == "kan niet: 1, kan: 1"
    assert (nothing, following) == (
        "nog niets gedaan",
        f"bevestig met `kantoor bulk confirm {number} --count 1`",
    )
    kantoor.refused("other_number", "bulk", "confirm", number, "--count", "9", "--as", "marieke")
    assert kantoor("bulk", "confirm", number, "--count", "1", "--as", "marieke")[0] == 0
    town.play(lambda desk: until_done(desk, int(number)))
    told = kantoor.json("bulk", "show", number)
    assert [line["relation"] for line in told["lines"]] == [relation, NOT_READY]
    assert kantoor("bulk", "list")[1].splitlines()[1].startswith(number)
    kantoor.refused("nobody", "bulk", "act", "stop", "--relation", relation, "--as", "marieke")
    kantoor.refused("run_over", "bulk", "cancel", number, "--as", "marieke")
    kantoor.refused("not_running", "bulk", "pause", number, "--as", "marieke")
    kantoor.refused("not_paused", "bulk", "resume", number, "--as", "marieke")


def leave_begun(town: Town, number: int) -> str:
    """Have a run stand as a worker leaves it that dies before it sent anything; return the run's id."""

    async def scene(desk: Desk) -> str:
        with desk.equipment.database.write() as connection:
            rows.change_status(connection, number, ["shown"], "paused")
            rows.set_lines(connection, number, ["open"], "begun")
            found = rows.find_run(connection, number)
        assert found is not None
        return found.id

    return town.play(scene)


def carry(town: Town, number: int) -> list[tuple[str, str]]:
    """Carry out lines here, as the next worker does."""

    async def scene(desk: Desk) -> None:
        while await carrying.carry_some(desk, number):
            pass

    town.play(scene)
    return [(line.status, line.said) for line in lines(town, number)]


def test_work_that_is_somebody_elses_by_now_is_not_taken_from_them(town: Town) -> None:
    filing = town.begun()
    number = made(town, Asked(action="reassign", person="sanne", to="wim", reason=REASON), filing.relation)
    town.hand_over(filing.relation, "administratie", "ruud")
    said = "Veranderd sinds u keek: Dit is geen werk van Sanne Visser (meer)."
    assert carried_out(town, number) == [("changed", said)]


@pytest.mark.parametrize("kept", [False, True], ids=["died before sending", "never arrived"])
def test_an_offer_that_nobody_was_shown_is_not_released_by_a_line_that_was_begun(
    town: Town, kept: bool
) -> None:
    filing = town.begun(template="met-de-hand")
    offer(town, filing)
    number = made(town, Asked(action="release", template="met-de-hand"), filing.relation)
    id = f"bulk-{leave_begun(town, number)}-1"
    replace_offer(town, filing)
    if kept:
        (line,) = lines(town, number)
        sent = SentAct(filing=line.filing or "", id=id, asked="", act={})
        town.play(lambda desk: keep(desk, sent))
    ((status, said),) = carry(town, number)
    assert status == "changed", said
    filing.until_offer("to_release")


async def keep(desk: Desk, sent: SentAct) -> None:
    with desk.equipment.database.write() as connection:
        keep_act(connection, sent)


def replace_offer(town: Town, filing: Return) -> None:
    """Take an offer back, and bring the filing to one of other figures."""
    filing.acts("marieke", lambda acts: acts.back(filing.name, "Omzet vergeten"))
    filing.until_in("opstellen")
    figures = "rubriek;omzet_centen;btw_centen\n1a;2000000;420000\n5b;;10000\n"
    attached = filing.attach(figures, document="aangifte")
    assert isinstance(attached.outcome, Done), attached
    filing.tick("sanne", "bank_aangesloten", "vraagposten")
    filing.tick("tom", "grootboek", "tarieven", "aftrek")
    filing.until_offer("to_release")


def test_what_a_worker_did_before_it_died_is_told_as_done(town: Town) -> None:
    filing = town.begun()
    number = made(town, Asked(action="hold", reason=REASON), filing.relation, who="sanne")
    id = f"bulk-{leave_begun(town, number)}-1"
    filing.act("sanne", lambda acts: acts.hold(filing.name, REASON), id)
    filing.until(lambda f: f.view is not None and f.view["held"] is not None)
    assert carry(town, number) == [("done", "aangehouden")]
    assert summary(town, number).status == "done"  # it was paused, and nothing is left


def test_of_a_filing_without_a_workflow_nobody_knows_whether_it_was_done(town: Town) -> None:
    filing = town.begun()
    number = made(town, Asked(action="hold", reason=REASON), filing.relation, who="sanne")
    leave_begun(town, number)
    (line,) = lines(town, number)
    lose(town, line.filing or "", forget=False)
    assert carry(town, number) == [("unknown", "Deze opdracht loopt niet op de server.")]
    assert [one.result for one in revived(town, line.filing or "")] == ["revived"]


def test_one_filing_that_fails_keeps_the_others_from_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = town.begun(), town.begun()
    number = made(town, Asked(action="hold", reason=REASON), bad.relation, good.relation, who="sanne")
    leave_begun(town, number)
    act = client.act

    async def fail(server: Any, workflow_id: str, *said: Any) -> Any:
        if bad.relation in workflow_id:
            raise RPCError("too large", RPCStatusCode.INVALID_ARGUMENT, b"")
        return await act(server, workflow_id, *said)

    monkeypatch.setattr(client, "act", fail)
    assert carry(town, number) == [("unknown", FAULT), ("done", "aangehouden")]


def test_one_that_cannot_be_stopped_or_started_keeps_the_others_from_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = town.relation(), town.relation()
    starting = made(town, START.model_copy(update={"recurring": True}), bad, good)
    leave_begun(town, starting)
    begin, change = Starter.begin, recurrences.change_recurrence

    async def fail_begin(starter: Starter, row: Any) -> Any:
        if row.prepared.start.filing.relation == bad:
            raise RPCError("too large", RPCStatusCode.INVALID_ARGUMENT, b"")
        return await begin(starter, row)

    async def fail_change(server: Any, workflow_id: str, *said: Any, **more: Any) -> Any:
        if bad in workflow_id:
            raise RPCError("too large", RPCStatusCode.INVALID_ARGUMENT, b"")
        return await change(server, workflow_id, *said, **more)

    with monkeypatch.context() as failing:
        failing.setattr(Starter, "begin", fail_begin)
        assert [status for status, _ in carry(town, starting)] == ["unknown", "done"]
    assert carried_out(town, made(town, START.model_copy(update={"recurring": True}), bad)) != []
    stopping = made(town, Asked(action="stop"), bad, good)
    leave_begun(town, stopping)
    monkeypatch.setattr(recurrences, "change_recurrence", fail_change)
    assert carry(town, stopping) == [("unknown", FAULT), ("done", "gestopt")]


def test_a_start_that_was_begun_and_cannot_be_judged_any_more_is_not_known(
    town: Town,
) -> None:
    number = made(town, START, town.relation(), who="eva")
    leave_begun(town, number)
    set_active(town, "eva", active=False)
    try:
        ((status, said),) = carry(town, number)
    finally:
        set_active(town, "eva", active=True)
    assert status == "unknown"
    assert said.startswith("Er is niemand met id")


def set_active(town: Town, who: str, *, active: bool) -> None:
    async def scene(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            connection.execute(team.update().where(team.c.id == who).values(active=active))

    town.play(scene)


def test_a_relation_that_was_chosen_and_has_nothing_to_act_on_is_told(town: Town) -> None:
    filing, idle = town.begun(), town.relation()
    hold = Asked(action="hold", reason=REASON)
    give = Asked(action="reassign", person="sanne", to="wim", reason=REASON)
    others = (idle, "9999")
    for asked, said in ((hold, "geen lopende opdracht"), (give, "heeft geen werk van Sanne Visser")):
        told = [
            (o.relation, o.foreseen, o.text) for o in lines(town, made(town, asked, filing.relation, *others))
        ]
        assert told[1:] == [
            (idle, "not_ready", said),
            ("9999", "not_ready", "Er is geen relatie met nummer 9999."),
        ]
    town.start(filing.relation, recurring=True)
    stopping = lines(town, made(town, Asked(action="stop"), filing.relation, idle))
    assert [(o.relation, o.text) for o in stopping][1:] == [(idle, "hier start niets vanzelf")]


def test_many_numbers_that_do_not_exist_are_looked_up_at_once(town: Town) -> None:
    async def scene(desk: Desk, many: int) -> int:
        chosen = Chosen(numbers=" ".join(["2001", *(f"x20{place:02}" for place in range(many))]))
        with count_statements(desk.equipment.database) as statements:
            number = runs.prepare(desk, "marieke", START, chosen)
        found = reading.read_lines(desk, number if isinstance(number, int) else 0)
        assert not isinstance(found, Refusal)
        meant = [one for one in found if "Bedoelt u" in one.text]
        assert len(meant) <= 20, meant
        return len([one for one in statements if "relations.number" in one])

    assert town.play(lambda desk: scene(desk, 1)) == town.play(lambda desk: scene(desk, 40))


def test_no_act_for_many_has_the_loop_of_all_acts_wait_for_the_database(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read and written meanwhile is so in other threads than the loop's."""
    one, other = town.relation(), town.relation()
    running = town.begun()
    threads: set[int] = set()

    def watch(name: str) -> None:
        real = getattr(Database, name)

        def seen(database: Database) -> Any:
            threads.add(threading.get_ident())
            return real(database)

        monkeypatch.setattr(Database, name, seen)

    number = made(town, START, other)
    watch("read")
    watch("write")
    town.start(one, recurring=True)
    assert confirm(town, number, 1) is None
    assert code(town.play(lambda desk: runs.resume(desk, "sanne", 10_000_000))) == "no_run"
    stop = f"btw-aangifte/{one}"
    done = town.play(lambda desk: recurrences.change(desk, "marieke", stop, "stop"))
    assert isinstance(done, recurrences.Changed), done
    until = date(2026, 2, 20)
    held = town.play(lambda desk: Acts(desk, "sanne").hold(running.name, "Vakantie", until))
    assert isinstance(held, Done), held
    assert town.play(lambda desk: let_time_run(desk, date(2020, 1, 1))) == PAST
    assert threads
    assert threading.get_ident() not in threads


def test_relations_get_a_recurrence_and_its_next_start_is_moved(town: Town, kantoor: Commands) -> None:
    filing, idle = town.begun(), town.relation()
    recurring = START.model_copy(update={"recurring": True})
    number = made(town, recurring, filing.relation)
    assert [line.text for line in lines(town, number)] == [
        "loopt al, daarna automatisch voor elke volgende periode"
    ]
    carried_out(town, number)
    town.play(lambda desk: until_next(desk, filing.relation, "2026-03"))
    words = ("--date", "2026-03-05", "--period", "2026-03", "--relation", filing.relation, "--relation", idle)
    made_now = kantoor.json("bulk", "set-start", *words, "--as", "marieke")
    told = [(line["foreseen"], line["text"]) for line in made_now["lines"]]
    assert told == [
        ("ready", "maart 2026: van 28 februari 2026 naar 5 maart 2026"),
        ("not_ready", "hier start niets vanzelf"),
    ]
    late = kantoor.json("bulk", "set-start", "--date", "2026-03-31", *words[2:], "--as", "marieke")["lines"][
        0
    ]
    assert (late["foreseen"], "april 2026 start vanzelf op 31 maart 2026" in late["text"]) == (
        "not_ready",
        True,
    )
    number = made_now["run"]["number"]
    assert carried_out(town, number)[0] == ("done", "verplaatst")
    (moved,) = town.play(lambda desk: recurrences_of(desk, filing.relation))
    assert (moved.next_period, moved.next_start) == ("2026-03", date(2026, 3, 5))
    kantoor.refused("start_passed", "bulk", "set-start", "--date", "2026-01-05", *words[2:], "--as", "wim")


async def until_next(desk: Desk, relation: str, period: str) -> None:
    """Wait until what starts by itself for a relation has come to a period."""
    async with asyncio.timeout(60):
        while [one.next_period for one in await recurrences_of(desk, relation)] != [period]:
            await asyncio.sleep(0.05)


async def recurrences_of(desk: Desk, relation: str) -> tuple[Recurrence, ...]:
    return desk.read(lambda connection: list_recurrences(connection, relation=relation))


def test_edits_are_prepared_confirmed_and_taken_back_by_commands(town: Town, kantoor: Commands) -> None:
    relation = town.relation()
    words = ("ideal_enabled", "ja", "--relation", relation, "--as", "marieke")
    run = kantoor.json("bulk", "set", *words)["run"]
    assert (run["title"], run["foreseen"]) == ("iDEAL: ja", {"ready": 1})
    number = str(run["number"])
    assert kantoor("bulk", "confirm", number, "--count", "1", "--as", "marieke")[0] == 0
    assert kantoor.json("bulk", "undo", number, "--as", "sanne")["run"]["foreseen"] == {"ready": 1}
    for told, title in (
        (("role", "fiscaal", "--to", "wim"), "Rol Fiscalist geven aan Wim Vos"),
        (
            ("end", "aangifte-btw", "--until", "2026-12-31"),
            "Product Aangifte btw beëindigen, laatste dag 31 december 2026",
        ),
        (
            ("add", "jaarrekening", "--frequency", "jaar", "--period", "2026"),
            "Product Jaarrekening toevoegen, per jaar vanaf 2026",
        ),
    ):
        shown = kantoor.json("bulk", *told, *words[2:])["run"]
        assert (shown["title"], shown["foreseen"]) == (title, {"ready": 1})
    kantoor.refused("no_process_team", "bulk", "team", "Noord", *words[2:])
