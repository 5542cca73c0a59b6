"""A small document of keys and values in a file: TOML, YAML or JSON, by the file's name."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tunix_rt.kit.errors import BadInput, NotFound

LARGEST = 1_048_576
"""Bytes of a file; what people write is never longer."""


def read(path: Path, called: str) -> dict[str, Any]:
    """The keys and values of a file; `called` says what it is meant to be: "recipe"."""
    name = path.name[:200]
    try:
        with path.open("rb") as file:  # its size says nothing of a device or a pipe
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise BadInput(f"{name!r} is larger than any {called} ({LARGEST:,} bytes).")
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"There is no {called} file {str(path)!r}.") from None
    except OSError as error:
        raise BadInput(f"{name!r} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{name!r} is not UTF-8.") from None
    try:
        parse = _PARSERS.get(path.suffix.lower(), _PARSERS[".toml"])
        found = parse(text)
    except RecursionError:
        raise BadInput(f"{name!r} is nested too deeply to be a {called}.") from None
    except ValueError as error:
        raise BadInput(f"{name!r} cannot be read: {error}.") from None
    if not isinstance(found, dict):
        raise BadInput(f"{name!r} holds no keys and values.")
    return {str(key): value for key, value in found.items()}


def _yaml(text: str) -> Any:
    import yaml

    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise ValueError("no aliases are needed here")  # ten of ten of ten are a bomb
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from None


_PARSERS: dict[str, Callable[[str], Any]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".json": json.loads,
    ".toml": tomllib.loads,
}
