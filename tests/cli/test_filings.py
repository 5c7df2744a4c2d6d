"""`kantoor filing` and `kantoor task`, typed in an office that runs."""

import json
import shlex
from pathlib import Path

import pytest

from kantoor.service.filings.acts import Done
from kantoor.typed import PERIODS
from tests.service.town import COLLECT, FIGURES, MAKE, PREPARER, REVIEW, Return


def test_a_return_goes_from_papers_to_a_receipt_by_commands_alone(town, kantoor):
    relation = town.relation()
    name, client = f"btw-aangifte/{relation}/2026-01", f"c-{relation}"

    def done(said, *words):
        status, out, err = kantoor(*words)
        assert (status, err) == (0, ""), err
        assert out.startswith(said), out
        return out

    start = ("start", "btw-aangifte", "--period", "2026-01", "--relation", relation, "--as", "marieke")
    assert kantoor(*start)[0] == 0
    filing = Return(town, name)
    filing.until_in("verzamelen")
    for checkpoint in COLLECT:
        done(f"Afgevinkt: {checkpoint}\n", "filing", "check", name, checkpoint, "--as", "sanne")
    twice = kantoor.refused("already_ticked", "filing", "check", name, COLLECT[0], "--as", "sanne")
    assert twice.endswith("is al afgevinkt.")
    done("Niet meer afgevinkt: bank_compleet\n", "filing", "uncheck", name, "bank_compleet", "--as", "sanne")
    done("Afgevinkt", "filing", "check", name, "bank_compleet", "--as", "sanne", "--phase", "verzamelen")
    done("Fase afgerond\n", "filing", "complete", name, "--as", "sanne@linde.example")
    filing.until_in("opstellen")
    figures = str(filing.figures())
    out = done("Toegevoegd: aangifte (", "filing", "attach", name, figures, "--as", "sanne", "--id", "a")
    assert "TE BETALEN: € 2.000" in out.replace("\N{NO-BREAK SPACE}", " ")
    again = done("Toegevoegd: aangifte (", "filing", "attach", name, figures, "--as", "sanne", "--id", "a")
    assert again == out.replace(")\n", ") (was al gedaan)\n", 1)
    for checkpoint in MAKE:
        done("Afgevinkt", "filing", "check", name, checkpoint, "--as", "sanne")
    done("Fase afgerond", "filing", "complete", name, "--as", "sanne")
    filing.until_in("controle")
    done("Teruggestuurd\n", "filing", "back", name, "--reason", "Kijk nog eens", "--as", "tom")
    filing.until_in("opstellen")
    for checkpoint in MAKE:
        done("Afgevinkt", "filing", "check", name, checkpoint, "--as", "sanne")
    done("Fase afgerond", "filing", "complete", name, "--as", "sanne")
    for checkpoint in REVIEW:
        done("Afgevinkt", "filing", "check", name, checkpoint, "--as", "tom")
    shown = filing.view().documents[0].shown.hash
    done("Fase afgerond", "filing", "complete", name, "--hash", f"aangifte={shown}", "--as", "tom")
    filing.until_offer("waiting")
    done("Genoteerd\n", "filing", "note", name, "Klant gebeld", "--as", "marieke")
    done("Vastgelegd: akkoord\n", "filing", "decide", name, "approve", "--as", client)
    filing.until_in("afronden")
    page = done("Aangifte btw over januari 2026", "filing", "show", name).splitlines()
    assert page[0] == f"Aangifte btw over januari 2026, relatie {relation}: ingediend"
    assert page[1].startswith(f"{name}, gestart op 3 februari 2026, plan ")
    for line in (
        "  verzamelen: Stukken opvragen (klaar, streefdatum 12 februari 2026)",
        "  afronden: Afronden (aan de beurt, streefdatum 6 maart 2026)",
        "    [ ] geboekt: De aangifte is geboekt op de btw-rekening",
        "    [ ] suppletie: Punten voor de volgende aangifte of een suppletie zijn genoteerd"
        " (niet verplicht)",
        "  Indienen en betalen: 28 februari 2026, gehaald",
        f"  aangifte: Aangifte omzetbelasting ({shown})",
        f"  aanbieden: akkoord van {client}",
        "  2026-02-03 09:00  Marieke van der Linde: Notitie: Klant gebeld",
    ):
        assert line in page
    assert f"ontvangstbevestiging van de Belastingdienst: kantoor filing document {name} --receipt" in page
    receipt = done("ontvangstbevestiging-", "filing", "document", name, "--receipt").strip()
    assert b"500" in Path(receipt).read_bytes()
    assert (
        json.loads(kantoor("filing", "show", name, "--format", "json")[1])["view"]["planner"] == "ingediend"
    )


def test_a_filing_that_is_planned_is_told_with_its_day_and_how_to_change_that(town, kantoor):
    relation = town.relation()
    start = ("start", "btw-aangifte", "--period", "2026-02", "--relation", relation, "--as", "marieke")
    assert kantoor(*start, "--recurring", "--date", "2026-02-27")[0] == 0
    name = f"btw-aangifte/{relation}/2026-02"
    told = "Deze opdracht is gepland en nog niet gestart: februari 2026 start op 27 februari 2026."
    assert kantoor.refused("filing_planned", "filing", "show", name) == told
    assert kantoor.hint == "Ander begin of niet starten: `kantoor recurrence set-start` of `stop`."
    cancel = ("filing", "cancel", name, "--reason", "Vergissing", "--as", "marieke")
    assert kantoor.refused("filing_planned", *cancel) == told
    later = kantoor.refused("filing_planned", "filing", "show", f"btw-aangifte/{relation}/2026-04")
    assert "komt nog: februari 2026 start op 27 februari 2026, de volgende daarna" in later
    assert kantoor("recurrence", "pause", f"btw-aangifte/{relation}", "--as", "marieke")[0] == 0
    assert "de herhaling is gepauzeerd" in kantoor.refused("filing_planned", "filing", "show", name)
    assert kantoor("recurrence", "stop", f"btw-aangifte/{relation}", "--as", "marieke")[0] == 0
    assert "bestaat niet" in kantoor.refused("no_filing", "filing", "show", name)


def test_a_list_is_filtered(town, kantoor):
    filing = town.begun()
    _, out, _ = kantoor("filing", "list", "--relation", filing.relation, "--period", "2026-01")
    header, row = out.splitlines()
    assert header.split() == ["opdracht", "titel", "status", "fase", "uiterlijk"]
    assert row.split() == [filing.name, "Aangifte", "btw", "loopt", "verzamelen", *["28", "februari", "2026"]]
    words = ("filing", "list", "--relation", filing.relation)
    assert [f["recorded"] > 0 for f in kantoor.json(*words)] == [True]
    assert kantoor(*words, "--template", "met-de-hand") == (0, "Er zijn geen opdrachten.\n", "")
    status, _, err = kantoor(*words, "--period", "jan")
    assert (status, err) == (2, f"Fout: 'jan' is geen periode; schrijf {PERIODS}\n")


def test_what_the_client_reads_is_written_to_a_file(town, kantoor):
    filing = town.begun().to("opstellen")
    assert kantoor.refused("which_document", "filing", "document", filing.name) == (
        "Er is nog geen document toegevoegd."
    )
    assert kantoor.hint == "Geef op: --document DOCUMENT."
    filing.attach()
    name = f"aangifte-{filing.relation}-2026-01.html"
    assert kantoor("filing", "document", filing.name) == (0, f"{name}\n", "")
    assert "<h1>Aangifte omzetbelasting</h1>" in Path(name).read_text("utf-8")
    folder = town.folder / "out"
    folder.mkdir(exist_ok=True)
    kantoor("filing", "document", filing.name, "--bytes", "--out", str(folder))
    assert (folder / name.replace("html", "xbrl")).read_bytes().startswith(b"<?xml")
    status, _, err = kantoor("filing", "document", filing.name)
    assert (status, err) == (2, f"Fout: {name} bestaat al; --force overschrijft het\n")
    assert kantoor("filing", "document", filing.name, "--force") == (0, f"{name}\n", "")
    kantoor.refused("no_receipt", "filing", "document", filing.name, "--receipt")
    kantoor.refused("for_office", "filing", "document", filing.name, "--receipt", "--as", filing.client)
    kantoor.refused("which_document", "filing", "document", filing.name, "--document", "memo")
    status, _, err = kantoor("filing", "document", filing.name, "--out", "nergens/x.html")
    assert (status, err) == (3, "Fout: de map nergens bestaat niet\n")


def test_wrong_figures_are_told_line_by_line_and_nothing_is_attached(town, kantoor, monkeypatch):
    filing = town.begun().to("opstellen")
    filing.figures(FIGURES.replace("210000", "21%").replace("5b", "5c"))
    monkeypatch.chdir(town.folder)
    file = f"{filing.relation}.csv"
    status, out, err = kantoor("filing", "attach", filing.name, file, "--as", "sanne")
    assert (status, out) == (1, "")
    first, second, last = err.splitlines()
    assert (
        first
        == f"{file}, regel 2, kolom 3 (btw_centen): Bij rubriek 1a staat bij btw geen bedrag in hele centen "
        "(alleen cijfers)."
    )
    assert second.startswith(f"{file}, regel 3, kolom 1 (rubriek): Rubriek 5c staat niet meer in de aangifte")
    assert last == "Fout: Er is geen aangifte gemaakt. Er zijn 2 fouten gevonden. [no_return]"
    assert filing.view().documents[0].shown is None
    assert kantoor("filing", "attach", filing.name, "nergens.csv", "--as", "sanne")[0] == 2


def test_a_warning_about_figures_is_told_and_stops_nothing(town, kantoor):
    filing = town.begun().to("opstellen")
    file = str(filing.figures("rubriek,omzet_centen,btw_centen\n1a,1000000,100000\n"))
    status, out, err = kantoor("filing", "attach", filing.name, file, "--as", "sanne")
    assert status == 0
    assert out.startswith("Toegevoegd: aangifte (")
    assert err.startswith(f"let op: {file}, regel 2, kolom 3 (btw_centen): ")


def test_a_version_that_was_replaced_is_stale_and_one_that_never_was_is_unknown(town, kantoor):
    filing = town.begun().to("controle")
    first = filing.view().documents[0].shown.hash
    filing.acts("tom", lambda acts: acts.back(filing.name, "Omzet vergeten"))
    filing.until_in("opstellen")
    filing.attach(FIGURES.replace("1000000;210000", "2000000;420000"))
    filing.tick("sanne", *MAKE)
    filing.tick("tom", *REVIEW)
    filing.until_offer("waiting")
    approve = ("filing", "decide", filing.name, "approve", "--as", filing.client)
    stale = kantoor.refused("stale_document", *approve, "--hash", f"aangifte={first}")
    assert stale.startswith("'Aangifte omzetbelasting' is vervangen of nog niet bekeken")
    unknown = kantoor.refused("unknown_version", *approve, "--hash", f"aangifte={first[:-1]}x")
    current = filing.view().documents[0].shown.hash
    assert unknown == (
        f"'Aangifte omzetbelasting' heeft geen versie '{first[:-1]}x'. De huidige versie is {current}."
    )


def test_who_records_a_clients_answer_is_told_which_options_are_lacking(standing, town, kantoor):
    filing = standing("aanbieden")
    proof = town.folder / "bewijs.txt"
    proof.write_text("x")
    words = ("filing", "decide", filing.name, "approve", "--as", "marieke")
    kantoor.refused("contact_missing", *words)
    assert kantoor.hint == "Geef op: --for CONTACT, --reason TEXT, --proof FILE."
    words = (*words, "--for", filing.client)
    kantoor.refused("proof_missing", *words, "--proof", str(proof))
    assert kantoor.hint == "Geef op: --reason TEXT."
    kantoor.refused("proof_missing", *words, "--reason", "Gebeld")
    assert kantoor.hint == "Geef op: --proof FILE."


def test_a_file_that_is_no_document_proves_nothing(standing, town, kantoor):
    filing = standing("aanbieden")
    empty, pretended = town.folder / "leeg.txt", town.folder / "programma.pdf"
    empty.touch()
    pretended.write_bytes(b"\x7fELF\x02\x01\x01\x00")
    reason = ("--reason", "Gebeld")
    approve = ("filing", "decide", filing.name, "approve", "--for", filing.client, *reason, "--proof")
    delivered = ("filing", "delivered", filing.name, "--on", "2026-02-01", "--proof")
    done = ("task", "done", filing.name, "aanbieden.bellen.1", "--document")
    for words in (approve, delivered, done):
        kantoor.refused("empty_file", *words, str(empty), "--as", "marieke")
        kantoor.refused("wrong_content", *words, str(pretended), "--as", "marieke")


def test_an_answer_by_telephone_is_recorded_with_its_proof(town, kantoor):
    filing = town.begun().to("aanbieden")
    proof = town.folder / "gesprek.txt"
    proof.write_text("Mevrouw belde om 10:12 en is akkoord.")
    words = ("filing", "decide", filing.name, "approve", "--as", "marieke", "--for", filing.client)
    words = ["akkoord" if word == "approve" else word for word in words]
    assert kantoor(*words, "--reason", "Gebeld", "--proof", str(proof)) == (0, "Vastgelegd: akkoord\n", "")
    filing.until_in("afronden")
    told = kantoor("filing", "show", filing.name)[1]
    assert "heeft in de fase 'Aanbieden aan de klant' akkoord gegeven: Gebeld (bewijsstuk: " in told


def test_a_decision_not_to_deliver_ends_the_filing(town, kantoor):
    filing = town.begun().to("aanbieden")
    words = ("filing", "decide", filing.name, "not-deliver", "--as", "marieke")
    assert kantoor.refused("reason_missing", *words)
    assert kantoor.hint == "Geef op: --reason TEXT."
    said = (0, "Vastgelegd: besloten om niet in te dienen\n", "")
    assert kantoor(*words, "--reason", "Faillissement") == said
    filing.until(lambda f: f.status == "afgesloten")
    assert filing.now().planner == "te_laat"


def test_who_made_a_return_does_not_record_the_answer_to_it(town, kantoor):
    filing = town.begun(PREPARER).to("aanbieden")
    words = ("filing", "decide", filing.name, "approve", "--as", "sanne", "--for", filing.client)
    sentence = kantoor.refused("preparer", *words, "--reason", "Gebeld", "--proof", str(filing.figures()))
    assert sentence.startswith("U hebt dit document zelf opgesteld; laat een collega")


def test_a_document_that_is_no_return_is_kept_as_it_is(town, kantoor):
    filing = town.begun(template="met-de-hand")
    filing.tick("sanne", *COLLECT)
    memo = town.folder / "memo.txt"
    memo.write_text("Let op de auto.")
    attach = ("filing", "attach", filing.name, str(memo), "--as", "sanne")
    assert kantoor.refused("which_document", *attach) == "Kies een document: aangifte, memo, uittreksel."
    assert kantoor.hint == "Geef op: --document DOCUMENT."
    program = town.folder / "memo.pdf"
    program.write_bytes(b"\x7fELF\x02\x01\x01\x00")
    wrong = ("filing", "attach", filing.name, str(program), "--as", "sanne", "--document", "memo")
    assert "geen leesbaar pdf-bestand" in kantoor.refused("wrong_content", *wrong)
    status, out, err = kantoor(*attach, "--document", "memo", "--id", "m")
    assert (status, err) == (0, "")
    assert kantoor(*attach, "--document", "memo", "--id", "m")[1] == out.replace("\n", " (was al gedaan)\n")
    document = ("filing", "document", filing.name)
    text = "Dit document heeft geen leesbare weergave; haal het bestand zelf op."
    assert (kantoor.refused("no_rendering", *document), kantoor.hint) == (text, "Geef op: --bytes.")
    name = kantoor(*document, "--bytes")[1].strip()
    assert Path(name).read_text() == "Let op de auto."


def test_an_offer_that_waits_for_a_hand_is_released_once(town, kantoor):
    filing = town.begun(template="met-de-hand")
    filing.tick("sanne", *COLLECT)
    filing.attach(document="aangifte")
    filing.attach(document="memo")
    filing.tick("sanne", *MAKE)
    filing.tick("tom", *REVIEW)
    filing.until_offer("to_release")
    release = ("filing", "release", filing.name)
    kantoor.refused("not_offered", "filing", "decide", filing.name, "approve", "--as", filing.client)
    kantoor.refused("wrong_role", *release, "--as", "sanne")
    assert kantoor(*release, "--as", "marieke") == (0, "Vrijgegeven\n", "")
    filing.until_offer("waiting")
    assert kantoor.refused("already_released", *release, "--as", "marieke") == (
        "De aanbieding in de fase 'Aanbieden aan de klant' is al vrijgegeven."
    )


def test_a_task_is_finished_with_its_proof_by_whom_it_is_for(town, kantoor):
    filing = town.begun(template="met-de-hand")
    done = ("task", "done", filing.name, "verzamelen.dossier.1")
    assert kantoor.refused("proof_missing", *done, "--as", "sanne") == (
        "Geef de code op bij de taak 'Leg het dossier aan'."
    )
    assert kantoor.hint.startswith("Geef op: --code CODE")
    assert kantoor.refused("unknown_task", "task", "done", filing.name, "dossier", "--as", "sanne") == (
        "Taak 'dossier' bestaat niet. Openstaande taken: verzamelen.dossier.1 ('Leg het dossier aan')."
    )
    assert kantoor.refused("wrong_role", *done, "--as", "tom", "--code", "D-7") == (
        "De taak 'Leg het dossier aan' hoort bij de rol Administratie. Dit werk is van Sanne Visser."
    )
    (line,) = [one for one in kantoor.json("work", "--as", "sanne") if one["relation"] == filing.relation][1:]
    assert (line["kind"], line["item"], line["proof"]) == ("task", "verzamelen.dossier.1", "code")
    said = "Taak afgerond: verzamelen.dossier.1\n"
    assert kantoor(*done, "--as", "sanne", "--code", "D-7", "--id", "t") == (0, said, "")
    again = said.replace("\n", " (was al gedaan)\n")
    assert kantoor(*done, "--as", "sanne", "--code", "D-7", "--id", "t") == (0, again, "")
    kantoor.refused("act_id_used", *done, "--as", "sanne", "--code", "D-8", "--id", "t")
    kantoor.refused("task_is_done", *done, "--as", "sanne", "--code", "D-7")
    assert kantoor(*done, "--as", "sanne", "--code", "D", "--document", str(filing.figures()))[0] == 2


def test_who_may_not_do_something_to_a_whole_filing_hears_whose_work_it_is_now(town, kantoor):
    filing = town.begun()
    for act in ("cancel", "hold"):
        asked = ("filing", act, filing.name, "--reason", "Vergissing", "--as", "tom")
        assert kantoor.refused("wrong_role", *asked).endswith("Dit werk is van Sanne Visser.")
    given = ("filing", "reassign", filing.name, "administratie", "wim", "--reason", "Vakantie")
    assert kantoor(*given, "--as", "sanne")[0] == 0
    filing.until(lambda found: found.recorded >= 2)
    tick = ("filing", "check", filing.name, COLLECT[0], "--as", "tom")
    assert kantoor.refused("wrong_role", *tick).endswith("Dit werk is overgedragen aan Wim Vos.")
    cancel = ("filing", "cancel", filing.name, "--reason", "Vergissing", "--as", "tom")
    assert kantoor.refused("wrong_role", *cancel).endswith("Dit werk is overgedragen aan Wim Vos.")


def test_a_phase_and_a_checkpoint_that_are_nearly_right_are_answered_with_the_one_that_is_meant(
    town, kantoor
):
    name = town.begun().name
    check = ("filing", "check", name, "bank_compleet", "--phase", "verzamelem", "--as", "sanne")
    assert (
        kantoor.refused("unknown_phase", *check) == "Fase 'verzamelem' bestaat niet. Bedoelt u 'verzamelen'?"
    )
    near = kantoor.refused("unknown_checkpoint", "filing", "check", name, "bank_compleett", "--as", "sanne")
    assert "'bank_compleet'" in near


def test_a_cancelled_filing_takes_nothing_more(town, kantoor):
    filing = town.begun()
    said = (0, "Geannuleerd\n", "")
    words = ("filing", "cancel", filing.name, "--as", "sanne", "--id", "c")
    assert kantoor(*words, "--reason", "Dubbel") == said
    filing.until(lambda f: f.status == "afgesloten")
    assert kantoor(*words, "--reason", "Dubbel") == (0, "Geannuleerd (was al gedaan)\n", "")
    for act in (("check", "bank_compleet"), ("complete",), ("attach", str(filing.figures()))):
        kantoor.refused("ended", "filing", act[0], filing.name, *act[1:], "--as", "sanne")


def test_a_held_filing_is_on_the_work_list_as_held_and_goes_on_when_it_is_resumed(town, kantoor):
    filing = town.begun()
    sanne = ("--as", "sanne")
    far = ("filing", "hold", filing.name, "--reason", "Wacht op akte", "--until", "2062-03-01", *sanne)
    assert kantoor.refused("far_day", *far) == "1 maart 2062 ligt meer dan een jaar vooruit. Klopt het jaar?"
    assert kantoor.hint == "Is dit zo bedoeld, voeg dan --anyway toe."
    late = kantoor.refused("past_legal_day", *far, "--anyway")
    assert late.startswith("De laatste dag van 'Indienen en betalen' is 28 februari 2026")
    assert kantoor(*far, "--anyway", "--past-legal-day") == (0, "Aangehouden\n", "")
    assert kantoor("filing", "resume", filing.name, *sanne) == (0, "Hervat\n", "")
    assert kantoor("filing", "hold", filing.name, "--reason", "Wacht op akte", *sanne) == (
        0,
        "Aangehouden\n",
        "",
    )
    kantoor.refused("held", "filing", "check", filing.name, "bank_compleet", *sanne)
    (line,) = [one for one in kantoor.json("work", *sanne) if one["relation"] == filing.relation]
    assert (line["kind"], line["missing"]) == ("held", ["Wacht op akte"])
    status, out, _ = kantoor("filing", "show", filing.name)
    assert status == 0
    assert "aangehouden sinds 3 februari 2026 (door sanne): Wacht op akte" in out
    assert ": Aangehouden: Wacht op akte" in out
    assert kantoor("filing", "resume", filing.name, *sanne) == (0, "Hervat\n", "")
    assert kantoor("filing", "check", filing.name, "bank_compleet", *sanne)[0] == 0


def test_reassigned_work_is_on_the_list_of_that_person_alone_until_it_is_given_back(town, kantoor):
    filing = town.begun()

    def has_work(who):
        return any(one["relation"] == filing.relation for one in kantoor.json("work", "--as", who))

    words = ("filing", "reassign", filing.name, "administratie")
    give = (*words, "tom", "--reason", "Sanne is ziek", "--as", "sanne")
    own = kantoor.refused("own_eyes", *give)
    assert own.endswith("liggen dan allemaal bij Tom de Boer, die het eigen werk niet mag controleren.")
    status, said, warned = kantoor(*give, "--anyway")
    assert (status, said, "Vier ogen" in warned) == (0, "Overgedragen aan tom\n", True)
    filing.until(lambda f: any(item["person"] == "tom" for item in f.view["work"]))
    assert (has_work("tom"), has_work("sanne")) == (True, False)
    tick = ("filing", "check", filing.name, "bank_compleet", "--as")
    theirs = kantoor.refused("reassigned", *tick, "sanne")
    assert theirs.endswith("overgedragen aan een collega. Dit werk is overgedragen aan Tom de Boer.")
    assert kantoor(*tick, "tom")[0] == 0
    assert "Werk van de rol Administratie overgedragen aan " in kantoor("filing", "show", filing.name)[1]
    back = kantoor(*words, "--back", "--reason", "Weer beter", "--as", "sanne")
    assert back == (0, "Teruggegeven\n", "")
    filing.until(lambda f: all(item["person"] is None for item in f.view["work"]))
    assert (has_work("tom"), has_work("sanne")) == (False, True)
    assert kantoor(*words, "--reason", "x", "--as", "sanne")[0] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("decide", "x", "approve", "--proof", "pyproject.toml"), "bestaat niet"),
        (("decide", "x", "maybe"), "kan hier niet; kies uit: approve (akkoord), sign (ondertekend)"),
        (("decide", "x", "not-deliver", "--for", "c-1"), "not-deliver is een besluit van het kantoor zelf"),
        (("complete", "x", "--hash", "aangifte"), "schrijf bij --hash DOCUMENT=HASH"),
        (("note", "x", "y", "--id", "a b"), "schrijf 1 tot 100 letters, cijfers of tekens uit _ . : -"),
        (("note", "x", "y", "--id", ""), "schrijf 1 tot 100 letters"),
        (("back", "x"), "De optie '--reason' ontbreekt"),
        (("cancel", "x"), "De optie '--reason' ontbreekt"),
    ],
)
def test_an_act_that_was_typed_wrongly_is_wrong_use(kantoor, words, said):
    status, out, err = kantoor("filing", *words, "--as", "sanne")
    assert (status, out) == (2, "")
    assert said in err


def test_a_proof_without_a_client_is_wrong_use(town, kantoor):
    file = town.folder / "proof.txt"
    file.write_text("x")
    status, _, err = kantoor("filing", "decide", "x", "approve", "--proof", str(file), "--as", "marieke")
    assert (status, err) == (2, "Fout: --proof kan alleen samen met --for\n")


def test_an_act_by_the_environments_person(town, kantoor, monkeypatch):
    filing = town.begun()
    monkeypatch.setenv("KANTOOR_AS", "sanne")
    for text, option in (("van Sanne", ()), ("van Tom", ("--as", "tom"))):
        status, _, err = kantoor("filing", "note", filing.name, text, *option)
        assert (status, err) == (0, "")
    filing.until(lambda row: row.recorded >= 3)
    timeline = kantoor.json("filing", "show", filing.name)["timeline"]
    assert [(line["by"], line["data"]["text"]) for line in timeline if line["what"] == "noted"] == [
        ("sanne", "van Sanne"),
        ("tom", "van Tom"),
    ]


@pytest.fixture(scope="module")
def standing(whole_town):
    """One filing in each phase, on which every act is refused, so that it stays there."""
    made = {}

    def in_phase(phase):
        if phase not in made:
            made[phase] = whole_town.begun().to(phase)
        return made[phase]

    return in_phase


REFUSALS = [
    ("verzamelen", "sanne", "check x", "unknown_checkpoint", "heeft geen controlepunt 'x'. Controlepunten: "),
    (
        "verzamelen",
        "sanne",
        "check grootboek",
        "phase_not_active",
        "De fase 'Controle' is niet aan de beurt.",
    ),
    ("verzamelen", "sanne", "check kilometers", "unknown_checkpoint", "heeft geen controlepunt 'kilometers'"),
    ("verzamelen", "sanne", "uncheck bank_compleet", "not_ticked", "is niet afgevinkt."),
    (
        "verzamelen",
        "sanne",
        "check bank_compleet --phase x",
        "unknown_phase",
        "Fase 'x' bestaat niet. Kies uit",
    ),
    (
        "verzamelen",
        "tom",
        "check bank_compleet",
        "wrong_role",
        "hoort bij de rol Administratie. Die rol heeft u",
    ),
    ("verzamelen", "{client}", "complete", "wrong_role", "hoort bij de rol Administratie. Die rol heeft u"),
    ("verzamelen", "sanne", "complete", "not_ready", "Nog te doen: controlepunt verkoop_compleet ('"),
    ("verzamelen", "sanne", "back --reason x", "no_way_back", "kan het werk niet worden teruggestuurd."),
    (
        "verzamelen",
        "sanne",
        "attach {figures}",
        "phase_not_active",
        "'Boeken en aangifte opstellen' is niet aan",
    ),
    (
        "verzamelen",
        "sanne",
        "attach {figures} --document memo",
        "unknown_document",
        "Document 'memo' bestaat niet.",
    ),
    (
        "verzamelen",
        "marieke",
        "release",
        "no_offer",
        "In de fase 'Stukken opvragen' wordt niets aan de klant",
    ),
    ("verzamelen", "{client}", "decide approve", "no_offer", "wordt niets aan de klant aangeboden."),
    (
        "verzamelen",
        "sanne",
        "retry",
        "nothing_stalled",
        "staat niets stil; er valt niets opnieuw te proberen.",
    ),
    ("verzamelen", "sanne", "note ' '", "empty_note", "De notitie is leeg."),
    ("verzamelen", "sanne", "cancel --reason ' '", "reason_missing", "Geef een reden voor het annuleren."),
    ("verzamelen", "tom", "cancel --reason x", "wrong_role", "Alleen wie de rol van de lopende fase heeft"),
    ("opstellen", "sanne", "complete", "not_ready", "document aangifte ('Aangifte omzetbelasting')"),
    ("opstellen", "tom", "attach {figures}", "wrong_role", "hoort bij de rol Administratie"),
    ("controle", "tom", "back --reason ' '", "reason_missing", "Geef een reden voor het terugsturen."),
    (
        *("controle", "sanne", "complete", "wrong_role"),
        "'Controle' hoort bij de rol Accountant. Die rol heeft u niet voor deze relatie. "
        "Dit werk is van Tom de Boer.",
    ),
    ("aanbieden", "marieke", "complete", "not_by_hand", "'Aanbieden aan de klant' wordt vanzelf afgerond"),
    (
        "aanbieden",
        "{client}",
        "decide sign",
        "wrong_answer",
        "wordt om akkoord gevraagd.",
    ),
    ("aanbieden", "{client}", "decide reject", "reason_missing", "Geef een reden voor het afkeuren."),
    ("aanbieden", "z-{relation}", "decide approve", "no_authority", "is niet bevoegd om in de fase"),
    (
        "aanbieden",
        "{client}",
        "decide approve --hash aangifte=0",
        "unknown_version",
        "'Aangifte omzetbelasting' heeft geen versie '0'. De huidige versie is ",
    ),
    (
        "aanbieden",
        "{client}",
        "decide approve --hash memo=0",
        "unknown_document",
        "hoort niet bij deze handeling. Kies uit: aangifte.",
    ),
    (
        "aanbieden",
        "sanne",
        "decide not-deliver --reason x",
        "wrong_role",
        "hoort bij de rol Relatiebeheerder",
    ),
    ("aanbieden", "marieke", "decide approve", "contact_missing", "Geef op namens welke contactpersoon"),
    (
        "aanbieden",
        "marieke",
        "decide approve --for {client}",
        "proof_missing",
        "met een reden en een bewijsstuk.",
    ),
    ("indienen", "{client}", "decide approve", "no_offer", "In de fase 'Afronden' wordt niets aan de klant"),
]


@pytest.mark.parametrize(("phase", "who", "words", "code", "said"), REFUSALS, ids=lambda value: value)
def test_every_refusal_is_a_sentence_that_says_what_to_do(
    standing, town, kantoor, phase, who, words, code, said
):
    filing = standing(phase)
    before = filing.view()
    facts = {"client": filing.client, "relation": filing.relation, "figures": str(filing.figures())}
    act, *rest = shlex.split(words.format(**facts))
    sentence = kantoor.refused(code, "filing", act, filing.name, *rest, "--as", who.format(**facts))
    assert said in sentence
    after = filing.view()
    assert (after.phases, after.documents) == (before.phases, before.documents)


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("x", "no_filing", "schrijf werkproces/relatie/periode, zoals btw-aangifte/1001/2026-01."),
        ("btw-aangifte/RELATION/1999-01", "no_filing", "Zie `kantoor filing list`."),
        ("btw-aangifte/RELATION/2026-01/-/7", "no_filing", "Zie `kantoor filing list`."),
    ],
)
def test_a_filing_that_is_not_there_is_said_so(town, kantoor, name, code, said):
    relation = town.begun().relation if "RELATION" in name else ""
    name, said = name.replace("RELATION", relation), said.replace("RELATION", relation)
    for words in (("show", name), ("document", name), ("note", name, "x", "--as", "sanne")):
        assert f"{kantoor.refused(code, 'filing', *words)} {kantoor.hint}".rstrip().endswith(said)


def test_a_long_name_of_a_filing_is_the_same_filing(town):
    filing = town.begun()
    for name in (f"filing/{filing.name}/-/1", f"{filing.name}/-"):
        filing.name = name
        assert isinstance(filing.act("sanne", lambda acts: acts.note(filing.name, "x")), Done)
