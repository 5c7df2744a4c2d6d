"""What people see of a filing."""

from datetime import date
from typing import get_args

from kantoor.data import replace
from kantoor.filing.construct import WorkKind
from kantoor.filing.events import Failed
from kantoor.filing.view import WORK_ORDER
from kantoor.plan import Automation, CreateTask, Phase, To, Work

from .driver import Driver
from .plans import CLOSE, COLLECT, DELIVER, OFFER, PREPARE, REVIEW, VAT


def test_open_work_is_listed_by_phase_then_by_kind_with_what_stands_still_first() -> None:
    call = Automation(
        id="bellen", at="entered", task=CreateTask(title="Bel", to=To(kind="role", name="accountant"))
    )
    offer = replace(OFFER, group="samen", automations=(call,))
    beside = Phase(id="naast", title="Naast", role="administratie", group="samen", block=Work())
    filing = Driver(replace(VAT, phases=(COLLECT, PREPARE, REVIEW, offer, beside, DELIVER, CLOSE)))
    filing.to_offer()
    filing.hold = {"send"}
    filing.until(date(2026, 2, 5))
    for reminder in filing.in_flight:
        filing.send(Failed(at=filing.now, number=reminder.number, error="postvak vol"))
    assert [(item.phase, item.kind) for item in filing.view.work] == [
        ("aanbieden", "stalled"),
        ("aanbieden", "decide"),
        ("aanbieden", "task"),
        ("naast", "phase"),
    ]


def test_every_kind_of_open_work_has_its_place_in_the_order() -> None:
    assert set(WORK_ORDER) == set(get_args(WorkKind))
