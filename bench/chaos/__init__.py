"""`make chaos`: kill programs with SIGKILL while filings run; prove that nothing is lost or double.

Seeded: who does what, which scenarios Digipoort plays, and the moments to kill follow from SEED; what the
machine makes of those moments does not.
"""
