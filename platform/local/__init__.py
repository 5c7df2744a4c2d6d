"""One machine: the programs of an office supervised, the practice office, the doctor, the demo."""
