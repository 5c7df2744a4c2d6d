"""Outcomes: whoever completes a phase chooses how it ends, and the filing goes on from there (R5)."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.events import Attach, Back, Complete
from kantoor.filing.outcome import Refusal, Step
from kantoor.plan import LiteralValue, Name, Outcome, Phase, Plan, Work

from .driver import ADMIN, MANAGER, Driver, shown
from .plans import COLLECT, DELIVER, OFFER, PREPARE, VAT, with_phase
from .test_phases import refused

FILE = Outcome(id="indienen", title="Indienen")
STOP = Outcome(id="klein", title="Volgende aangifte", end="niet_ingediend")
CLOSE = Outcome(id="direct", title="Direct afronden", then="afronden")
FOREIGN = Outcome(id="buitenland", title="Buitenland", condition=Name(path=("product", "foreign")))


def choosing(*outcomes: Outcome) -> Driver:
    """Return a filing in its second phase of work, which ends in one of these outcomes."""
    return to_prepare(with_phase(replace(PREPARE, outcomes=outcomes)))


def to_prepare(plan: Plan) -> Driver:
    """Return a filing of the plan whose return is made; the phase that makes it is still active."""
    filing = Driver(plan)
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.must(Attach, ADMIN, shown=shown())
    return filing


def complete(filing: Driver, outcome: str | None = None) -> Step | Refusal:
    return filing.act(Complete, ADMIN, phase=PREPARE.id, outcome=outcome)


def coming(filing: Driver) -> dict[str, str]:
    return {phase.id: phase.comes for phase in filing.view.phases if phase.status == "pending"}


def test_a_phase_with_outcomes_is_completed_with_one_of_them_and_says_so() -> None:
    filing = choosing(FILE, STOP)
    assert refused(complete(filing), "outcome_missing")
    filing.must(Complete, ADMIN, phase=PREPARE.id, outcome="indienen")
    assert filing.active() == ["controle"]
    assert filing.view.phases[1].outcome == "Indienen"


def test_a_refused_outcome_names_those_that_are_possible() -> None:
    filing = choosing(FILE, STOP, FOREIGN)
    answer = complete(filing, "buitenland")
    assert isinstance(answer, Refusal)
    assert answer.text == (
        "De uitkomst 'Buitenland' is hier niet mogelijk. "
        "Kies uit: indienen ('Indienen'), klein ('Volgende aangifte')."
    )
    assert refused(complete(filing, "?"), "unknown_outcome")
    assert [one.id for one in filing.view.phases[1].outcomes] == ["indienen", "klein"]


def test_the_only_outcome_that_is_possible_need_not_be_named() -> None:
    filing = choosing(replace(STOP, condition=LiteralValue(value=False)), FILE)
    filing.must(Complete, ADMIN, phase=PREPARE.id)
    assert filing.view.phases[1].outcome == "Indienen"


def test_a_phase_without_outcomes_refuses_one() -> None:
    filing = choosing()
    assert refused(complete(filing, "indienen"), "no_outcomes")


def test_an_outcome_that_names_an_end_ends_the_filing_there() -> None:
    filing = choosing(FILE, STOP)
    filing.must(Complete, ADMIN, phase=PREPARE.id, outcome="klein")
    assert (filing.view.ended, filing.view.end_title) == ("end", "Niet ingediend")
    assert filing.view.planner == "te_laat"


def test_an_outcome_that_names_a_later_phase_passes_over_those_between() -> None:
    filing = choosing(FILE, replace(CLOSE, condition=Name(path=("product", "foreign"))))
    assert coming(filing) == {"controle": "yes", "aanbieden": "yes", "indienen": "yes", "afronden": "yes"}
    filing = choosing(FILE, CLOSE)
    ahead = {"controle": "perhaps", "aanbieden": "perhaps", "indienen": "perhaps", "afronden": "yes"}
    assert coming(filing) == ahead
    filing.must(Complete, ADMIN, phase=PREPARE.id, outcome="direct")
    assert filing.active() == ["afronden"]
    skipped = [p.id for p in filing.view.phases if p.status == "skipped"]
    assert skipped == ["controle", "aanbieden", "indienen"]
    assert filing.told().count("phase_passed_over") == 3


def test_what_was_passed_over_is_done_when_the_work_goes_back_and_ends_otherwise() -> None:
    close = replace(VAT.phases[-1], back_to=PREPARE.id)
    plan = with_phase(close, with_phase(replace(PREPARE, outcomes=(FILE, CLOSE))))
    filing = to_prepare(plan)
    filing.must(Complete, ADMIN, phase=PREPARE.id, outcome="direct")
    filing.must(Back, ADMIN, phase=close.id, reason="Toch indienen")
    assert filing.view.phases[1].outcome is None
    filing.must(Complete, ADMIN, phase=PREPARE.id, outcome="indienen")
    assert filing.active() == ["controle"]


def test_an_outcome_that_ends_the_filing_ends_what_runs_beside_it() -> None:
    prepare = replace(PREPARE, group="samen", outcomes=(FILE, STOP))
    offer = replace(OFFER, group="samen", back_to=COLLECT.id)
    plan: Plan = replace(VAT, phases=(COLLECT, prepare, offer, VAT.phases[-1]))
    filing = to_prepare(plan)
    assert filing.active() == [PREPARE.id, OFFER.id]
    filing.must(Complete, ADMIN, phase=PREPARE.id, outcome="klein")
    assert (filing.view.ended, filing.view.work) == ("end", ())
    answer = filing.act(Back, MANAGER, phase=OFFER.id, reason="Fout")
    assert refused(answer, "ended")


@pytest.mark.parametrize(("hold", "code"), [({"follow"}, "delivery_runs"), (set(), "accepted")])
def test_an_outcome_ends_no_filing_beside_a_delivery_that_is_under_way_or_accepted(
    hold: set[str], code: str
) -> None:
    meanwhile = Phase(id="bellen", title="Bellen", role="administratie", block=Work(), group="samen")
    deliver = replace(DELIVER, group="samen")
    phases = (*VAT.phases[:4], deliver, replace(meanwhile, outcomes=(FILE, STOP)), VAT.phases[-1])
    filing = Driver(replace(VAT, phases=phases))
    filing.hold = hold
    filing.to_offer()
    filing.decide()
    answer = filing.act(Complete, ADMIN, phase="bellen", outcome="klein")
    assert refused(answer, code)
    assert isinstance(answer, Refusal)
    assert answer.text.startswith("'Aangifte omzetbelasting' ")
    filing.must(Complete, ADMIN, phase="bellen", outcome="indienen")
