"""The model that a recipe goes on from, by its name: a folder, a version in the registry, or an id
of the Hugging Face hub where a network is.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from tunix_rt.registry import promoting
from tunix_rt.registry import query as registry
from tunix_rt.registry.loading import hub
from tunix_rt.store import Connection, Row, Store
from tunix_rt.train.schema import FolderModel, Recipe

REGISTRY = "registry:"
"""What `registry:NAME` or `registry:NAME@LABEL` begins with."""


class Base(NamedTuple):
    """A version in the registry."""

    id: str
    """Of its family."""
    name: str
    label: str
    row: Row[Any]


def settled(connection: Connection, recipe: Recipe) -> Recipe:
    """The same with the label of the version that is meant; refused where there is none."""
    found = version(connection, recipe)
    if found is None:
        return recipe
    return _called(recipe, f"{REGISTRY}{found.name}@{found.label}")


def placed(recipe: Recipe, place: Callable[[str], str]) -> Recipe:
    """The same with `place(path)` for the model's path, where it is of a folder or the hub."""
    if not isinstance(recipe.model, FolderModel) or recipe.model.path.startswith(REGISTRY):
        return recipe
    return _called(recipe, place(recipe.model.path))


def located(store: Store, recipe: Recipe) -> Recipe:
    """The same with the folder where the model is; what is on the hub is downloaded."""
    with store.read() as connection:
        found = version(connection, recipe)
    if found is not None:
        return _called(recipe, str(promoting.folder_of(store, found.row)))
    return placed(recipe, lambda path: str(hub.resolve(path)))


def version(connection: Connection, recipe: Recipe) -> Base | None:
    """The version in the registry that a recipe names; None where it names none."""
    if not isinstance(recipe.model, FolderModel) or not recipe.model.path.startswith(REGISTRY):
        return None
    name, _, label = recipe.model.path.removeprefix(REGISTRY).partition("@")
    row = registry.version_named(connection, name, label or None)
    return Base(row.model_id, name, row.version, row)


def _called(recipe: Recipe, path: str) -> Recipe:
    return recipe.model_copy(update={"model": FolderModel(path=path)})
