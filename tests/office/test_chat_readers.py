"""Who reads what a client writes, by filing, roles and day: pure, and worked out each time."""

from typing import Any

import pytest

from kantoor.data import replace
from kantoor.office.filings.chat_readers import find_readers, is_closed
from kantoor.office.presence import OnDay
from kantoor.plan import Chat, Office, Plan, Role, WhenClosed

from .material import OFFICE, PLAN

ROLES = (*OFFICE.roles, Role(id="baas", title="Baas"))
CHATTING: Office = replace(
    OFFICE, roles=ROLES, chat=Chat(after_closing="baas", to_client="m", to_colleague="m")
)
NAMED = {"administratie": "sanne", "accountant": "tom", "relatiebeheerder": "marieke", "baas": "eva"}
WORKING = {*NAMED.values(), "wim", "x"}
HERE = OnDay((), {}, {})
PHASE = PLAN.phases[0]
STAYS_OPEN = replace(PLAN, when_closed=WhenClosed(close_chat=False))


def read(plan: Plan = PLAN, ended: Any = None, view: Any = None, day: OnDay = HERE, **roles: str) -> set[str]:
    return set(find_readers(plan, CHATTING, view, ended, roles or NAMED, WORKING, day))


SENDER = find_readers(PLAN, CHATTING, None, None, NAMED, WORKING, HERE)[0]
"""Who sends in the office's name by the plan."""


def test_who_sends_is_spoken_to_and_who_works_there_reads_too() -> None:
    work = {"phase": PHASE.id, "roles": ["accountant"]}
    client = {"phase": PHASE.id, "roles": [], "client": True}
    assert read(view={"work": [work, client]}) == {SENDER, "tom"}
    given = {"phase": PHASE.id, "roles": [], "person": "wim"}
    assert read(view={"work": [given]}) == {SENDER, "wim"}
    assert read(view={"work": [{**given, "person": "weg"}]}) == {SENDER}


def test_who_got_the_work_of_who_sends_in_this_filing_is_spoken_to_in_their_place() -> None:
    sends = next(role for role, who in NAMED.items() if who == SENDER)

    def given(who: str) -> dict[str, Any]:
        return {"assigned": [{"role": sends, "person": who}]}

    assert read(view=given("wim")) == {"wim"}
    absent = OnDay(("wim",), {("wim", sends): "tom"}, {})
    assert read(view=given("wim"), day=absent) == {"tom"}
    assert read(view=given("weg")) == set()


@pytest.mark.parametrize("ended", ["completed", "end", "cancelled"])
def test_a_chat_closes_however_its_filing_ends_unless_its_template_keeps_it_open(ended: Any) -> None:
    assert is_closed(PLAN, ended)
    assert read(ended=ended) == {"eva"}
    assert not is_closed(STAYS_OPEN, ended)
    assert read(STAYS_OPEN, ended) == {SENDER}


def test_a_closed_chat_that_nobody_has_the_role_for_is_of_who_sends_else_of_nobody() -> None:
    without = {role: who for role, who in NAMED.items() if role != "baas"}
    assert read(ended="completed", **without) == {SENDER}
    assert read(ended="completed", iets="x") == set()
    stands_in = OnDay(("eva",), {("eva", "baas"): "wim"}, {})
    assert read(ended="completed", day=stands_in) == {"wim"}
