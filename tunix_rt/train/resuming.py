"""Find a training that stopped early, and the checkpoint it shall go on from."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tunix_rt.kit.differing import Difference, differences
from tunix_rt.kit.errors import BadInput, Conflict, NotFound
from tunix_rt.runs import query_read
from tunix_rt.runs.query_after import LOST
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Connection, Row
from tunix_rt.train import training
from tunix_rt.train.forking import is_of
from tunix_rt.train.naming import absolute_recipe
from tunix_rt.train.schema import Recipe, TrainConfig
from tunix_rt.train.schema_fork import Fork

LATEST = "latest"
LOOKED_AT = 500
"""Trainings that are looked through, the newest ones."""

SHOWN = 6
"""Keys that are told when a recipe has changed."""

WIDTH = 60
"""Characters of a value that is told."""

GO_ON = "Go on with the recipe it began with, or start a new run."


def found(connection: Connection, new: NewRun) -> str:
    """The id of the run to go on with: the one that is named, or the newest of this recipe."""
    if new.id is not None:
        return str(_named(connection, new).id)
    near: tuple[Row[Any], list[Difference]] | None = None
    for row in query_read.page(connection, limit=LOOKED_AT, kind="train"):
        if not _stopped(row):
            continue
        changed = _differences(row, new)
        if not changed:
            return str(row.id)
        if _is_like(row, new) and (near is None or len(changed) < len(near[1])):
            near = row, changed
    said = "No training of this recipe on this dataset stopped early."
    if near is None:
        raise NotFound(said, hint="tunix-rt runs list --kind train")
    row, changed = near
    raise NotFound(f"{said} The run {row.id} is the nearest: {_said(changed)}.", hint=GO_ON)


def place(folder: Path, recipe: Recipe, where: str) -> None:
    """Go back to the checkpoint `where`: a step, or the latest."""
    if where == LATEST:
        return
    if not (where.isascii() and where.isdecimal()) or len(where) > 9:
        raise BadInput(f"--resume {where[:40]!r} is neither {LATEST} nor a step.")
    training.rewind(recipe, folder, int(where))


def _named(connection: Connection, new: NewRun) -> Row[Any]:
    assert new.id is not None
    row = query_read.get(connection, new.id)
    if row.kind != "train":
        raise BadInput(f"The run {new.id} is no training.")
    if not _stopped(row):
        raise Conflict(f"The run is {row.status}; only one that stopped early can go on.")
    if changed := _differences(row, new):
        raise Conflict(
            f"The run {new.id} is of another training: {_said(changed)}.",
            hint=GO_ON,
        )
    return row


def _stopped(row: Row[Any]) -> bool:
    """Whether a run ended early, or a worker began it and may be gone; else its caller does it."""
    return row.status in LOST or (row.status != "completed" and bool(row.attempt))


def _is_like(row: Row[Any], new: NewRun) -> bool:
    """Whether somebody may mean this run: the dataset is the same, or the recipe's name."""
    config = new.config
    assert isinstance(config, TrainConfig)
    return bool(row.dataset_key == config.dataset_key or row.model_id == config.recipe.name)


def _differences(row: Row[Any], new: NewRun) -> list[Difference]:
    """What a stored run and a new one do not share: keys of the recipe, or what it is about."""
    config = new.config
    assert isinstance(config, TrainConfig)
    mine, other = row.config, config.model_dump(mode="json")
    changed = list(differences(mine.get("dataset_key"), config.dataset_key, "dataset"))
    changed += differences(mine.get("dry_run", False), config.dry_run, "dry_run")
    fork = mine.get("fork")
    if not is_of(config.fork, fork and Fork.model_validate(fork)):
        changed.append(Difference("fork", fork, other["fork"]))
    return [*changed, *differences(_recipe(mine.get("recipe", {})), other["recipe"])]


def _recipe(stored: dict[str, Any]) -> dict[str, Any]:
    """A stored recipe as one is read today, whose paths are whole."""
    try:
        return absolute_recipe(Recipe.model_validate(stored)).model_dump(mode="json")
    except (ValidationError, NotFound):
        return stored


def _said(changed: Sequence[Difference]) -> str:
    """Each key with what it was and what it is, a few of them."""
    shown = [f"{one.path}: {_word(one.before)} -> {_word(one.now)}" for one in changed[:SHOWN]]
    left = len(changed) - len(shown)
    return ", ".join(shown) + (f", and {left} more" if left > 0 else "")


def _word(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."
