"""The page docs/figures.md: its examples are read, and give the return that it says they give."""

import re
from pathlib import Path

import pytest

from kantoor.plan import VatRates
from kantoor.sbr.vat.calculation import read_vat_return

PAGE = (Path(__file__).parents[3] / "docs" / "figures.md").read_text("utf-8")


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_the_examples_of_the_page_give_the_return_that_it_tells(kind: str, rates: VatRates) -> None:
    (block,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    result = read_vat_return(block.encode(), f"figures.{kind}", rates)
    made = result.vat_return
    assert made is not None
    assert result.findings == ()
    assert (made.box("1a").turnover, made.box("1a").vat) == (15000, 3150)
    assert (made.box("1b").turnover, made.box("1b").vat, made.box("3b").turnover) == (1000, 90, 250)
    assert (made.input_vat, made.owed, made.total) == (1151, 3240, 2089)
