"""What a client is told when something was not taken: words of their own, and no sentence of the machine."""

import pytest

from kantoor.service.clients.client_refusals import WORDS, tell_client
from kantoor.service.results import Refusal

OFFICE = "Fase 'opstellen' van tom is aangehouden: klant betaalt niet. Zie `kantoor filing list`."


@pytest.mark.parametrize("code", [*WORDS, "something_new"])
def test_no_sentence_of_the_machine_reaches_a_client(code: str) -> None:
    told = tell_client(Refusal(code=code, text=OFFICE))
    assert isinstance(told, Refusal)
    assert told.code == code
    assert told.text
    assert not any(word in told.text for word in ("`", "'", "fase", "rol ", "tom", "betaalt"))
