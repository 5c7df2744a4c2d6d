"""Offers and readiness: everything that stands in the way at once, in Dutch, from the plan."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from kantoor.data import replace
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import (
    authorities,
    contacts,
    dossier,
    dossier_documents,
    filings,
    relation_contacts,
    relation_products,
    relations,
    team,
)
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.overviews.acceptance import find_acceptance
from kantoor.office.people import standing_until
from kantoor.office.plans import publish
from kantoor.office.relations.demands import Demands
from kantoor.office.relations.readiness import ADVISED, CODES, Missing, find_advice, find_missing
from kantoor.office.relations.recipients import OfferFooting, Recipient, find_footing
from kantoor.office.relations.snapshot import load_snapshot
from kantoor.plan import (
    Automation,
    Chase,
    CreateTask,
    DateRule,
    Escalate,
    FilingAwaited,
    LiteralValue,
    Offer,
    Phase,
    Plan,
    Remind,
    Request,
    SendMessage,
    To,
    WaitFor,
    Work,
    digest,
)
from kantoor.portal.readiness import find_way
from kantoor.words import DOSSIER_KIND_WORDS

from .material import FILES, NEEDS, NOW, OFFICE, PLAN, TODAY, VAT, accepting, folder_of, start, vat_plan

NEVER = LiteralValue(value=False)
BEGINS = "de vastgelegde bevoegdheid begint pas op 1 januari 2025"
ENDED = "de vastgelegde bevoegdheid liep tot en met 31 december 2025"


def footing(office: Database, relation: str, plan: Plan = PLAN, on: date = TODAY) -> OfferFooting:
    with office.read() as connection:
        return find_footing(load_snapshot(connection, [relation]), plan, "aanbieden", relation, VAT, on)


def missing(office: Database, relation: str, plan: Plan = PLAN, on: date = TODAY) -> list[str]:
    with office.read() as connection:
        found = [m.code for m in lacking(connection, relation, plan, on)]
    assert set(found) <= set(CODES), "a lack that CODES does not list cannot be asked for"
    return found


def lacking(
    connection: Connection, relation: str, plan: Plan = PLAN, on: date = TODAY
) -> tuple[Missing, ...]:
    return find_missing(load_snapshot(connection, [relation]), Demands(plan, NEEDS), relation, on)


def offer(**facts: Any) -> Plan:
    values = {"on_behalf_of": "relatiebeheerder", "message": "akkoord", "to": To(), **facts}
    return vat_plan(Offer(documents=("aangifte",), **values))


def change(office: Database, table: Any, **values: Any) -> None:
    with office.write() as connection:
        connection.execute(table.update().values(**values))


def codes(found: OfferFooting) -> list[str]:
    return [problem.code for problem in found.problems]


def test_an_offer_goes_to_the_primary_contact_on_behalf_of_the_role(office: Database) -> None:
    assert footing(office, "1001") == OfferFooting(
        recipients=(Recipient(contact="c1", may=("see", "approve")),), sender="ans"
    )


def test_information_needs_a_standing_authority_that_still_holds(office: Database) -> None:
    found = footing(office, "1002")
    assert (found.way, found.standing_until, found.problem) == ("information", date(2026, 6, 30), None)
    late = footing(office, "1002", on=date(2026, 7, 1))
    assert codes(late) == ["no_standing_authority"]


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 6, 30)], ids=["first", "last"])
def test_a_standing_authority_holds_on_its_first_and_its_last_day(office: Database, day: date) -> None:
    found = footing(office, "1002", on=day)
    assert (found.standing_until, codes(found)) == (date(2026, 6, 30), [])
    with office.read() as connection:
        assert standing_until(connection, "1002", VAT, day) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("day", "lacking"),
    [(date(2025, 1, 1), []), (date(2025, 12, 31), []), (date(2026, 1, 1), ["no_authority"])],
    ids=["first", "last", "after"],
)
def test_an_authority_holds_on_its_first_and_its_last_day(
    office: Database, day: date, lacking: list[str]
) -> None:
    plan = offer(to=To(kind="function", name="directeur", decide="all"))
    assert codes(footing(office, "1001", plan, day)) == lacking


def test_everything_in_the_way_of_an_offer_is_told_at_once(office: Database) -> None:
    change(office, contacts, email=None)
    found = footing(office, "1003")
    assert codes(found) == ["no_contact_with_function", "no_sender"]
    assert found.problem == (
        "De relatie heeft geen contactpersoon met de functie directeur. "
        "Het bericht aan de klant gaat uit namens de rol Relatiebeheerder, maar niemand heeft die rol."
    )


def test_contacts_are_chosen_by_function(office: Database) -> None:
    plan = offer(to=To(kind="function", name="directeur"))
    found = footing(office, "1001", plan)
    assert [r.contact for r in found.recipients] == ["c1", "c2"]
    assert found.problem is None


def test_where_all_must_decide_each_needs_authority(office: Database) -> None:
    plan = offer(to=To(kind="function", name="directeur", decide="all"))
    assert codes(footing(office, "1001", plan)) == ["no_authority"]
    assert codes(footing(office, "1001", plan, date(2025, 12, 1))) == []


def test_who_may_only_sign_jointly_cannot_do_so_alone(office: Database) -> None:
    plan = offer(to=To(kind="function", name="directeur"), offer_as="signature")
    found = footing(office, "1001", plan, date(2025, 12, 1))
    assert codes(found) == ["only_jointly"]
    assert found.problem is not None
    assert found.problem.endswith(
        "mag alleen samen met een ander ondertekenen; er is geen ander die dat mag."
    )


def test_an_offer_that_was_released_is_judged_by_the_way_in_which_it_was(office: Database) -> None:
    plan = offer(offer_as="information")
    with office.read() as connection:
        asked = (load_snapshot(connection, ["1001"]), plan, "aanbieden", "1001", VAT, date(2027, 1, 1))
    assert "no_standing_authority" in codes(find_footing(*asked))
    assert "no_standing_authority" not in codes(find_footing(*asked, offered="approval"))


def test_who_may_decide_only_with_another_is_told_who_that_is_and_that_they_are_not_asked(
    office: Database,
) -> None:
    directors = offer(to=To(kind="function", name="directeur"))
    with office.write() as connection:
        connection.execute(authorities.update().values(may=["approve"], jointly=["approve"], until=None))
    (problem,) = footing(office, "1001").problems
    assert (problem.code, problem.contact) == ("other_not_asked", "c1")
    assert problem.text == (
        "Anna Bakker mag alleen samen met een ander akkoord geven; Bert Bakker mag dat ook, maar krijgt het "
        "niet aangeboden."
    )
    assert codes(footing(office, "1001", directors)) == []


@pytest.mark.parametrize(
    ("way", "on", "lacking"),
    [
        ("approval", date(2024, 1, 1), f"akkoord te geven: {BEGINS}"),
        ("approval", date(2026, 1, 1), f"akkoord te geven: {ENDED}"),
        ("signature", date(2024, 1, 1), "te ondertekenen"),
    ],
)
def test_a_missing_authority_is_told_by_what_it_is_for_and_when_another_day_has_it(
    office: Database, way: str, on: date, lacking: str
) -> None:
    with office.write() as connection:
        connection.execute(authorities.update().values(until=date(2025, 12, 31)))
    found = footing(office, "1001", offer(offer_as=way), on)
    assert found.problem == f"Anna Bakker is niet bevoegd om {lacking}."


def test_who_signs_only_jointly_may_yet_approve_alone(office: Database) -> None:
    alone = {"contact": "c2", "relation": "1001", "product": VAT, "may": ["approve"]}
    with office.write() as connection:
        connection.execute(authorities.delete().where(authorities.c.contact == "c1"))
        connection.execute(authorities.insert().values(**alone, since=date(2025, 6, 1), proof="besluit"))
    to, day = To(kind="function", name="directeur"), date(2025, 12, 1)
    assert codes(footing(office, "1001", offer(to=to), day)) == []
    assert codes(footing(office, "1001", offer(to=to, offer_as="signature"), day)) == ["only_jointly"]


def test_a_plan_without_that_offer_is_a_fault_of_the_program(office: Database) -> None:
    with pytest.raises(LookupError), office.read() as connection:
        find_footing(load_snapshot(connection, ["1001"]), PLAN, "opstellen", "1001", VAT, TODAY)


def test_a_relation_with_everything_is_ready(office: Database) -> None:
    assert missing(office, "1001") == []
    assert missing(office, "1002") == []


def test_everything_that_a_relation_lacks_is_told_at_once(office: Database) -> None:
    assert missing(office, "1003") == [
        "no_ob_number",
        "no_rsin",
        "sbr_off",
        "role_unfilled",
        "role_unfilled",
        "role_unfilled",
        "role_unfilled",
        "no_contact_with_function",
    ]


@pytest.mark.parametrize(
    ("relation", "table", "values", "code"),
    [
        ("1001", relations, {"ob_number": None}, "no_ob_number"),
        ("1001", relations, {"rsin": None}, "no_rsin"),
        ("1002", relations, {"bsn": None}, "no_bsn"),
        ("1001", relations, {"legal_form": None}, "no_legal_form"),
        ("1001", relations, {"sbr_enabled": False}, "sbr_off"),
        ("1001", relations, {"status": "prospect"}, "not_accepted"),
        ("1001", relations, {"status": "bankrupt"}, "not_active"),
        ("1001", contacts, {"email": None}, "no_email"),
    ],
)
def test_each_lack_has_its_code(office: Database, relation: str, table: Any, values: Any, code: str) -> None:
    change(office, table, **values)
    assert missing(office, relation) == [code]


def test_an_address_that_cannot_be_is_a_lack(office: Database) -> None:
    with office.write() as connection:
        connection.execute(contacts.update().where(contacts.c.id == "c1").values(email="anna@korenaar"))
    assert missing(office, "1001") == ["email_invalid"]


def test_who_shares_a_number_and_does_not_take_the_product_holds_nobody_up(office: Database) -> None:
    change(office, relations, ob_number="001234560B01")
    with office.read() as connection:
        (text,) = [m.text for m in lacking(connection, "1001")]
    assert text.startswith("Relatie 1002 (Schilder Jansen) heeft hetzelfde omzetbelastingnummer")
    with office.write() as connection:
        others = relation_products.c.relation != "1001"
        connection.execute(relation_products.update().where(others).values(until=date(2026, 1, 4)))
    assert missing(office, "1001") == []
    assert missing(office, "1001", on=date(2026, 1, 4)) == ["shared_number"]


@pytest.mark.parametrize("status", ["left", "prospect"])
def test_who_shares_a_number_and_is_not_worked_for_holds_nobody_up(office: Database, status: str) -> None:
    change(office, relations, ob_number="001234560B01")
    with office.write() as connection:
        others = relations.c.number != "1001"
        connection.execute(relations.update().where(others).values(status=status))
    assert missing(office, "1001") == []


def test_a_product_that_is_not_taken_any_more_is_a_lack(office: Database) -> None:
    change(office, relation_products, until=date(2026, 1, 4))
    assert missing(office, "1001") == ["no_product"]
    assert missing(office, "1001", on=date(2026, 1, 4)) == []


def test_a_relation_that_is_not_there_is_the_only_lack(office: Database) -> None:
    assert missing(office, "9999") == ["no_relation"]


def test_a_relation_without_primary_contact_is_not_ready(database: Database, tmp_path: Path) -> None:
    lonely = FILES["contacts.csv"].replace(";directeur;ja", ";directeur;nee")
    folder = folder_of(tmp_path / "a", contacts=lonely)
    assert isinstance(import_folder(database, folder, OFFICE, accepting), Imported)
    assert missing(database, "1001") == ["no_primary_contact"]


def test_a_relation_whose_contact_has_no_authority_yet_is_not_ready(office: Database) -> None:
    with office.read() as connection:
        found = lacking(connection, "1001", on=date(2024, 1, 1))
    assert [m.code for m in found] == ["no_authority"]


def checking(chase: Chase | None = None, **facts: Any) -> Plan:
    """The plan with a review of what was prepared, by whoever has a role."""
    review = Phase(
        id="controle",
        title="Controle",
        four_eyes=("opstellen",),
        back_to="opstellen",
        block=Work(chase=chase),
        **facts,
    )
    prepare, *rest = PLAN.phases
    return replace(PLAN, phases=(prepare, review, *rest))


def test_whoever_prepares_cannot_be_the_only_one_to_check(office: Database) -> None:
    assert "four_eyes" in missing(office, "1001", checking(role="relatiebeheerder"))
    assert "four_eyes" not in missing(office, "1001", checking(role="accountant"))
    assert "four_eyes" not in missing(office, "1002", checking(role="relatiebeheerder"))


def test_a_check_that_escalates_to_a_colleague_can_be_done(office: Database) -> None:
    escalate = Escalate(on=DateRule(anchor="deadlines.aangifte", days=-9), role="accountant")
    chase = Chase(escalate=escalate)
    assert "four_eyes" not in missing(office, "1001", checking(role="relatiebeheerder", chase=chase))


def test_who_fills_a_role_has_the_titles_that_the_phase_demands(office: Database) -> None:
    assert "unqualified" not in missing(office, "1002", checking(role="administratie", qualification=("AA",)))
    assert "unqualified" in missing(office, "1002", checking(role="accountant", qualification=("AA", "RA")))


PARTNERS = To(kind="function", name="vennoot")
WRITES = Automation(id="a", at="entered", send=SendMessage(message="akkoord", to=PARTNERS))
REMINDED = Chase(remind=Remind(every_days=5, at_most=1, message="akkoord"))


@pytest.mark.parametrize(
    ("automation", "there"),
    [
        (WRITES, False),
        (replace(WRITES, at=DateRule(anchor="period.end", days=7)), False),
        (replace(WRITES, send=None, request=Request(form="f", to=PARTNERS)), False),
        (replace(WRITES, send=None, request=Request(form="f", to=PARTNERS, required=False)), True),
        (replace(WRITES, send=None, task=CreateTask(title="t", to=PARTNERS), chase=REMINDED), False),
        (replace(WRITES, send=None, task=CreateTask(title="t", to=PARTNERS)), True),
        (replace(WRITES, condition=NEVER), True),
    ],
)
def test_whoever_is_written_to_or_has_to_answer_is_there_before_it_starts(
    office: Database, automation: Automation, there: bool
) -> None:
    first, *rest = PLAN.phases
    plan = replace(PLAN, phases=(replace(first, automations=(automation,)), *rest))
    with office.read() as connection:
        found = [(one.code, one.level) for one in lacking(connection, "1001", plan)]
    assert found == ([] if there else [("no_contact_with_function", "must")])
    unless = replace(plan, phases=(replace(plan.phases[0], condition=NEVER), *rest))
    assert missing(office, "1001", unless) == []


DIRECTORS = offer(to=To(kind="function", name="directeur"), offer_as="signature")
OTHER_REPORT = replace(PLAN, documents=tuple(replace(d, report="opgave") for d in PLAN.documents))

EACH: dict[str, dict[str, Any]] = {
    "no_relation": {"relation": "9999"},
    "not_accepted": {"table": relations, "status": "prospect"},
    "not_active": {"table": relations, "status": "bankrupt"},
    "no_product": {"table": relation_products, "until": date(2026, 1, 4)},
    "no_ob_number": {"table": relations, "ob_number": None},
    "no_legal_form": {"table": relations, "legal_form": None},
    "no_bsn": {"relation": "1002", "table": relations, "bsn": None},
    "no_rsin": {"table": relations, "rsin": None},
    "no_btw_id": {"plan": OTHER_REPORT, "table": relations, "btw_id": None},
    "no_kvk": {"plan": OTHER_REPORT, "table": relations, "kvk": None},
    "sbr_off": {"table": relations, "sbr_enabled": False},
    "role_unfilled": {"relation": "1003"},
    "unqualified": {"relation": "1002", "plan": checking(role="accountant", qualification=("AA",))},
    "four_eyes": {"plan": checking(role="relatiebeheerder")},
    "no_primary_contact": {"table": relation_contacts, "primary": False},
    "no_contact_with_function": {"relation": "1003"},
    "no_email": {"table": contacts, "email": None},
    "email_invalid": {"table": contacts, "email": contacts.c.id},
    "no_authority": {"on": date(2024, 1, 1)},
    "only_jointly": {"plan": DIRECTORS, "on": date(2025, 12, 1)},
    "other_not_asked": {"table": authorities, "may": ["approve"], "jointly": ["approve"], "until": None},
    "no_standing_authority": {"relation": "1002", "on": date(2026, 7, 1)},
    "shared_number": {"table": relations, "ob_number": "001234560B01"},
    "undeliverable_sender": {"table": team, "phone": "na 9 uur"},
    "no_office_number": {"office": {"tax_consultant_number": None}},
    "ideal_off": {"plan": replace(PLAN, needs=("ideal",)), "table": relations, "ideal_enabled": False},
    "no_document": {"plan": replace(PLAN, needs=("dossier",))},
}
"""By code what is asked otherwise than of 1001 today, which lacks nothing, so that this is missing."""


def test_another_report_asks_for_its_own_numbers_only(office: Database) -> None:
    change(office, relations, ob_number=None, rsin=None, btw_id=None, kvk="12345678")
    assert missing(office, "1001", OTHER_REPORT) == ["no_btw_id"]


@pytest.mark.parametrize("code", CODES)
def test_every_code_that_can_be_asked_for_is_given(office: Database, code: str) -> None:
    facts = {"relation": "1001", **EACH[code]}
    asked = {name: facts.pop(name) for name in ("relation", "plan", "on") if name in facts}
    if "office" in facts:
        with office.write() as connection:
            lacking_one = replace(OFFICE, **facts["office"])
            publish(connection, [PLAN], lacking_one, revision="", author="", at=NOW)
    if "table" in facts:
        change(office, facts.pop("table"), **facts)
    assert code in missing(office, **asked)


ASKING = replace(PLAN, advises=("ideal", "standing_authority", "dossier", "identification"))


def test_what_is_advised_is_told_and_stops_nothing(office: Database) -> None:
    change(office, relations, ideal_enabled=False)
    with office.read() as connection:
        snapshot = load_snapshot(connection, ["1001"])
    waits = WaitFor(awaited=(FilingAwaited(template="vpb", of="holding"),))
    phase = Phase(id="wachten", title="Wachten", role="fiscaal", block=waits)
    demands = Demands(replace(ASKING, phases=(*ASKING.phases, phase)), NEEDS)
    assert find_missing(snapshot, demands, "1001", TODAY) == ()
    found = find_advice(snapshot, demands, "1001", TODAY)
    assert [(one.code, one.level) for one in found] == [
        ("ideal_off", "advice"),
        ("no_standing_authority", "advice"),
        ("no_document", "advice"),
        ("no_document", "advice"),
        ("not_linked", "advice"),
    ]
    assert {*ADVISED} - {"same_number"} == {one.code for one in found}  # that is told of any relation
    assert found[-2].text == "In het dossier ontbreekt een document van de soort 'identiteitsbewijs'."
    needed = replace(ASKING, needs=ASKING.advises, advises=())
    assert [one.level for one in find_missing(snapshot, Demands(needed, NEEDS), "1001", TODAY)] == [
        "must"
    ] * 4


def test_a_standing_authority_that_is_asked_is_judged_on_the_day_of_the_start(office: Database) -> None:
    asks = replace(PLAN, needs=("standing_authority",))
    assert missing(office, "1002", asks) == []
    assert missing(office, "1002", asks, date(2026, 7, 1)) == ["no_standing_authority"]  # once, not twice


def test_a_document_of_another_kind_is_not_the_one_that_is_asked(office: Database) -> None:
    with office.write() as connection:
        facts = {"relation": "1001", "kind": "deed", "hash": "h", "media_type": "application/pdf"}
        row = {"id": "a", **facts, "name": b"", "at": datetime(2026, 1, 5, 9), "by": "ans"}
        connection.execute(dossier_documents.insert().values(**row))
    with office.read() as connection:
        snapshot = load_snapshot(connection, ["1001"])
    found = find_advice(
        snapshot, Demands(replace(PLAN, advises=("dossier", "identification")), NEEDS), "1001", TODAY
    )
    assert [one.text for one in found] == [
        "In het dossier ontbreekt een document van de soort 'identiteitsbewijs'."
    ]


def test_what_a_client_sent_is_in_the_dossier_and_of_no_kind(office: Database) -> None:
    with office.write() as connection:
        sent = {"request": "r", "item": "i", "hash": "h", "media_type": "application/pdf", "name": b""}
        step = {
            "filing": start(connection).id,
            "sequence": 1,
            "index": 0,
            "at": datetime(2026, 1, 5, 9),
            "by": "els",
        }
        connection.execute(dossier.insert().values(relation="1001", **sent, **step))
    asks = replace(PLAN, needs=("dossier", "other"))
    with office.read() as connection:
        texts = [one.text for one in lacking(connection, "1001", asks)]
    assert texts == [f"In het dossier ontbreekt een document van de soort '{DOSSIER_KIND_WORDS['other']}'."]


def test_what_accepts_clients_starts_for_a_prospect(office: Database) -> None:
    change(office, relations, status="prospect")
    assert missing(office, "1001") == ["not_accepted"]
    assert missing(office, "1001", replace(PLAN, for_prospects=True)) == []


@pytest.mark.parametrize(
    ("ended", "said", "leads"),
    [
        (
            None,
            "Rond eerst de klantacceptatie af; aan het eind daarvan gaat de status op actief.",
            "opdrachten?",
        ),
        (
            "cancelled",
            "Rond eerst de klantacceptatie af; aan het eind daarvan gaat de status op actief.",
            "opdrachten?",
        ),
        ("completed", "De klantacceptatie is afgerond. Zet nu de status op actief.", "gegevens/wijzigen?"),
        ("end", "De klantacceptatie is geëindigd: Cliënt geweigerd. Er start niets meer.", "opdrachten?"),
    ],
)
def test_what_a_prospect_needs_follows_from_how_its_acceptance_ended(
    office: Database, ended: str | None, said: str, leads: str
) -> None:
    change(office, relations, status="prospect")
    accepts = replace(PLAN, template="acceptatie", for_prospects=True)
    with office.write() as connection:
        publish(connection, [PLAN, accepts], OFFICE, revision="", author="", at=NOW)
        begun = start(connection, plan=digest(accepts), template="acceptatie", id="filing/acceptatie/1")
        view = {"end_title": "Cliënt geweigerd"} if ended == "end" else None
        stands = filings.update().where(filings.c.id == begun.id).values(ended=ended, view=view)
        connection.execute(stands)
        start(connection)
        acceptance = find_acceptance(connection, "1001")
        (lacks,) = [one for one in lacking(connection, "1001") if one.code == "not_accepted"]
    way = find_way(lacks, anybody=True, acceptance=acceptance)
    assert way is not None
    assert way[0] == said
    assert way[1].startswith(leads)


def test_who_fills_a_role_has_the_titles_that_the_role_demands(office: Database) -> None:
    roles = tuple(
        replace(role, qualification=("RA",)) if role.id == "accountant" else role for role in PLAN.roles
    )
    plan = replace(checking(role="accountant"), roles=roles)
    with office.read() as connection:
        texts = [m.text for m in lacking(connection, "1001", plan)]
    assert "Voor 'Controle' is de titel RA nodig. Bas Groen heeft die niet." in texts


def test_each_decides_on_their_own_documents(office: Database) -> None:
    plan = offer()
    (document,) = plan.documents
    partner = replace(document, id="partner", of=To(kind="function", name="vennoot"), condition=NEVER)
    own = replace(plan, documents=(replace(document, of=To(kind="function", name="directeur")), partner))
    phases = tuple(
        replace(p, block=replace(p.offer, documents=("aangifte", "partner"))) if p.offer else p
        for p in own.phases
    )
    own = replace(own, phases=phases)
    asked = ("aanbieden", "1001", VAT, TODAY)
    with office.read() as connection:
        snapshot = load_snapshot(connection, ["1001"])
    mine = find_footing(snapshot, own, *asked, own=("aangifte",))
    assert {r.contact: r.own for r in mine.recipients} == {"c1": ("aangifte",), "c2": ("aangifte",)}
    assert "no_contact_with_function" in codes(
        find_footing(snapshot, own, *asked, own=("aangifte", "partner"))
    )
    assert "no_contact_with_function" not in codes(mine)
    assert {r.contact for r in find_footing(snapshot, own, *asked).recipients} == {"c1", "c2"}
