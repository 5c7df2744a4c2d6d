"""An edit goes by the rules of an import, tells what it takes away, and is written down with who did it."""

from datetime import datetime
from pathlib import Path

from kantoor.office.database.engine import Database
from kantoor.office.exchange import (
    Costly,
    Edit,
    Edited,
    Entry,
    Imported,
    Mistaken,
    Overtaken,
    Rules,
    edit,
    edit_many,
    import_folder,
)
from kantoor.office.presence_changes import Author
from kantoor.office.relations.changes import RelationChange, find_version, list_changes

from .material import NEEDS, OFFICE, accepting

AT = datetime(2026, 1, 5, 9, 0)


def carry_out(
    office: Database, *entries: Entry, version: int = 0, agreed: str = ""
) -> Edited | Mistaken | Overtaken | Costly:
    wanted = Edit("1001", entries, version=version, agreed=agreed)
    with office.write() as connection:
        return edit(connection, wanted, Rules(OFFICE, accepting, NEEDS), Author("ans", AT))


def relation(**typed: str) -> Entry:
    return Entry("relations.csv", {"number": "1001", **typed})


def history(office: Database, number: str = "1001") -> tuple[RelationChange, ...]:
    with office.read() as connection:
        return list_changes(connection, number)


def test_a_change_is_kept_with_who_made_it_and_numbers_masked(office: Database) -> None:
    assert history(office) == ()  # what a relation came with is not a change
    done = carry_out(office, relation(name="De Korenaar", ob_number="001234500B01"))
    assert done == Edited(changed=True)
    (change,) = history(office)
    assert (change.kind, change.subject, change.by, change.name, change.at) == (
        "relations",
        "",
        "ans",
        "Ans de Wit",
        AT,
    )
    assert change.after == {"name": "De Korenaar", "ob_number": "******500B01"}
    assert change.before == {"name": "Bakkerij De Korenaar B.V.", "ob_number": "******560B01"}
    assert carry_out(office, relation(name="De Korenaar")) == Edited(changed=False)
    assert len(history(office)) == 1


def test_an_import_of_files_is_a_change_by_nobody(office: Database, tmp_path: Path) -> None:
    (tmp_path / "roles.csv").write_text("relation;role;member\n1001;accountant;\n", "utf-8")
    assert isinstance(import_folder(office, tmp_path, OFFICE, accepting), Imported)
    (change,) = history(office)
    assert (change.kind, change.subject, change.by, change.after) == (
        "relation_roles",
        "accountant",
        None,
        None,
    )


def test_a_change_since_of_the_same_is_told_and_of_another_record_is_not(office: Database) -> None:
    first = carry_out(office, relation(name="Eerst"))
    assert first == Edited(changed=True)
    second = carry_out(office, relation(name="Later"))
    assert isinstance(second, Overtaken)
    assert [one.after for one in second.changes] == [{"name": "Eerst"}]
    assert carry_out(
        office, Entry("roles.csv", {"relation": "1001", "role": "administratie", "member": "ans"})
    ) == (Edited(changed=True))
    with office.read() as connection:
        version = find_version(connection, "1001")
    assert carry_out(office, relation(name="Later"), version=version) == Edited(changed=True)


def test_what_is_wrong_is_told_by_field_also_where_another_relation_has_it(office: Database) -> None:
    entry = Entry(
        "contacts.csv",
        {
            "contact": "c-new",
            "relation": "1001",
            "name": "",
            "email": "piet@jansen.example",
            "primary": "nee",
        },
        {"email": "Adres"},
    )
    found = carry_out(office, entry)
    assert isinstance(found, Mistaken)
    assert {one.column: one.text for one in found.mistakes} == {
        "name": "Dit veld mag niet leeg zijn.",
        "email": "Dit e-mailadres is al van contactpersoon Piet Jansen.",
    }


def test_what_it_takes_away_is_agreed_to_before_it_is_written(office: Database) -> None:
    without = Entry("roles.csv", {"relation": "1001", "role": "accountant", "member": ""})
    asked = carry_out(office, without)
    assert isinstance(asked, Costly)
    assert history(office) == ()
    again = carry_out(office, without, agreed="something else")
    assert again == asked
    assert carry_out(office, without, agreed=asked.mark) == Edited(changed=True)
    (change,) = history(office)
    assert (change.before, change.after) == ({"member": "bas"}, None)


def test_nothing_is_written_of_an_edit_that_is_wrong_somewhere(office: Database) -> None:
    found = carry_out(office, relation(name="Nieuw"), Entry("roles.csv", {"relation": "1001", "role": "x"}))
    assert isinstance(found, Mistaken)
    assert history(office) == ()


def test_of_many_edits_one_that_is_wrong_keeps_the_others_from_nothing(office: Database) -> None:
    edits = {
        number: Edit(number, [Entry("roles.csv", {"relation": number, "role": "accountant", "member": who})])
        for number, who in (("1001", "ans"), ("1002", "nobody"))
    }
    with office.write() as connection:
        found = edit_many(connection, edits, Rules(OFFICE, accepting, NEEDS), Author("ans", AT))
    assert [(bool(one.changes), len(one.mistakes)) for one in found.values()] == [(True, 0), (False, 1)]
    assert [one.kind for one in history(office)] == ["relation_roles"]
    assert history(office, "1002") == ()
