"""The sheet of who a relation is: name, legal form, status, numbers, switches and the office's own fields."""

from collections.abc import Iterator

from ....identifiers import HIDDEN_NUMBERS, mask_number
from ....office.exchange import Edit, Entry, IdentityGiven
from ....plan import RelationField
from ....sbr.legal_form import LegalForm
from ....words import KIND_WORDS, LANGUAGE_WORDS, RELATION_STATUS_WORDS
from ..identities import check_relation_identity
from .sheets import (
    CLEAR,
    LABELS,
    YES_NO,
    At,
    Draft,
    Field,
    FieldKind,
    Options,
    Sheet,
    Typed,
    as_typed,
    first,
    keep_present,
    take,
)
from .statuses import EFFECTS, tell_effects

_KIND_HINT = "Alleen nodig als de rechtsvorm het niet zegt."
_GROUP_HINT = "Wie bij elkaar horen, zoals een gezin met zijn bedrijven, krijgen dezelfde naam."
_SINCE_HINT = "Geeft u een andere status en laat u deze dag staan, dan wordt die vandaag. Later kan niet."
_OWN_KINDS: dict[str, FieldKind] = {"text": "text", "number": "number", "yes_no": "choice", "date": "date"}


class IdentitySheet:
    """Who a relation is."""

    def describe(self, at: At) -> Sheet:
        """Return the sheet; identifying numbers are masked."""
        fields = (*_list_own(at), *(_describe_own(at, one) for one in at.office.fields))
        return Sheet(relation=at.relation, title="Gegevens wijzigen", fields=fields, version=0)

    def draft(self, at: At, typed: Typed) -> Draft:
        """Return the change; a hidden number that was left empty stays as it is."""
        named = (*_PLAIN, *(one.id for one in at.office.fields))
        cells = take(typed, [name for name in named if name in typed])
        for name in HIDDEN_NUMBERS:
            number = first(typed, name)
            if number or name in typed.get(CLEAR, ()):
                cells[name] = number
        told: list[str] = []
        status = cells.get("status", at.relation.status) or "active"
        if status != at.relation.status:
            told = tell_effects(status)
            if cells.get("status_since", "") in ("", *as_typed(at.relation.status_since)):
                cells["status_since"] = at.today.isoformat()
        entry = Entry("relations.csv", {"number": at.relation.number, **cells}, _call(at))
        return Draft(Edit(at.relation.number, [entry], told=told))


_PLAIN = (
    *("name", "legal_form", "kind", "status", "status_since", "kvk", "language"),
    *("sbr_enabled", "ideal_enabled", "group"),
)


def _call(at: At) -> dict[str, str]:
    return {**LABELS, **{one.id: one.title for one in at.office.fields}}


def _list_own(at: At) -> Iterator[Field]:
    """Yield the fields that every office has."""
    relation = at.relation
    yield _field(at, "name", required=True)
    forms = (("", "niet bekend"), *((str(form), form.label) for form in LegalForm))
    yield _field(at, "legal_form", "choice", options=keep_present(forms, as_typed(relation.legal_form)))
    tells = check_relation_identity(IdentityGiven(legal_form=relation.legal_form)).natural_person is not None
    kinds = (("", "volgt uit de rechtsvorm"), *KIND_WORDS.items())
    value = () if tells else (relation.kind,)
    yield _field(at, "kind", "choice", options=kinds, hint=_KIND_HINT).model_copy(update={"value": value})
    yield _field(at, "status", "choice", options=tuple(RELATION_STATUS_WORDS.items()))
    yield _field(at, "status_since", "date", hint=_SINCE_HINT)
    for name in HIDDEN_NUMBERS:
        number = getattr(relation, name)
        yield Field(name=name, label=LABELS[name], kind="hidden_number", said=mask_number(number))
    yield _field(at, "kvk")
    yield _field(at, "language", "choice", options=tuple(LANGUAGE_WORDS.items()))
    yield _field(at, "sbr_enabled", "yes_no", options=YES_NO)
    yield _field(at, "ideal_enabled", "yes_no", options=YES_NO)
    yield _field(at, "group", hint=_GROUP_HINT)


def _field(
    at: At,
    name: str,
    kind: FieldKind = "text",
    *,
    options: Options = (),
    hint: str = "",
    required: bool = False,
) -> Field:
    return Field(
        name=name,
        label=LABELS[name],
        kind=kind,
        value=as_typed(getattr(at.relation, name)),
        options=options,
        hint=hint,
        required=required,
    )


def _describe_own(at: At, own: RelationField) -> Field:
    kind = _OWN_KINDS[own.type]
    return Field(
        name=own.id,
        label=own.title,
        kind=kind,
        value=as_typed(at.relation.fields.get(own.id)),
        options=(("", "niet bekend"), ("ja", "ja"), ("nee", "nee")) if kind == "choice" else (),
    )


def list_effects() -> tuple[tuple[str, str], ...]:
    """Return each status with what it stops and who acts then."""
    return tuple((RELATION_STATUS_WORDS[status], said) for status, said in EFFECTS.items())
