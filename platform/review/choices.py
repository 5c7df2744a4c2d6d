"""Options of a choice that got another id: for whoever chooses now they are what they were.

A filing that runs keeps the id that was chosen, and no condition of the newer plan reads that.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from ..data import Struct, replace
from ..plan import Compare, FactDefinition, FormField, LiteralValue, Option, Plan
from .matching import match_items
from .references import Renamed
from .saying import list_names

Path = tuple[str, ...]
Asked = TypeVar("Asked", FactDefinition, FormField)


class Rechosen(NamedTuple):
    """An option as it was and under its new id, with what it is chosen for, as that was."""

    group: str
    asked: FactDefinition | FormField
    before: Option
    after: Option
    path: str

    @property
    def name(self) -> Path:
        """Return by which name conditions read the choice."""
        return self.group, self.asked.id


def find_rechosen(before: Plan, after: Plan, renamed: Renamed) -> Iterator[Rechosen]:
    """Yield the options that got another id."""
    for group, path, old, new in _pair_choices(before, after, renamed):
        for pair in match_items(old.options, new.options):
            if pair.before is not None and pair.after is not None:
                was, now = old.options[pair.before], new.options[pair.after]
                if was.id != now.id:
                    yield Rechosen(group, old, was, now, f"{path}.options.{was.id}")


def _pair_choices(
    before: Plan, after: Plan, renamed: Renamed
) -> Iterator[tuple[str, str, FactDefinition | FormField, FactDefinition | FormField]]:
    facts = {one.id: one for one in after.facts}
    for fact in before.facts:
        new = facts.get(renamed.get("facts", {}).get(fact.id, fact.id))
        if new is not None:
            yield "facts", f"facts.{fact.id}", fact, new
    forms = {form.id: {field.id: field for field in form.fields} for form in after.forms}
    for form in before.forms:
        asked = forms.get(renamed.get("forms", {}).get(form.id, form.id), {})
        for field in form.fields:
            answer = asked.get(renamed.get("fields", {}).get(field.id, field.id))
            if answer is not None:
                yield "answers", f"forms.{form.id}.fields.{field.id}", field, answer


def rename_options(plan: Plan, rechosen: Iterable[Rechosen]) -> Plan:
    """Return a plan in which options have their new ids, where they can be chosen and where they are read."""
    named: dict[Path, dict[object, Option]] = {}
    for one in rechosen:
        named.setdefault(one.name, {})[one.before.id] = one.after
    if not named:
        return plan
    meant: Plan = _rename(plan, named)
    facts = tuple(_rename_own(one, named.get(("facts", one.id), {})) for one in meant.facts)
    forms = tuple(
        replace(
            form, fields=tuple(_rename_own(one, named.get(("answers", one.id), {})) for one in form.fields)
        )
        for form in meant.forms
    )
    return replace(meant, facts=facts, forms=forms)


def _rename_own(asked: Asked, new: dict[object, Option]) -> Asked:
    return replace(asked, options=tuple(new.get(one.id, one) for one in asked.options)) if new else asked


def _rename(part: Any, named: dict[Path, dict[object, Option]]) -> Any:
    """Return a part of a plan in which each comparison with a choice has the new ids."""
    if isinstance(part, Compare):
        for path in {*list_names(part)} & named.keys():
            part = _rename_values(part, named[path])
        return part
    return _map(part, lambda inside: _rename(inside, named))


def _rename_values(part: Any, new: dict[object, Option]) -> Any:
    if isinstance(part, LiteralValue):
        return LiteralValue(value=new[part.value].id) if part.value in new else part
    return _map(part, lambda inside: _rename_values(inside, new))


def _map(part: Any, change: Callable[[Any], Any]) -> Any:
    """Return a part with each part of it changed."""
    if isinstance(part, tuple):
        return tuple(change(one) for one in part)
    if isinstance(part, dict):
        return {key: change(one) for key, one in part.items()}
    if not isinstance(part, Struct):
        return part
    return replace(part, **{name: change(getattr(part, name)) for name in part.__struct_fields__})
