"""What a file of VAT figures looks like: what people who never saw one are shown (docs/figures.md)."""

from ..report import FiguresExample

_COLUMNS = "rubriek;omzet_euro;btw_euro"
EXAMPLE = FiguresExample(
    explanation=f"Een CSV-bestand in UTF-8, met op de eerste regel {_COLUMNS} en daarna een regel per "
    "rubriek. In centen mag ook; een rubriek die u weglaat, is nul.",
    filename="cijfers-voorbeeld.csv",
    text=f"""{_COLUMNS}
1a;15.000,50;3.150,10
1b;1.000,00;90,00
3b;250,00;
5b;;1.150,01
""",
)
