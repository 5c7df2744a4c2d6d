"""What a filing has that another plan cannot take: facts, answers and documents of another kind."""

from collections.abc import Iterator

from ...plan import Form
from ..requests import find_request
from ..turn import Reader
from .verdicts import Mapping, Reason


def list_unkept(old: Reader, new: Reader, mapping: Mapping) -> Iterator[Reason]:
    """Yield what keeps a filing on its plan. `new` is the filing under the newer plan."""
    yield from _list_origin(old, new)
    for fact in old.case.facts:
        before, after = old.rules.find_fact(fact.id), new.rules.find_fact(fact.id)
        if before is None or after is None:
            continue
        gone = after.type == "choice" and fact.value not in {option.id for option in after.options}
        if before.type != after.type or gone:
            text = (
                f"'{before.title}' is recorded and has another kind in the newer plan, or lacks the option "
                "that was chosen; give the fact another id there."
            )
            yield Reason(code="fact_kind", text=text, item=fact.id)
    for document in old.case.documents:
        was, now = old.rules.find_document(document.id), new.rules.find_document(document.id)
        if was is None:
            continue
        offered = any(s.document == document.id for o in old.case.offers for s in o.documents)
        dropped = f"document:{document.id}" in mapping.without and not offered
        if now is None and not dropped:
            text = f"'{was.title}' is attached and the newer plan has no such document."
            yield Reason(code="document_gone", text=text, item=f"document:{document.id}")
        elif now and (was.report, was.source) != (now.report, now.source):
            text = (
                f"'{was.title}' is attached and is another report, or made from another, in the newer plan."
            )
            yield Reason(code="document_kind", text=text, item=document.id)
    for state in old.case.requests:
        asked = find_request(old, state)
        answered = {item.id for item in state.items} | set(state.values)
        if asked and answered:
            form = new.rules.find_form(asked.form.id)
            if form and _is_another_kind(_list_kinds(asked.form, answered), _list_kinds(form, answered)):
                text = f"'{asked.form.title}' was answered; the newer plan asks for values of another kind."
                yield Reason(code="answer_kind", text=text, phase=asked.phase.id, item=asked.form.id)


def _list_origin(old: Reader, new: Reader) -> Iterator[Reason]:
    before, after, origin = old.plan, new.plan, old.state.origin
    if before.template != after.template:
        yield Reason(code="other_template", text=f"It is a filing of '{before.template}'.")
    if origin.product.get("id") not in after.products:
        text = "Its product is none of those of the newer plan."
        yield Reason(code="product_gone", text=text, item=str(origin.product.get("id")))
    if after.period not in (before.period, "by_product", origin.period.kind):
        yield Reason(code="other_period", text="The newer plan is about periods of another kind.")
    if old.state.format == 1:
        text = "It was started in format 1 and keeps its hashes; it ends on its own plan."
        yield Reason(code="old_format", text=text)


def _list_kinds(form: Form, answered: set[str]) -> dict[str, str]:
    """Return the kinds of what was answered, of fields that the form has, and of the form itself."""
    kinds: dict[str, str] = {field.id: field.kind for field in form.fields if field.id in answered}
    return kinds | {"": form.kind}


def _is_another_kind(before: dict[str, str], after: dict[str, str]) -> bool:
    return any(before[name] != after[name] for name in before.keys() & after.keys())
