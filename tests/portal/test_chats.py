"""Chats over HTTP: a client and colleagues write each other about one filing, and who reads what when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from kantoor.office.database.tables import chat_lines, relation_roles, relations
from kantoor.service.filings.acts import Done
from tests.portal.visitors import Page, Pages
from tests.service.town import Return, Town

QUESTION = "Waar vind ik de factuur van december?\nIk zie hem nergens."
ANSWER = "Die staat bij uw bankafschriften."


@pytest.fixture(scope="module")
def whole_asked(whole_town: Town) -> Return:
    """One return that a client can write about; its tests leave nothing unread."""
    return whole_town.begun()


@pytest.fixture
def asked(whole_asked: Return, town: Town, pages: Pages) -> Iterator[Return]:
    yield whole_asked
    with pages.desk.equipment.database.write() as connection:
        connection.execute(chat_lines.delete())


def own(pages: Pages, filing: Return, who: str | None = None) -> Page:
    """Return a client's chat about a filing."""
    browser = pages.client_of(who or filing.client)
    return browser.open(f"/mijn/{pages.key_of(filing.name)}/gesprek")


def chats(pages: Pages, filing: Return, who: str = "marieke") -> Page:
    """Return a colleague's page of the chats of a filing."""
    return pages.client_of(who).open(f"/opdrachten/{filing.name}/gesprek")


def waits(pages: Pages, filing: Return, who: str, path: str = "/werk") -> bool:
    """Say whether a colleague's work list leads to the chats of a filing."""
    return f"/opdrachten/{filing.name}/gesprek" in pages.client_of(who).open(path).links


@contextmanager
def without_roles(pages: Pages, filing: Return, *roles: str) -> Iterator[None]:
    """Have nobody do these roles at the relation of a filing."""
    theirs = (relation_roles.c.relation == filing.relation, relation_roles.c.role.in_(roles))
    with pages.desk.equipment.database.write() as connection:
        kept = [dict(row) for row in connection.execute(relation_roles.select().where(*theirs)).mappings()]
        connection.execute(relation_roles.delete().where(*theirs))
    yield
    with pages.desk.equipment.database.write() as connection:
        connection.execute(relation_roles.insert(), kept)


def leave(pages: Pages, filing: Return, *, left: bool) -> None:
    """Have the relation of a filing leave the office, or come back."""
    change = relations.update().where(relations.c.number == filing.relation)
    with pages.desk.equipment.database.write() as connection:
        connection.execute(change.values(status="left" if left else "active"))


def test_a_client_asks_and_a_colleague_answers(pages: Pages, asked: Return) -> None:
    def count() -> int:
        words = pages.client_of("marieke").open("/werk?lijst=afwezig").words
        return int(words.split("Voor mij (")[1].split(")")[0])

    place, before = pages.client_of(asked.client).open(f"/mijn/{pages.key_of(asked.name)}"), count()
    assert own(pages, asked).path in place.links
    written = own(pages, asked).press("Versturen", {"bericht": QUESTION})
    assert written.word == "Uw bericht is verstuurd."
    assert written.tree.xpath("//div[@role='list']//p[@class='said']")[0].text == QUESTION

    assert waits(pages, asked, "marieke"), "who sends in the office's name reads it"
    assert count() == before + 1
    assert waits(pages, asked, "sanne"), "and so does who has work there now"
    assert not waits(pages, asked, "tom")
    assert not waits(pages, asked, "marieke", "/werk?lijst=niemand")
    filing = pages.client_of("tom").open(f"/opdrachten/{asked.name}")
    assert f"Kim {asked.relation} schreef iets dat nog niet is gelezen." in filing.words

    overtaken = chats(pages, asked, "sanne")
    answered = chats(pages, asked).press("Versturen", {"bericht": ANSWER})
    assert answered.word == "Uw bericht is verstuurd."
    assert not waits(pages, asked, "marieke"), "who answers has read it"
    late = overtaken.press("Versturen", {"bericht": "Ook een antwoord."})
    assert "Een collega schreef deze klant intussen ook" in late.problem
    assert ANSWER in late.words
    assert late.tree.xpath("//textarea[@aria-invalid='true']")[0].text_content() == "Ook een antwoord."
    home = pages.client_of(asked.client).open("/mijn")
    assert "Een bericht van ons lezen" in home.words
    read = own(pages, asked)
    assert "Marieke" in read.words
    assert ANSWER in read.words
    assert "Gelezen op" in read.words
    assert read.press("Gelezen").word == "U hebt dit gelezen."
    assert "van ons lezen" not in pages.client_of(asked.client).open("/mijn").words


def test_looking_leaves_it_unread_and_who_says_so_has_read_what_they_saw(pages: Pages, asked: Return) -> None:
    own(pages, asked).press("Versturen", {"bericht": QUESTION})
    looked = chats(pages, asked)
    assert waits(pages, asked, "marieke")
    own(pages, asked).press("Versturen", {"bericht": "Laat maar, gevonden."})
    again = looked.press("Gelezen")
    assert "1 ongelezen" in again.words, "what was written since is not read"
    assert "ongelezen" not in again.press("Gelezen").words
    assert not waits(pages, asked, "marieke")


def test_who_answers_has_read_what_they_saw_and_nothing_since(pages: Pages, asked: Return) -> None:
    own(pages, asked).press("Versturen", {"bericht": QUESTION})
    looked, client_looked = chats(pages, asked), own(pages, asked)
    own(pages, asked).press("Versturen", {"bericht": "Nog iets: ook die van januari."})
    answered = looked.press("Versturen", {"bericht": ANSWER})
    assert "1 ongelezen" in answered.words
    client_looked.press("Versturen", {"bericht": "Laat maar, gevonden."})
    assert "van ons lezen" in pages.client_of(asked.client).open("/mijn").words
    assert "2 ongelezen" in chats(pages, asked).words


def test_what_is_sent_twice_is_written_once_and_two_at_once_lose_nothing(pages: Pages, asked: Return) -> None:
    form, other = own(pages, asked), own(pages, asked)
    form.press("Versturen", {"bericht": QUESTION})
    form.press("Versturen", {"bericht": QUESTION})
    other.press("Versturen", {"bericht": "Nog iets."})
    changed = form.press("Versturen", {"bericht": "Iets heel anders."})
    assert changed.status == 422
    assert "al een ander bericht verstuurd" in changed.problem
    assert changed.press("Versturen").word == "Uw bericht is verstuurd.", "what was typed is still there"
    said = own(pages, asked).tree.xpath("//div[@role='list']//p[@class='said']")
    assert [one.text for one in said] == [QUESTION, "Nog iets.", "Iets heel anders."]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("  \n ", "Schrijf eerst"),
        ("x" * 4150, "150 tekens te lang: schrijf het in hooguit 4.000 tekens"),
        ("piep\x07", "geen tekst"),
    ],
)
def test_what_is_no_message_is_not_kept(pages: Pages, asked: Return, text: str, why: str) -> None:
    for form in (own(pages, asked), chats(pages, asked)):
        refused = form.press("Versturen", {"bericht": text})
        assert refused.status == 422
        assert why in refused.problem
        (area,) = refused.tree.xpath("//textarea[@aria-invalid='true']")
        assert area.text_content().strip() == text.strip()
    assert not own(pages, asked).tree.xpath("//div[@role='list']")


def test_markup_is_shown_as_it_was_typed(pages: Pages, asked: Return) -> None:
    shown = own(pages, asked).press("Versturen", {"bericht": "<b>1 < 2</b>"})
    assert "<b>1 < 2</b>" in shown.words
    assert "<b>1 < 2</b>" in chats(pages, asked).words


def test_another_contact_of_the_relation_has_a_chat_of_their_own(pages: Pages, asked: Return) -> None:
    own(pages, asked).press("Versturen", {"bericht": QUESTION})
    sister = f"z-{asked.relation}"
    page = own(pages, asked, sister)
    assert QUESTION.splitlines()[0] not in page.words
    fields = {"doen": "schrijven", "bericht": "Hier ook.", "contact": asked.client}
    page.browser.send(page.path, fields)
    both = chats(pages, asked)
    assert [one.text_content().strip().split(" ")[0] for one in both.tree.xpath("//section/h2")][:2] == [
        "Kim",
        "Zus",
    ]
    assert "Hier ook." not in own(pages, asked).words


def test_who_is_no_contact_of_the_relation_reads_and_writes_nothing(
    pages: Pages, town: Town, asked: Return
) -> None:
    stranger = pages.client_of(f"c-{town.relation()}")
    path = f"/mijn/{pages.key_of(asked.name)}/gesprek"
    assert stranger.open(path).status == 404
    fields = {"doen": "schrijven", "bericht": QUESTION, "contact": asked.client}
    assert stranger.send(path, fields).status == 404
    assert stranger.send(f"/opdrachten/{asked.name}/gesprek", fields).status == 404
    other = chats(pages, asked)
    refused = other.browser.send(
        other.path, {"doen": "schrijven", "bericht": "x", "contact": stranger.person}
    )
    assert refused.status == 422
    assert "geen contactpersoon" in refused.problem


def test_a_chat_of_a_relation_that_left_is_only_read(pages: Pages, asked: Return) -> None:
    forms = [own(pages, asked).press("Versturen", {"bericht": QUESTION}), chats(pages, asked)]
    leave(pages, asked, left=True)
    try:
        for form in forms:
            assert "vertrokken" in form.press("Versturen", {"bericht": "Nog iets."}).words
        assert "vertrokken" in own(pages, asked).words
        assert "Versturen" not in own(pages, asked).words
        assert QUESTION.splitlines()[0] in chats(pages, asked).words
        filing = chats(pages, asked).browser.open(f"/opdrachten/{asked.name}")
        assert "De relatie is vertrokken. Zolang deze opdracht loopt, krijgt de klant nog" in filing.words
        assert "Nog iets." not in chats(pages, asked).words
    finally:
        leave(pages, asked, left=False)


def test_what_is_written_is_in_no_row_in_the_clear(pages: Pages, asked: Return) -> None:
    own(pages, asked).press("Versturen", {"bericht": QUESTION})
    rows = pages.desk.read(lambda connection: connection.execute(chat_lines.select()).all())
    assert len(rows) == 1
    assert "factuur" not in repr(rows)


def test_a_closed_chat_reaches_the_relatiebeheerder(pages: Pages, town: Town) -> None:
    filing = town.begun(template="op-datum", start_date=date(2026, 2, 1))
    town.hand_over(filing.relation, "relatiebeheerder", "ruud")
    own(pages, filing).press("Versturen", {"bericht": "Dit was nog open."})
    assert not waits(pages, filing, "ruud")
    assert waits(pages, filing, "tom"), "who sends this template's returns"
    cancelled = filing.act("tom", lambda acts: acts.cancel(filing.name, "Dubbel gestart."))
    assert isinstance(cancelled, Done)
    assert ["nog niet is gelezen" in one for one in cancelled.warnings] == [True]
    filing.until(lambda found: found.ended is not None)
    page = own(pages, filing)
    assert "Dit gesprek is gesloten sinds 3 februari 2026" in page.words
    assert "komt bij Ruud" in page.words
    sent = page.press("Versturen", {"bericht": "En nu?"})
    assert sent.word.startswith("Uw bericht is verstuurd aan Ruud")
    assert waits(pages, filing, "ruud")
    assert not waits(pages, filing, "tom")
    assert "het gesprek is gesloten" in pages.client_of("ruud").open("/werk").words

    with without_roles(pages, filing, "relatiebeheerder"):
        assert waits(pages, filing, "tom"), "nobody is relatiebeheerder: who sends reads it"
    with without_roles(pages, filing, "relatiebeheerder", "accountant", "administratie", "fiscaal"):
        assert waits(pages, filing, "tom", "/werk?lijst=niemand"), "nobody does anything here: all see it"
        assert "komt bij ons kantoor" in own(pages, filing).words
    chats(pages, filing).press("Gelezen")
    assert not waits(pages, filing, "ruud")


def test_who_goes_on_with_a_filing_is_told_of_what_the_client_wrote(pages: Pages, town: Town) -> None:
    filing = town.begun()
    own(pages, filing).press("Versturen", {"bericht": QUESTION})
    ticks = ("verkoop_compleet", "inkoop_compleet", "bank_compleet")
    filing.acts("sanne", *(lambda acts, one=one: acts.check(filing.name, one) for one in ticks))
    page = pages.client_of("sanne").open(f"/opdrachten/{filing.name}")
    told = f"Kim {filing.relation} schreef iets dat nog niet is gelezen"
    assert page.words.count(told) == 3, "beside the buttons too"
    done = page.press("Stukken opvragen afronden")
    assert f"De fase is afgerond. Let op: {told}: kijk bij Gesprek met de klant." in done.word
