"""The files that a recipe names, made whole: a worker begins in a folder of its own."""

from collections.abc import Callable
from pathlib import Path

from tunix_rt.kit.paths import confined
from tunix_rt.kit.settings import Settings
from tunix_rt.registry.loading import hub
from tunix_rt.tasks.generating import with_paths
from tunix_rt.train import bases
from tunix_rt.train.schema import Recipe


def confined_recipe(recipe: Recipe, settings: Settings) -> Recipe:
    """The same with every path resolved; `Forbidden` for one that a server may not use.

    A folder need not be there yet: a run that this one waits for may write it.
    """

    def base(path: str) -> str:
        folder = confined(path, settings)
        return path if hub.is_hub_id(path) and not folder.is_dir() else str(folder)

    return _named(bases.placed(recipe, base), lambda path: str(confined(path, settings)))


def absolute_recipe(recipe: Recipe) -> Recipe:
    """The same with every path as it is meant from the folder that this program began in."""
    return _named(bases.placed(recipe, hub.absolute), lambda path: str(Path(path).absolute()))


def _named(recipe: Recipe, place: Callable[[str], str]) -> Recipe:
    """The same with `place(path)` for each path of what it practises on."""
    if recipe.grpo is None or (drawn := recipe.grpo.tasks) is None:
        return recipe
    config = with_paths(drawn.generator, drawn.config, place)
    tasks = drawn.model_copy(update={"config": config})
    grpo = recipe.grpo.model_copy(update={"tasks": tasks})
    return recipe.model_copy(update={"grpo": grpo})
