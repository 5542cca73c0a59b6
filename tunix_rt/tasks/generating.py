"""The first n tasks of a generator and a seed: same seed, same tasks.

Tasks are distinct by prompt. A stream may repeat itself; the repetition is
skipped, so the keys of the result may have gaps.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from tunix_rt.kit.catalog import Catalog
from tunix_rt.kit.errors import BadInput
from tunix_rt.tasks.schema import Split, Task

PATIENCE = 20_000
"""Repetitions in a row after which a generator counts as exhausted. A space with one
problem in 2,000 left unseen is missed by mistake once in e^10 tries."""


class Generator(Protocol):
    """What a module in `tasks/generators` provides."""

    Config: type[BaseModel]

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


def tasks(
    generator: str, config: BaseModel | None, seed: int, split: Split, count: int
) -> Iterator[Task]:
    """Yield `count` tasks with different prompts; `None` is the generator's default config."""
    plugin = generators.load(generator)
    stream = plugin.generate(config or plugin.Config(), seed, split)
    seen: set[str] = set()
    repeated = 0
    while len(seen) < count:
        task = next(stream, None)
        if task is None or repeated >= PATIENCE:
            raise BadInput(
                f"Generator {generator!r} has {len(seen)} different {split} tasks "
                f"with this config, and {count} were asked for.",
                hint="Ask for fewer, or add families or digits to its config.",
            )
        if task.prompt in seen:
            repeated += 1
            continue
        seen.add(task.prompt)
        repeated = 0
        yield task
