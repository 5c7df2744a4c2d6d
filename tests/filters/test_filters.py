"""The filter language: what is written is read back the same, and what is wrong is pointed at."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.filters import (
    FIELDS,
    NOBODY,
    NOTHING,
    SOMEBODY,
    TODAY,
    Field,
    Filter,
    FilterError,
    Reading,
    Term,
    read_filter,
    read_terms,
    write_filter,
)

WHOLE = (
    "product:aangifte-btw frequentie:maand sbr:uit mist:email rol.accountant:jansen fase:aanbieden "
    "uiterlijk<2027-01-25 -status:vertrokken bakker"
)
ENGLISH = (
    "product:aangifte-btw frequency:month sbr:off missing:no_email role.accountant:jansen phase:aanbieden "
    "due<25-01-2027 -status:left bakker"
)

NAMES = st.text(st.characters(exclude_characters="\0“”„", exclude_categories=("Cs",)), min_size=1).filter(
    lambda text: text == text.strip()
)
"""Anything that somebody may type, white space around it aside; curly quotes are read as straight ones."""
FORMS = st.text("abcdefgh_", min_size=1).filter(lambda text: text not in ("none", "geen"))
HOLDERS = NAMES.filter(lambda text: text.casefold() not in ("niemand", "iemand", NOBODY, SOMEBODY))
DAYS = st.dates(min_value=date(1000, 1, 1)).map(str)
PERIODS = st.sampled_from(
    ["2026-01", "2026-Q1", "2026-H2", "2026", "2026-P03", "2026-07..2027-06", "2026-03-15"]
)
KEYS = st.text("abcdefgh-_.", min_size=1)


def values_of(field: Field | None) -> st.SearchStrategy[str]:
    """Return any value of a field, of a word by itself where it is None."""
    if field is None:
        return NAMES
    if field.words:
        return st.sampled_from([*field.words])
    special: dict[str, st.SearchStrategy[str]] = {
        "period": PERIODS,
        "due": DAYS | st.just(TODAY),
        "legal_form": FORMS | st.just(NOTHING),
        "group": NAMES.filter(lambda text: text.casefold() not in ("geen", NOTHING)) | st.just(NOTHING),
        "own": NAMES.filter(lambda text: text.casefold() not in ("geen", NOTHING)) | st.just(NOTHING),
        "role": HOLDERS | st.sampled_from([NOBODY, SOMEBODY]),
        "member": HOLDERS | st.sampled_from([NOBODY, SOMEBODY]),
    }
    return special.get(field.id, NAMES)


@st.composite
def terms(draw: Any) -> Term:
    field = draw(st.sampled_from([None, *FIELDS]))
    ordered = field is not None and field.ordered
    comparison = draw(st.sampled_from(["=", "<", "<=", ">", ">="])) if ordered else "="
    most = 1 if comparison != "=" or (field and "yes" in field.words) else 3
    return Term(
        field=field.id if field else "word",
        key=draw(KEYS) if field and field.keyed else "",
        comparison=comparison,
        values=tuple(draw(st.lists(values_of(field), min_size=1, max_size=most))),
        negated=draw(st.booleans()),
    )


@given(st.lists(terms(), max_size=5))
def test_a_filter_that_was_written_is_read_as_the_same(some: list[Term]) -> None:
    wanted = Filter(terms=tuple(some))
    written = write_filter(wanted)
    reading = read_filter(written)
    if len(written) <= 2000:
        assert isinstance(reading, Reading), (written, reading)
        assert reading.filter == wanted


@given(st.text() | st.text('-:,<>="ab. '))
def test_whatever_is_typed_is_read_or_pointed_at(text: str) -> None:
    found = read_filter(text)
    if isinstance(found, FilterError):
        assert 0 <= found.at < len(text)
        assert found.at + found.length <= len(text)
        assert found.text
    else:
        assert read_filter(write_filter(found.filter)) is not None
        assert all(text[place.at : place.at + place.length] for one in found.written for place in one.values)


def test_dutch_and_english_say_the_same() -> None:
    dutch, english = read_filter(WHOLE), read_filter(ENGLISH)
    assert isinstance(dutch, Reading)
    assert isinstance(english, Reading)
    assert dutch.filter == english.filter
    assert write_filter(english.filter) == WHOLE.replace("mist:email", "mist:e-mailadres")


VALUE = "ontbreekt een waarde: schrijf die er direct achter, zonder spatie."


@pytest.mark.parametrize(
    ("text", "pointed", "said"),
    [
        ("prodct:aangifte-btw", "prodct", "Het veld 'prodct' bestaat niet. Bedoelt u 'product'?"),
        ("a status:vertroken", "vertroken", "'vertroken' is geen waarde van status. Bedoelt u 'vertrokken'?"),
        ("sbr:misschien", "misschien", "'misschien' is geen waarde van sbr. Kies uit: aan, uit."),
        ("a rol:jansen", "rol", "Schrijf achter 'rol' welke, zoals rol.accountant:jansen."),
        ("product.x:y", ".x", "Achter 'product' komt geen punt."),
        ("sbr: uit", "sbr:", f"Na 'sbr:' {VALUE}"),
        ("status:actief, prospect", ",", f"Na ',' {VALUE}"),
        ('naam:"de wit', '"', "Dit aanhalingsteken wordt niet gesloten."),
        ('"de wit"en', "e", "Zet een waarde met aanhalingstekens er helemaal tussen, en dan een spatie."),
        ("product<3", "<", "'product' heeft geen volgorde. Schrijf product: met een waarde."),
        ("uiterlijk<2027-02-30", "2027-02-30", "'2027-02-30' is geen bestaande datum; schrijf 2025-12-31"),
        ("uiterlijk<2027-02-01,2027-03-01", "2027-03-01", "Geef bij uiterlijk< één waarde."),
        ("loopt:ja,nee", "nee", "Geef bij loopt: één waarde."),
        ("periode:2026-13", "2026-13", "'2026-13' is geen periode; een jaar heeft twaalf maanden"),
        ("--status:actief", "--", "Eén minteken betekent: niet."),
    ],
)
def test_what_is_wrong_is_pointed_at_with_what_is_meant(text: str, pointed: str, said: str) -> None:
    found = read_filter(text)
    assert isinstance(found, FilterError)
    assert text[found.at : found.at + found.length] == pointed
    assert found.text.startswith(said)


def test_all_that_is_wrong_is_told_and_the_rest_is_read() -> None:
    text = 'prodct:x status:aktief,vertroken bakker -product:y product<3 loopt:ja,nee naam:"de wit'
    reading, wrong = read_terms(text)
    assert [text[one.at : one.at + one.length] for one in wrong] == [
        *("prodct", "aktief", "vertroken", "<", "nee", '"')
    ]
    assert write_filter(reading.filter) == "bakker -product:y"


def test_too_much_is_refused() -> None:
    for text in ("a" * 10_000, "a " * 100):
        found = read_filter(text)
        assert isinstance(found, FilterError)
        assert found.code == "filter_too_long"
