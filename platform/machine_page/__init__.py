"""The page of the machine (docs/machine.md), drawn from its tables and from every step of small plans."""
