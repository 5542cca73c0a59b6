"""Tuning as a run."""

from tunix_rt.kit.settings import read_settings
from tunix_rt.runs.schema import Job, Run
from tunix_rt.runs.spawning import command
from tunix_rt.tune.driving import drive
from tunix_rt.tune.schema import TuneConfig


def tune(run: Run, config: TuneConfig) -> None:
    """Do the trials of a job until all have ended."""
    drive(run, config, command, grace_seconds=read_settings().grace_seconds / 2)


jobs = [Job("tune", TuneConfig, tune)]
