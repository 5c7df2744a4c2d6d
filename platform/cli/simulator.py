"""`kantoor digipoort-simulator`: the stand-in for Digipoort."""

import click

from ..sbr.digipoort.simulator.command import digipoort_simulator

commands: list[click.Command] = [digipoort_simulator]
