"""Where each contact decides for their own documents, each reads their own and not the other's."""

import pytest

from kantoor.audience import CLIENT, Viewer
from kantoor.filing.events import Shown
from kantoor.filing.view import DocumentView, OfferView, ShareView, View
from kantoor.service.filings.audiences import find_versions

OWN = {"klant": "aangifte", "partner": "aangifte_partner"}


def offered(audience: str | None) -> View:
    shown = tuple(Shown(document=name, hash=name) for name in OWN.values())
    documents = tuple(
        DocumentView(
            id=one.document, title="Aangifte", report=None, phase="opstellen", shown=one, audience=audience
        )
        for one in shown
    )
    offer = OfferView(
        phase="aanbieden",
        way="approval",
        status="waiting",
        documents=shown,
        recipients=tuple(OWN),
        sent=None,
        problem=None,
        shares=tuple(ShareView(contact=who, documents=(name,)) for who, name in OWN.items()),
    )
    return View(
        title="Aangifte",
        planner="loopt",
        phases=(),
        deadlines=(),
        documents=documents,
        offers=(offer,),
        work=(),
        due=None,
    )


@pytest.mark.parametrize("audience", [None, CLIENT])
def test_each_reads_their_own_document_and_a_colleague_reads_both(audience: str | None) -> None:
    view = offered(audience)
    for who, name in OWN.items():
        assert set(find_versions(view, Viewer(client=True, id=who))) == {name}
    assert set(find_versions(view, Viewer(id="ans"))) == set(OWN.values())
