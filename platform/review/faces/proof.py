"""What a proof says of a change, in sentences that every face shows."""

from collections.abc import Iterator
from typing import NamedTuple

from ..proof import ChangeProof, Outcome, Proof, Rights, TemplateProof, Way
from ..review import Change, Review
from ..saying import count

GRAVEST: tuple[Outcome, ...] = ("differs", "inconclusive", "together", "alike", "elsewhere", "texts")
MOST_NEWLY = 5
"""What somebody can newly do that is shown; JSON has all."""


SWAPPED = (
    "without their texts the plans are the same, and no filing that is walked reads a title; people go by "
    "this one, and it is now that of something else"
)


class Said(NamedTuple):
    """A sentence of a proof, with the steps that are shown below it when somebody asks.

    `below` says that it is a part of the sentence before it.
    """

    sentence: str
    steps: tuple[str, ...] = ()
    below: bool = False


def tell_change(review: Review, change: Change) -> Said | None:
    """Return what a proof says of a change, the gravest of all templates; None without a proof."""
    found = list(_find(review.proof, change)) if review.proof else []
    if not found:
        return None
    template, one = min(found, key=lambda each: GRAVEST.index(each[1].outcome))
    most = review.proof.most if review.proof else 0
    where = f"in {template}, " if template and len(found) > 1 else ""
    steps = tuple(list_way(one.way)) if one.way else ()
    said = SWAPPED if one.outcome == "texts" and _is_swapped(review, change) else _say(one, most)
    return Said(f"{where}{said}", steps)


def _is_swapped(review: Review, change: Change) -> bool:
    """Say whether a title is one that another thing of its list had, or went to another."""
    around = change.path.rsplit(".", 2)[0]
    return change.part.endswith(".title") and any(
        (one.before == change.after or one.after == change.before)
        for one in review.changes
        if one.part == change.part and one.id != change.id and one.path.rsplit(".", 2)[0] == around
    )


def _find(proof: Proof, change: Change) -> Iterator[tuple[str, ChangeProof]]:
    yield from (("", one) for one in proof.office if one.change == change.id)
    for template in proof.templates:
        yield from ((template.template, one) for one in template.changes if one.change == change.id)


def _say(one: ChangeProof, most: int) -> str:
    states = count(one.states, "state")
    match one.outcome:
        case "texts":
            return "only texts differ"
        case "alike":
            return f"filings behave alike over {states}, exhaustively"
        case "differs":
            return f"a filing goes differently after {_count_steps(one.way)}"
        case "elsewhere":
            return f"filings themselves do not read it; read by {one.reader}"
        case "together":
            return (
                "it does not stand alone: what is proved of the template is proved of it with other changes"
            )
        case _:
            return f"inconclusive: nothing differed in {states}, {_say_rest(one, most)}"


def _say_rest(one: ChangeProof | TemplateProof | Rights, most: int) -> str:
    """Return what was not looked at: states, values that could tell the plans apart, or both."""
    names = ", ".join(one.untried)
    said = [f"not all was tried that could tell the plans apart: {names}"] if names else []
    if one.states >= most or not said:
        said.insert(0, "there are more (--most has it look at more)")
    return f"and {', and '.join(said)}"


def _count_steps(way: Way | None) -> str:
    return count(len(way.steps) - 1 if way else 0, "step")


def list_way(way: Way) -> Iterator[str]:
    """Yield the lines of a way: the filing, its numbered steps, and how it is before and after."""
    yield f"{way.filing}:"
    yield from (f"{step.number}. {step.text}" for step in way.steps)
    for word, found in (("Before", way.before), ("Now", way.after)):
        said = "; ".join(one.rstrip(".") for one in found)
        yield f"{word}: {said or 'nothing of this'}."


def tell_template(review: Review, template: str | None) -> Iterator[Said]:
    """Yield what a proof says of a whole template, and of what people can newly do in it."""
    if review.proof is None:
        return
    for one in review.proof.templates:
        if one.template == template:
            if one.outcome != "differs" or all(each.outcome != "differs" for each in one.changes):
                swapped = any(
                    each.change == change.id and _is_swapped(review, change)
                    for each in one.changes
                    for change in review.changes
                )
                yield _tell_whole(one, review.proof.most, swapped=swapped)
            yield from _tell_rights(one, review.proof.most)


def _tell_whole(one: TemplateProof, most: int, *, swapped: bool) -> Said:
    others_do = ". Titles that people go by changed places: what they then do is not walked."
    states = f"{count(one.states, 'state')} of {count(one.filings, 'filing')}"
    match one.outcome:
        case "texts" if swapped:
            return Said(f"Without their texts the plans are the same{others_do}")
        case "texts":
            return Said("Wording: without their texts the plans are the same.")
        case "elsewhere":
            return Said("Filings behave alike: they read nothing of what changes.")
        case "alike":
            said = f"ilings behave alike over {states}, exhaustively"
            return Said(f"F{said}{others_do}" if swapped else f"Wording: f{said}.")
        case "differs":
            steps = tuple(list_way(one.way)) if one.way else ()
            return Said(
                f"The nearest filing that goes differently does so after {_count_steps(one.way)}.", steps
            )
        case _:
            return Said(f"Inconclusive: filings behaved alike over {states}, {_say_rest(one, most)}.")


def _tell_rights(one: TemplateProof, most: int) -> Iterator[Said]:
    rights = one.rights
    if rights.outcome == "refuted":
        yield Said(f"Somebody can now do what they could not before ({count(len(rights.newly), 'act')}):")
        for newly in rights.newly[:MOST_NEWLY]:
            if newly.way is None:
                yield Said(newly.sentence)
                continue
            number = len(newly.way.steps) - 1
            said = f"{newly.sentence[:-1]}, after {count(number, 'step')}."
            yield Said(said, tuple(list_way(newly.way)), below=True)
        if len(rights.newly) > MOST_NEWLY:
            yield Said(f"And {len(rights.newly) - MOST_NEWLY} more, which JSON has.", below=True)
    elif rights.outcome == "proved":
        over = f", over {count(rights.states, 'state')}, exhaustively" if rights.states else ""
        yield Said(f"Nobody can now do what they could not before{over}.")
    else:
        yield Said(
            f"Inconclusive: whether somebody can newly do something was looked at in "
            f"{count(rights.states, 'state')}, {_say_rest(rights, most)}."
        )
