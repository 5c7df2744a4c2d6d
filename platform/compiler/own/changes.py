"""What changed between two versions of a file, by meaning: which parts were added, removed or changed."""

from collections.abc import Iterator

from ..format.parts import Part
from ..language.base import Definition
from .identity import has_same_values, index_parts, is_one_value, is_unchanged, list_own_comments, name_part
from .merging import UnmergeableError, read_whole


def list_changes(before: bytes | None, after: bytes | None, model: type[Definition]) -> tuple[str, ...]:
    """Return what changed, in words: 'phases.controle.due changed'."""
    if before == after:
        return ()
    if before is None or after is None:
        return ("file added" if before is None else "file removed",)
    try:
        changes = tuple(dict.fromkeys(_compare(read_whole(before, model), read_whole(after, model), "")))
    except UnmergeableError:
        return ("file changed",)
    return changes or ("layout changed",)


def _compare(before: Part, after: Part, path: str) -> Iterator[str]:
    if list_own_comments(before) != list_own_comments(after):
        yield f"comments at {path or 'the end'} changed"
    if is_unchanged(before, after):
        return
    known, now = index_parts(before), index_parts(after)
    alike = type(before.node.value) is type(after.node.value)
    if known is None or now is None or not alike or is_one_value(after):
        if not has_same_values(before, after):
            yield f"{path} changed"
        return
    for name in dict.fromkeys([*known, *now]):
        old, new = known.get(name), now.get(name)
        part = old or new
        assert part is not None
        below = f"{path}.{name_part(part)}" if path else name_part(part)
        if old is not None and new is not None:
            yield from _compare(old, new, below)
        else:
            yield f"{below} {'added' if old is None else 'removed'}"
    common = [name for name in known if name in now]
    if common != [name for name in now if name in known] and not after.model:
        yield f"order of {path} changed"
