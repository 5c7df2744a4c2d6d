"""Who may do what: the table as a whole, and that no page is without an entry in it."""

import itertools
from collections.abc import Callable, Iterator
from inspect import isfunction, signature
from pathlib import Path
from types import CodeType
from typing import get_args

import pytest
from starlette.routing import compile_path

from kantoor.office.database.tables import relations
from kantoor.portal.app import PagesError, make_app
from kantoor.portal.authorisation_page import authorisation_page
from kantoor.portal.page import Page, Who
from kantoor.portal.routes import list_pages
from kantoor.service.access import MAY, Doing, Kind, Standing, Visitor, may
from kantoor.service.visiting.managing import give_management
from tests.portal.quiet import CLIENT, MEMBER
from tests.portal.visitors import Pages

OWN, OTHER = "1001", "1002"

EXPECTED: dict[tuple[str, str], set[str]] = {
    ("client", "own"): {"read", "decide", "answer", "do_task", "write", "chat"},
    ("client", "former"): {"read"},
    ("client", "other"): set(),
    ("team", "own"): {"read", "write", "chat", "work"},
    ("team", "former"): {"read", "write", "work"},
    ("team", "other"): {"read", "write", "work"},
}


def test_the_table_has_every_kind_of_person_and_standing() -> None:
    assert set(MAY) == set(itertools.product(get_args(Kind), get_args(Standing)))


@pytest.mark.parametrize("doing", get_args(Doing))
@pytest.mark.parametrize(
    ("kind", "standing", "manager"),
    [(*one, False) for one in EXPECTED] + [(*one, True) for one in EXPECTED if one[0] == "team"],
)
def test_each_person_may_do_exactly_what_the_table_says(
    quiet_office: Pages, kind: Kind, standing: Standing, manager: bool, doing: Doing
) -> None:
    who = CLIENT if kind == "client" else MEMBER
    visitor = Visitor(id=who, name="", kind=kind, manager=manager)
    relation = "9999" if standing == "other" and kind == "team" else OTHER if standing == "other" else OWN
    database = quiet_office.desk.equipment.database
    left = relations.update().where(relations.c.number == OWN)
    with database.write() as connection:
        if standing == "former":
            connection.execute(left.values(status="left"))
        found = may(connection, visitor, doing, relation)
        connection.execute(left.values(status="active"))
    assert found == (doing in EXPECTED[kind, standing] or (doing == "manage" and manager))


def test_a_page_that_is_for_nobody_fails_at_start_up(quiet_office: Pages) -> None:
    page = Page("/x", "iedereen", lambda call: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(PagesError, match="/x: nobody said"):
        make_app(quiet_office.desk, [page])


def test_a_page_that_is_there_twice_fails_at_start_up(quiet_office: Pages) -> None:
    page = Page("/x", "team", lambda call: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(PagesError, match="GET /x is there twice"):
        make_app(quiet_office.desk, [page, page])


def test_a_form_of_which_nobody_said_where_it_is_fails_at_start_up(quiet_office: Pages) -> None:
    page = Page("/x", "team", lambda call: None, "POST")  # type: ignore[arg-type, return-value]
    with pytest.raises(PagesError, match="/x: nobody said where its form is"):
        make_app(quiet_office.desk, [page])


LOOKED_AT = {page.path for page in list_pages() if page.method == "GET"}


@pytest.mark.parametrize(
    "page", [one for one in list_pages() if one.method == "POST"], ids=lambda one: one.path
)
def test_what_a_form_is_answered_with_can_be_loaded_again(quiet_practice: Pages, page: Page) -> None:
    if page.path in LOOKED_AT:
        return
    assert any(compile_path(one)[0].match(page.form) for one in LOOKED_AT)
    path, form = (
        one.replace(":path", "").replace("{", "").replace("}", "") for one in (page.path, page.form)
    )
    give_management(quiet_practice.desk, MEMBER)
    browser = quiet_practice.client_of(CLIENT if page.who == "client" else MEMBER)
    led = browser.open(path, follow=False)
    give_management(quiet_practice.desk, MEMBER, remove=True)
    assert (led.status, led.headers["location"]) == (303, form)


def test_no_field_cuts_what_somebody_types() -> None:
    folder = Path(__file__).parents[2] / "platform" / "portal" / "templates"
    assert [one.name for one in folder.iterdir() if "maxlength" in one.read_text("utf-8")] == []


PUBLIC = {"/", "/in", "/in/{token}", "/in/{token}/nieuw", "/uit"}


@pytest.mark.parametrize("page", list_pages(), ids=lambda page: f"{page.method} {page.path}")
def test_each_page_keeps_out_whom_it_is_not_for(quiet_practice: Pages, page: Page) -> None:
    assert page.who in get_args(Who)
    if page.who == "anybody":
        assert page.path in PUBLIC
        return
    path = page.path.replace(":path", "")
    for part in ("{name}", "{document}", "{key}", "{token}"):
        path = path.replace(part, "verzonnen")
    kept_out = {"client": MEMBER, "team": CLIENT, "manager": MEMBER}
    stranger = quiet_practice.stranger()
    visits = [(stranger, 401)]
    if page.who in kept_out:
        visits.append((quiet_practice.client_of(kept_out[page.who]), 404))
    for browser, status in visits:
        found = browser.open(path) if page.method == "GET" else browser.send(path)
        assert found.status == status


FOR_ANYBODY = {
    *("service.visiting.front.read_front", "service.visiting.visiting.forget_word"),
    *("service.visiting.visiting.look_at_link", "service.visiting.visiting.sign_in"),
    *("service.visiting.visiting.find_visit", "service.visiting.visiting.end_visit"),
    *("service.visiting.visiting.count_new_link", "service.visiting.visiting.send_new_link"),
}
"""Reads that name nobody: what every page shows of the office, and those by which people come in."""


def list_asked(answer: Callable[..., object], seen: set[object]) -> Iterator[Callable[..., object]]:
    """Yield the functions of the service that a page reaches, through functions of the portal."""
    if answer in seen or not hasattr(answer, "__code__"):
        return
    seen.add(answer)
    codes = [answer.__code__]
    codes += [one for one in answer.__code__.co_consts if isinstance(one, CodeType)]
    for name in {name for code in codes for name in code.co_names}:
        found = answer.__globals__.get(name)
        module = getattr(found, "__module__", None) or ""
        if module.startswith("kantoor.portal") and isfunction(found):
            yield from list_asked(found, seen)
        elif module.startswith("kantoor.service") and isfunction(found):
            yield found


@pytest.mark.parametrize(
    "page", [one for one in list_pages() if one.who not in ("team", "manager")], ids=lambda one: one.path
)
def test_what_a_page_for_others_than_the_team_reads_is_read_for_somebody(page: Page) -> None:
    """A read that takes no person is the whole office's: pages for the team alone may ask it."""
    for asked in list_asked(page.answer, set()):
        takes = signature(asked).parameters
        name = f"{asked.__module__.removeprefix('kantoor.')}.{asked.__name__}"
        if "desk" in takes and name not in FOR_ANYBODY:
            assert {"visitor", "who"} & {*takes}, name


def test_the_page_about_it_is_made_from_the_tables() -> None:
    page = (Path(__file__).parents[2] / "docs" / "authorisation.md").read_text("utf-8")
    assert page == authorisation_page(), "run make docs"
    assert [one.path for one in list_pages() if f"`{one.path}`" not in page] == []
