"""The library itself: the one module here that loads it, and what it makes as plain JSON."""

import dataclasses
import hashlib
import json
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tunix_rt.kit.errors import BadInput, MissingExtra
from tunix_rt.tasks.generators.reasoning_gym.working import Entry

PINNED = "0.1.25"
"""Another version makes other problems from the same seed."""

SIZE = 200_000
"""Problems of one family and one seed. The library draws some tables of this length."""

SIZES = {"acre": 2000}
"""Families that make all of them at once."""

EXAMPLES = ("example_correct_answer", "example_answer", "possible_answer")
"""Where a family without a single answer keeps one that is right."""


class Family:
    """One family with its config: problems by their number, and its own scorer."""

    def __init__(self, name: str, seed: int, config: dict[str, Any]) -> None:
        self.name = name
        self.seed = seed
        self.config = config
        self.size = SIZES.get(name, SIZE)
        self._made = _made(name, seed, self.size, config)

    def entry(self, index: int) -> Entry:
        """Problem `index`, which depends on the seed, the config and `index` alone."""
        entry: Entry = self._made[index]
        return entry

    def scores(self, answer: str, entry: Entry) -> bool:
        """Whether its own scorer calls an answer entirely right."""
        try:
            return bool(self._made.score_answer(answer, entry) == 1.0)
        except Exception:  # some scorers raise whatever their parsing of an answer raises
            return False

    def data(self, index: int) -> dict[str, Any]:
        """What a verifier makes the problem again from."""
        return {
            "dataset": self.name,
            "seed": self.seed,
            "index": index,
            "size": self.size,
            "config": self.config,
        }


def family(name: str, seed: int, config: dict[str, Any]) -> Family:
    """The family of a generator's seed; loaded once."""
    hashed = hashlib.sha256(f"{name}/{seed}".encode()).digest()
    return _family(name, int.from_bytes(hashed[:4], "big") >> 1, json.dumps(config, sort_keys=True))


@lru_cache(256)
def _family(name: str, seed: int, config: str) -> Family:
    return Family(name, seed, json.loads(config))


def example(entry: Entry) -> str:
    """A right answer as text; empty where the library keeps none."""
    if isinstance(entry["answer"], str):
        return entry["answer"]
    found = next((entry["metadata"][n] for n in EXAMPLES if entry["metadata"].get(n)), "")
    return found if isinstance(found, str) else json.dumps(plain(found))


def plain(value: Any) -> Any:
    """A value of the library as JSON: tuples as lists, fractions and NumPy's numbers as text."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if isinstance(value, str | bool | int | float) or value is None:
        return value if type(value).__module__ == "builtins" else str(value)
    return str(value) if isinstance(value, Fraction) else str(value)[:1000]


def _made(name: str, seed: int, size: int, config: dict[str, Any]) -> Any:
    factory = _library()
    fields = {field.name for field in dataclasses.fields(factory.DATASETS[name][1])}
    unknown = config.keys() - (fields - {"seed", "size"})
    if unknown:
        known = ", ".join(sorted(fields - {"seed", "size"}))
        raise BadInput(
            f"The family {name!r} has no setting {min(unknown)!r}.", hint=f"It has: {known}."
        )
    try:
        return factory.create_dataset(name, seed=seed, size=size, **config)
    except (AssertionError, ValueError, TypeError, AttributeError, KeyError) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise BadInput(f"The config of the family {name!r} is not valid: {said}.") from None


@lru_cache(1)
def _library() -> Any:
    hint = "pip install 'tunix-rt[tasks]'"
    try:
        from importlib.metadata import version

        import reasoning_gym
    except ImportError:
        raise MissingExtra("reasoning-gym is not installed.", hint=hint) from None
    found = version("reasoning-gym")
    if found != PINNED:
        said = f"reasoning-gym {found} is installed, and {PINNED} is needed: it makes other tasks."
        raise MissingExtra(said, hint=hint)
    return reasoning_gym.factory
