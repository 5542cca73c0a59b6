"""Recipes to begin with, by name: the examples, which an installed wheel has too."""

from pathlib import Path

from tunix_rt.train.recipes import load_recipe
from tunix_rt.train.schema_contract import StartingRecipe

INSTALLED = Path(__file__).with_name("examples")
FOLDER = INSTALLED if INSTALLED.is_dir() else Path(__file__).parents[2] / "examples" / "recipes"
"""They lie beside this file in an installed wheel, and among the examples in a clone."""


def starting_recipes() -> list[StartingRecipe]:
    """Every recipe to begin with, by name, with all its keys."""
    recipes = [load_recipe(path) for path in sorted(FOLDER.glob("*.toml"))]
    return [
        StartingRecipe(
            name=one.name, description=one.description, recipe=one.model_dump(mode="json")
        )
        for one in recipes
    ]


def starting_file(name: str) -> Path:
    """The file of one of them."""
    return FOLDER / f"{name}.toml"
