"""What is kept of visits goes once nobody needs it, a few rows at a time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from kantoor.keys.ring import Mark
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import attempts, drafts, sessions, sign_in_links
from kantoor.office.visits.attempts import count_attempt
from kantoor.office.visits.drafts import (
    MOST_PASSING,
    PASSING,
    TOLD,
    drop_passing,
    find_draft,
    keep_done,
    keep_draft,
)
from kantoor.office.visits.forgetting import ATTEMPTS, DRAFTS, LINKS, forget_visits
from kantoor.office.visits.sessions import begin_session
from kantoor.office.visits.sign_in_links import make_link

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MANY, AT_ONCE = 7, 3
SECOND = timedelta(seconds=1)


def test_of_opened_forms_no_more_are_kept_than_there_is_room_for_and_none_goes_for_another(
    office: Database,
) -> None:
    with office.write() as connection:

        def keep(form: str, at: datetime = NOW) -> bool:
            return keep_draft(connection, "c1", form, b"", at, passing=True)

        kept = [keep(str(number)) for number in range(MOST_PASSING)]
        assert all(kept)
        assert keep_draft(connection, "c1", "lasting", b"", NOW)
        assert (keep("one more"), keep("0"), keep("later", NOW + PASSING)) == (False, True, True)
        assert keep_draft(connection, "c2", "one more", b"", NOW, passing=True)
        count = select(func.count()).where(drafts.c.person == "c1")
        assert connection.execute(count).scalar_one() == MOST_PASSING + 2


def test_what_came_of_a_form_takes_no_room_and_of_one_that_is_done_twice_the_first_stays(
    office: Database,
) -> None:
    with office.write() as connection:
        for number in range(MOST_PASSING + 1):
            assert keep_draft(connection, "c1", f"{number} /start", b"typed", NOW, passing=True)
            keep_done(connection, "c1", f"{number} /start", b"done", NOW)
            keep_done(connection, "c1", f"{number} /start", b"twice", NOW)
        assert find_draft(connection, "c1", "0 /start", NOW) == b"done"
        drop_passing(connection, "c1", "0")
        assert find_draft(connection, "c1", "0 /start", NOW) == b"done"
        assert keep_draft(connection, "c1", "0 /start", b"typed again", NOW, passing=True)
        assert find_draft(connection, "c1", "0 /start", NOW) == b"typed again"
        assert find_draft(connection, "c1", "1 /start", NOW + PASSING) == b""


def test_of_a_form_that_was_sent_twice_at_once_what_came_of_it_is_found(office: Database) -> None:
    row = {"person": "c1", "at": NOW, "passing": True}
    with office.write() as connection:
        keep_done(connection, "c1", "0 /start", b"done", NOW)
        connection.execute(drafts.insert().values(**row, form="0 /start", typed=b"typed"))
        assert find_draft(connection, "c1", "0 /start", NOW) == b"done"


def test_what_is_past_goes_and_what_is_needed_stays(office: Database) -> None:
    with office.write() as connection:
        for number in range(MANY):
            for past in (SECOND, -SECOND):
                until = NOW - past
                begin_session(connection, "c1", at=until - SECOND, until=until)
                make_link(connection, "c1", "anna@korenaar.example", at=until - LINKS, until=until - LINKS)
                keep_draft(connection, "c1", f"{number}{past}", b"", NOW - DRAFTS - past)
                keep_draft(connection, "c2", f"{number}{past}", b"x", NOW - PASSING - past, passing=True)
                keep_draft(connection, "c3", f"{number}{past}", b"x", NOW - TOLD - past, passing=True)
                count_attempt(connection, "x", Mark(str(number)), ATTEMPTS, NOW - ATTEMPTS - 86400 * past)
    forget_visits(office, NOW, AT_ONCE)
    with office.read() as connection:
        tables = (sign_in_links, sessions, drafts, attempts)
        left = [connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]
        known = select(drafts.c.person, drafts.c.typed, func.count()).where(drafts.c.passing)
        typed = connection.execute(known.group_by(drafts.c.person, drafts.c.typed)).all()
    assert left == [MANY, MANY, 4 * MANY, MANY]
    assert {tuple(row) for row in typed} == {("c2", b"", MANY), ("c2", b"x", MANY), ("c3", b"", MANY)}
