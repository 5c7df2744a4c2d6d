"""The page of a review, as a reviewer opens it on a telephone or at a desk: eight changes of all classes."""

from collections.abc import Mapping
from pathlib import Path

from kantoor.review.faces.html import write_html
from kantoor.review.pictures import find_pictures
from kantoor.review.review import Side, review
from tests.browser.screens import DESK, TELEPHONE, Screen, Screens
from tests.review.edited import BTW, EDITS, ICP, ON, SHIPPED, shipped, workspace

CHANGED = (
    *("a word in a message", "another role", "reminders further apart", "four eyes on less"),
    *("work is due sooner", "a checkpoint is dropped", "a deadline of the law", "a phase is added"),
)


def _edit() -> Mapping[str, str]:
    """Return the files that eight of the edits change, all of them made."""
    files: dict[str, str] = {}
    for edit in (one for one in EDITS if one.words in CHANGED):
        text = files.get(edit.file) or (SHIPPED / edit.file).read_text("utf-8")
        assert edit.old in text, edit.words
        files[edit.file] = text.replace(edit.old, edit.new, 1)
    return files


def test_a_review_of_eight_changes_is_read_on_a_telephone_and_at_a_desk(
    screens: Screens, tmp_path: Path
) -> None:
    compilation, names = workspace().compile(_edit()), (Path(BTW).stem, Path(ICP).stem)
    assert compilation.office is not None
    before, after = (
        Side(name, {one: plans[one] for one in names}, office)
        for name, plans, office in (
            ("main", shipped().plans, shipped().office),
            ("definitions", compilation.plans, compilation.office),
        )
    )
    found = review(before, after, ON)
    assert len(found.changes) == len(CHANGED)
    assert {one.cls for one in found.changes} == {"wording", "staffing", "flow", "timing", "legal"}
    page = tmp_path / "review.html"
    page.write_text(write_html(found, find_pictures(before, after, found)), "utf-8")

    def scene(screen: Screen) -> None:
        screen.open(page.as_uri())
        folded = screen.page.locator("details")
        assert folded.count()
        screen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        screen.look()
        for change in found.changes:
            assert change.sentence in screen.page.locator("body").inner_text()

    screens.play(scene, TELEPHONE, DESK)
