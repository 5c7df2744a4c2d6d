"""Absence, stand-ins and titles by date: whose work it is on a day, and on which nobody is left (R2)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import to_builtins
from sqlalchemy import Connection

from kantoor.clock import PracticeClock
from kantoor.data import replace
from kantoor.office import presence_changes
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import absences, stand_ins, team, work
from kantoor.office.exchange import Imported, NotImported, import_folder
from kantoor.office.filings.actors import ActorRecord, Instead, find_false
from kantoor.office.office_clock import write_clock
from kantoor.office.overviews.worklist import work_of, work_of_nobody
from kantoor.office.people import TeamMember, find_holder, find_place, ids_of_members, roles_of
from kantoor.office.people import find_member as find_known
from kantoor.office.presence import (
    Absence,
    Presence,
    StandsIn,
    Stretch,
    Title,
    list_away,
    read_presence,
)
from kantoor.office.presence_changes import Author, Change, Dates, Ended, list_changes
from kantoor.office.relations.gaps import find_gaps
from kantoor.plan import Plan
from kantoor.service.team.falling import find_falling
from tests.examples import so_many

from .material import NEEDS, NOW, OFFICE, PLAN, ROLES, TODAY, VAT, accepting, have_in_force, start

DAY = timedelta(days=1)
AUTHOR = Author("bas", datetime.combine(TODAY, time(9)))
note_absence = partial(presence_changes.note_absence, author=AUTHOR)
note_stand_in = partial(presence_changes.note_stand_in, author=AUTHOR)
note_title = partial(presence_changes.note_title, author=AUTHOR)
end_absence = partial(presence_changes.end_absence, author=AUTHOR)
AWAY = Stretch(TODAY + 2 * DAY, TODAY + 9 * DAY)
DURING, AFTER = AWAY.since, TODAY + 10 * DAY


def find_member(connection: Connection, name: str) -> TeamMember:
    member = find_known(connection, name)
    assert member is not None
    return member


def roles(office: Database, member: str, on: date, relation: str = "1001") -> tuple[str, ...]:
    with office.read() as connection:
        return roles_of(connection, member, relation, ROLES, on)


def let_ans_go(office: Database, stand_in: str | None = None) -> None:
    with office.write() as connection:
        note_absence(connection, "ans", AWAY)
        if stand_in:
            note_stand_in(connection, StandsIn("ans", "*", stand_in, AWAY))


def put_work(
    connection: Connection,
    role: str,
    relation: str = "1001",
    person: str | None = None,
    due: date | None = None,
) -> None:
    """Write open work of a role, in a filing of its own."""
    month = 1 + [one.id for one in ROLES].index(role) + (5 if person else 0)
    filing = start(connection, relation, f"2026-{month:02}").id
    row = {"filing": filing, "position": 0, "kind": "phase", "item": "opstellen", "phase": "opstellen"}
    lists = {"roles": [] if person else [role], "contacts": [], "missing": [], "person": person}
    connection.execute(work.insert().values(**row, **lists, title=role, due=due))


def on_list(connection: Connection, member: str, on: date) -> list[tuple[str, str | None]]:
    lines = work_of(connection, find_member(connection, member), on)
    return [(line.title, line.in_place_of) for line in lines if line.kind == "phase"]


def test_the_work_of_who_is_absent_is_their_stand_ins_and_comes_back(office: Database) -> None:
    let_ans_go(office, "bas")
    theirs = ("administratie", "relatiebeheerder")
    assert roles(office, "ans", TODAY) == roles(office, "ans", AFTER) == theirs
    assert roles(office, "ans", DURING) == ()
    assert roles(office, "bas", DURING) == ("accountant", "administratie", "fiscaal", "relatiebeheerder")
    with office.read() as connection:
        place = find_place(connection, find_member(connection, "bas"), "1001", ROLES, DURING)
        spoken_to = find_holder(connection, "1001", "relatiebeheerder", ROLES, DURING, {})
        assert spoken_to is not None
    assert place.instead_of == (("administratie", "ans"), ("relatiebeheerder", "ans"))
    assert spoken_to.id == "bas"


def test_without_a_stand_in_the_work_falls_back_and_mail_still_has_a_reader(office: Database) -> None:
    let_ans_go(office)
    assert roles(office, "ans", DURING, "1002") == ()
    assert roles(office, "bas", DURING, "1002") == (
        "accountant",
        "administratie",
        "fiscaal",
        "relatiebeheerder",
    )
    assert roles(office, "bas", DURING) == ("accountant", "fiscaal")
    with office.read() as connection:
        assert (found := find_holder(connection, "1001", "relatiebeheerder", ROLES, DURING, {})) is not None
        assert found.id == "ans"


def test_a_stand_in_works_beside_who_is_here_and_takes_nothing_from_them(office: Database) -> None:
    theirs = ("administratie", "relatiebeheerder")
    with office.write() as connection:
        note_stand_in(connection, StandsIn("ans", "*", "bas", AWAY))
        put_work(connection, "relatiebeheerder")
        put_work(connection, "administratie", person="ans")
        lists = [on_list(connection, who, DURING) for who in ("ans", "bas")]
        assert not [line for line in work_of_nobody(connection, DURING) if line.kind == "phase"]
        place = find_place(connection, find_member(connection, "bas"), "1001", ROLES, DURING)
        spoken_to = find_holder(connection, "1001", "relatiebeheerder", ROLES, DURING, {})
        assert spoken_to is not None
    assert lists == [[(title, whose) for title in reversed(theirs)] for whose in (None, "Ans de Wit")]
    assert roles(office, "ans", DURING) == theirs
    assert place.instead_of == tuple((role, "ans") for role in theirs)
    assert {*place.stands_in} >= {*place.instead_of}
    assert spoken_to.id == "ans"


def test_a_stand_in_for_one_role_goes_before_one_for_all(office: Database) -> None:
    with office.write() as connection:
        note_absence(connection, "ans", AWAY)
        connection.execute(team.update().where(team.c.id == "cor").values(active=True))
        note_stand_in(connection, StandsIn("ans", "*", "bas", AWAY))
        note_stand_in(connection, StandsIn("ans", "relatiebeheerder", "cor", AWAY))
        note_stand_in(connection, StandsIn("ans", "administratie", "cor", AWAY))
    assert roles(office, "cor", DURING) == ("administratie", "relatiebeheerder")
    assert roles(office, "ans", DURING) == ()
    assert "relatiebeheerder" not in roles(office, "bas", DURING)


def test_coming_back_early_ends_that_absence_and_its_stand_in_alone(office: Database) -> None:
    let_ans_go(office, "bas")
    leave = Stretch(AFTER + 20 * DAY, None)
    standing = StandsIn("ans", "administratie", "bas", Stretch(TODAY - DAY, None))
    with office.write() as connection:
        note_absence(connection, "ans", leave)
        note_stand_in(connection, standing)
        ended = end_absence(connection, "ans", DURING + DAY)
        assert ended == Ended(AWAY, (StandsIn("ans", "*", "bas", AWAY),))
        assert end_absence(connection, "ans", DURING + DAY) is None
        assert list_away(read_presence(connection, DURING + DAY), "ans") == ([leave], [standing])
    assert roles(office, "ans", DURING) == ()
    assert roles(office, "ans", DURING + DAY) == ("administratie", "relatiebeheerder")
    assert roles(office, "ans", AFTER + 30 * DAY) == ()


@pytest.mark.parametrize("back", [AWAY.since, AWAY.since + DAY])
def test_what_a_stand_in_did_on_the_day_of_return_is_not_found_false(office: Database, back: date) -> None:
    let_ans_go(office, "bas")
    with office.write() as connection:
        assert end_absence(connection, "ans", back)
    claim = (Instead(role="relatiebeheerder", person="ans"),)
    stand_in = ActorRecord(kind="team", id="bas", roles=("relatiebeheerder",), instead_of=claim)
    herself = ActorRecord(kind="team", id="ans", roles=("relatiebeheerder",))
    with office.read() as connection:
        found = [find_false(connection, one, "1001", VAT, ROLES, back) for one in (stand_in, herself)]
        later = find_false(connection, stand_in, "1001", VAT, ROLES, back + DAY)
    assert found == [[], []]
    assert later == ["relatiebeheerder", "the place of ans as relatiebeheerder"]
    assert roles(office, "ans", back) == ("administratie", "relatiebeheerder")


def test_a_stand_in_for_every_role_is_none_for_compliance() -> None:
    def find_doers(role: str) -> list[str | None]:
        day = Presence([Absence("ans", AWAY)], [StandsIn("ans", role, "bas", AWAY)], []).on(DURING)
        return [day.find_doer("ans", "compliance"), day.find_doer("ans", "accountant")]

    assert find_doers("*") == [None, "bas"]
    assert find_doers("compliance") == ["bas", None]


def test_the_work_list_says_in_whose_place(office: Database) -> None:
    let_ans_go(office, "bas")
    with office.write() as connection:
        put_work(connection, "relatiebeheerder")
        put_work(connection, "accountant")
        put_work(connection, "administratie", person="ans")
        today = [on_list(connection, who, TODAY) for who in ("ans", "bas")]
        during = [on_list(connection, who, DURING) for who in ("ans", "bas")]
        nobodys = work_of_nobody(connection, DURING)
        assert [on_list(connection, who, AFTER) for who in ("ans", "bas")] == today
    assert sorted(today[0]) == [("administratie", None), ("relatiebeheerder", None)]
    assert today[1] == [("accountant", None)]
    assert during[0] == []
    assert {*during[1]} == {
        ("accountant", None),
        ("administratie", "Ans de Wit"),
        ("relatiebeheerder", "Ans de Wit"),
    }
    assert not [line for line in nobodys if line.kind == "phase"]


def test_work_of_who_is_absent_and_has_no_stand_in_is_on_nobodys_list(office: Database) -> None:
    let_ans_go(office)
    with office.write() as connection:
        put_work(connection, "relatiebeheerder")
        put_work(connection, "administratie", person="ans")
        titles = [[line.title for line in work_of_nobody(connection, day)] for day in (TODAY, DURING, AFTER)]
    assert [sorted({*found} & {"relatiebeheerder", "administratie"}) for found in titles] == [
        [],
        ["administratie", "relatiebeheerder"],
        [],
    ]


def test_late_work_of_a_colleague_falls_in_the_absence_of_who_stands_in_by_then(office: Database) -> None:
    let_ans_go(office, "bas")
    days = Stretch(AWAY.since + DAY, AWAY.since + 2 * DAY)
    with office.write() as connection:
        put_work(connection, "administratie", due=TODAY - 3 * DAY)
        before = read_presence(connection, TODAY)
        note_absence(connection, "bas", days)
        falls = find_falling(connection, find_member(connection, "bas"), days, before, TODAY)
        early = Stretch(TODAY, TODAY)
        not_yet = find_falling(connection, find_member(connection, "bas"), early, before, TODAY)
    (late,) = (one for one in falls if one.text.startswith("administratie"))
    assert (late.day, late.whose) == (TODAY - 3 * DAY, "nu bij Ans de Wit, dan bij niemand")
    assert not [one for one in not_yet if one.text.startswith("administratie")]


WHO = st.sampled_from(["ans", "bas", "cor"])
DAYS = st.builds(Stretch, st.sampled_from([TODAY - DAY, TODAY, TODAY + DAY]), st.sampled_from([TODAY, None]))


@settings(max_examples=so_many(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    away=st.lists(st.tuples(WHO, DAYS), unique_by=lambda one: one[0], max_size=2),
    others=st.lists(
        st.tuples(WHO, st.sampled_from(["*", "accountant"]), WHO, DAYS),
        unique_by=lambda one: one[:2],
        max_size=4,
    ),
)
def test_a_work_list_holds_what_its_owner_may_act_on(
    staffed: Database,
    away: list[tuple[str, Stretch]],
    others: list[tuple[str, str, str, Stretch]],
) -> None:
    with staffed.write() as connection:
        for table in (absences, stand_ins):
            connection.execute(table.delete())
        for member, days in away:
            note_absence(connection, member, days)
        for member, role, colleague, days in others:
            note_stand_in(connection, StandsIn(member, role, colleague, days))
    with staffed.read() as connection:
        done: set[str] = set()
        for member in ids_of_members(connection):
            known = find_member(connection, member)
            mine = {line.title for line in work_of(connection, known, TODAY) if line.relation == "1001"}
            place = find_place(connection, known, "1001", ROLES, TODAY)
            assert mine == {*place.roles} & {role.id for role in ROLES}
            done |= mine
        nobodys = {line.title for line in work_of_nobody(connection, TODAY) if line.kind == "phase"}
        assert nobodys == {role.id for role in ROLES} - done


@pytest.fixture
def staffed(new_databases: Callable[..., Database]) -> Database:
    """An office of three people, with work of every role at one relation."""
    office = new_databases(furnished=True)
    with office.write() as connection:
        connection.execute(team.update().values(active=True))
        for role in ROLES:
            put_work(connection, role.id)
    return office


def test_a_title_with_dates_holds_on_its_days_alone(office: Database) -> None:
    with office.write() as connection:
        note_title(connection, Title("bas", "RA", Stretch(TODAY, TODAY + DAY)))
        note_title(connection, Title("ans", "AA", Stretch(date(2020, 1, 1), TODAY - DAY)))
        found = {
            (who, day): find_place(connection, find_member(connection, who), "1001", ROLES, day).titles
            for who in ("ans", "bas")
            for day in (TODAY - DAY, TODAY, TODAY + 2 * DAY)
        }
    assert [found["bas", TODAY + n * DAY] for n in (-1, 0, 2)] == [(), ("RA",), ()]
    assert [found["ans", TODAY + n * DAY] for n in (-1, 0)] == [("AA",), ()]


def test_who_acts_in_a_place_that_the_office_did_not_give_is_found_out(office: Database) -> None:
    let_ans_go(office, "bas")
    claim = (Instead(role="relatiebeheerder", person="ans"),)
    actor = ActorRecord(kind="team", id="bas", roles=("relatiebeheerder",), instead_of=claim)
    with office.read() as connection:
        during, after = (
            find_false(connection, actor, "1001", VAT, ROLES, day) for day in (DURING, AFTER + DAY)
        )
    assert during == []
    assert after == ["relatiebeheerder", "the place of ans as relatiebeheerder"]


def titled() -> Plan:
    review = replace(PLAN.phases[2], qualification=("RA",))
    return replace(PLAN, phases=(*PLAN.phases[:2], review))


def test_days_to_come_on_which_nobody_is_left_are_told_beforehand(office: Database) -> None:
    with office.write() as connection:
        assert find_gaps(connection, have_in_force(PLAN), TODAY) == ()
        note_absence(connection, "bas", Stretch(AWAY.since, None))
        note_stand_in(connection, StandsIn("bas", "*", "ans", Stretch(AWAY.since, AFTER)))
        gaps = find_gaps(connection, have_in_force(PLAN), TODAY)
    assert {(gap.code, gap.since, gap.until) for gap in gaps} == {("role_unfilled", AFTER + DAY, None)}
    assert [gap.sentence for gap in gaps if "1001" in gap.relations] == [
        "Vanaf 16 januari 2026: Niemand heeft de rol Accountant voor deze relatie (relatie 1001, 1002).",
        "Vanaf 16 januari 2026: Niemand heeft de rol Fiscaal voor deze relatie (relatie 1001, 1002).",
    ]


def test_a_title_that_ends_is_told_beforehand(office: Database) -> None:
    with office.write() as connection:
        note_title(connection, Title("bas", "RA", Stretch(date(2020, 1, 1), AFTER)))
        (gap,) = find_gaps(connection, have_in_force(titled()), TODAY)
    assert (gap.code, gap.since, gap.relations) == ("unqualified", AFTER + DAY, ("1001", "1002"))


def import_files(office: Database, folder: Path, **files: str) -> Imported | NotImported:
    still = datetime.combine(TODAY, time(9))
    clock = PracticeClock(real_anchor=NOW, office_anchor=still, seconds_per_day=60, until=still)
    with office.write() as connection:
        write_clock(connection, to_builtins(clock), still)
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return import_folder(office, folder, OFFICE, accepting, needs=NEEDS, unless="losses")


def test_an_import_tells_what_an_absence_leaves_undone(office: Database, tmp_path: Path) -> None:
    absent = "medewerker;vanaf;tot en met\nans;2026-02-02;2026-02-13\n"
    told = import_files(office, tmp_path / "one", absences=absent)
    assert isinstance(told, Imported)
    assert not told.done
    assert any(
        "Vanaf 2 februari 2026 tot en met 13 februari 2026: Niemand heeft de rol Relatiebeheerder" in loss
        for loss in told.losses
    )
    stands_in = "medewerker;rol;vanaf;tot en met;waarnemer\nans;;2026-02-02;2026-02-13;bas\n"
    done = import_files(office, tmp_path / "two", absences=absent, stand_ins=stands_in)
    assert isinstance(done, Imported)
    assert all("Niemand" not in loss for loss in done.losses)


def test_every_change_is_kept_with_who_made_it_and_how_it_was(office: Database, tmp_path: Path) -> None:
    let_ans_go(office, "bas")
    with office.write() as connection:
        note_absence(connection, "ans", AWAY)  # the same again changes nothing
        note_absence(connection, "ans", AWAY._replace(until=None))
        note_title(connection, Title("ans", "RA", Stretch(TODAY, None)))
        end_absence(connection, "ans", DURING)
    rows = f"medewerker;rol;vanaf;tot en met;waarnemer\nans;;{AWAY.since};{AWAY.until};bas\n"
    told = import_files(office, tmp_path / "one", stand_ins=rows)
    assert isinstance(told, Imported)
    assert told.done
    with office.read() as connection:
        found = list_changes(connection, "ans")
        assert list_changes(connection, "bas") == ()
    since, until, before = AWAY.since, AWAY.until, AWAY.since - DAY
    stands_in = {"since": since, "role": "*", "stand_in": "bas"}

    def change(kind: str, was: object, now: object) -> Change:
        values = {"kind": kind, "before": was, "after": now, "by": "bas", "at": AUTHOR.at}
        return Change.model_validate({"member": "ans", **values})

    open_end, ended = Dates(since=since), Dates(since=since, until=before)
    assert found[:-1] == (
        change("absences", None, Dates(since=since, until=until)),
        change("stand_ins", None, Dates(**stands_in, until=until)),
        change("absences", Dates(since=since, until=until), open_end),
        change("qualifications", None, Dates(since=TODAY, qualification="RA")),
        change("absences", open_end, ended),
        change("stand_ins", Dates(**stands_in, until=until), Dates(**stands_in, until=before)),
    )
    assert found[-1].by is None  # a file does not say whose it is
    assert (found[-1].before, found[-1].after) == (found[-2].after, found[-2].before)


def test_a_stand_in_is_a_colleague_and_not_the_same_person(office: Database, tmp_path: Path) -> None:
    rows = "member;role;since;until;stand_in\nans;;2026-02-02;;ans\nans;fiscaal;2026-02-03;2026-02-02;c1\n"
    told = import_files(office, tmp_path / "one", stand_ins=rows)
    assert isinstance(told, NotImported)
    assert [str(one) for one in told.problems] == [
        "stand_ins.csv, regel 2, kolom 5 (stand_in): een medewerker kan niet voor zichzelf waarnemen",
        "stand_ins.csv, regel 3, kolom 4 (until): de laatste dag ligt vóór de eerste",
        "stand_ins.csv, regel 3, kolom 5 (stand_in): medewerker 'c1' staat niet in deze bestanden en niet "
        "in de "
        "administratie",
    ]
