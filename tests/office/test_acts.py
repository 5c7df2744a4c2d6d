"""An act that was sent is kept until it is refused, and the first one under an id stays."""

from kantoor.office.database.engine import Database
from kantoor.office.filings.sent_acts import SentAct, find_act, forget_act, keep_act

from .material import start


def test_the_first_act_under_an_id_stays_until_it_is_forgotten(office: Database) -> None:
    with office.write() as connection:
        filing = start(connection).id
        first = SentAct(
            filing=filing, id="a1", asked="1", act={"kind": "note", "text": "Gebeld", "n": [1, None]}
        )
        assert keep_act(connection, first) == first
        assert keep_act(connection, first.model_copy(update={"asked": "2"})) == first
    with office.read() as connection:
        assert find_act(connection, filing, "a1") == first
        assert find_act(connection, filing, "a2") is None
    with office.write() as connection:
        forget_act(connection, filing, "a1")
        assert find_act(connection, filing, "a1") is None
