"""Begin a training with the weights of a checkpoint of another run, under a recipe of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.runs import query, query_read
from tunix_rt.runs.schema import Run
from tunix_rt.store import Connection, Row
from tunix_rt.train.checkpointing import best_step, checkpoints
from tunix_rt.train.schema import TrainConfig
from tunix_rt.train.schema_fork import Fork

START = "start"
"""Where the weights lie that a forked training begins with, in its folder."""


Write = Callable[[TrainConfig, Path, Path], None]


def named(text: str) -> Fork:
    """RUN or RUN:STEP, as it is said in the terminal."""
    run_id, colon, step = text.partition(":")
    if not is_id(run_id) or (colon and not (step.isascii() and step.isdecimal())) or len(step) > 8:
        raise BadInput(f"--fork {text[:100]!r} is neither RUN nor RUN:STEP.")
    if colon and int(step) < 1:
        raise BadInput("No training has a checkpoint of step 0.")
    return Fork(run_id=run_id, step=int(step) if colon else None)


def settled(connection: Connection, runs: Path, fork: Fork | None) -> Fork | None:
    """The same with a step that is there; refused where there is no such run or checkpoint.

    `runs` is the folder that has every run's own.
    """
    if fork is None:
        return None
    row = query_read.get(connection, fork.run_id)
    if row.kind != "train":
        raise BadInput(f"The run {fork.run_id} is no training.")
    return Fork(run_id=fork.run_id, step=_kept(runs, fork))


def is_of(fork: Fork | None, began: Fork | None) -> bool:
    """Whether a training that `began` so is what `fork` asks for; any step is, if none is said."""
    if fork is None or began is None:
        return fork is began
    return fork.run_id == began.run_id and fork.step in (None, began.step)


def begin(run: Run, fork: Fork, write: Write) -> Path:
    """The folder of the weights that a forked run begins with, made once; and its lineage.

    `write(config, folder, target)` writes the model that the run of a config had, whose own folder
    that is, after `fork.step` steps. A run that still works drops its older checkpoints: one that
    has gone since this was queued is refused.
    """
    place = run.folder / START
    if place.is_dir():
        return place
    with run.store.read() as connection:
        row = query_read.get(connection, fork.run_id)
    part = run.folder / f"{START}.part"
    shutil.rmtree(part, ignore_errors=True)
    _kept(run.folder.parent, fork)
    try:
        _write(_config(row), run.folder.parent, fork, part, write)
    except Exception:
        shutil.rmtree(part, ignore_errors=True)
        _kept(run.folder.parent, fork)  # it may have gone while it was read
        raise
    part.replace(place)
    with run.write() as connection:
        label = f"{row.name}, step {fork.step}"
        query.link(connection, [("run", row.id, label, "run", run.id, run.id, "forked from")])
    run.log(f"forked from step {fork.step} of {row.name}")
    return place


def _config(row: Row[Any]) -> TrainConfig:
    try:
        return TrainConfig.model_validate(row.config)
    except ValidationError:
        raise BadInput(
            f"The run {row.id} cannot be forked: its recipe is none in this version."
        ) from None


def _write(config: TrainConfig, runs: Path, fork: Fork, part: Path, write: Write) -> None:
    theirs = runs / fork.run_id
    best = best_step(theirs)
    if best is not None and best.step == fork.step and (best.folder / "config.json").is_file():
        shutil.copytree(best.folder, part)  # a model that practised lies there as a whole
    else:
        write(config, theirs, part)


def _kept(runs: Path, fork: Fork) -> int:
    """The step of a fork, or the newest; `BadInput` where no checkpoint is of it."""
    kept = [one.step for one in checkpoints(runs / fork.run_id)]
    if not kept:
        raise BadInput(f"The run {fork.run_id} has kept no checkpoint.")
    if fork.step is not None and fork.step not in kept:
        raise BadInput(
            f"The run {fork.run_id} has no checkpoint of step {fork.step}.",
            hint=f"There are checkpoints of: {', '.join(map(str, kept))}.",
        )
    return fork.step or kept[-1]
