"""Pairs of a right and a wrong trace as tokens, and batches of them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids
from tunix_rt.rendering import segmenting
from tunix_rt.rendering.batching import Batch, laid
from tunix_rt.rendering.planning import Plan
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.tokenizing import Tokens, encode, load_chat
from tunix_rt.rendering.writing import pairing
from tunix_rt.train.schema import Recipe

ALMOST_SURE = -1e-6
"""Largest mean log-probability whose odds are taken: those of certainty are infinite."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every pair that is learned from, in the order of the dataset."""

    rows: Sequence[tuple[Tokens, Tokens]]
    """The preferred side of each, and the other."""
    dropped: int
    """Pairs that are too long."""
    sha256: str
    """One number for the data."""

    @property
    def lengths(self) -> Any:
        """Tokens of both sides of each pair (pairs x 2)."""
        import numpy as np

        return np.array([[len(one.ids) for one in pair] for pair in self.rows])


def word_pairs(rows: Iterable[TraceRow], recipe: Recipe) -> Iterator[tuple[Example, Example]]:
    """Right and wrong traces of one prompt, in the words of the recipe's template."""
    rendering = recipe.rendering()
    chat = load_chat(rendering)
    for pair in pairing.pairs(rows):
        right, wrong = (Example(segmenting.segments(one, rendering, chat), one.id) for one in pair)
        yield right, wrong


def make_pairs(
    pairs: Iterable[tuple[Example, Example]],
    tokenizer: TextTokenizer,
    recipe: Recipe,
    *,
    vocab: int,
) -> Pairs:
    """Tokenise; refuse or drop what is longer than the recipe allows."""
    digest, found, long = hashlib.sha256(), [], 0
    most = recipe.max_seq_length
    for pair in pairs:
        both = encode(pair, tokenizer)
        for one, tokens in zip(pair, both, strict=True):
            digest.update(repr((one.prompt, one.response, tokens.weights)).encode())
        if max(len(tokens.ids) for tokens in both) > most:
            long += 1
        elif all(any(tokens.weights) for tokens in both):
            found.append((both[0], both[1]))
    if long and recipe.too_long == "refuse":
        raise BadInput(
            f"{long} pairs have a side of more than {most} tokens.",
            hint='Raise max_seq_length, or set too_long = "drop".',
        )
    if not found:
        raise BadInput(
            "There are no pairs to learn from.",
            hint="A pair is a right and a wrong trace of one prompt, both verified.",
        )
    check_ids(tokenizer, max(max(one.ids) for pair in found for one in pair), vocab)
    return Pairs(found, long, digest.hexdigest())


class PairBatches:
    """The pairs of each step: first the preferred sides, then the others."""

    def __init__(self, pairs: Pairs, recipe: Recipe, pad: int) -> None:
        self._rows, self._pad = pairs.rows, pad
        self.layout = recipe.batching.layout
        lengths = pairs.lengths
        self._plan, self._both = (
            Plan(one, recipe.batching, size=recipe.batch_size, seed=recipe.seed)
            for one in (lengths.max(1), lengths.sum(1))
        )

    def at(self, step: int) -> Batch:
        """Batch `step`, from 0."""
        import numpy as np

        width, lines = self._plan.at(step)
        sides = [self._rows[place][side] for side in (0, 1) for (place,) in lines]
        arrays = [
            [(np.array(one.ids, np.int32), np.array(one.weights, np.float32))] for one in sides
        ]
        return laid(arrays, width, self._pad, packed=False)

    def steps(self, epochs: float) -> int:
        """Batches in so many epochs."""
        return self._plan.steps(epochs)

    def tokens(self, steps: int) -> int:
        """Tokens of both sides in the first `steps` batches, counted without making them."""
        return self._both.tokens(steps)

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Lines and columns of every kind of batch; a pair has two lines."""
        return [(2 * lines, width) for lines, width in self._plan.shapes]

    @property
    def share(self) -> list[float]:
        """How many batches of each shape an epoch has."""
        return self._plan.share()

    def rows_at(self, step: int) -> list[int]:
        """The numbers of the pairs in batch `step`."""
        return [row for line in self._plan.at(step).lines for row in line]
