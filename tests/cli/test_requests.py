"""`kantoor request` and `kantoor dossier`, typed in an office that runs."""

import json
from pathlib import Path

from kantoor.office.database.tables import acts, dossier
from tests.service.town import Return, Town

PLATE = "XX-123-Y"
ANSWERS = (
    f"auto: ja\nkenteken: {PLATE}\ncataloguswaarde: 41.950,50\nin_gebruik: 2025-03-01\ngebruik: gemengd\n"
)
FORM, LIST = "uitvraag.situatie.1", "uitvraag.stukken.1"


def asked(town: Town) -> Return:
    filing = town.begun(template="uitvragen")
    filing.until_in("uitvraag")
    return filing


def put(name: str, text: str) -> str:
    Path(name).write_text(text, "utf-8")
    return name


def test_a_client_is_asked_answers_and_the_office_accepts_by_commands_alone(town, kantoor):
    filing = asked(town)
    name, client = filing.name, filing.client

    def done(said, *words):
        status, out, err = kantoor(*words)
        assert (status, err) == (0, ""), err
        assert out.startswith(said), out
        return out

    waiting = done("streefdatum", "work", "--as", client)
    assert "aanleveren: De auto van de zaak" in waiting
    assert FORM in waiting
    answers = put("antwoorden.yaml", ANSWERS)
    wrong = put("fout.yaml", ANSWERS.replace(PLATE, "weetniet").replace("gemengd", "soms"))
    refused = kantoor.refused(
        "invalid_answers", "request", "answer", name, FORM, "--file", wrong, "--as", client
    )
    assert refused == (
        "Niet alle antwoorden kloppen. "
        "Kenteken: dit heeft niet de gevraagde vorm (Met streepjes, zoals XX-123-Y); "
        "Gebruik: kies uit: zakelijk ('Alleen zakelijk'), gemengd ('Zakelijk en privé')."
    )
    answer = ("request", "answer", name, FORM, "--file", answers, "--as", client, "--id", "antwoord-1")
    done(f"Ontvangen: {FORM}\n", *answer)
    done(f"Ontvangen: {FORM} (was al gedaan)\n", *answer)
    paper = put("kenteken.pdf", "%PDF-1.4 kenteken")
    done("Ontvangen", "request", "answer", name, LIST, "kentekenbewijs", "--document", paper, "--as", client)
    page = done(f"{FORM}: De auto van de zaak, gevraagd op", "request", "show", name).splitlines()
    assert page[1:7] == [
        "  ontvangen",
        "  auto: Heeft u een auto van de zaak?: ja",
        f"  kenteken: Kenteken (niet verplicht): {PLATE}",
        "  cataloguswaarde: Cataloguswaarde (niet verplicht): €\N{NO-BREAK SPACE}41.950,50",
        "  in_gebruik: In gebruik genomen op (niet verplicht): 1 maart 2025",
        "  gebruik: Gebruik (niet verplicht): Zakelijk en privé",
    ]
    assert "kentekenbewijs: Kentekenbewijs: ontvangen" in "\n".join(page)
    done("Teruggestuurd\n", "request", "send-back", name, FORM, "--reason", "Waarde?", "--as", "sanne")
    done("Ontvangen", "request", "answer", name, FORM, "--file", answers, "--as", client)
    kantoor.refused("not_ready", "filing", "complete", name, "--as", "sanne")
    done("Geaccepteerd\n", "request", "accept", name, FORM, "--as", "sanne")
    done("Geaccepteerd\n", "request", "accept", name, LIST, "kentekenbewijs", "--as", "sanne")
    done("Niet van toepassing\n", "request", "not-applicable", name, LIST, "ritten", "--as", client)
    done("Fase afgerond", "filing", "complete", name, "--as", "sanne")
    filing.until_in("bijtelling")
    late = put("ritten.csv", "van;naar")
    done("Ontvangen", "request", "answer", name, LIST, "ritten", "--document", late, "--as", client)
    assert "nagekomen: Stukken over de auto" in done("streefdatum", "work", "--as", "sanne")
    timeline = done("Gegevens opvragen over januari 2026", "filing", "show", name)
    assert "Ontvangen: Stukken over de auto, Rittenregistratie (nagekomen: ja)" in timeline
    assert PLATE not in timeline


def test_documents_are_in_the_relations_dossier_and_can_be_written_to_a_file(town, kantoor):
    filing = asked(town)
    assert kantoor("dossier", "list", filing.relation) == (0, "Het dossier is leeg.\n", "")
    paper = put("Rittenlijst Jansen.csv", "van;naar\n")
    words = ("request", "answer", filing.name, LIST, "ritten", "--document", paper)
    hint = kantoor.refused("contact_missing", *words, "--as", "sanne")
    assert hint == "Geef op namens welke contactpersoon u het antwoord vastlegt."
    assert kantoor(*words, "--as", "sanne", "--for", filing.client)[0] == 0
    (line,) = kantoor.json("dossier", "list", filing.relation)
    assert (line["name"], line["item"], line["by"]) == (
        "Rittenlijst Jansen.csv",
        "Rittenregistratie",
        "sanne",
    )
    folder = town.folder / "uit"
    folder.mkdir(exist_ok=True)
    status, out, _ = kantoor("dossier", "get", filing.relation, line["hash"][:12], "--out", str(folder))
    assert status == 0
    assert Path(out.strip()).read_text("utf-8") == "van;naar\n"
    deed = town.folder / "statuten.txt"
    deed.write_text("De statuten.")
    add = ("dossier", "add", filing.relation, str(deed), "--kind", "deed", "--year", "2019", "--as", "tom")
    assert kantoor(*add)[0] == 0
    (kept,) = kantoor.json("dossier", "list", filing.relation, "--kind", "deed", "--year", "2019")
    assert (kept["name"], kept["by"], kept["audience"]) == ("statuten.txt", "tom", None)
    deed.write_bytes(bytes(range(256)))
    assert "geen leesbaar txt-bestand" in kantoor(*add)[2].replace("\n", " ")
    kantoor.refused("unknown_document", "dossier", "get", filing.relation, "niets")
    kantoor.refused("unknown_relation", "dossier", "list", "99999")


def test_neither_answers_nor_names_of_files_can_be_read_in_the_database(town, kantoor):
    filing = asked(town)
    answers, paper = put("a.yaml", ANSWERS), put("Geheim Jansen.pdf", "%PDF-1.4")
    kantoor("request", "answer", filing.name, FORM, "--file", answers, "--as", filing.client)
    kantoor(
        *("request", "answer", filing.name, LIST, "ritten", "--document", paper, "--as", filing.client),
    )
    filing.until(lambda f: f.recorded >= 3)

    async def rows(desk):
        with desk.equipment.database.read() as connection:
            tables = (connection.execute(table.select()).all() for table in (acts, dossier))
            return str([*tables]) + json.dumps(read_filing_view)

    read_filing_view = filing.now().view
    found = town.play(rows)
    assert PLATE not in found
    assert "Geheim" not in found
    assert "sealed" in found


def test_wrong_use_is_told_in_dutch(town, kantoor):
    filing = asked(town)
    words = ("request", "answer", filing.name, FORM, "--as", filing.client)
    status, _, err = kantoor(*words)
    assert (status, err) == (2, "Fout: geef --file op voor een formulier, of --document voor een stuk\n")
    status, _, err = kantoor(*words, "--file", put("kapot.yaml", "a: [\n"))
    assert status == 2
    assert err.startswith("Fout: kapot.yaml, regel ")
    told = kantoor.refused("unknown_request", "request", "show", filing.name, "uitvraag.niets.1")
    assert FORM in told


def test_what_was_asked_is_shown_in_parts(town, kantoor):
    name = asked(town).name
    every = [page["id"] for page in kantoor.json("request", "show", name)]
    assert len(every) > 1
    seen: list[str] = []
    while part := kantoor.json(
        "request", "show", name, "--most", "1", *(("--after", seen[-1]) if seen else ())
    ):
        seen += [page["id"] for page in part]
    assert seen == every
