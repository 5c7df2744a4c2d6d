"""The judge of `make chaos` finds what it promises to: each breach is planted in records made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bench.chaos.evidence import Evidence, Line, Rebuilt
from bench.chaos.promises import MARGIN, no_message_too_late, one_return_each
from kantoor.filing.commands import Send
from kantoor.mail.catcher import Caught
from kantoor.office.filings.deliveries import Delivery
from kantoor.office.filings.filing import Filing
from kantoor.office.filings.messages import Message
from kantoor.plan import To

ID = "filing/btw-aangifte/1001/2026-01/-/1"
RECORDED = datetime(2026, 2, 10, 12, tzinfo=UTC)
"""When the step was recorded by which a message was over."""
LATE = RECORDED + MARGIN + timedelta(seconds=1)
ASKED, OVER = 3, 5
"""The steps that asked for the message and by which it was over."""
ROLE = To(kind="role", name="accountant")

OFFER = {"phase": "aanbieden", "purpose": "offer", "contacts": ("c-jansen",)}
REMINDER = {**OFFER, "purpose": "reminder"}
REQUEST = {
    "phase": "verzamelen",
    "purpose": "automation",
    "automation": "stukken",
    "to": To(kind="client"),
}
WANTED = {"verzamelen.stukken": frozenset({"Jaaropgave"})}
"""What has to be given of what is asked; a photo need not."""
REMINDED = {**REQUEST, "purpose": "reminder"}
ESCALATION = {"phase": "controle", "purpose": "escalation", "to": ROLE}
OF_OFFER = {**ESCALATION, "phase": "aanbieden"}
OF_TASK = {**ESCALATION, "automation": "bellen"}


def line(what: str, phase: str | None = None, sequence: int = OVER, **data: str) -> Line:
    return Line(
        filing=ID,
        sequence=sequence,
        index=0,
        by="anna",
        what=what,
        phase=phase,
        data=data,
        recorded_at=RECORDED,
    )


def ran(**known: Any) -> Any:
    """Return a run of which nothing is known but this."""
    nothing = dict.fromkeys(Evidence.__dataclass_fields__, ())
    return SimpleNamespace(evidence=Evidence(**(nothing | known)))


def with_message(command: dict[str, Any], *lines: Line, left: datetime) -> Any:
    """Return a run in which a message was asked for and left at this moment; a copy said that it was one."""
    send = Send(number=7, message="bericht", **command)
    kept = Message.model_construct(
        filing=ID,
        number=7,
        recipient="c-jansen",
        message="bericht",
        message_id="m-7",
        purpose=command["purpose"],
    )
    mails = [
        Caught(number, "", "", "", "", repeated=number == 2, message_id="m-7", text="") for number in (1, 2)
    ]
    return ran(
        messages=(kept,),
        caught=tuple(mails),
        left={1: RECORDED - timedelta(hours=1), 2: left},
        timeline=lines,
        rebuilt={ID: Rebuilt(9, "", "", {7: ASKED}, {7: send}, wanted=WANTED)},
    )


@pytest.mark.parametrize(
    ("command", "over"),
    [
        (OFFER, line("decided", "aanbieden")),
        (OFFER, line("recipients_changed", left="c-jansen", joined="c-smit", phase="aanbieden")),
        (REMINDER, line("decided", "aanbieden")),
        (REMINDER, line("sent_back", "aanbieden")),
        (REQUEST, line("phase_completed", "verzamelen")),
        (REQUEST, line("sent_back", "verzamelen")),
        (REQUEST, line("filing_ended")),
        (REMINDED, line("request_answered", "verzamelen", request="verzamelen.stukken.1", item="Jaaropgave")),
        (REMINDED, line("phase_passed_over", "verzamelen")),
        (ESCALATION, line("phase_completed", "controle")),
        (ESCALATION, line("sent_back", "controle")),
        (ESCALATION, line("filing_ended")),
        (OF_OFFER, line("phase_completed", "aanbieden")),
        (OF_TASK, line("task_done", "controle", task="controle.bellen.1")),
    ],
    ids=lambda value: f"{value.what}" if isinstance(value, Line) else f"{value['purpose']}",
)
def test_a_copy_that_left_after_its_reason_was_over_is_found(command: dict[str, Any], over: Line) -> None:
    first = line("phase_entered", command["phase"], 1)
    (found,) = no_message_too_late(with_message(command, first, over, left=LATE))
    assert over.what in found
    assert list(no_message_too_late(with_message(command, first, over, left=RECORDED))) == []


@pytest.mark.parametrize(
    ("command", "other"),
    [
        (ESCALATION, line("phase_completed", "opstellen")),
        (ESCALATION, line("sent_back", "controle", ASKED)),
        (OF_OFFER, line("recipients_changed", left="c-jansen", joined="c-smit", phase="aanbieden")),
        (OF_TASK, line("task_done", "controle", task="controle.mailen.1")),
        (
            REMINDED,
            line("request_answered", "verzamelen", request="verzamelen.stukken.1", item="Een foto"),
        ),
    ],
)
def test_what_is_about_something_else_makes_no_message_superfluous(
    command: dict[str, Any], other: Line
) -> None:
    assert list(no_message_too_late(with_message(command, other, left=LATE))) == []


def test_what_was_sent_back_is_asked_again() -> None:
    about = {"request": "verzamelen.stukken.1", "item": "Jaaropgave"}
    answered = line("request_answered", "verzamelen", **about)
    back = line("item_sent_back", "verzamelen", OVER + 1, **about)
    assert list(no_message_too_late(with_message(REMINDED, answered, back, left=LATE))) == []
    again = line("request_answered", "verzamelen", OVER + 2, **about)
    assert len([*no_message_too_late(with_message(REMINDED, answered, back, again, left=LATE))]) == 1


def test_what_tells_that_a_return_was_delivered_leaves_after_the_end_too() -> None:
    told = {"phase": "indienen", "purpose": "automation", "automation": "ingediend", "to": ROLE}
    lines = (line("phase_completed", "indienen", ASKED), line("filing_ended"))
    found = with_message(told, *lines, left=LATE)
    assert "filing_ended" in next(no_message_too_late(found))
    found.evidence.rebuilt[ID] = replace(found.evidence.rebuilt[ID], closing=frozenset({7}))
    assert list(no_message_too_late(found)) == []


def test_a_message_that_no_step_asked_for_is_found() -> None:
    unasked = with_message(OFFER, left=RECORDED)
    unasked.evidence.rebuilt[ID] = Rebuilt(9, "", "", {}, {})
    assert "no recorded step asked" in next(no_message_too_late(unasked))


def filed(*again_of: tuple[str, ...]) -> list[str]:
    """Return what is found when filings over one month, each after these others, were all accepted."""
    filings = [
        Filing.model_construct(id=str(number), period="2026-01", again_of=others)
        for number, others in enumerate(again_of, 1)
    ]
    deliveries = [
        Delivery.model_construct(filing=one.id, status="accepted", identity_digest="i", message_kind="OB")
        for one in filings
    ]
    return list(one_return_each(ran(filings=tuple(filings), deliveries=tuple(deliveries))))


def test_a_further_return_is_let_pass_only_where_its_reason_names_the_first() -> None:
    assert filed((), ("1",)) == []
    assert filed(("2",), ()) == []
    assert filed((), ()) == [f"2 and 1 were both accepted over {date(2026, 1, 1)}"]
    assert filed((), ("1",), ("1",)) == [f"3 and 2 were both accepted over {date(2026, 1, 1)}"]
    assert filed((), ("1",), ("1", "2")) == []
    assert filed((), ("another",)) == [f"2 and 1 were both accepted over {date(2026, 1, 1)}"]
