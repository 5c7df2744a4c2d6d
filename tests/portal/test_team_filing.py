"""A filing as a colleague works on it: every form does what it says, and says why where it does not."""

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest

from kantoor.cli.filing_page import lines_of
from kantoor.data import replace
from kantoor.filing.state import State
from kantoor.filing.view import View, view
from kantoor.office.alarms import DELIVERY_WAITS, STATUS_WAITS, drop_alarm, raise_alarm
from kantoor.office.database.tables import absences, messages, work
from kantoor.office.filings.messages import NewMessage, begin_message
from kantoor.period import Period, in_words
from kantoor.plan import DateRule, Plan, digest
from kantoor.portal.pages.filing import DOINGS
from kantoor.service.access import Visitor
from kantoor.service.desk import Desk
from kantoor.service.filings.move_verdicts import MoveWish
from kantoor.service.filings.moving import move_filing, preview_move
from kantoor.service.filings.sending import Done
from kantoor.service.overviews import team_pages
from kantoor.service.overviews.reading import filing_page
from kantoor.service.results import Refusal
from tests.counting import count_statements
from tests.portal.test_reading_pages import MOST_STATEMENTS
from tests.portal.test_statements import count
from tests.portal.visitors import Page, Pages
from tests.service.moving import at_the_client, managing, offering_otherwise, plan_of, published
from tests.service.town import COLLECT, FIGURES, Return, Town

LETTER = [("bewijs", ("brief.pdf", b"%PDF-1.4 brief", "application/pdf"))]


def look(pages: Pages, person: str, filing: Return) -> Page:
    return pages.client_of(person).open(f"/opdrachten/{filing.name}")


def send(page: Page, do: str, files: Any = (), **typed: str) -> Page:
    """Send the form of an act as a browser does, with what is typed."""
    for form in page.tree.forms:
        fields = dict(form.form_values())
        if fields.get("doen") == do:
            given = {**fields, **typed}
            return page.browser.send(form.get("action"), [(k, str(v)) for k, v in given.items()], files)
    found = [dict(form.form_values()).get("doen") for form in page.tree.forms]
    raise AssertionError(f"no form does {do!r}, but {found}")


def test_what_was_escalated_says_so_on_lists_and_on_its_page(
    pages: Pages, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of the town stands still and nothing escalates in it, so that is written."""
    filing, on = town.begun(), date(2026, 2, 3)

    def escalate(plan: Plan, state: State) -> View:
        seen = view(plan, state)
        late = (replace(one, escalated=on, roles=(*one.roles, "relatiebeheerder")) for one in seen.work)
        return replace(seen, work=tuple(late))

    monkeypatch.setattr(team_pages, "view", escalate)
    with pages.desk.equipment.database.write() as connection:
        row = work.c.filing == f"filing/{filing.name}/-/1"
        assert connection.execute(work.update().where(row).values(escalated=on)).rowcount
    page = look(pages, "sanne", filing)
    assert "Geëscaleerd op 3 februari 2026. Ook Relatiebeheerder kan dit nu doen." in page.words
    relation = filing.relation
    for path in (f"/opdrachten?relatie={relation}", f"/relaties/{relation}/opdrachten", "/werk"):
        rows = page.browser.open(path).tree.xpath("//tbody/tr")
        told = [one.text_content() for one in rows if one.xpath(f".//a[contains(@href, '/{relation}/')]")]
        assert any("geëscaleerd" in one for one in told), path


def test_a_filing_of_which_no_phase_has_begun_says_when_the_first_does_and_each_target_date(
    pages: Pages, town: Town
) -> None:
    filing = town.begun(period=Period.parse("2026-02"))
    page = look(pages, "marieke", filing)
    assert "Er is nu nog niets te doen. De fase 'Stukken opvragen" in page.words
    for path in (f"/opdrachten?relatie={filing.relation}", f"/relaties/{filing.relation}/opdrachten"):
        (row,) = page.browser.open(path).tree.xpath(f"//tr[.//a[@href='/opdrachten/{filing.name}']]")
        assert row.xpath("string(td[@data-what='Fase'])").endswith(", vanaf 1 maart 2026")
        assert row.xpath("string(td[@data-what='Bij wie'])")
    first, *later = (
        " ".join(one.text_content().split()) for one in page.tree.xpath("//ol[@class='steps']/li")
    )
    due = {one.id: one.due for one in filing.view().phases}
    assert "nog niet begonnen begint op 1 maart 2026" in first
    for said, day in zip((first, *later), due.values(), strict=True):
        assert day is not None
        assert f"streefdatum {in_words(day)}" in said
    assert not [one for one in later if "begint op" in one]


def test_a_filing_that_is_under_way_says_the_target_dates_of_what_is_still_to_come(
    pages: Pages, town: Town
) -> None:
    filing = town.begun().to("controle")
    page = look(pages, "marieke", filing)
    steps = [" ".join(one.text_content().split()) for one in page.tree.xpath("//ol[@class='steps']/li")]
    assert [one for one in steps if "klaar" in one and "streefdatum" in one] == []
    assert len([one for one in steps if "nog niet begonnen streefdatum" in one]) == 3
    assert "Er is nu nog niets te doen" not in page.words


@contextmanager
def under_way(town: Town, filing: Return, reader: str) -> Iterator[None]:
    """Have a mail of which nobody knows whether it left, as when the worker was killed in between."""
    facts = {"message": "btw-stukken", "purpose": "automation", "language": "nl", "subject": "", "body": ""}
    row = NewMessage(
        filing=f"filing/{filing.name}/-/1",
        number=99,
        recipient=reader,
        message_id=f"<{filing.relation}>",
        address="anja@example.com",
        at=datetime(2026, 2, 3, 9),
        **facts,
    )

    async def write(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            begin_message(connection, row)

    async def drop(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            connection.execute(messages.delete().where(messages.c.message_id == row.message_id))

    town.play(write)
    yield
    town.play(drop)


def test_a_phase_is_done_checkpoint_by_checkpoint(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = look(pages, "sanne", filing)
    assert "Nog te doen: 3 controlepunten." in page.words
    assert "Afronden kan nog niet" not in page.words
    for _ in COLLECT:
        page = send(page, "afvinken")
        assert page.status == 200
        assert page.word.startswith("Het controlepunt is afgevinkt")
    page = send(page, "uitvinken")
    page = send(page, "afvinken")
    page = send(page, "afronden")
    assert page.word.startswith("De fase is afgerond")
    assert filing.now().phases == ("opstellen",)


def test_figures_become_a_return_and_mistakes_stand_beside_the_form(pages: Pages, town: Town) -> None:
    filing = town.begun().to("opstellen")
    page = look(pages, "sanne", filing)
    (example,) = page.tree.xpath("//a[text()='Voorbeeld downloaden']/@href")
    made = page.browser.open(example).body
    assert made.startswith(b"rubriek;omzet_euro;btw_euro\n")
    wrong = send(page, "toevoegen", [("bestand", ("../../x.csv", b"dit is niets", "text/csv"))])
    assert wrong.status == 422
    (form,) = wrong.tree.xpath("//form[@id='document-aangifte']")
    assert "wrong" in {one.get("class") for one in form.iter()}
    assert tempfile.gettempdir() not in wrong.text
    several = made.replace(b"90,00", b"x").replace(b"250,00", b"y").replace(b"1a;", b"9z;")
    told = send(page, "toevoegen", [("bestand", ("cijfers.csv", several, "text/csv"))])
    said = [one.text_content() for one in told.tree.xpath("//ul[@class='wrong']/li")]
    lines = [int(one.split("regel ")[1].split(",")[0]) for one in said]
    assert len(set(lines)) > 1
    assert lines == sorted(lines)
    assert f"Er zijn {len(lines)} fouten gevonden." in told.problem
    assert [one.text_content() for one in told.tree.xpath("//*[@role='alert']//li")] == said
    done = send(page, "toevoegen", [("bestand", ("cijfers.csv", made, "text/csv"))])
    assert done.word.startswith("Toegevoegd.")
    assert "lezen" in done.words
    odd = FIGURES.replace("1000000;210000", "1000000;110000").encode()
    warned = send(done, "toevoegen", [("bestand", ("cijfers.csv", odd, "text/csv"))])
    (said,) = warned.tree.xpath("//p[@class='word'][@data-warned]")
    assert said.text_content().startswith("Toegevoegd. Let op: cijfers.csv, regel 2, kolom ")


def test_a_proof_of_a_colleague_is_judged_by_what_is_in_it_too(pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")
    before = look(pages, "marieke", filing)
    for name in ("brief.pdf", "brief.exe", "brief.yaml"):
        program = [("bewijs", (name, b"MZ\x90\x00" + bytes(60), "application/pdf"))]
        page = send(before, "besluit", program, antwoord="akkoord", reden="Gebeld")
        assert page.status == 409
        assert name in page.problem
    assert filing.now().phases == ("aanbieden",)


def test_no_file_is_told_beside_the_form(pages: Pages, town: Town) -> None:
    page = send(look(pages, "sanne", town.begun().to("opstellen")), "toevoegen")
    assert page.status == 422
    assert page.problem == "Kies eerst een bestand."
    assert page.browser.open(f"{page.path}").path == f"{page.path.removesuffix('/document')}"
    for name in ("cijfers.pdf", "cijfers.xlsx"):  # where figures are asked no other file is advised
        told = send(page, "toevoegen", [("bestand", (name, b"%PDF-1.4", ""))]).problem
        assert told.endswith("Stuur een bestand met cijfers (csv of yaml).")
    told = send(page, "toevoegen", [("bestand", ("cijfers.csv", b"\x00\x01", "text/csv"))]).problem
    assert told.endswith("bijvoorbeeld als csv.")


def test_a_client_s_decision_is_recorded_with_proof(pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")
    page = look(pages, "marieke", filing)
    without = send(page, "besluit", antwoord="akkoord", reden="Gebeld op maandag")
    assert without.status == 409
    assert "bewijsstuk" in without.problem
    (area,) = without.tree.xpath("//form[@id='besluit-aanbieden']//textarea")
    assert area.text == "Gebeld op maandag"
    others = without.tree.xpath("//textarea[not(ancestor::form[@id='besluit-aanbieden'])]")
    assert others
    assert not any((one.text or "").strip() for one in others)
    done = send(page, "besluit", LETTER, antwoord="akkoord", reden="Gebeld op maandag")
    assert done.word == "Het besluit van de klant is vastgelegd."


def test_no_answer_to_a_decision_is_refused(pages: Pages, town: Town) -> None:
    page = send(look(pages, "marieke", town.begun().to("aanbieden")), "besluit", LETTER, reden="zo")
    assert page.problem == "Kies wat de klant heeft besloten."


def test_work_goes_back_with_a_reason(pages: Pages, town: Town) -> None:
    filing = town.begun().to("controle")
    page = look(pages, "tom", filing)
    assert "Geef een reden" in send(page, "terug", reden=" ").problem
    assert send(page, "terug", reden="De aftrek klopt niet").word.startswith("Het werk is teruggestuurd")
    assert filing.now().phases == ("opstellen",)
    (told,) = look(pages, "sanne", filing).tree.xpath(
        "//div[@class='warn'][starts-with(h3, 'Teruggestuurd')]"
    )
    assert "Tom de Boer" in told.text_content()
    assert "De aftrek klopt niet" in told.text_content()
    mark = "teruggestuurd door een collega"
    assert mark in find_line(pages, "sanne", filing)
    assert mark not in find_line(pages, "sanne", town.begun().to("opstellen"))
    taken_back = town.begun().to("aanbieden")
    send(look(pages, "marieke", taken_back), "terug", reden="Er kwam een factuur bij")
    assert mark in find_line(pages, "sanne", taken_back)


def find_line(pages: Pages, who: str, filing: Return) -> str:
    """Return what the work list of a colleague says of a filing."""
    line = f"//tr[.//a[contains(@href, '/{filing.name}#')]]"
    for number in range(1, 20):
        found = pages.client_of(who).open(f"/werk?pagina={number}").tree.xpath(line)
        if found:
            return str(found[0].text_content())
    raise LookupError(filing.name)


def test_a_filing_says_that_digipoort_does_not_answer_for_long_until_it_does(
    pages: Pages, town: Town
) -> None:
    filing = town.begun()
    database = pages.desk.equipment.database
    id = filing.now().id
    said = {
        DELIVERY_WAITS: "De aangifte is nog niet ingediend: het lukt niet sinds 1 februari 2026 om 09:30.",
        STATUS_WAITS: "De aangifte is ingediend, maar de uitslag is niet op te vragen sinds 1 februari 2026",
    }
    for kind, sentence in said.items():
        with database.write() as connection:
            raise_alarm(connection, kind, id, "2026-02-01T09:30", "away")
        shown = filing_page(pages.desk, filing.name)
        assert not isinstance(shown, Refusal)
        assert any(line.startswith(f"let op: {sentence}") for line in lines_of(shown))
        assert sentence in look(pages, "sanne", filing).words
        with database.write() as connection:
            drop_alarm(connection, kind, id)
        assert sentence not in look(pages, "sanne", filing).words


def test_not_delivering_ends_it(pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")
    page = send(look(pages, "marieke", filing), "niet-indienen", reden="De klant stopt")
    assert page.word.startswith("Vastgelegd: er wordt niet ingediend.")
    assert filing.view().ended == "end"


def test_a_filing_is_held_resumed_handed_over_and_cancelled(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = look(pages, "marieke", filing)
    assert send(page, "aanhouden", reden="Vakantie", tot="32-13-2026").problem.startswith(
        "De datum klopt niet"
    )
    far = send(page, "aanhouden", reden="Vakantie", tot="2062-03-10")
    assert "ligt meer dan een jaar vooruit. Klopt het jaar?" in far.problem
    assert dict(far.find_form("Aanhouden").form_values()).get("verweg") is None
    (tick,) = far.tree.xpath("//input[@name='verweg']/@value")
    assert tick == "tot:2062-03-10"
    other = send(far, "aanhouden", reden="Vakantie", tot="2063-03-10", verweg=tick)
    assert "10 maart 2063 ligt meer dan een jaar vooruit. Klopt het jaar?" in other.problem
    meant = send(far, "aanhouden", reden="Vakantie", tot="2062-03-10", verweg=tick)
    assert "De laatste dag van 'Indienen en betalen'" in meant.problem
    refused = send(page, "aanhouden", reden="Vakantie", tot="2026-03-10")
    assert "De laatste dag van 'Indienen en betalen' is 28 februari 2026" in refused.problem
    page = send(refused, "aanhouden", reden="Vakantie", tot="2026-03-10", voorbij="ja")
    assert "door Marieke van der Linde" in page.words
    page = send(page, "hervatten")
    assert page.word.startswith("De opdracht gaat verder.")
    unchosen = send(page, "overdragen", persoon="marieke", reden="Het is druk")
    assert (unchosen.status, unchosen.problem) == (422, "Kies wiens werk u overdraagt.")
    assert unchosen.wrong_field == "overdragen-rol"
    assert "Geef een reden" in send(page, "overdragen", persoon="wim", rol="administratie").problem
    gone = send(page, "overdragen", persoon="weg", rol="administratie", reden="Het is druk").problem
    assert "Deze persoon is hier niet" in gone
    assert "sanne" not in gone
    page = send(page, "overdragen", persoon="marieke", rol="administratie", reden="Het is druk")
    assert page.word.startswith("Het werk van Administratie is overgedragen aan Marieke van der Linde.")
    assert "Administratie: Marieke van der Linde" in page.words
    page = send(page, "annuleren", reden="Dubbel")
    assert page.word.startswith("De opdracht is geannuleerd.")
    assert filing.view().ended == "cancelled"
    assert "nog niet begonnen" not in page.words
    assert "niet van toepassing" in page.words


def test_what_is_held_is_not_said_to_be_under_way_and_what_may_have_left_before_is_told(
    pages: Pages, town: Town
) -> None:
    filing = town.begun()
    with under_way(town, filing, "c-anja"):
        page = send(look(pages, "marieke", filing), "aanhouden", reden="Wacht op de bank")
    assert "Een bericht kan al verstuurd zijn aan c-anja." in page.word
    lists = (
        f"/opdrachten?relatie={filing.relation}",
        f"/relaties/{filing.relation}/opdrachten",
        f"/planner/aangifte-btw?zoek={filing.relation}",
        f"/zoek?q=btw-aangifte/{filing.relation}",
    )
    filing.until(lambda row: (row.view or {})["held"] is not None)
    for path in (f"/opdrachten/{filing.name}", *lists):
        words = page.browser.open(path).words
        assert "aangehouden" in words, path
        assert " loopt" not in words.replace("Loopt op", ""), path
    send(look(pages, "marieke", filing), "hervatten")
    filing.until(lambda row: (row.view or {})["held"] is None)
    assert "aangehouden" not in page.browser.open(lists[0]).words


def test_a_move_that_waits_is_on_the_page_and_one_that_was_dropped_is_work_of_who_asked(
    pages: Pages, town: Town
) -> None:
    old = replace(plan_of(town, "btw-aangifte"), template="verplaatst-op-de-pagina")
    newer = offering_otherwise(old)
    last = replace(newer.phases[-1], due=DateRule(anchor="period.end", days=55))
    newer = replace(newer, phases=(*newer.phases[:-1], last))
    with published(town, old), managing(town, "marieke") as marieke:
        filing = at_the_client(town, old.template)
        with published(town, newer):

            async def ask(desk: Desk) -> None:
                shown = preview_move(desk, filing.name, MoveWish(), when_safe=True)
                assert not isinstance(shown, Refusal)
                asked = await move_filing(
                    desk, marieke, filing.name, MoveWish(reason="Nieuw"), shown.mark, when_safe=True
                )
                assert isinstance(asked.outcome, Done), asked

            town.play(ask)
            filing.until(lambda row: (row.view or {})["moving"] is not None)
            page = look(pages, "sanne", filing)
            assert count(pages, page.browser, page.path) <= MOST_STATEMENTS
            assert "Wordt verplaatst zodra het kan" in page.words
            assert "door Marieke van der Linde: Nieuw" in page.words
            assert "Verplaatsen kan zodra de klant heeft geantwoord" in page.words
            filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
            filing.until(lambda row: bool(((row.view or {})["moving"] or {}).get("dropped")))
            page = look(pages, "sanne", filing)
    assert filing.now().plan == digest(old)
    assert "Verplaatsen gaat niet door" in page.words
    assert "Het zou nu meer doen dan is bekeken toen het werd gevraagd: De streefdatum van" in page.words
    work = pages.client_of("marieke").open("/werk?wat=move")
    assert "verplaatsen gaat niet door" in work.words
    assert filing.name in work.text


def test_a_release_and_a_task_with_a_code(pages: Pages, town: Town) -> None:
    filing = town.begun(template="met-de-hand")
    page = look(pages, "sanne", filing)
    assert "Geef de code op" in send(page, "taak").problem
    assert send(page, "taak", code="K-12").word.startswith("De taak is klaar.")


def test_facts_recorded_together_are_each_taken_that_is_right_and_corrected_with_a_reason(
    pages: Pages, town: Town
) -> None:
    filing = town.begun(template="naheffing")
    page = look(pages, "sanne", filing)
    assert "Vul eerst in" in send(page, "gegevens").problem
    both = {"waarde-dagtekening": "gisteren", "waarde-bedrag": "veel"}
    wrong = send(page, "gegevens", **both)
    assert wrong.status == 409
    at = "gegevens-vastleggen-waarde-"
    marked = [one.get("id") for one in wrong.tree.xpath("//*[@aria-invalid='true']")]
    assert marked == [f"{at}dagtekening", f"{at}bedrag"]
    assert {f"#{one}" for one in marked} <= set(wrong.links)
    half = send(wrong, "gegevens", **{"waarde-bedrag": "1.250,00"})
    assert half.wrong_field == f"{at}dagtekening"
    assert 'value="gisteren"' in half.text
    assert "1.250,00" in half.words
    (told,) = half.tree.xpath("//div[@class='problem']")
    assert "Wel vastgelegd: Bedrag van de naheffing." in told.text_content()
    assert "Niet vastgelegd: Dagtekening." in told.text_content()
    far = send(half, "gegevens", **{"waarde-dagtekening": "2027-06-01"})
    assert far.problem.endswith("1 juni 2027 ligt meer dan een jaar vooruit. Klopt het jaar?")
    assert far.wrong_field == f"{at}dagtekening"
    other = send(
        far, "gegevens", **{"waarde-dagtekening": "2028-06-01", "verweg": "waarde-dagtekening:2027-06-01"}
    )
    assert other.problem.endswith("1 juni 2028 ligt meer dan een jaar vooruit. Klopt het jaar?")
    assert other.tree.xpath("//input[@name='verweg']/@value") == ["waarde-dagtekening:2028-06-01"]
    assert not other.tree.xpath("//input[@name='verweg']/@checked")
    of_another = {"waarde-dagtekening": "2027-06-01", "verweg": "waarde-bedrag:2027-06-01"}
    assert send(far, "gegevens", **of_another).wrong_field == f"{at}dagtekening"
    meant = {"waarde-dagtekening": "2027-06-01", "verweg": "waarde-dagtekening:2027-06-01"}
    page = send(far, "gegevens", **meant)
    assert "13 juli 2027" in page.words
    (form,) = page.tree.xpath("//form[@id='gegeven-dagtekening']")
    again = [(name, str(value)) for name, value in form.form_values()]
    again = [(name, "2027-06-02" if name == "waarde" else value) for name, value in again]
    far = page.browser.send(form.get("action"), again)
    assert "Klopt het jaar?" in far.problem
    refused = send(far, "gegeven", waarde="2027-06-02", verweg="waarde:2027-06-02")
    assert "geef een reden voor de correctie" in refused.problem


def test_a_day_of_what_has_happened_says_so_beside_its_field_and_is_refused_when_it_is_to_come(
    pages: Pages, town: Town
) -> None:
    plan = plan_of(town, "naheffing")
    facts = tuple(replace(one, past=True) if one.type == "date" else one for one in plan.facts)
    with published(town, replace(plan, template="naheffing-gehad", facts=facts)):
        filing = town.begun(template="naheffing-gehad")
        page = look(pages, "sanne", filing)
        assert beside(page, "gegevens-vastleggen-waarde-dagtekening") == "Vandaag of eerder."
        assert beside(page, "gegevens-vastleggen-waarde-bedrag") == "In euro’s, zoals 1.250,00."
        far = send(page, "gegevens", **{"waarde-dagtekening": "2027-06-01"})
        assert (
            "'Dagtekening' is vandaag of eerder, en 1 juni 2027 moet nog komen. Vul de dag in" in far.problem
        )
        assert far.wrong_field == "gegevens-vastleggen-waarde-dagtekening"
        assert not far.tree.xpath("//input[@name='verweg']")
        page = send(far, "gegevens", **{"waarde-dagtekening": "2026-02-01"})
        assert page.word == "Vastgelegd."
        assert beside(page, "gegeven-dagtekening-waarde") == "Vandaag of eerder."
        later = send(page, "gegeven", waarde="2026-02-04", reden="Staat er zo")
    assert "4 februari 2026 moet nog komen" in later.problem


def beside(page: Page, field: str) -> str:
    """Return what is said between the name of a field and the field."""
    (hint,) = page.tree.xpath(f"//*[@id='{field}']/preceding-sibling::*[1][@class='hint']")
    return str(hint.text_content())


def test_a_note_for_compliance_is_shown_to_its_writer_alone(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = send(look(pages, "sanne", filing), "notitie", tekst="Let op <script>", voor="compliance")
    assert page.word.startswith("Genoteerd.")
    assert "<script>" not in page.text.replace("<script src", "")
    assert "alleen compliance" in page.words
    assert "Let op" not in look(pages, "tom", filing).words


def test_two_people_on_one_filing_do_not_act_on_what_they_did_not_see(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = look(pages, "marieke", filing)
    filing.acts("sanne", lambda acts: acts.check(filing.name, COLLECT[0]))
    held = send(page, "aanhouden", reden="Even wachten op de klant")
    assert held.status == 409
    assert "Sanne Visser" in held.problem + held.words
    assert "Afgevinkt" in held.tree.xpath("//*[@class='problem']")[0].text_content()
    (area,) = held.tree.xpath("//form[@id='aanhouden']//textarea")
    assert area.text == "Even wachten op de klant"
    assert send(held, "aanhouden").word.startswith("De opdracht is aangehouden.")


def test_no_text_is_lost_where_its_form_is_no_longer_there(pages: Pages, town: Town) -> None:
    filing = town.begun().to("controle")
    page = look(pages, "tom", filing)
    filing.acts("marieke", lambda acts: acts.cancel(filing.name, "Dubbel"))
    late = send(page, "terug", reden="De aftrek van de auto klopt niet")
    assert late.status == 409
    assert not late.tree.xpath("//form[@id='terug-controle']")
    assert late.words.count("De aftrek van de auto klopt niet") == 1


def test_a_form_that_is_sent_twice_happens_once(pages: Pages, town: Town) -> None:
    filing = town.begun()
    filing.acts("sanne", *[lambda acts, c=c: acts.check(filing.name, c) for c in COLLECT])
    page = look(pages, "sanne", filing)
    first, second = send(page, "afronden"), send(page, "afronden")
    assert first.status == second.status == 200
    assert filing.now().phases == ("opstellen",)


def test_what_is_next_is_offered_where_nothing_waits_here(pages: Pages, town: Town) -> None:
    town.begun()
    filing = town.begun().to("opstellen")
    filing.attach()
    filing.tick("sanne", "bank_aangesloten", "vraagposten")
    page = send(look(pages, "tom", filing), "notitie", tekst="Ik kijk hier naar")
    assert "Hier wacht niets meer" not in page.words
    page = send(look(pages, "sanne", filing), "notitie", tekst="Klaar voor controle")
    assert "Hier wacht niets meer op u. Volgende:" in page.words


def test_what_four_eyes_keep_from_somebody_is_not_next_for_them(
    pages: Pages, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = town.begun().to("controle")
    town.hand_over(filing.relation, "accountant", "sanne")
    tom, sanne = Visitor(id="tom", name="", kind="team"), Visitor(id="sanne", name="", kind="team")
    every = team_pages.work

    def of_it(desk: Desk, who: str) -> Any:
        return tuple(line for line in every(desk, who) if line.relation == filing.relation)

    monkeypatch.setattr(team_pages, "work", of_it)
    assert "controle" in {line.phase for line in of_it(pages.desk, "sanne")}
    assert team_pages.find_next(pages.desk, sanne, "elders") is None
    town.hand_over(filing.relation, "accountant", "tom")
    following = team_pages.find_next(pages.desk, tom, "elders")
    assert following
    assert following.phase == "controle"


def test_who_may_not_do_a_phase_reads_why_and_has_no_form_for_it(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = look(pages, "tom", filing)
    assert "hoort bij de rol Administratie" in page.words
    with pages.desk.equipment.database.write() as connection:
        connection.execute(absences.insert().values(member="sanne", since=date(2026, 2, 1)))
    try:
        own, others = look(pages, "sanne", filing).words, look(pages, "tom", filing).words
    finally:
        with pages.desk.equipment.database.write() as connection:
            connection.execute(absences.delete().where(absences.c.member == "sanne"))
    assert "Sanne Visser is volgens de administratie vandaag afwezig en doet dan geen werk." in own
    assert "Administratie: Sanne Visser, vandaag afwezig" in others
    assert not page.tree.xpath("//form[.//input[@name='doen'][@value='afronden']]")


def test_an_unknown_act_is_not_there(pages: Pages, town: Town) -> None:
    browser, name = pages.client_of("sanne"), town.begun().name
    for doing in ("", "onzin", "../x", "Afvinken"):
        assert browser.send(f"/opdrachten/{name}", {"doen": doing}).status == 404, doing


def test_a_form_with_nothing_in_it_or_with_too_much_is_refused_in_words(pages: Pages, town: Town) -> None:
    name, browser = f"/opdrachten/{town.begun().name}", pages.client_of("ruud")
    for doing in sorted(DOINGS):
        assert browser.send("/opdrachten/btw-aangifte/9999/2026-01", {"doen": doing}).status in (404, 409)
        empty = browser.send(name, {"doen": doing})
        assert empty.status == (422 if DOINGS[doing].choose else 409), doing
        assert empty.problem
        assert "Traceback" not in empty.text
        much = browser.send(name, {"doen": doing, "reden": "x" * 10_001, "tekst": "\0" * 20_000})
        assert much.status == 422, doing
        assert "1 teken te lang" in much.problem


def test_a_text_that_is_too_long_is_whole_and_told_beside_its_field(pages: Pages, town: Town) -> None:
    page = look(pages, "sanne", town.begun())
    told = send(page, "notitie", tekst="x" * 10_007)
    assert (told.status, told.wrong_field) == (422, "notitie-tekst")
    assert told.problem == "Dit is 7 tekens te lang: schrijf het in hooguit 10.000 tekens."
    assert dict(told.fields("Bewaren"))["tekst"] == "x" * 10_007


def test_a_file_with_a_hostile_name_is_a_file_or_refused_in_words(pages: Pages, town: Town) -> None:
    filing = town.begun().to("opstellen")
    hostile = ("../../etc/passwd", "a\r\nX: y.csv", "C:\\x\\y.csv", "x" * 300 + ".csv", "...", "<b>.csv")
    for place, name in enumerate(hostile, 1):
        figures = FIGURES.replace("1000000;210000", f"{place}000000;{place * 210_000}").encode()
        done = send(look(pages, "sanne", filing), "toevoegen", [("bestand", (name, figures, "text/csv"))])
        assert done.word.startswith("Toegevoegd.") if name.endswith(".csv") else done.status == 422, name
        assert tempfile.gettempdir() not in done.text
        assert "<b>.csv" not in done.text


def test_a_page_weighs_little_and_takes_as_many_statements_however_long(pages: Pages, town: Town) -> None:
    short, long = town.begun(), town.begun().to("aanbieden")
    counts = []
    browser, database = pages.client_of("marieke"), pages.desk.equipment.database
    browser.open(f"/opdrachten/{short.name}")  # what never changes is read once
    for filing in (short, long):
        with count_statements(database) as statements:
            page = browser.open(f"/opdrachten/{filing.name}")
        counts.append(len(statements))
        assert len(gzip.compress(page.body)) < 30_000
    assert counts[0] == counts[1]
