"""Forms as the script of the pages knows them, and what they are marked for."""

from collections import Counter
from typing import Any

from kantoor.identifiers import HIDDEN_NUMBERS
from kantoor.portal.call import KEY, UNKEPT, WHOSE
from tests.portal.visitors import Page

OWN = {"filter", "relaties", "q", "zoek", *(f"v-{name}" for name in HIDDEN_NUMBERS)}
"""Fields in which somebody looks for something, or tells who somebody is, wherever they stand."""
FIELD = ".//input[@name] | .//select[@name] | .//textarea[@name]"


def list_forms(page: Page) -> list[Any]:
    """Return the forms of a page that are sent, in which something is filled in."""
    sent = [one for one in page.tree.forms if one.method.upper() == "POST"]
    return [one for one in sent if any(field.get("type") != "hidden" for field in one.xpath(FIELD))]


def list_marked(form: Any) -> set[str]:
    """Return the fields that a form, or they themselves, are marked for."""
    ours = [one for one in form.xpath(FIELD) if one.get("name") not in (WHOSE, KEY, UNKEPT)]
    whole = "data-unkept" in form.attrib
    return {one.get("name") for one in ours if whole or "data-unkept" in one.attrib}


def name_form(form: Any) -> str:
    """Return what the script knows a form of a page by."""
    about = [
        form.xpath(f"string(.//input[@type='hidden'][@name='{one}']/@value)")
        for one in ("formulier", "doen", "contact")
    ]
    return " ".join([form.get("action") or "", *about])


def check_forms(page: Page) -> set[str]:
    """Assert that its forms are marked and named as the script takes them; return the marked fields.

    No browser fills one in by itself, and none says twice whom it was shown to or which was opened.
    """
    found, known = set(), Counter[str]()
    for form in page.tree.forms:
        assert form.get("autocomplete") == "off", (page.path, name_form(form))
        own = [name for name, _ in form.form_values() if name in (WHOSE, KEY, UNKEPT)]
        assert len(own) == len(set(own)), (page.path, name_form(form))
    for form in list_forms(page):
        marked = list_marked(form)
        assert set(dict(form.form_values()).get(UNKEPT, "").split()) == marked, (page.path, name_form(form))
        unmarked = {one.get("name") for one in form.xpath(FIELD)} & OWN - marked
        assert not unmarked, (page.path, name_form(form))
        found |= marked
        known[name_form(form)] += "data-unkept" not in form.attrib
    assert [name for name, count in known.items() if count > 1] == [], page.path
    return found
