"""The acts of a filing that come seldom, each done by its form. Costs 3 s of CPU beside the office."""

from datetime import date

from sqlalchemy import insert

from kantoor.data import replace
from kantoor.office.database.tables import authorities, stand_ins
from kantoor.plan import FactDefinition, NoticeAwaited, Plan, WaitFor
from kantoor.service.filings.acts import Acts
from tests.portal.test_client_requests import ANSWERS, FORM, LIST, PDF, answered, asked, statuses, until
from tests.portal.test_team_filing import LETTER, beside, look, send
from tests.portal.visitors import Files, Page, Pages
from tests.service.moving import plan_of, published
from tests.service.town import COLLECT, FIGURES, MAKE, REVIEW, Town

FILE = [("bestand", ("kenteken.pdf", PDF, "application/pdf"))]


def altered(town: Town, template: str, phase: str, **facts: object) -> Plan:
    """Return the shipped return under another name, with other facts of one phase."""
    plan = plan_of(town, "btw-aangifte")
    phases = tuple(replace(one, **facts) if one.id == phase else one for one in plan.phases)
    return replace(plan, template=template, phases=phases)


def test_an_offer_by_hand_is_released(pages: Pages, town: Town) -> None:
    filing = town.begun(template="met-de-hand")
    filing.tick("sanne", *COLLECT)
    filing.attach(FIGURES, document="aangifte")
    filing.attach("%PDF-1.7 memo", document="memo")
    filing.tick("sanne", *MAKE)
    filing.tick("tom", *REVIEW)
    filing.until_offer("to_release")
    page = send(look(pages, "marieke", filing), "vrijgeven")
    assert page.word == "Vrijgegeven: de klant krijgt bericht."
    filing.until_offer("waiting")


def test_what_stands_still_is_tried_again(pages: Pages, town: Town) -> None:
    filing = town.begun().to("controle")
    database = pages.desk.equipment.database
    theirs = authorities.c.relation == filing.relation
    with database.write() as connection:
        (kept,) = connection.execute(authorities.select().where(theirs)).mappings().all()
        connection.execute(authorities.delete().where(theirs))
    filing.tick("tom", *REVIEW)
    filing.until(lambda f: any(one["kind"] == "stalled" for one in (f.view or {"work": []})["work"]))
    with database.write() as connection:
        connection.execute(insert(authorities).values(**kept))
    page = send(look(pages, "marieke", filing), "opnieuw")
    assert page.word == "Het wordt opnieuw geprobeerd."
    filing.until_offer("waiting")


def test_a_delivery_that_was_made_elsewhere_is_recorded_with_its_receipt(pages: Pages, town: Town) -> None:
    (phase,) = [one for one in plan_of(town, "btw-aangifte").phases if one.deliver]
    plan = altered(town, "elders-ingediend", phase.id, block=replace(phase.block, by_hand=True))
    with published(town, plan):
        filing = town.begun(template=plan.template).to("aanbieden")
        filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
        filing.until_in(phase.id)
        page = look(pages, "ruud", filing)
        assert "Ontvangstbewijs" in page.words
        page = send(page, "ingediend", LETTER, dag="2026-02-03", kenmerk="1234")
    assert page.word == "De indiening is vastgelegd."
    (link,) = page.tree.xpath("//ol[@class='timeline']//a[contains(@href, '/bewijs/')]/@href")
    assert page.browser.open(link).body == LETTER[0][1][1]
    assert page.browser.open(link[:-1]).status == 200  # as it begins, where that is the only one
    assert page.browser.open(f"{link[:-64]}{'0' * 64}").status == 404
    assert filing.now().planner in ("ingediend", "klaar")


def test_a_letter_of_the_authority_is_recorded(pages: Pages, town: Town) -> None:
    awaited = WaitFor(awaited=(NoticeAwaited(notice="naheffingsaanslag"),))
    plan = altered(town, "wacht-op-brief", "verzamelen", block=awaited, role="administratie", checkpoints=())
    with published(town, plan):
        filing = town.begun(template=plan.template)
        filing.until_in("verzamelen")
        page = look(pages, "sanne", filing)
        page = send(page, "bericht", LETTER, dag="2026-02-02", reden="Per post", bericht="naheffingsaanslag")
    assert page.word == "Het bericht is vastgelegd."
    filing.until_in("opstellen")


def test_the_day_of_a_letter_that_tells_of_what_has_happened_is_not_to_come(pages: Pages, town: Town) -> None:
    day = FactDefinition(
        id="vastgesteld_op", title="Vastgesteld op", type="date", set_in=("opstellen",), past=True
    )
    awaited = WaitFor(awaited=(NoticeAwaited(notice="vaststelling", fact=day.id),))
    plan = altered(
        town, "wacht-op-besluit", "verzamelen", block=awaited, role="administratie", checkpoints=()
    )
    with published(town, replace(plan, facts=(day,))):
        filing = town.begun(template=plan.template)
        filing.until_in("verzamelen")
        page = look(pages, "sanne", filing)
        assert beside(page, "bericht-verzamelen-dag") == "Vandaag of eerder."
        said = {"reden": "Per post", "bericht": "vaststelling"}
        refused = send(page, "bericht", LETTER, dag="2028-02-02", **said)
        assert "'Vastgesteld op' is vandaag of eerder, en 2 februari 2028 moet nog komen" in refused.problem
        assert send(refused, "bericht", LETTER, dag="2026-02-02", **said).word == "Het bericht is vastgelegd."


def test_an_exception_to_four_eyes_is_made_by_who_may_and_then_the_phase_is_done(
    pages: Pages, town: Town
) -> None:
    plan = altered(town, "vier-ogen", "controle", four_eyes_exception="relatiebeheerder")
    with published(town, plan):
        filing = town.begun(template=plan.template).to("opstellen")
        filing.attach()
        filing.tick("sanne", *MAKE)
        filing.acts(
            "marieke", lambda acts: acts.reassign(filing.name, "accountant", "sanne", "ziek", anyway=True)
        )
        barred = town.play(lambda desk: Acts(desk, "sanne").check(filing.name, REVIEW[0]))
        assert getattr(barred, "code", "") == "four_eyes"
        assert "Vier ogen" in look(pages, "sanne", filing).words
        page = send(look(pages, "marieke", filing), "uitzondering", persoon="sanne", reden="Tom is ziek")
        assert page.word.startswith("De uitzondering")
        filing.acts("sanne", *(lambda acts, c=c: acts.check(filing.name, c) for c in REVIEW))
        done = send(look(pages, "sanne", filing), "afronden")
    assert done.word.startswith("De fase is afgerond")
    filing.until_offer("waiting")


def test_who_made_what_is_offered_reads_why_they_record_no_decision_and_what_to_do_about_it(
    pages: Pages, town: Town
) -> None:
    plan = altered(town, "eigen-stuk", "aanbieden", role="administratie")
    title = next(one.title for one in plan.roles if one.id == "administratie")
    record, nobody = "Het besluit van de klant vastleggen", "Niemand kan dit nu doen."
    with published(town, plan):
        filing = town.begun(template=plan.template).to("aanbieden")

        def words_for(who: str) -> str:
            return look(pages, who, filing).words

        why = f"{record} kan nu niet. U hebt dit document zelf opgesteld; laat een collega"
        for who, words in (("sanne", why), ("tom", f"{record} kan nu niet. De fase"), ("marieke", record)):
            page = look(pages, who, filing)
            assert words in page.words
            assert f"{nobody} Draag het werk van {title} in deze opdracht over aan een collega" in page.words
            assert page.tree.xpath("//form[contains(@id, 'besluit')]") == []
        with pages.desk.equipment.database.write() as connection:
            beside = {"member": "sanne", "stand_in": "wim", "since": date(2026, 1, 1)}
            connection.execute(stand_ins.insert().values(**beside))
        assert f"{why} het besluit van de klant vastleggen. Dit kan wel: Wim Vos." in words_for("sanne")
        with pages.desk.equipment.database.write() as connection:
            connection.execute(stand_ins.delete().where(stand_ins.c.stand_in == "wim"))
        send(look(pages, "marieke", filing), "overdragen", rol="administratie", persoon="tom", reden="zo")
        assert nobody not in words_for("sanne")
        page = look(pages, "tom", filing)
        assert page.tree.xpath("//form[contains(@id, 'besluit')]")
        assert nobody not in page.words


def test_what_a_client_sent_is_accepted_or_sent_back(pages: Pages, town: Town) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    until(filing, "auto-van-de-zaak", "received")
    page = look(pages, "sanne", filing)
    page = send(page, "terugsturen", reden="Is dit met btw?")
    assert page.word == "Teruggestuurd: de klant krijgt de vraag opnieuw."
    only = {**dict.fromkeys(ANSWERS, ""), "v-auto": "nee"}
    browser.open(f"{path}/{FORM}").press("Verder", only).press("Versturen")
    until(filing, "auto-van-de-zaak", "received")
    page = send(look(pages, "sanne", filing), "accepteren")
    assert page.word == "Geaccepteerd."
    assert "nog niet beantwoord" not in page.words
    assert "niet ingevuld" in page.words
    assert statuses(filing)["auto-van-de-zaak"] == "accepted"


def test_a_colleague_answers_for_a_client_or_says_that_it_does_not_apply(pages: Pages, town: Town) -> None:
    filing, _, _ = asked(pages, town)
    forms, items = FORM.replace(".", "-"), LIST.replace(".", "-")
    page = fill_in(look(pages, "sanne", filing), f"antwoord-{forms}", LETTER, **ANSWERS)
    assert "op namens welke contactpersoon" in page.problem
    page = fill_in(page, f"antwoord-{forms}", LETTER, **ANSWERS, contact=filing.client)
    assert page.word == "Vastgelegd namens de klant."
    until(filing, "auto-van-de-zaak", "received")
    filing.until(lambda f: "kentekenbewijs" in str(f.view))
    page = look(pages, "sanne", filing)
    page = fill_in(page, f"antwoord-{items}-kentekenbewijs", FILE, contact=filing.client)
    assert page.word == "Vastgelegd namens de klant."
    page = fill_in(page, f"nvt-{items}-ritten", reden="Er is geen tweede auto")
    assert page.word == "Vastgelegd dat dit niet van toepassing is."
    assert not page.tree.xpath(f"//form[@id='nvt-{items}-ritten']"), "it is said already"
    assert statuses(filing)["ritten"] == "not_applicable"


def fill_in(page: Page, id: str, files: Files = (), **typed: str) -> Page:
    """Send the form with this id as a browser does, with what is typed."""
    (form,) = page.tree.xpath(f"//form[@id='{id}']")
    given = {**dict(form.form_values()), **typed}
    return page.browser.send(form.get("action"), [(name, str(one)) for name, one in given.items()], files)
