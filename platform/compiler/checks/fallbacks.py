"""Fallbacks: following a role's fallback comes to an end."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example

FALLBACK_LOOP = Code(
    "K211",
    "fallback goes round",
    "Where nobody fills a role, its work goes to the fallback, and on to that role's own. A round has "
    "no end, so the work would reach nobody.",
    wrong=Example(
        "title: Accountant\nfallback: administratie\n",
        "roles/accountant.yaml",
        others=(("roles/administratie.yaml", "title: Administratie\nfallback: accountant\n"),),
    ),
    right=Example("title: Accountant\nfallback: administratie\n", "roles/accountant.yaml"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report every round of fallbacks, at the first of its roles."""
    fallback = {name: file.model.fallback for name, file in definitions.roles.items() if file.model}
    for name, file in definitions.roles.items():
        path, here = [name], fallback.get(name)
        while here is not None and here not in path:
            path.append(here)
            here = fallback.get(here)
        if here == name == min(path) and file.model:
            message = f"the fallback goes round: {' → '.join([*path, name])}"
            yield FALLBACK_LOOP.at(file.model.place("fallback"), message)
