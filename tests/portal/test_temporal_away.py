"""Without Temporal reading goes on, and an act that is repeated afterwards happens once."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from kantoor.service.desk import Desk
from tests.local.homes import free_ports
from tests.portal.visitors import Pages
from tests.service.town import Town


@contextmanager
def without_temporal(pages: Pages) -> Iterator[Pages]:
    """Serve the same office where nobody answers at Temporal's address."""
    (port,) = free_ports(1)
    lost = {"address": f"127.0.0.1:{port}", "answer_seconds": 0.2}
    settings = pages.settings.model_copy(update={"temporal": pages.settings.temporal.model_copy(update=lost)})
    equipment = dataclasses.replace(pages.desk.equipment, settings=settings)
    yield Pages(Desk(equipment))


def test_a_repeated_note_is_written_once(pages: Pages, town: Town) -> None:
    filing = town.begun()
    path, story = f"/opdrachten/{filing.name}", "De klant belt morgen terug."
    with without_temporal(pages) as lost:
        browser = lost.client_of("sanne")
        assert browser.open("/werk").status == 200
        assert browser.open(path).status == 200
        told = browser.send(path, {"doen": "notitie", "tekst": story, "act": "c" * 32})
    assert told.status == 503
    assert told.heading == "De software wordt nog gestart."  # as far as its `kantoor up` is seen
    again = told.fields("Herhaal")
    assert dict(again) == {"doen": "notitie", "tekst": story, "act": "c" * 32, "wie": "sanne"}
    back = pages.client_of("sanne")
    for _ in range(2):
        assert back.send(path, again).word == "Genoteerd."
    filing.until(lambda found: story in str(found.view) or found.recorded > 1)
    assert back.open(path).text.count(story) == 1
