"""What a checkpoint belongs to: going on with another recipe or other data is refused."""

import json
from pathlib import Path
from typing import Any

from tunix_rt.kit.differing import Difference, differences
from tunix_rt.kit.errors import Conflict
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.schema import Recipe

INCIDENTAL = {"name", "description", "checkpoints", "log_every", "device", "mesh", "profile"}
"""Keys of a recipe that change no weight; where it computes changes their last bits."""


def identify(recipe: Recipe, **contents: str) -> dict[str, Any]:
    """Everything that decides the weights, as plain JSON."""
    return {"recipe": recipe.model_dump(mode="json", exclude=INCIDENTAL), **contents}


def claim_folder(folder: Path, identity: dict[str, Any]) -> None:
    """Write `identity` to a folder without checkpoints, or compare it with what is there."""
    path = folder / "identity.json"
    if path.is_file() and steps(folder):
        before = json.loads(path.read_text("utf-8"))
        before["recipe"] = Recipe.of_today(before["recipe"], exclude=INCIDENTAL)
        changed = [_said(one) for one in differences(before, identity)]
        if changed:
            raise Conflict(
                f"The checkpoints here are of another training: {'; '.join(changed[:4])}.",
                hint="Train in a new folder, or put back what was changed.",
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "steps.jsonl").unlink(missing_ok=True)
    part = folder / "identity.json.part"
    part.write_text(json.dumps(identity, indent=2, sort_keys=True) + "\n", "utf-8")
    part.replace(path)


def _said(one: Difference) -> str:
    name = one.path.removeprefix("recipe.")
    if name.endswith("_sha256"):
        return f"the {name.removesuffix('_sha256')} changed"
    return f"{name} was {one.before!r} and is {one.now!r}"
