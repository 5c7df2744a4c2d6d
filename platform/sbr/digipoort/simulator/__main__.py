"""`python -m kantoor.sbr.digipoort.simulator`."""

from .command import digipoort_simulator

if __name__ == "__main__":
    digipoort_simulator()
