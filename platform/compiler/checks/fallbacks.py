"""Fallbacks of roles are not circular."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..rings import describe_ring, find_rings

FALLBACK_LOOP = Code(
    "K211",
    "circular fallback",
    "When nobody holds a role, its work goes to its fallback, and then to the fallback of that role. In a "
    "circle the work would reach nobody.",
    wrong=Example(
        "title: Accountant\nfallback: administratie\n",
        "roles/accountant.yaml",
        others=(("roles/administratie.yaml", "title: Administratie\nfallback: accountant\n"),),
    ),
    right=Example("title: Accountant\nfallback: administratie\n", "roles/accountant.yaml"),
    remedy="remove one of these 'fallback'",
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report every circle of fallbacks, at the first of its roles."""
    fallback = {name: file.model.fallback for name, file in definitions.roles.items() if file.model}
    for ring in find_rings(fallback):
        first = ring.index(min(ring))
        file = definitions.roles[ring[first]]
        if file.model:
            message = f"circular fallback: {describe_ring([*ring[first:], *ring[:first]])}"
            yield FALLBACK_LOOP.at(file.model.place("fallback"), message)
