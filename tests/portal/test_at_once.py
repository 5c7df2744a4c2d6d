"""Twenty people who act at one moment lose nothing: what was taken is there once, all else is answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from kantoor.office.database.tables import timeline
from kantoor.office.visits.sessions import begin_session
from kantoor.portal.safety import cookie_name
from tests.portal.test_team_filing import send
from tests.portal.visitors import Browser, Page, Pages
from tests.service.town import Town

PEOPLE = 20


def test_twenty_sessions_that_act_at_once_lose_nothing(pages: Pages, town: Town) -> None:
    filings = [town.begun() for _ in range(2)]
    browsers = [sign_in(pages) for _ in range(PEOPLE)]
    # All have the same before them: of those who tick, all but the first at each filing come too late.
    shown = [one.open(f"/opdrachten/{filings[turn % 2].name}") for turn, one in enumerate(browsers)]

    def act(turn: int) -> list[tuple[str, Page]]:
        note = f"gebeld om {turn:02} uur"
        noted = send(shown[turn], "notitie", tekst=note)
        again = send(shown[turn], "notitie", tekst=note)  # the same form, pressed twice
        return [(note, noted), (note, again), ("", send(shown[turn], "afvinken"))]

    with ThreadPoolExecutor(PEOPLE) as together:
        answers = [one for some in together.map(act, range(PEOPLE)) for one in some]
    assert [page.words for _, page in answers if not (page.word or page.problem or is_unsure(page))] == []
    told = {note for note, page in answers if note and page.word and page.status == 200}
    assert told, "nobody was told that their note is there"
    opened = [one.open(f"/opdrachten/{filing.name}") for one, filing in zip(browsers, filings, strict=False)]
    assert {note: sum(page.words.count(note) for page in opened) for note in told} == dict.fromkeys(told, 1)
    ids = {f"filing/{one.name}/-/1" for one in filings}
    rows = pages.desk.read(lambda c: c.execute(timeline.select()).mappings().all())
    ticked = [row["filing"] for row in rows if row["what"] == "checkpoint_ticked" and row["filing"] in ids]
    taken = [page for note, page in answers if not note and page.status == 200]
    assert len(ticked) == len({*ticked})
    assert taken, "nobody was told that a checkpoint is ticked"
    assert len(taken) <= len(ticked)


def sign_in(pages: Pages) -> Browser:
    """Return a browser with a session of its own, without the way in that other tests take."""
    browser, now = pages.stranger(), datetime.now(UTC)
    with pages.desk.equipment.database.write() as connection:
        token = begin_session(connection, "sanne", at=now, until=now + timedelta(hours=1))
    browser.http.cookies.set(cookie_name(pages.settings), token)
    return browser


def is_unsure(page: Page) -> bool:
    """Say whether a page tells that no answer came, and to look before it is sent again."""
    return page.status == 503 and "Herhaal" in page.words
