"""Who somebody is, which roles are theirs, and what they may do on a day."""

from datetime import date

import pytest
from hypothesis import given

from kantoor.data import replace
from kantoor.emails import _ORDINARY, valid_by_grammar, valid_email
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import authorities, contacts, relation_roles, team
from kantoor.office.people import (
    Authority,
    Contact,
    TeamMember,
    authority_of,
    find_holder,
    find_person,
    roles_of,
)
from kantoor.office.plans import publish
from kantoor.plan import Role
from tests.patterns import matching

from .material import NOW, OFFICE, PLAN, ROLES, TODAY, VAT


@pytest.mark.parametrize(
    ("who", "kind", "name"),
    [
        ("ans", TeamMember, "Ans de Wit"),
        ("ANS@linde.example", TeamMember, "Ans de Wit"),
        ("c1", Contact, "Anna Bakker"),
        (" anna@korenaar.example ", Contact, "Anna Bakker"),
    ],
)
def test_a_person_is_found_by_id_or_address(office: Database, who: str, kind: type, name: str) -> None:
    with office.read() as connection:
        found = find_person(connection, who)
    assert isinstance(found, kind)
    assert found.name == name


@pytest.mark.parametrize("who", ["cor", "cor@linde.example", "niemand", ""])
def test_who_left_or_never_came_is_not_found(office: Database, who: str) -> None:
    with office.read() as connection:
        assert find_person(connection, who) is None


def test_an_address_is_the_colleague_s_until_they_leave_and_an_id_never_two_people_s(
    office: Database,
) -> None:
    with office.write() as connection:
        same = contacts.c.id == "c1"
        connection.execute(contacts.update().where(same).values(email="ans@linde.example"))
        by_address, by_id = find_person(connection, "ans@linde.example"), find_person(connection, "c1")
        connection.execute(team.update().where(team.c.id == "ans").values(active=False))
        afterwards = find_person(connection, "ans@linde.example")
    assert [one and one.id for one in (by_address, by_id, afterwards)] == ["ans", "c1", "c1"]


def test_an_unfilled_role_falls_to_its_fallback(office: Database) -> None:
    with office.read() as connection:
        assert roles_of(connection, "ans", "1001", ROLES, TODAY) == ("administratie", "relatiebeheerder")
        assert roles_of(connection, "bas", "1001", ROLES, TODAY) == ("accountant", "fiscaal")
        assert roles_of(connection, "ans", "1002", ROLES, TODAY) == ("administratie",)
        assert (found := find_holder(connection, "1001", "fiscaal", ROLES, TODAY, {})) is not None
        assert found.id == "bas"


def test_a_role_of_who_left_is_unfilled(office: Database) -> None:
    with office.read() as connection:
        assert find_holder(connection, "1003", "relatiebeheerder", ROLES, TODAY, {}) is None
        assert roles_of(connection, "cor", "1003", ROLES, TODAY) == ()


def test_roles_that_fall_back_in_a_circle_are_nobodys(office: Database) -> None:
    circle = (Role(id="a", title="A", fallback="b"), Role(id="b", title="B", fallback="a"))
    with office.read() as connection:
        assert find_holder(connection, "1001", "a", circle, TODAY, {}) is None


def test_a_role_that_the_plan_does_not_know_is_still_held(office: Database) -> None:
    with office.write() as connection:
        connection.execute(relation_roles.insert().values(relation="1001", role="oud", member="ans"))
        assert "oud" in roles_of(connection, "ans", "1001", ROLES, TODAY)


JOINTLY = Authority(may=("see", "approve", "sign"), jointly=("approve", "sign"))


@pytest.mark.parametrize(
    ("contact", "relation", "product", "on", "expected"),
    [
        ("c1", "1001", VAT, TODAY, Authority(may=("see", "approve"))),
        ("c1", "1001", "jaarrekening", TODAY, Authority()),
        ("c1", "1001", VAT, date(2024, 12, 31), Authority()),
        ("c1", "1003", VAT, TODAY, Authority()),
        ("c2", "1001", VAT, date(2025, 12, 31), JOINTLY),
        ("c2", "1001", VAT, date(2026, 1, 1), Authority()),
        ("c3", "1002", "jaarrekening", TODAY, Authority(may=("see", "answer", "approve", "sign"))),
        ("niemand", "1001", VAT, TODAY, Authority()),
    ],
)
def test_authority_is_by_contact_relation_product_and_day(
    office: Database, contact: str, relation: str, product: str, on: date, expected: Authority
) -> None:
    with office.read() as connection:
        assert authority_of(connection, contact, relation, product, on) == expected


def test_who_may_decide_alone_by_one_record_needs_nobody_because_of_another(office: Database) -> None:
    row = {"contact": "c2", "relation": "1001", "product": VAT, "may": ["approve", "sign"]}
    with office.write() as connection:
        connection.execute(authorities.insert().values(**row, since=date(2025, 6, 1), proof="besluit"))
        found = authority_of(connection, "c2", "1001", VAT, date(2025, 7, 1))
    assert found == Authority(may=("see", "approve", "sign"))


def test_who_approves_alone_by_one_record_still_signs_only_jointly_by_another(office: Database) -> None:
    row = {"contact": "c2", "relation": "1001", "product": VAT, "may": ["approve"]}
    with office.write() as connection:
        connection.execute(authorities.insert().values(**row, since=date(2025, 6, 1), proof="besluit"))
        found = authority_of(connection, "c2", "1001", VAT, date(2025, 7, 1))
    assert found == Authority(may=("see", "approve", "sign"), jointly=("sign",))


def test_a_function_gives_authority_only_where_the_office_says_so(office: Database) -> None:
    with office.read() as connection:
        assert authority_of(connection, "c1", "1003", VAT, TODAY) == Authority()
    generous = replace(OFFICE, function_gives_authority=("vennoot",))
    with office.write() as connection:
        publish(connection, [PLAN], generous, revision="", author="", at=NOW)
    with office.read() as connection:
        found = authority_of(connection, "c1", "1003", VAT, TODAY)
    assert found == Authority(may=("see", "answer", "approve", "sign"))


@pytest.mark.parametrize("address", ["a@b.nl", "anna.van-dijk+btw@sub.korenaar.example"])
def test_addresses_to_which_mail_can_go(address: str) -> None:
    assert valid_email(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", None, "a", "a@", "@b.nl", "a@b", "a b@c.nl", "a@b..nl", "a@-b.nl", "a@[127.0.0.1]", "a@b.nl\n"),
        *("Anna <a@b.nl>", "a@b@c.nl", "a@b.nl,c@d.nl", "é@b.nl", "x" * 250 + "@b.nl"),
    ],
)
def test_addresses_to_which_no_mail_can_go(address: str | None) -> None:
    assert not valid_email(address)


@given(address=matching(_ORDINARY))
def test_what_looks_ordinary_is_valid_by_the_grammar_too(address: str) -> None:
    assert valid_by_grammar(address)
