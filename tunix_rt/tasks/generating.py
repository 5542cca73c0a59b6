"""The first n tasks of a generator and a seed: same seed, same tasks.

Tasks are distinct by prompt. A stream may repeat itself; the repetition is
skipped, so the keys of the result may have gaps.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import msgspec
from pydantic import BaseModel, ValidationError

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.tasks.schema import Draw, FamilyInfo, GeneratorInfo, Split, Task

PATIENCE = 20_000
"""Repetitions in a row after which a generator counts as exhausted. A space with one
problem in 2,000 left unseen is missed by mistake once in e^10 tries."""


class Generator(Protocol):
    """What a module in `tasks/generators` provides."""

    Config: type[BaseModel]
    VERSION: str
    """Another version may make other tasks from the same config and seed."""

    CACHED: bool
    """Whether making a task is slow enough to keep it in the store."""

    NEEDS: tuple[str, str] | None
    """The library it needs, and how to install it."""

    def families(self) -> list[FamilyInfo]:
        """The kinds of problems there are; none if only the config knows."""
        ...

    def generate(self, config: Any, seed: int, split: Split, start: int = 0) -> Iterator[Task]:
        """Tasks `start`, `start + 1`, ... of the stream; it may end."""
        ...


generators = Catalog[Generator]("tunix_rt.tasks.generators", kind="task generator")


def read_config(generator: str, given: dict[str, Any]) -> BaseModel:
    """The typed config of a generator, or one sentence about what is wrong with it."""
    try:
        return generators.load(generator).Config.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "config"
        raise BadInput(
            f"The config of generator {generator!r} is not valid at {place}: {first['msg']}.",
            hint=f"See {generator!r} in the list of generators for what it takes.",
        ) from None


def read_draw(generator: str, config: str, seed: int, split: Split) -> Draw:
    """The draw that a config written as JSON stands for, or one sentence about what is wrong."""
    try:
        given = msgspec.json.decode(config, type=dict[str, Any])
        draw = Draw(generator=generator, config=given, seed=seed, split=split)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadInput(f"The config is not a JSON object: {error}.") from None
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadInput(f"The config cannot be kept: {said}.") from None
    read_config(generator, draw.config)
    return draw


def is_installed(generator: str) -> bool:
    """Whether the library that a generator needs is there; it is not loaded to find out."""
    needs = generators.load(generator).NEEDS
    return needs is None or find_spec(needs[0]) is not None


def with_paths(
    generator: str, given: dict[str, Any], place: Callable[[str], str]
) -> dict[str, Any]:
    """A generator's config with `place(path)` for each path in it: a server confines them."""
    fields = generators.load(generator).Config.model_fields
    named = [name for name, field in fields.items() if field.annotation is Path]
    placed = {name: place(given[name]) for name in named if isinstance(given.get(name), str)}
    return {**given, **placed}


def described() -> list[GeneratorInfo]:
    """Every generator: what it is, what it takes, and whether its library is installed."""
    found = []
    for name in generators.names():
        plugin = generators.load(name)
        found.append(
            GeneratorInfo(
                name=name,
                summary=generators.summary(name),
                version=plugin.VERSION,
                available=is_installed(name),
                install=plugin.NEEDS[1] if plugin.NEEDS else None,
                families=plugin.families(),
                config_schema=plugin.Config.model_json_schema(),
            )
        )
    return found


def tasks(
    generator: str, config: BaseModel | None, seed: int, split: Split, count: int
) -> Iterator[Task]:
    """Yield `count` tasks with different prompts; `None` is the generator's default config."""
    plugin = generators.load(generator)
    stream = plugin.generate(config or plugin.Config(), seed, split)
    return different(generator, stream, split, count)


def different(generator: str, stream: Iterator[Task], split: Split, count: int) -> Iterator[Task]:
    """The first `count` tasks of a stream whose prompts are different."""
    seen: set[bytes] = set()
    repeated = 0
    while len(seen) < count:
        task = next(stream, None)
        if task is None or repeated >= PATIENCE:
            raise BadInput(
                f"Generator {generator!r} has {len(seen)} different {split} tasks "
                f"with this config, and {count} were asked for.",
                hint="Ask for fewer, or add families or digits to its config.",
            )
        digest = blake2b(task.prompt.encode(), digest_size=16).digest()
        if digest in seen:
            repeated += 1
            continue
        seen.add(digest)
        repeated = 0
        yield task
