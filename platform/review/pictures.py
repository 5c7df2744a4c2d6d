"""Which templates are drawn before and after: those whose picture a change of flow, people or law alters."""

from ..drawing.mermaid import draw_mermaid
from .comparing import Two
from .review import Review, Side


def find_pictures(before: Side, after: Side, review: Review) -> dict[str, Two]:
    """Return the plans to draw, by template: where more than texts and days changes, and the picture too."""
    names = {one.template for one in review.changes if one.cls in ("flow", "legal") and one.template}
    both = {name: Two(before.plans.get(name), after.plans.get(name)) for name in names if name}
    return {
        name: two
        for name, two in both.items()
        if two.before and two.after and draw_mermaid(two.before) != draw_mermaid(two.after)
    }
