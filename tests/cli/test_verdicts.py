"""`kantoor snapshot`, and what `kantoor diff` says of what runs, by the office itself and by its snapshot."""

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kantoor.office.database.tables import states

ROOT = Path(__file__).parents[2]
CHECKPOINT = """\
    checkpoints:
      - id: nieuw_punt
        title: Nieuw punt
        required: true
"""


@pytest.fixture
def newer(town, tmp_path):
    """Return the town's definitions with a mandatory checkpoint in the first phase, and another recipient."""
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "newer")
    file = folder / "workflows" / "btw-aangifte.yaml"
    text = file.read_text("utf-8").replace("    checkpoints:\n", CHECKPOINT, 1)
    file.write_text(text.replace("to: primary_contact", "to: { function: vennoot, decide: one }", 1), "utf-8")
    return folder


def judge(kantoor, town, folder, *words):
    """Return what runs of the VAT return, as JSON that keeps to the published schema, and the exit status."""
    command = ("diff", str(town.folder / "definitions"), str(folder), "--format", "json", *words)
    status, out, _ = kantoor(*command)
    found = json.loads(out)
    Draft202012Validator(json.loads((ROOT / "schemas/diff.schema.json").read_text("utf-8"))).validate(found)
    (runs,) = (one for one in found["runs"]["templates"] if one["template"] == "btw-aangifte")
    return status, runs


def test_each_running_filing_gets_the_verdict_by_which_it_moves(town, kantoor, newer, tmp_path):
    collecting, offered = town.begun(), town.begun().to("aanbieden")
    _, runs = judge(kantoor, town, newer, "--office")
    found = {one["filing"]: one for one in runs["filings"]}
    first, second = (found[f"filing/{one.name}/-/1"] for one in (collecting, offered))
    assert (first["outcome"], first["phases"]) == ("moves", ["verzamelen"])
    assert [one["code"] for one in first["reasons"]] == ["checkpoint_open"]
    assert (second["outcome"], second["phases"]) == ("cannot", ["aanbieden"])
    assert {one["code"] for one in second["reasons"]} >= {"safeguard_missed"}

    file = tmp_path / "kantoor.snapshot.json"
    status, out, err = kantoor("snapshot", "--out", str(file))
    assert (status, out, err) == (0, f"written: {file} ({file.stat().st_size} bytes)\n", "")
    schema = json.loads((ROOT / "schemas/snapshot.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(file.read_text("utf-8")))
    _, away = judge(kantoor, town, newer, "--snapshot", str(file))
    told = {one["id"]: one for one in away["filings"]}
    for one in (first, second):
        assert told[one["id"]] == {**one, "filing": None}
        assert kantoor("snapshot", "--find", one["id"])[1] == f"filing {one['filing'][7:-4]}\n"
    (there,) = (one for one in runs["lacking"] if one["code"] == "no_contact_with_function")
    (here,) = (one for one in away["lacking"] if one["code"] == "no_contact_with_function")
    assert there["relations"] == here["relations"] > 1
    assert collecting.relation in there["numbers"]
    assert here["numbers"] == []
    assert [kantoor("snapshot", "--find", id)[1] for id in here["ids"][:1]] == [
        f"relation {there['numbers'][0]}\n"
    ]
    assert kantoor("snapshot", "--find", "0" * 12)[0] == 1


def test_the_file_names_nobody(town, kantoor):
    filing = town.begun().to("aanbieden")
    found = json.loads(kantoor("snapshot")[1])
    found.pop("plans")  # as published: the definitions, which have the office's own name
    text = json.dumps(found)
    for word in ("Bedrijf", "Kim", "klant.example", "Visser", "sanne", "linde.example", filing.client):
        assert word not in text
    assert f'"{filing.relation}"' not in text


def test_gates_for_what_runs_stop_what_cannot_move_and_what_was_not_decided(town, kantoor, newer):
    name = town.begun().now().id

    async def damage(desk):
        with desk.equipment.database.write() as connection:
            connection.execute(states.update().where(states.c.filing == name).values(state=b"ks1 damaged"))

    text = (town.folder / "definitions" / "workflows" / "naheffing.yaml").read_text("utf-8")
    only = shutil.copytree(town.folder / "definitions", newer.parent / "only")
    (only / "workflows" / "naheffing.yaml").write_text(text.replace("title: Naheffing", "title: Anders", 1))
    words = ("diff", str(town.folder / "definitions"))
    assert kantoor(*words, str(only), "--office", "--fail-on", "cannot,not_ready")[0] == 0
    assert kantoor(*words, str(newer), "--office", "--fail-on", "not_ready")[0] == 1
    assert kantoor(*words, str(newer), "--fail-on", "cannot")[0] == 2
    town.play(damage)
    status, runs = judge(kantoor, town, newer, "--office", "--fail-on", "inconclusive")
    (mine,) = (one for one in runs["filings"] if one["filing"] == name)
    assert (status, mine["outcome"]) == (1, "inconclusive")
    assert [one["code"] for one in mine["reasons"]] == ["unreadable"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "it is not a snapshot"),
        ("not json", "it is not a snapshot"),
        ('{"kind": "kantoor_snapshot", "version": 99}', "of version 99"),
    ],
)
def test_what_is_no_snapshot_is_wrong_use_in_one_line(town, kantoor, newer, tmp_path, content, said):
    file = tmp_path / "other.json"
    file.write_text(content)
    status, out, err = kantoor("diff", str(newer), str(newer), "--snapshot", str(file))
    assert (status, out) == (2, "")
    assert said in err
