"""A search space: which names it may hold, which values each takes, and the recipe they make."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.contract import recipe_of
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import FolderModel, Recipe
from tunix_rt.train.schema_contract import Hyperparameters, RunRequest
from tunix_rt.tune.schema import Choice, Dimension, Params, RandInt, Scalar, Space

NANO = "nano"

PLACES: dict[str, str | None] = {
    "learning_rate": "optimizer.learning_rate",
    "weight_decay": "optimizer.weight_decay",
    "num_epochs": "epochs",
    "batch_size": "batch_size",
    "max_seq_length": "max_seq_length",
    "device": None,
}
"""Where each hyperparameter of the contract stands in a recipe; `device` is the machine's."""

FIXED = {"name", "description", "backend", "method", "model.preset", "tokenizer.source"}
"""Keys of a recipe that are not searched."""


@cache
def known() -> dict[str, FieldInfo]:
    """Every name a search space may hold: the contract's, and the dotted keys of a recipe."""
    dotted = {name: field for name, field in _leaves(Recipe) if name not in FIXED}
    return {**dotted, **Hyperparameters.model_fields}


def check(space: Space, base_model_id: str) -> None:
    """Refuse a name that no recipe has, and a value that its place in the recipe does not take."""
    taken: dict[str, str] = {}
    for name, dimension in space.items():
        if name not in known():
            near = get_close_matches(name, known(), n=1, cutoff=0.4)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known())}."
            raise BadInput(f"search_space: there is no parameter {name[:100]!r}.", hint=hint)
        if name.startswith("model.") and base_model_id != NANO:
            raise BadInput(f"search_space.{name}: only the model 'nano' has a shape to search.")
        _takes(name, dimension)
        place = PLACES.get(name, name) or name
        place = "epochs" if place == "steps" else place  # a recipe has one of the two
        if place in taken:
            raise BadInput(f"search_space: {taken[place]!r} and {name!r} cannot both be searched.")
        taken[place] = name


def recipe(base: RunRequest, model: str | None, params: Params) -> Recipe:
    """The recipe of a training call with `params` set in it; `BadInput` when they make none."""
    content = recipe_of(base, model).model_dump(mode="json")
    for name, value in params.items():
        place = PLACES.get(name, name)
        if place is None:
            continue
        if place == "steps":
            content["epochs"] = None
        *tables, last = place.split(".")
        inner = content
        for table in tables:
            inner = inner[table]
        inner[last] = value
    return read_recipe(content)


def _takes(name: str, dimension: Dimension) -> None:
    field = TypeAdapter[object](known()[name].rebuild_annotation())
    for value in _samples(dimension):
        try:
            field.validate_python(value)
        except ValidationError as invalid:
            said = invalid.errors(include_url=False)[0]["msg"]
            raise BadInput(
                f"search_space.{name} does not take {value!r}: {said[:1].lower()}{said[1:]}."
            ) from None


def _samples(dimension: Dimension) -> list[Scalar]:
    """Values that stand for all: every choice, or both ends and a number that is not whole."""
    if isinstance(dimension, Choice):
        return dimension.values
    ends: list[Scalar] = [dimension.min, dimension.max]
    if isinstance(dimension, RandInt):
        return ends
    return [*ends, dimension.min + (dimension.max - dimension.min) / 3.14159]


def _leaves(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every dotted key below a table of a recipe; a model's folder is not among them."""
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        tables = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        for table in tables:
            if table is not FolderModel:
                yield from _leaves(table, f"{path}{name}.")
        if not tables:
            yield path + name, field
