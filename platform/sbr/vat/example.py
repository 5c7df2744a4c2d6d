"""What a file of VAT figures looks like: what people who never saw one are shown (docs/figures.md)."""

COLUMNS = "rubriek;omzet_euro;btw_euro"
EXAMPLE = f"""{COLUMNS}
1a;15.000,50;3.150,10
1b;1.000,00;90,00
3b;250,00;
5b;;1.150,01
"""
