"""What a checkpoint belongs to: going on with another recipe or other data is refused."""

import json
from pathlib import Path
from typing import Any

from tunix_rt.kit.differing import Difference, differences
from tunix_rt.kit.errors import Conflict
from tunix_rt.train.course.rewinding import forget_best, steps
from tunix_rt.train.schema import Recipe

INCIDENTAL = {"name", "description", "checkpoints", "log_every", "device", "mesh", "profile"}
"""Keys of a recipe that change no weight; where it computes changes their last bits."""


def identify(recipe: Recipe, **contents: str) -> dict[str, Any]:
    """Everything that decides the weights, as plain JSON."""
    return {"recipe": recipe.model_dump(mode="json", exclude=INCIDENTAL), **contents}


def claim_folder(folder: Path, identity: dict[str, Any]) -> None:
    """Write `identity` to a folder without checkpoints, or compare it with what is there.

    What an earlier training left in a folder without checkpoints is forgotten.
    """
    path = folder / "identity.json"
    if path.is_file() and steps(folder):
        refuse_another(folder, identity)
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "steps.jsonl").unlink(missing_ok=True)
    forget_best(folder, -1)
    part = folder / "identity.json.part"
    part.write_text(json.dumps(identity, indent=2, sort_keys=True) + "\n", "utf-8")
    part.replace(path)


def refuse_another(folder: Path, identity: dict[str, Any], *, unsettled: str | None = None) -> None:
    """`Conflict` where the checkpoints in a folder are of another training than `identity` says;
    but for the key `unsettled`, which is not known yet. Nothing is written.
    """
    path = folder / "identity.json"
    if not path.is_file() or not steps(folder):
        return
    before = json.loads(path.read_text("utf-8"))
    if unsettled is not None:
        before.pop(unsettled, None)
    changed = [_said(one) for one in changes(before, identity)]
    if changed:
        raise Conflict(
            f"The checkpoints here are of another training: {'; '.join(changed[:4])}.",
            hint="Train in a new folder, or put back what was changed.",
        )


def changes(before: dict[str, Any], identity: dict[str, Any]) -> list[Difference]:
    """What differs from an identity that was written down, maybe when recipes had fewer keys."""
    recipe = Recipe.of_today(before["recipe"], exclude=INCIDENTAL)
    return list(differences({**before, "recipe": recipe}, identity))


def _said(one: Difference) -> str:
    name = one.path.removeprefix("recipe.")
    if name.endswith("_sha256"):
        return f"the {name.removesuffix('_sha256')} changed"
    return f"{name} was {one.before!r} and is {one.now!r}"
