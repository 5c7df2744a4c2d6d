"""A review that is kept, and the deploy that carries it out or is refused."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kantoor.data import replace
from kantoor.review.kept import put_digest, read_kept, write_kept
from tests.service.moving import at_rest, managing
from tests.service.test_bulk import until_done

ROOT = Path(__file__).parents[2]
FILE = Path("workflows/met-de-hand.yaml")

SCENARIO = "title: Meer\nperiod: 2026-01\nsteps:\n  - on: 2026-01-05\n    expect: [{ phase: beoordelen }]\n"


def edit(folder, old, new, file=FILE):
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def newer(town, tmp_path):
    """Return the town's definitions in which a template that is started by hand has another title."""
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "newer")
    edit(folder, "title: ", "title: Nieuwe ")
    return folder


@contextmanager
def put_back(town, kantoor):
    """Publish the town's own definitions again, whatever was published in the block."""
    try:
        yield
    finally:
        assert kantoor("deploy", str(town.folder / "definitions"), "--by", "Bea")[0] == 0


def review(kantoor, town, newer, *words):
    """Keep a review, and return where and what it is."""
    file = newer.parent / "review.json"
    status, out, err = kantoor(
        "diff", str(town.folder / "definitions"), str(newer), "--out", str(file), *words
    )
    assert (status, err) == (0, ""), err
    return file, out


def refused(kantoor, *words):
    """Return why a deploy was refused, a sentence a line."""
    status, out, err = kantoor("deploy", *map(str, words), "--by", "Bea")
    assert (status, out) == (1, ""), err
    *said, last, _ = err.splitlines()
    assert last == "Error: nothing published: this is not what was reviewed"
    return said


def test_a_deploy_carries_out_the_review_that_was_kept_and_keeps_it(town, kantoor, newer):
    filing = at_rest(town, "met-de-hand")
    file, shown = review(kantoor, town, newer, "--office", "--fail-on", "legal,cannot")
    content = file.read_text("utf-8")
    schema = json.loads((ROOT / "schemas/kept-review.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(content))
    assert f"met-de-hand/{filing.relation}" not in content
    assert filing.relation in shown
    assert "Nieuwe" in kantoor("diff", "--show", str(file))[1]

    with put_back(town, kantoor):
        words = ("deploy", str(newer), "--review", str(file), "--by", "Bea")
        assert kantoor(*words, "--dry-run")[0] == 0
        status, _, err = kantoor(*words)
        assert status == 0, err
        number = kantoor.json("plans", "--deploys")[0]["id"]
        assert kantoor("plans", "--review", str(number))[1] == content
        (again,) = refused(kantoor, newer, "--review", file)
        assert again.startswith("met-de-hand does not change any more")


def test_a_deploy_is_refused_where_anything_is_another_than_was_reviewed(town, kantoor, newer):
    unseen, _ = review(kantoor, town, newer)
    (said,) = refused(kantoor, newer, "--review", unseen)
    assert said.startswith("The review does not say what becomes of what runs")
    file, _ = review(kantoor, town, newer, "--office")
    scenario = newer / "scenarios" / "naheffing" / "meer.yaml"
    scenario.parent.mkdir(parents=True, exist_ok=True)
    scenario.write_text(SCENARIO, "utf-8")
    assert refused(kantoor, newer, "--review", file) == [
        "The policies or scenarios are not those that were reviewed."
    ]
    scenario.unlink()
    kept, other = read_kept(file.read_bytes()), file.with_name("doctored.json")
    doctored = replace(kept, review=replace(kept.review, changes=()))
    other.write_bytes(write_kept(doctored))
    status, _, err = kantoor("deploy", str(newer), "--review", str(other))
    assert (status, "it was edited" in err) == (2, True), err
    other.write_bytes(write_kept(put_digest(doctored)))
    (said,) = refused(kantoor, newer, "--review", other)
    assert said.startswith("The changes that the file tells are not those")
    town.begun(template="met-de-hand")
    (said,) = refused(kantoor, newer, "--review", file)
    assert said.startswith("1 filing of ‘Nieuwe ")
    edit(newer, "title: ", "title: Weer ", Path("workflows/naheffing.yaml"))
    edit(newer, "title: Nieuwe ", "title: Andere ")
    first, second = refused(kantoor, newer, "--review", file)
    assert "reviewed was from plan" in first
    assert second.startswith("naheffing changes too, and was not reviewed")
    assert kantoor("deploy", str(newer), "--review", str(newer / FILE))[0] == 2


def test_what_changes_in_a_folder_that_nobody_committed_is_published_in_somebodys_name(town, kantoor, newer):
    status, out, err = kantoor("deploy", str(newer))
    assert (status, out) == (1, "")
    assert "changes that are not committed" in err
    assert "--by NAME" in err
    assert kantoor("deploy", str(newer), "--dry-run")[0] == 0


def test_a_pilot_is_suggested_begun_promoted_and_taken_back_by_what_is_typed(town, kantoor, newer):
    filing, by = town.begun(template="met-de-hand"), ("--by", "Ans", "--reason", "Het loopt goed")
    before = {one["name"]: one for one in kantoor.json("plans", "--of", "met-de-hand")}[filing.name]
    suggested = kantoor.json("pilot", "suggest", "met-de-hand")
    assert 1 <= len(suggested) <= 5
    with put_back(town, kantoor):
        begun = kantoor("deploy", str(newer), "--by", "Bea", "--pilot", filing.relation)
        assert begun[0] == 0, begun
        on_plans = {one["name"]: one for one in kantoor.json("plans", "--of", "met-de-hand")}
        assert on_plans[filing.name]["digest"] == before["digest"]
        assert not on_plans[filing.name]["in_force"]
        assert f"{filing.name} " in kantoor("plans", "--of", "met-de-hand")[1]
        assert kantoor("promote", "met-de-hand", *by, "--dry-run")[0] == 0
        assert kantoor.json("plans", "--deploys")[0]["kind"] == "pilot"
        assert kantoor("promote", "met-de-hand", *by)[0] == 0
        latest = kantoor.json("plans", "--deploys")[0]
        assert (latest["kind"], latest["author"], latest["reason"]) == ("promote", "Ans", "Het loopt goed")
        status, out, _ = kantoor("rollback", *by)
        assert (status, out.splitlines()[0].split(" of ")[0]) == (0, f"takes back release {latest['id']}")
        assert kantoor.json("plans", "--deploys")[0]["kind"] == "rollback"
    kantoor.refused("unknown_template", "plans", "--of", "met-de-handen")


CHECKPOINT = "      - id: nagekeken\n        title: Nagekeken\n        required: true\n"


def test_filings_move_as_the_review_told_it_or_not_at_all(town, kantoor, tmp_path):
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "newer")
    edit(folder, "      - id: bank_compleet\n", f"{CHECKPOINT}      - id: bank_compleet\n")
    moved, on_its_way, chosen = (at_rest(town, "met-de-hand") for _ in range(3))
    file, _ = review(kantoor, town, folder, "--office")
    by = ("--review", str(file), "--as", "marieke")
    words, of_all = ("filing", "move", moved.name), ("bulk", "move", "met-de-hand", "--all")
    with put_back(town, kantoor), managing(town, "marieke"):
        kantoor.refused("not_in_force", *words, *by)
        assert kantoor("deploy", str(folder), "--review", str(file), "--by", "Bea")[0] == 0
        for beside in (("--to", "f00"), ("--mark", "f00"), ("--withdraw",)):
            assert kantoor(*words, *by, *beside)[0] == 2
        assert kantoor(*words, "--review", str(folder / FILE), "--as", "marieke")[0] == 2
        status, shown, _ = kantoor(*words, "--review", str(file), "--dry-run")
        assert (status, "controlepunt 'Nagekeken'" in shown) == (0, True), shown
        for how in (by[:2], ()):
            kantoor.refused("unknown_person", *words, *how, "--as", "niemand", "--dry-run")
        asked = kantoor.json(*of_all, *by)
        ready = [one["filing"] for one in asked["lines"] if one["foreseen"] == "ready"]
        assert {moved.now().id, on_its_way.now().id} <= {*ready}
        for said in (f"Verplaatst: {moved.name}\n", f"Verplaatst: {moved.name} (was al gedaan)\n"):
            status, out, err = kantoor(*words, *by, "--id", "m1")
            assert (status, out.startswith(said)) == (0, True), (out, err)
        on_its_way.to("opstellen")
        kantoor.refused("not_reviewed", "filing", "move", on_its_way.name, *by)
        kantoor.refused("not_reviewed", *of_all, *by)
        kantoor.refused("not_reviewed", "filing", "move", town.begun().name, *by)
        # Of others than those that were chosen nothing is asked, and what is confirmed is what was compared.
        of_one = ("bulk", "move", "met-de-hand", "--relation", chosen.relation, *by)
        shown = kantoor.json(*of_one)
        assert [one["filing"] for one in shown["lines"]] == [chosen.now().id]
        chosen.to("opstellen")
        said = kantoor.refused("not_reviewed", *of_one)
        assert f"met {chosen.name} gebeurt iets anders: " in said
        number = shown["run"]["number"]
        assert kantoor("bulk", "confirm", str(number), "--count", "1", "--as", "marieke")[0] == 0
        town.play(lambda desk: until_done(desk, number))
        (line,) = kantoor.json("bulk", "show", str(number))["lines"]
        assert line["status"] == "changed", line
    assert moved.now().plan != on_its_way.now().plan


def test_in_a_pilot_a_bulk_move_by_review_says_for_whom_the_plan_is_in_force(town, kantoor, tmp_path):
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "newer")
    edit(folder, "      - id: bank_compleet\n", f"{CHECKPOINT}      - id: bank_compleet\n")
    theirs, others = at_rest(town, "met-de-hand"), at_rest(town, "met-de-hand")
    file, _ = review(kantoor, town, folder, "--office")
    words = ("bulk", "move", "met-de-hand", "--review", str(file), "--as", "marieke")
    with put_back(town, kantoor), managing(town, "marieke"):
        piloted = ("--review", str(file), "--by", "Bea", "--pilot", theirs.relation)
        assert kantoor("deploy", str(folder), *piloted)[0] == 0
        said = kantoor.refused("not_in_force", *words, "--all")
        assert f"Voor relatie {theirs.relation} is het beoordeelde plan actief: verplaats alleen die." in said
        assert others.relation in said or " en nog " in said
        shown = kantoor.json(*words, "--relation", theirs.relation)
        assert [one["filing"] for one in shown["lines"]] == [theirs.now().id]
        assert kantoor("rollback", "--by", "Bea", "--reason", "Niet nodig")[0] == 0
