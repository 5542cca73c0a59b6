"""Read a recipe from TOML, YAML or JSON, and say plainly what is wrong with it."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from tunix_rt.kit import documents
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.templating import templates
from tunix_rt.train.schema import FolderModel, NanoModel, Recipe


def load_recipe(path: Path, changes: Mapping[str, Any] | None = None) -> Recipe:
    """The recipe in file `path`; `changes` replace single keys: `{"optimizer.name": "adamw"}`."""
    content = documents.read(path, "recipe")
    content.setdefault("name", path.stem)
    for key, value in (changes or {}).items():
        *tables, last = key.split(".")
        place = content
        for table in tables:
            place = place.setdefault(table, {})
            if not isinstance(place, dict):
                raise BadInput(f"{table!r} in {key!r} is not a table of the recipe.")
        place[last] = value
    return read_recipe(content)


def recipe_schema() -> dict[str, Any]:
    """The JSON Schema of a recipe, for editors and forms; names of plugins are its examples."""
    said = Recipe.model_json_schema()
    said["properties"]["template"]["examples"] = templates.names()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **said}


def read_recipe(content: Mapping[str, Any]) -> Recipe:
    """The recipe in `content`, or one sentence about the first thing wrong with it."""
    try:
        return Recipe.model_validate(_with_model_kind(content))
    except ValidationError as error:
        first = error.errors()[0]
        path = [str(part) for part in first["loc"] if part not in _UNION_TAGS]
        if first["type"] == "extra_forbidden":
            raise _unknown(path) from None
        message = first["msg"].removeprefix("Value error, ")
        where = f" at {'.'.join(path)}" if path else ""
        got = f" (got {first['input']!r})" if path and first["type"] != "missing" else ""
        raise BadInput(
            f"The recipe is not valid{where}: {_sentence(message)}{got[:200]}."
        ) from None


_UNION_TAGS = {"NanoModel", "FolderModel"}


def _with_model_kind(content: Mapping[str, Any]) -> dict[str, Any]:
    """Choose the kind of model by its keys, so that an error speaks of that kind only."""
    read = dict(content)
    if isinstance(model := read.get("model"), dict):
        kind = FolderModel if "path" in model else NanoModel
        try:
            read["model"] = kind.model_validate(model)
        except ValidationError as error:
            first = error.errors()[0]
            if first["type"] == "extra_forbidden":
                raise _unknown(["model", *map(str, first["loc"])]) from None
            place = ".".join(["model", *map(str, first["loc"])])
            raise BadInput(
                f"The recipe is not valid at {place}: "
                f"{_sentence(first['msg'].removeprefix('Value error, '))}."
            ) from None
    return read


def _unknown(path: list[str]) -> BadInput:
    *tables, key = path
    known = dict(_keys(Recipe, ()))
    everywhere = {name: table for table, names in known.items() for name in names}
    here = [] if key in everywhere else known.get(tuple(tables), [])
    near = get_close_matches(key, here, n=1, cutoff=0.5)
    other = get_close_matches(key, everywhere, n=1, cutoff=0.8)
    hint = (
        f"Did you mean {'.'.join([*tables, near[0]])!r}?"
        if near
        else f"Did you mean {'.'.join([*everywhere[other[0]], other[0]])!r}?"
        if other
        else f"Known there: {', '.join(known.get(tuple(tables), []))}."
    )
    return BadInput(f"A recipe has no key {'.'.join(path)!r}.", hint=hint)


def _keys(
    model: type[BaseModel], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Every table of a recipe with its keys."""
    yield path, list(model.model_fields)
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        tables = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
        if tables:
            inner = [pair for table in tables for pair in _keys(table, (*path, name))]
            yield (*path, name), [key for _, keys in inner for key in keys]


def _sentence(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")
