"""What people do to a filing: who may, on what, and that an act happens once however often it is repeated."""

import asyncio
import hashlib

import pytest
from sqlalchemy import func, select

from kantoor.filing.outcome import Refusal
from kantoor.office.database.tables import documents, timeline
from kantoor.period import Period
from kantoor.runtime.preparing import Prepared, StartRequest, prepare, write_row
from kantoor.service.filings.acts import Acts, Done
from kantoor.service.filings.attaching import Attached

from .town import ALONE, COLLECT, FIGURES, MAKE, REVIEW, TODAY

OTHER_FIGURES = "rubriek;omzet_centen;btw_centen\n1a;2000000;420000\n"
WRONG_HASH = hashlib.sha256(b"other").hexdigest()


def told(town, filing, what):
    """Return how often the timeline tells something."""
    where = (timeline.c.filing == f"filing/{filing.name}/-/1", timeline.c.what == what)
    query = select(func.count()).where(*where)

    async def scene(desk):
        return desk.read(lambda connection: connection.execute(query).scalar_one())

    return town.play(scene)


def stored(town):
    """Return how many documents the store holds."""

    async def scene(desk):
        query = select(func.count()).select_from(documents)
        return desk.read(lambda connection: connection.execute(query).scalar_one())

    return town.play(scene)


def refused(outcome, code):
    assert isinstance(outcome, Refusal), outcome
    assert outcome.code == code, outcome
    return outcome.text


def test_an_act_that_is_repeated_is_the_same_act_although_the_filing_went_on(town):
    filing = town.begun()
    filing.acts("sanne", *(lambda acts, c=c: acts.check(filing.name, c) for c in COLLECT))
    first = filing.act("sanne", lambda acts: acts.complete(filing.name), "stap-1")
    assert isinstance(first, Done)
    assert not first.repeated
    filing.until_in("opstellen")
    again = filing.act("sanne@linde.example", lambda acts: acts.complete(filing.name), "stap-1")
    assert again == first.model_copy(update={"repeated": True})
    assert told(town, filing, "phase_completed") == 1


def test_an_act_that_is_sent_by_several_at_once_happens_once(town):
    filing = town.begun()

    async def scene(desk):
        return await asyncio.gather(*(Acts(desk, "sanne", "een").note(filing.name, "x") for _ in range(5)))

    outcomes = town.play(scene)
    assert {type(outcome) for outcome in outcomes} == {Done}
    assert len({outcome.sequence for outcome in outcomes}) == 1
    assert told(town, filing, "noted") == 1


def test_the_same_id_with_other_words_or_another_person_is_refused(town):
    filing = town.begun()
    assert isinstance(filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), "n"), Done)
    assert isinstance(filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), "n"), Done)
    text = refused(filing.act("sanne", lambda acts: acts.note(filing.name, "Gemaild"), "n"), "act_id_used")
    assert text == ("Dit nummer is al voor een andere handeling gebruikt. Kies een nieuw nummer.")
    refused(filing.act("tom", lambda acts: acts.note(filing.name, "Gebeld"), "n"), "act_id_used")
    assert told(town, filing, "noted") == 1


def test_the_id_of_an_act_that_was_refused_is_free_again(town):
    filing = town.begun()
    text = refused(filing.act("sanne", lambda acts: acts.complete(filing.name), "af"), "not_ready")
    assert "Alle bankmutaties zijn ontvangen" in text
    filing.acts("sanne", *(lambda acts, c=c: acts.check(filing.name, c) for c in COLLECT))
    assert isinstance(filing.act("sanne", lambda acts: acts.complete(filing.name), "af"), Done)


def test_the_act_that_ended_a_filing_is_answered_again_and_nothing_else_happens_any_more(town):
    filing = town.begun()
    first = filing.act("sanne", lambda acts: acts.cancel(filing.name, "Dubbel"), "weg")
    assert isinstance(first, Done)
    filing.until(lambda f: f.status == "afgesloten")
    again = filing.act("sanne", lambda acts: acts.cancel(filing.name, "Dubbel"), "weg")
    assert again == first.model_copy(update={"repeated": True})
    text = refused(filing.act("sanne", lambda acts: acts.note(filing.name, "Nog iets")), "ended")
    assert text == "Deze opdracht is afgesloten en kan niet meer worden gewijzigd."


def test_before_the_first_phase_begins_no_phase_takes_an_act_but_notes_are_taken(town):
    filing = town.begun(period=Period.parse("2026-02"))
    text = refused(filing.act("sanne", lambda acts: acts.complete(filing.name)), "phase_not_active")
    assert text.startswith("Er is nu geen fase aan de beurt. De fase 'Stukken opvragen")
    assert text.endswith("' begint op 1 maart 2026.")
    assert isinstance(filing.act("sanne", lambda acts: acts.note(filing.name, "Vroeg")), Done)


def test_figures_attached_twice_under_one_id_are_one_return(town):
    filing = town.begun().to("opstellen")
    first = filing.attach(id="cijfers")
    before = stored(town)
    again = filing.attach(id="cijfers")
    assert isinstance(again, Attached)
    assert (again.shown, again.text) == (first.shown, first.text)
    assert isinstance(again.outcome, Done)
    assert again.outcome.repeated
    assert stored(town) == before
    assert told(town, filing, "document_attached") == 1
    other = filing.attach(OTHER_FIGURES, id="cijfers")
    refused(other, "act_id_used")
    assert stored(town) == before
    assert filing.view().documents[0].shown == first.shown


def test_other_figures_replace_a_return_and_ask_for_another_review(town):
    filing = town.begun().to("controle")
    first = filing.view().documents[0].shown
    filing.acts("tom", lambda acts: acts.back(filing.name, "Omzet vergeten"))
    filing.until_in("opstellen")
    second = filing.attach(OTHER_FIGURES)
    assert second.shown.hash != first.hash
    filing.tick("sanne", *MAKE)
    filing.acts("tom", *(lambda acts, c=c: acts.check(filing.name, c) for c in REVIEW))
    stale = filing.act("tom", lambda acts: acts.complete(filing.name, seen={"aangifte": first.hash}))
    assert "is vervangen of nog niet bekeken" in refused(stale, "stale_document")
    seen = {"aangifte": second.shown.hash}
    assert isinstance(filing.act("tom", lambda acts: acts.complete(filing.name, seen=seen)), Done)


def test_a_document_that_is_not_at_issue_is_named(town):
    filing = town.begun()
    answer = filing.act("sanne", lambda acts: acts.complete(filing.name, seen={"aangifte": WRONG_HASH}))
    text = refused(answer, "unknown_document")
    assert text == "Document 'aangifte' hoort niet bij deze handeling."


def test_a_version_is_one_of_that_very_document_in_that_very_filing(town):
    filing, other = town.begun(template="met-de-hand"), town.begun().to("controle")
    filing.tick("sanne", *COLLECT)
    return_, memo = filing.attach(document="aangifte").shown, filing.attach(document="memo").shown
    filing.tick("sanne", *MAKE)
    filing.acts("tom", *(lambda acts, c=c: acts.check(filing.name, c) for c in REVIEW))
    for strange in (memo.hash, other.view().documents[0].shown.hash):
        seen = {"aangifte": strange, "memo": memo.hash}
        answer = filing.act("tom", lambda acts, seen=seen: acts.complete(filing.name, seen=seen))
        assert refused(answer, "unknown_version") == (
            f"'Aangifte omzetbelasting' heeft geen versie '{strange}'. De huidige versie is {return_.hash}."
        )
    seen = {"aangifte": return_.hash, "memo": memo.hash}
    assert isinstance(filing.act("tom", lambda acts: acts.complete(filing.name, seen=seen)), Done)


def test_a_file_that_goes_with_an_earlier_version_of_its_source_is_refused_when_it_is_attached_again(town):
    filing = town.begun(template="met-de-hand")
    filing.tick("sanne", *COLLECT)
    filing.attach("eerste memo", document="memo")
    filing.attach("uittreksel", document="uittreksel")
    filing.attach("tweede memo", document="memo")
    again = filing.attach("uittreksel", document="uittreksel").outcome
    assert refused(again, "made_from_another") == (
        "Deze versie van 'Uittreksel' is eerder toegevoegd en hoort bij een andere versie van 'Memo voor de "
        "controleur'. Maak 'Uittreksel' opnieuw van de huidige versie en voeg dat toe."
    )
    assert isinstance(filing.attach("nieuw", document="uittreksel").outcome, Done)


def test_a_client_decides_on_exactly_what_was_shown(town):
    filing = town.begun().to("aanbieden")
    assert len(town.mail(filing.relation)) == 2  # asked for papers, then for approval
    shown, mistyped = filing.view().documents[0].shown.hash, {"aangifte": WRONG_HASH}
    answer = filing.act(filing.client, lambda acts: acts.decide(filing.name, "approve", seen=mistyped))
    assert refused(answer, "unknown_version") == (
        f"'Aangifte omzetbelasting' heeft geen versie '{WRONG_HASH}'. De huidige versie is {shown}."
    )
    address = f"KIM{filing.relation}@klant.example"
    done = filing.act(address, lambda acts: acts.decide(filing.name, "approve"), "akkoord")
    assert isinstance(done, Done)
    filing.until_in("afronden")
    again = filing.act(filing.client, lambda acts: acts.decide(filing.name, "approve"), "akkoord")
    assert again == done.model_copy(update={"repeated": True})


def test_a_rejection_needs_a_reason_and_sends_the_work_back(town):
    filing = town.begun().to("aanbieden")
    without = filing.act(filing.client, lambda acts: acts.decide(filing.name, "reject"))
    assert refused(without, "reason_missing") == "Geef een reden voor het afkeuren."
    filing.acts(filing.client, lambda acts: acts.decide(filing.name, "reject", reason="Mist een factuur"))
    filing.until_in("opstellen")


def test_a_colleague_records_what_the_client_said_with_reason_and_proof(town):
    filing = town.begun().to("aanbieden")
    client, proof = filing.client, "a" * 64

    def decide(who, contact, reason="Telefonisch", kept=proof):
        return filing.act(
            who, lambda acts: acts.decide(filing.name, "approve", contact=contact, reason=reason, proof=kept)
        )

    assert refused(decide("marieke", client, kept=None), "proof_missing") == (
        "Leg een besluit van de klant vast met een reden en een bewijsstuk."
    )
    refused(decide("marieke", client, reason=" "), "proof_missing")
    refused(decide("marieke", None), "contact_missing")
    assert refused(decide("marieke", "wie"), "unknown_person") == (
        f"Contactpersoon 'wie' bestaat niet. Kies uit: {filing.client}, z-{filing.relation}."
    )
    assert refused(decide("marieke", "tom"), "unknown_person").startswith(
        "Contactpersoon 'tom' bestaat niet. "
    )
    assert refused(decide("marieke", "c-2099"), "not_their_relation") == (
        "Kim 2099 is geen contactpersoon van deze relatie."
    )
    refused(decide("marieke", f"z-{filing.relation}"), "no_authority")
    refused(decide("sanne", client), "wrong_role")
    assert refused(decide(client, client), "not_a_colleague") == (
        "Alleen een medewerker kan het besluit van een ander vastleggen."
    )
    assert isinstance(decide("marieke", f"kim{filing.relation}@klant.example"), Done)
    filing.until_in("afronden")


def test_who_made_a_return_records_no_decision_on_it_and_does_not_review_it(town):
    filing = town.begun(ALONE)
    filing.tick("wim", *COLLECT)
    filing.attach(who="wim")
    filing.tick("wim", *MAKE)
    town.hand_over(ALONE, "accountant", "wim")
    text = refused(filing.act("wim", lambda acts: acts.check(filing.name, REVIEW[0])), "four_eyes")
    assert text == (
        "Vier ogen: u hebt zelf aan 'Boeken en aangifte opstellen' gewerkt. "
        "Laat een collega de fase 'Controle' afronden."
    )


@pytest.mark.parametrize("who", ["niemand", "cor", "cor@linde.example", "weg@linde.example"])
def test_somebody_unknown_or_who_left_does_nothing(town, who):
    filing = town.begun()
    text = refused(filing.act(who, lambda acts: acts.note(filing.name, "x")), "unknown_person")
    known = f"Er is niemand met id of e-mailadres '{who}', of deze persoon is niet meer actief. Medewerkers: "
    assert text.startswith(known)


def test_a_contact_does_nothing_for_a_relation_that_is_not_theirs(town):
    filing = town.begun()
    text = refused(filing.act("c-2099", lambda acts: acts.note(filing.name, "x")), "not_their_relation")
    assert text == "Kim 2099 is geen contactpersoon van deze relatie."


def test_a_filing_that_was_only_written_down_takes_no_act_until_the_start_is_repeated(town):
    relation = town.relation()

    async def die_in_between(desk):
        with desk.equipment.database.write() as connection:
            wanted = StartRequest(
                template="btw-aangifte",
                relation=relation,
                period="2026-01",
                start_date=TODAY,
                by={"kind": "team", "id": "marieke"},
            )
            prepared = prepare(connection, wanted, desk.now(), desk.equipment.reports.identity_needs())
            assert isinstance(prepared, Prepared)
            write_row(connection, prepared)
        return await Acts(desk, "sanne").note(f"btw-aangifte/{relation}/2026-01", "x")

    text = refused(town.play(die_in_between), "not_started")
    assert text == "Deze opdracht is gepland en nog niet gestart."
    filing = town.begun(relation)
    assert isinstance(filing.act("sanne", lambda acts: acts.note(filing.name, "x")), Done)


def test_figures_that_are_wrong_leave_nothing_behind(town):
    filing = town.begun().to("opstellen")
    before = stored(town)
    wrong = filing.attach("rubriek;omzet_centen;btw_centen\n1a;tien;210000\n5a;;1\n")
    file = town.folder / f"{filing.relation}.csv"
    assert wrong.code == "no_return"
    assert wrong.mistakes == (
        f"{file}, regel 2, kolom 2 (omzet_centen): Bij rubriek 1a staat bij omzet geen bedrag in hele "
        "centen (alleen cijfers).",
    )
    wrong = filing.attach(FIGURES + "5g;;199900\n")
    (mistake,) = wrong.mistakes
    assert mistake.replace("\N{NO-BREAK SPACE}", " ").startswith(
        f"{file}, regel 4, kolom 3 (btw_centen): Rubriek 5g is € 1.999,00, maar 5a (€ 2.100,00) min 5b "
        "(€ 100,00) is € 2.000,00. "
    )
    assert stored(town) == before
    assert filing.view().documents[0].shown is None
