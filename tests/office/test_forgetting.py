"""What is kept of visits goes once nobody needs it, a few rows at a time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from kantoor.keys.ring import Mark
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import attempts, drafts, sessions, sign_in_links
from kantoor.office.visits.attempts import count_attempt
from kantoor.office.visits.drafts import MOST_PASSING, PASSING, keep_draft
from kantoor.office.visits.forgetting import ATTEMPTS, DRAFTS, LINKS, forget_visits
from kantoor.office.visits.sessions import begin_session
from kantoor.office.visits.sign_in_links import make_link

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MANY, AT_ONCE = 7, 3
SECOND = timedelta(seconds=1)


def test_of_what_was_typed_in_opened_forms_the_newest_are_kept(office: Database) -> None:
    with office.write() as connection:
        for number in range(MOST_PASSING + MANY):
            keep_draft(connection, "c1", f"{number:03}", b"", NOW + number * SECOND, passing=True)
        keep_draft(connection, "c1", "lasting", b"", NOW - SECOND)
        left = connection.execute(select(drafts.c.form).order_by(drafts.c.form)).scalars().all()
    assert left == [*(f"{number:03}" for number in range(MANY, MOST_PASSING + MANY)), "lasting"]


def test_what_is_past_goes_and_what_is_needed_stays(office: Database) -> None:
    with office.write() as connection:
        for number in range(MANY):
            for past in (SECOND, -SECOND):
                until = NOW - past
                begin_session(connection, "c1", at=until - SECOND, until=until)
                make_link(connection, "c1", "anna@korenaar.example", at=until - LINKS, until=until - LINKS)
                keep_draft(connection, "c1", f"{number}{past}", b"", NOW - DRAFTS - past)
                keep_draft(connection, "c2", f"{number}{past}", b"", NOW - PASSING - past, passing=True)
                count_attempt(connection, "x", Mark(str(number)), ATTEMPTS, NOW - ATTEMPTS - 86400 * past)
    forget_visits(office, NOW, AT_ONCE)
    with office.read() as connection:
        tables = (sign_in_links, sessions, drafts, attempts)
        left = [connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]
    assert left == [MANY, MANY, 2 * MANY, MANY]
