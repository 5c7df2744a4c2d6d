"""Lowering: the plan has every default filled in and every reference resolved."""

from datetime import date

import pytest

from kantoor.compiler import compile_definitions
from kantoor.plan import (
    Chase,
    ClosingDays,
    CreateTask,
    DateRule,
    Deliver,
    Escalate,
    Offer,
    Remind,
    SendMessage,
    To,
    WhenClosed,
)

from .conftest import SmallOffice, codes

AUTOMATION = "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"


def test_defaults_of_a_template_are_filled_in(office: SmallOffice) -> None:
    plan = office.plan()
    assert plan.start == "at_creation"
    assert plan.when_closed == WhenClosed(update_planner=True, close_chat=True)
    assert plan.template == "btw-aangifte"
    assert plan.office.name == "Kantoor Voorbeeld"


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("{ before: period.start, days: 1 }", DateRule(anchor="period.start", days=-1)),
        ("{ after: period.end, weeks: 2 }", DateRule(anchor="period.end", weeks=2)),
        (
            "{ after: period.end, months: 1, day: last }",
            DateRule(anchor="period.end", months=1, day="last"),
        ),
        ("{ month_of: period.end, day: 24 }", DateRule(anchor="period.end", day=24)),
        ("{ before: period.end, workdays: 3 }", DateRule(anchor="period.end", workdays=-3)),
        ("{ before: period.end, months: 1, day: 5 }", DateRule(anchor="period.end", months=-1, day=5)),
        ("{ after: period.end, days: 0 }", DateRule(anchor="period.end")),
    ],
)
def test_dates_are_lowered_with_signed_counts(office: SmallOffice, written: str, rule: DateRule) -> None:
    deadline = f"deadlines:\n  - id: nazorg\n    title: N\n    due:\n      - {written}\n"
    (due,) = office.plan(deadline).deadline("nazorg").due
    assert due.rule == rule


def test_a_deadline_keeps_its_alternatives_in_order(office: SmallOffice) -> None:
    deadline = office.plan(
        "deadlines:\n  - id: aangifte\n    title: Indienen\n    due:\n"
        "      - { if: product.foreign, after: period.end, months: 2, day: last }\n"
        "      - { after: period.end, months: 1, day: last }\n"
        "    moves: previous_workday\n"
    ).deadline("aangifte")
    assert [choice.rule.months for choice in deadline.due] == [2, 1]
    assert deadline.due[0].condition is not None
    assert deadline.due[1].condition is None
    assert (deadline.law, deadline.earliest, deadline.moves) == (None, None, "previous_workday")


def test_sbr_settings_are_filled_into_offer_and_delivery(office: SmallOffice) -> None:
    plan = office.plan(
        "sbr:\n  on_behalf_of: accountant\n  forward: by_hand\n  offer_as: signature\n"
        "  to: { function: directeur, decide: all }\n  message: ter-accordering\n  pay: after_assessment\n"
    )
    assert plan.phase("aanbieden").offer == Offer(
        documents=("aangifte",),
        on_behalf_of="accountant",
        forward="by_hand",
        offer_as="signature",
        to=To(kind="function", name="directeur", decide="all"),
        message="ter-accordering",
        pay="after_assessment",
        chase=Chase(
            remind=Remind(every_days=4, at_most=2),
            escalate=Escalate(on=DateRule(anchor="deadlines.aangifte", workdays=-4), role="accountant"),
        ),
    )
    assert plan.phase("indienen").deliver == Deliver(
        document="aangifte", deadline="aangifte", on_behalf_of="accountant", pay="after_assessment"
    )


def test_an_offer_and_a_delivery_override_the_sbr_settings(office: SmallOffice) -> None:
    plan = office.plan(
        "sbr: { message: ter-accordering, pay: now, offer_as: signature }\n"
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        "    back_to: opstellen\n    offer: { documents: [aangifte], offer_as: information, pay: nothing,"
        " on_behalf_of: accountant }\n"
        "  - id: indienen\n    title: Indienen\n    role: administratie\n    back_to: opstellen\n"
        "    deliver: { document: aangifte, deadline: aangifte, pay: after_assessment }\n"
    )
    offer, deliver = plan.phase("aanbieden").offer, plan.phase("indienen").deliver
    assert offer is not None
    assert deliver is not None
    assert (offer.offer_as, offer.pay, offer.on_behalf_of) == ("information", "nothing", "accountant")
    assert (deliver.pay, deliver.on_behalf_of) == ("after_assessment", "relatiebeheerder")


def test_automations_send_or_make_a_task(office: SmallOffice) -> None:
    plan = office.plan(
        AUTOMATION
        + "      - id: a\n        at: entered\n        send: { message: ter-accordering }\n"
        + "      - id: b\n        at: completed\n        if: product.kor\n"
        + "        task: { title: Bel, to: { role: accountant }, proof: document }\n"
        + "      - id: c\n        at: { before: deadlines.aangifte, days: 3 }\n"
        + "        task: { title: Lever aan }\n"
    )
    send, task, dated = plan.phases[0].automations
    assert send.at == "entered"
    assert send.send == SendMessage(message="ter-accordering", to=To(kind="primary_contact"))
    assert task.task == CreateTask(title="Bel", to=To(kind="role", name="accountant"), proof="document")
    assert task.condition is not None
    assert dated.at == DateRule(anchor="deadlines.aangifte", days=-3)
    assert dated.task == CreateTask(title="Lever aan", to=To(), proof="tick")


def test_an_end_is_named_without_its_group(office: SmallOffice) -> None:
    plan = office.plan(
        "phases:\n  - id: aanbieden\n    title: Aanbieden\n    role: relatiebeheerder\n"
        "    back_to: opstellen\n"
        "    offer: { documents: [aangifte], offer_as: information, may_end: ends.gestopt }\n"
        "ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n"
    )
    offer = plan.phase("aanbieden").offer
    assert offer is not None
    assert offer.may_end == plan.ends[0].id == "gestopt"


def test_a_document_keeps_what_it_is_made_from(office: SmallOffice) -> None:
    plan = office.plan(
        "documents:\n  - id: bijlage\n    title: Bijlage\n    made_in: opstellen\n"
        "    from: aangifte\n    optional: true\n"
    )
    assert plan.document("bijlage").source == "aangifte"
    assert plan.document("bijlage").optional


def test_the_plan_holds_the_messages_it_sends_and_no_others(office: SmallOffice) -> None:
    office.with_piece("title: Aangifte btw\n")
    text = (office.folder / "messages/ter-accordering.yaml").read_text("utf-8")
    (office.folder / "messages/ongebruikt.yaml").write_text(text, "utf-8")
    compilation = compile_definitions(office.folder)
    assert codes(compilation) == []
    messages = compilation.plans["btw-aangifte"].messages
    assert [message.id for message in messages] == ["ter-accordering"]
    assert messages[0].texts["nl"].subject == "Uw aangifte over {{ period.words }} staat klaar"
    assert messages[0].texts["nl"].body.endswith("{{ filing.link }}\n")


def test_the_plan_holds_the_roles_it_names_with_those_they_fall_back_to(office: SmallOffice) -> None:
    office.with_piece("title: Aangifte btw\n")
    for name, text in {
        "administratie": "title: Administratie\nfallback: tweede\n",
        "tweede": "title: Tweede\nfallback: derde\n",
        "derde": "title: Derde\nqualification: [RA]\n",
        "los": "title: Los\n",
    }.items():
        (office.folder / f"roles/{name}.yaml").write_text(text, "utf-8")
    plan = compile_definitions(office.folder).plans["btw-aangifte"]
    assert [role.id for role in plan.roles] == [
        *("accountant", "administratie", "derde", "relatiebeheerder", "tweede")
    ]
    assert plan.role("derde").qualification == ("RA",)


def test_the_office_holds_what_is_the_same_for_all_templates(office: SmallOffice) -> None:
    compilation = office.with_change(
        "functions: [directeur]",
        "functions: [directeur, eigenaar]\nopening_hour: 7\nfunction_gives_authority: [eigenaar]\n"
        'tax_consultant_number: "123456"\n'
        "closing_days: { good_friday: true, extra: [2026-05-15] }",
        "office.yaml",
    )
    made = compilation.office
    assert made is not None
    assert made.text.email == "post@voorbeeld.example"
    assert (made.opening_hour, made.functions) == (7, ("directeur", "eigenaar"))
    assert made.function_gives_authority == ("eigenaar",)
    assert made.closing_days == ClosingDays(
        good_friday=True, liberation_day="every_five_years", extra=(date(2026, 5, 15),)
    )
    assert [(point.report, point.year) for point in made.entry_points] == [("omzetbelasting", 2026)]
    assert [product.frequencies for product in made.products] == [("month", "quarter", "year")]
    assert [field.id for field in made.fields] == ["dga"]


def test_the_chase_of_a_template_counts_from_the_target_of_each_phase_without_one(
    office: SmallOffice,
) -> None:
    compilation = office.with_piece(
        "chase: { workdays: 2, role: relatiebeheerder }\nphases:\n"
        "  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        "    due: { before: deadlines.aangifte, workdays: 9 }\n"
    )
    plan = compilation.plans["btw-aangifte"]
    chase = plan.phase("opstellen").chase
    assert chase is not None
    assert chase.escalate == Escalate(
        on=DateRule(anchor="targets.opstellen", workdays=2), role="relatiebeheerder"
    )
    assert plan.phase("controle").chase is None
