"""The files that a recipe names, made whole: a worker begins in a folder of its own."""

from collections.abc import Callable
from pathlib import Path

from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.tasks.generating import with_paths
from tunix_rt.train.schema import FolderModel, Recipe


def confined_recipe(recipe: Recipe, settings: Settings) -> Recipe:
    """The same with every path resolved; `Forbidden` for one that a server may not use."""
    return _named(recipe, lambda path: str(confined(path, settings)))


def absolute_recipe(recipe: Recipe) -> Recipe:
    """The same with every path as it is meant from the folder that this program began in."""
    return _named(recipe, lambda path: str(Path(path).absolute()))


def _named(recipe: Recipe, place: Callable[[str], str]) -> Recipe:
    changed: dict[str, object] = {}
    if isinstance(recipe.model, FolderModel):
        changed["model"] = recipe.model.model_copy(update={"path": place(recipe.model.path)})
    if recipe.grpo is not None and (drawn := recipe.grpo.tasks) is not None:
        config = with_paths(drawn.generator, drawn.config, place)
        tasks = drawn.model_copy(update={"config": config})
        changed["grpo"] = recipe.grpo.model_copy(update={"tasks": tasks})
    return recipe.model_copy(update=changed)
