"""Find a training that stopped early, and the checkpoint it shall go on from."""

from pathlib import Path
from typing import Any

from tunix_rt.kit.differing import differences
from tunix_rt.kit.errors import BadInput, Conflict, NotFound
from tunix_rt.runs import query_read
from tunix_rt.runs.query_after import LOST
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Connection, Row
from tunix_rt.train import training
from tunix_rt.train.schema import Recipe

LATEST = "latest"
LOOKED_AT = 500
"""Trainings that are looked through, the newest ones."""


def found(connection: Connection, new: NewRun) -> str:
    """The id of the run to go on with: the one that is named, or the newest of this recipe."""
    if new.id is not None:
        return str(_named(connection, new).id)
    rows = query_read.page(connection, limit=LOOKED_AT, kind="train")
    for row in rows:
        if _stopped(row) and not _differences(row, new):
            return str(row.id)
    raise NotFound(
        "No training of this recipe on this dataset stopped early.",
        hint="tunix-rt runs list --kind train",
    )


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
            f"The run {new.id} is of another training: {', '.join(changed[:4])} changed.",
            hint="Go on with the recipe it began with, or start a new run.",
        )
    return row


def _stopped(row: Row[Any]) -> bool:
    """Whether a run ended early, or a worker began it and may be gone; else its caller does it."""
    return row.status in LOST or (row.status != "completed" and bool(row.attempt))


def _differences(row: Row[Any], new: NewRun) -> list[str]:
    """What a stored run and a new one do not share: keys of the recipe, or the dataset."""
    mine, other = row.config, new.config.model_dump(mode="json")
    changed = ["the dataset"] if mine.get("dataset_key") != other["dataset_key"] else []
    changed += ["dry_run"] if mine.get("dry_run", False) != other["dry_run"] else []
    changed += ["fork"] if mine.get("fork") != other["fork"] else []
    recipe = differences(Recipe.of_today(mine.get("recipe", {})), other["recipe"])
    return changed + [one.path for one in recipe]
