"""Answers that nothing asks for: the forms that have them, where a template reads them without asking."""

from .conditions import Finding
from .definitions import Definitions
from .forms import list_answers

_GROUP = "answers."


def explain_unasked(finding: Finding, path: str, definitions: Definitions) -> Finding:
    """Return a finding, with the form that would give the answer where it is that which a template lacks.

    `path` is the file of the template: all that it reads of one form is missing for one reason.
    """
    missing = finding.missing or ""
    forms = dict(definitions.answer(list_askers)) if missing.startswith(_GROUP) else {}
    form = forms.get(missing.removeprefix(_GROUP))
    if form is None:
        return finding
    message = f"{finding.message}: nothing in this template asks the form '{form}'"
    help = f"ask it where the client can answer: request: {{ form: {form} }}"
    return finding._replace(message=message, help=help, missing=f"{path}: forms.{form}")


def list_askers(definitions: Definitions) -> tuple[tuple[str, str], ...]:
    """Return every field that conditions can read with its form; the last by name counts where several do."""
    models = [(name, definitions.forms[name].model) for name in sorted(definitions.forms)]
    return tuple((field, name) for name, form in models if form for field in list_answers(form))
