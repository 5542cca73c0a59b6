"""Pipelines from files: TOML, YAML or JSON, with errors that name the nearest known key."""

import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tunix_rt.curate.schema import Pipeline
from tunix_rt.curate.staging import checked, nearest
from tunix_rt.kit.errors import BadInput

LARGEST = 1024 * 1024
"""Bytes of a pipeline's file."""


def read(path: Path) -> Pipeline:
    """The pipeline of a file, its stages and options checked, or `BadInput`."""
    try:
        with path.open("rb") as file:  # its size says nothing of a device or a pipe
            found = file.read(LARGEST + 1)
        if len(found) > LARGEST:
            raise BadInput(f"{path.name} is larger than a pipeline can be.")
        text = found.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not UTF-8.") from None
    given = _parsed(path, text)
    if not isinstance(given, dict):
        raise BadInput(f"{path.name} holds no keys and values.", hint="docs/guides/curating.md")
    for key in given:
        if key not in Pipeline.model_fields:
            raise BadInput(
                f"{path.name}: {str(key)[:80]!r} is no key of a pipeline.",
                hint=nearest(str(key), Pipeline.model_fields),
            )
    try:
        pipeline = Pipeline.model_validate({"name": path.stem, **given})
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise BadInput(f"{path.name}: {at}: {first['msg']}.") from None
    checked(pipeline)
    return pipeline


def _parsed(path: Path, text: str) -> Any:
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            import yaml

            try:
                if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
                    raise ValueError("a pipeline needs no aliases")  # ten of ten are a bomb
                return yaml.safe_load(text)
            except yaml.YAMLError as error:
                raise ValueError(str(error).partition("\n")[0]) from None
        if path.suffix.lower() == ".json":
            return json.loads(text)
        return tomllib.loads(text)
    except RecursionError:
        raise BadInput(f"{path.name} is nested too deeply.") from None
    except ValueError as error:
        raise BadInput(f"{path.name} cannot be read: {error}.") from None
