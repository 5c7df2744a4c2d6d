"""Moving filings by commands, in an office that runs; what is published meanwhile is taken back."""

from collections.abc import Iterator

import pytest

from kantoor.cli.failures import WRONG_USE
from kantoor.data import replace
from kantoor.plan import digest
from tests.filing.moving.edits import change_phase, rename_phase
from tests.service.moving import (
    BY_HAND,
    asking_more,
    at_rest,
    at_the_client,
    managing,
    offering_otherwise,
    plan_of,
    published,
)
from tests.service.test_bulk import until_done
from tests.service.town import Commands, Town

AT_ONCE = "verplaatst-in-een-keer"
LATER = "verplaatst-later"
ALL_LATER = "verplaatst-allemaal-later"
"""Made of another one, each for one test: nobody else has filings of it."""


@pytest.fixture
def manager(town: Town) -> Iterator[str]:
    """Marieke has the right beheer."""
    with managing(town, "marieke") as name:
        yield name


def test_what_a_dry_run_shows_is_done_and_the_older_digest_is_the_way_back(
    town: Town, kantoor: Commands, manager: str
) -> None:
    old = plan_of(town)
    newer, filing = asking_more(old), at_rest(town)
    move = ("filing", "move", filing.name)
    with published(town, newer):
        status, shown, _ = kantoor(*move, "--dry-run")
        head, *effects, last = shown.splitlines()
        plans = f"van {digest(old)[:12]} naar {digest(newer)[:12]}"
        assert (status, head) == (0, f"{filing.name}: kan worden verplaatst ({plans})")
        assert "  Het verplichte controlepunt 'Nagekeken'" in effects[0]
        mark = ("--mark", kantoor.json(*move, "--dry-run")["mark"])
        assert last == f"Er is nog niets gedaan; verplaats zo met {' '.join(mark)}."
        kantoor.refused("not_manager", *move, *mark, "--as", "sanne")
        assert kantoor.hint.startswith("Geef dat recht op de server")
        assert kantoor(*move, "--as", manager)[0] == WRONG_USE
        kantoor.refused("move_changed", *move, "--as", manager, "--mark", "0" * 12)
        assert kantoor(*move, *mark, "--as", manager, "--id", "m1") == (
            0,
            "\n".join((f"Verplaatst: {filing.name}", *effects, "")),
            "",
        )
        assert kantoor(*move, *mark, "--as", manager, "--id", "m1")[1].startswith(
            f"Verplaatst: {filing.name} (was al gedaan)"
        )
        assert filing.now().plan == digest(newer)
        kantoor.refused("move_stays", *move, *mark, "--as", manager)
        back = (*move, "--to", digest(old)[:12])
        mark = ("--mark", kantoor.json(*back, "--dry-run")["mark"])
        assert kantoor(*back, *mark, "--as", manager)[0] == 0
    assert filing.now().plan == digest(old)
    _, page, _ = kantoor("filing", "show", filing.name)
    assert page.count("Verplaatst naar een ander plan") == 2


def test_all_filings_of_a_template_are_moved_by_a_bulk_run_each_as_it_was_shown(
    town: Town, kantoor: Commands, manager: str
) -> None:
    old = replace(plan_of(town), template=AT_ONCE)
    first, words = old.phases[0].id, ("bulk", "move", AT_ONCE, "--all", "--as")
    newer = change_phase(rename_phase(asking_more(old), first, "anders"), "anders", was=(first,))
    with published(town, old):
        names = sorted(at_rest(town, AT_ONCE).name for _ in range(3))
        with published(town, newer):
            kantoor.refused("not_manager", *words, "sanne")
            shown = kantoor.json(*words, manager, "--reason", "Nieuwe werkwijze")
            number, lines = shown["run"]["number"], shown["lines"]
            assert [one["foreseen"] for one in lines] == ["ready"] * 3
            assert all("controlepunt 'Nagekeken' in de fase" in one["text"] for one in lines)
            assert all("gaat verder met een andere code." in one["text"] for one in lines)
            assert shown["run"]["title"].endswith("naar het actieve plan")
            alone = ("filing", "move", names[0])
            mark = kantoor.json(*alone, "--dry-run")["mark"]
            assert kantoor(*alone, "--mark", mark, "--as", manager)[0] == 0
            assert kantoor("bulk", "confirm", str(number), "--count", "3", "--as", manager)[0] == 0
            town.play(lambda desk: until_done(desk, number))
            done = kantoor.json("bulk", "show", str(number))["lines"]
            assert sorted((one["status"], one["said"]) for one in done) == [
                ("changed", "Veranderd sinds u keek: Deze opdracht loopt al op dit plan."),
                ("done", "verplaatst"),
                ("done", "verplaatst"),
            ]
            listed = {one["digest"]: one for one in kantoor.json("plans", "--template", AT_ONCE)}
            assert (listed[digest(newer)]["running"], listed[digest(newer)]["by"]) == (3, "Ans")
            assert (listed[digest(old)]["active"], listed[digest(newer)]["active"]) == (False, True)
            again = kantoor.json(*words, manager)
            assert [one["foreseen"] for one in again["lines"]] == ["already"] * 3
            kantoor.refused("nobody", *words, manager, "--from", digest(old))
            assert "Nieuwe werkwijze" in kantoor("filing", "show", names[1])[1]


def test_a_filing_that_moves_later_is_asked_to_do_so_when_it_is_safe_and_the_wish_is_withdrawn(
    town: Town, kantoor: Commands, manager: str
) -> None:
    old = replace(plan_of(town, "btw-aangifte"), template=LATER)
    newer = offering_otherwise(old)
    with published(town, old):
        filing = at_the_client(town, LATER)
        move, by = ("filing", "move", filing.name), ("--as", manager)
        with published(town, newer):
            status, shown, _ = kantoor(*move, "--dry-run")
            assert (status, "--mark" in shown) == (1, False)
            kantoor.refused("move_later", *move, *by, "--mark", "0" * 12)
            assert kantoor.hint.endswith("of vraag er nu om met --when-safe.")
            status, shown, _ = kantoor(*move, "--when-safe", "--dry-run")
            head, waits, when, *effects, last = shown.splitlines()
            assert (status, when) == (0, "  Zodra het kan, zoals de opdracht nu staat:")
            assert head.startswith(f"{filing.name}: later (van ")
            assert waits.startswith("  De aanbieding in de fase")
            assert effects == [
                "  Het verplichte controlepunt 'Nagekeken' in de fase 'Afronden' is nieuw en staat open."
            ]
            mark = kantoor.json(*move, "--when-safe", "--dry-run")["mark"]
            assert last == f"Er is nog niets gedaan; vraag dit met --when-safe --mark {mark}."
            kantoor.refused("no_move_waits", *move, "--withdraw", *by)
            kantoor.refused("not_manager", *move, "--when-safe", "--mark", mark, "--as", "sanne")
            kantoor.refused("not_manager", *move, "--withdraw", "--as", "sanne")
            asked = kantoor(*move, "--when-safe", "--mark", mark, *by, "--reason", "Nieuwe werkwijze")
            assert asked == (
                0,
                "\n".join((f"Wordt verplaatst zodra het kan: {filing.name}", *effects, "")),
                "",
            )
            _, page, _ = kantoor("filing", "show", filing.name)
            said = f"verplaatsing naar plan {digest(newer)[:12]} zodra het kan (gevraagd op "
            assert said in page
            assert waits in page
            assert "Gevraagd om verplaatsing naar een ander plan zodra dat kan" in page
            words = ("bulk", "move", LATER, "--all", *by)
            assert [one["foreseen"] for one in kantoor.json(*words)["lines"]] == ["not_ready"]
            (line,) = kantoor.json(*words, "--when-safe")["lines"]
            assert (line["foreseen"], line["text"]) == ("already", "wacht hier al op")
            assert kantoor(*move, "--withdraw", *by)[:2] == (
                0,
                f"Ingetrokken: de verplaatsing van {filing.name}\n",
            )
    assert filing.now().plan == digest(old)
    assert "zodra het kan (" not in kantoor("filing", "show", filing.name)[1]


def test_a_bulk_run_has_filings_move_when_it_is_safe(town: Town, kantoor: Commands, manager: str) -> None:
    old = replace(plan_of(town, "btw-aangifte"), template=ALL_LATER)
    newer = offering_otherwise(old)
    with published(town, old):
        filing = at_the_client(town, ALL_LATER)
        with published(town, newer):
            shown = kantoor.json("bulk", "move", ALL_LATER, "--all", "--when-safe", "--as", manager)
            (line,), number = shown["lines"], shown["run"]["number"]
            assert line["foreseen"] == "ready"
            assert "Verplaatsen kan zodra de klant heeft geantwoord" in line["text"]
            assert "Dan: Het verplichte controlepunt 'Nagekeken'" in line["text"]
            assert shown["run"]["title"].endswith("naar het actieve plan, zodra het kan")
            assert kantoor("bulk", "confirm", str(number), "--count", "1", "--as", manager)[0] == 0
            town.play(lambda desk: until_done(desk, number))
            (done,) = kantoor.json("bulk", "show", str(number))["lines"]
            assert (done["status"], done["said"]) == ("done", "wordt verplaatst zodra het kan")
            assert filing.view().moving is not None
            filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
            filing.until_in("afronden")
            filing.until(lambda row: row.plan == digest(newer))
    page = kantoor("filing", "show", filing.name)[1]
    assert "Verplaatst naar een ander plan" in page
    assert ", zoals op " in page


def test_a_move_that_is_asked_wrongly_says_what_to_type(kantoor: Commands) -> None:
    assert kantoor("filing", "move", "btw-aangifte/3001/2026-01")[2].startswith("Fout: Zeg met --as PERSON")
    words = ("bulk", "move", BY_HAND, "--as", "marieke")
    wrong = kantoor(*words, "--all", "--phase", "a")
    assert (wrong[0], wrong[2].splitlines()[0]) == (2, "Fout: schrijf bij --phase OUD=NIEUW")
    twice = kantoor(*words, "--all", "--phase", "a=b", "--phase", "a=c")
    assert twice[0] == WRONG_USE
    assert "elke fase van het oude plan één keer" in twice[2]
    kantoor.refused("nothing_selected", *words)
    kantoor.refused("unknown_plan", *words, "--relation", "3001", "--to", "f00")
    assert kantoor.hint == "Zie `kantoor plans`."
    unknown = kantoor.refused("unknown_template", "bulk", "move", "nope", "--all", "--as", "marieke")
    assert unknown.count("Er is geen werkproces 'nope'.") == 1
    kantoor.refused("unknown_template", "plans", "--template", "btw-aangifte-oud")
