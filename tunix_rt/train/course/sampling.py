"""Answers of a model to many prompts at once: tokens, log-probabilities, and where they end."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids
from tunix_rt.rendering.tokenizing import encode
from tunix_rt.train.course.telling import SLOWER
from tunix_rt.train.schema import Recipe
from tunix_rt.train.schema_grpo import Grpo, Practice, Problem

AT_ONCE = 512
"""Prompts that are encoded with one crossing into Rust."""

GROUPS = 64
"""Problems whose groups are looked at when a model is measured."""

Chance = tuple[int, ...]
"""What decides every random choice: the recipe's seed, then what it is folded with."""


class NoProbabilities(BadInput):
    """A model says nothing of the next token."""

    def __init__(self) -> None:
        super().__init__(
            "The model gives no probabilities: its weights are no numbers, or too large.",
            hint=SLOWER,
        )


@dataclass(frozen=True, slots=True)
class Sampled:
    """What the model chose after one prompt, the end of text among it if it came."""

    ids: list[int]
    logps: list[float]
    ended: bool


class Asked:
    """The prompts of problems as tokens, found again by their text."""

    def __init__(
        self, problems: Sequence[Problem], tokenizer: TextTokenizer, shape: Shape, recipe: Recipe
    ) -> None:
        assert recipe.grpo is not None
        new = recipe.grpo.max_new_tokens
        self._ids: dict[str, list[int]] = {}
        for start in range(0, len(problems), AT_ONCE):
            some = problems[start : start + AT_ONCE]
            rows = encode([one.asked for one in some], tokenizer)
            for problem, row in zip(some, rows, strict=True):
                self._ids[problem.asked.prompt] = row.ids[: row.given]
        self.longest = max(map(len, self._ids.values()))
        limit = min(recipe.max_seq_length, shape.context) - new
        if self.longest > limit:
            raise BadInput(
                f"A prompt has {self.longest} tokens; {limit} fit beside {new} new ones.",
                hint="Raise max_seq_length, or lower grpo.max_new_tokens.",
            )
        check_ids(tokenizer, max(map(max, self._ids.values())), shape.vocab)

    def __call__(self, problem: Problem) -> list[int]:
        """The tokens the model is asked with."""
        return self._ids[problem.asked.prompt]


class Sampler(ABC):
    """One way to ask: so many rows of one width at once, greedy or by chance."""

    def __init__(self, loaded: Loaded, options: Grpo, width: int) -> None:
        self.rows = options.prompts * options.group
        self.width, self.options, self.tokenizer = width, options, loaded.tokenizer
        self.check: Callable[[], None] = lambda: None
        """Called before each batch, and between its tokens where a library lets us; what it raises
        ends the asking."""

    @abstractmethod
    def refresh(self, model: Any) -> None:
        """Answer with the weights that `model` has now."""

    @abstractmethod
    def fill(self, asked: Sequence[list[int]], chance: Chance | None) -> tuple[Any, Any]:
        """Tokens and log-probabilities of what follows at most `rows` prompts (prompts x new)."""

    def prompts(self, asked: Sequence[list[int]]) -> Any:
        """Prompts as one array, padded on the left (int32, rows x width)."""
        import numpy as np

        padded: Any = np.full((len(asked), self.width), self.tokenizer.pad_id(), np.int32)
        for line, ids in enumerate(asked):
            padded[line, self.width - len(ids) :] = ids
        return padded

    def sample(self, asked: Sequence[list[int]], chance: Chance | None = None) -> list[Sampled]:
        """One answer per prompt; without a `chance` the greedy ones."""
        found: list[Sampled] = []
        for number, start in enumerate(range(0, len(asked), self.rows)):
            self.check()
            own = None if chance is None else (*chance, number)
            found += self._ended(*self.fill(asked[start : start + self.rows], own))
        return found

    def _ended(self, tokens: Any, logps: Any) -> list[Sampled]:
        import numpy as np

        stops = tokens == self.tokenizer.eos_id()
        ended = stops.any(axis=1)
        lengths = np.where(ended, stops.argmax(axis=1) + 1, tokens.shape[1])
        return [
            Sampled(row[:length].tolist(), own[:length].tolist(), bool(end))
            for row, own, length, end in zip(tokens, logps, lengths, ended, strict=True)
        ]


def samples(practice: Practice, options: Grpo, steps: int) -> int:
    """How often a training asks for as many answers as a round has."""
    rows = options.prompts * options.group
    held_out, watched = len(practice.held_out), len(practice.watched)
    groups = min(held_out, GROUPS) * options.group
    measured = 2 * (2 * -(-held_out // rows) + -(-groups // rows))  # before and after
    looks = 0 if options.watch is None else -(-steps // options.watch.every) + 1
    return measured + steps // options.iterations + looks * -(-watched // rows)


def text_of(tokenizer: TextTokenizer, sampled: Sampled) -> str:
    """What the model wrote, without its end of text."""
    return tokenizer.decode(sampled.ids[:-1] if sampled.ended else sampled.ids)
