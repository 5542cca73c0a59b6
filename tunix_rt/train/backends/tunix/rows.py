"""Examples as token rows, and batches as a pure function of seed and step.

A row is begin of text, prompt, response, end of text. Only the response and its
end are trained. Rows are kept end to end in one array and padded when a batch
is made, so memory grows with the data and not with its longest row.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids
from tunix_rt.train.schema import Example, Recipe


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row that will be trained, in the order of the examples."""

    tokens: Any
    """All tokens, end to end (int32)."""
    starts: Any
    """Where each row begins, with one more at the end (int64)."""
    prompts: Any
    """How many tokens of each row are prompt (int64)."""
    width: int
    """Columns of a batch: the longest row, rounded up to eight."""
    pad: int
    dropped: int

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.prompts)


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded rows: tokens, which are trained, and which are there at all (int32)."""

    tokens: Any
    trained: Any
    present: Any

    def sha256(self) -> str:
        """What the model is shown, as one number: little-endian tokens, then the mask."""
        digest = hashlib.sha256(self.tokens.astype("<i4").tobytes())
        digest.update(self.trained.astype("<i4").tobytes())
        return digest.hexdigest()


def make_rows(
    examples: Sequence[Example], tokenizer: TextTokenizer, recipe: Recipe, *, vocab: int
) -> Rows:
    """Tokenise; refuse or drop what is longer than the recipe allows.

    `vocab` is how many tokens the model knows; an id behind them is refused.
    """
    import numpy as np

    begin = [] if tokenizer.bos_id() is None else [tokenizer.bos_id()]
    end = [tokenizer.eos_id()]
    pieces, starts, prompts, dropped, longest = [], [0], [], 0, 0
    for prompt, response in _encoded(examples, tokenizer):
        length = len(begin) + len(prompt) + len(response) + 1
        longest = max(longest, length)
        if length > recipe.max_seq_length:
            dropped += 1
            continue
        pieces.append(np.array([*begin, *prompt, *response, *end], np.int32))
        starts.append(starts[-1] + length)
        prompts.append(len(begin) + len(prompt))
    if dropped and (recipe.too_long == "refuse" or not pieces):
        raise BadInput(
            f"{dropped} of {len(examples)} examples are longer than "
            f"{recipe.max_seq_length} tokens (the longest has {longest}).",
            hint='Raise max_seq_length, or set too_long = "drop".',
        )
    lengths = np.diff(np.array(starts, np.int64))
    tokens = np.concatenate(pieces)
    check_ids(tokenizer, int(tokens.max()), vocab)
    return Rows(
        tokens=tokens,
        starts=np.array(starts, np.int64),
        prompts=np.array(prompts, np.int64),
        width=-(-int(lengths.max()) // 8) * 8,
        pad=tokenizer.pad_id(),
        dropped=dropped,
    )


def _encoded(
    examples: Sequence[Example], tokenizer: TextTokenizer, at_once: int = 4096
) -> Iterator[tuple[list[int], list[int]]]:
    for start in range(0, len(examples), at_once):
        some = examples[start : start + at_once]
        prompts = tokenizer.encode_many([one.prompt for one in some])
        responses = tokenizer.encode_many([one.response for one in some])
        yield from zip(prompts, responses, strict=True)


def batch_at(rows: Rows, step: int, *, size: int, seed: int) -> Batch:
    """Batch `step` (from 0) of an endless stream of shuffled epochs.

    A batch may reach over the end of an epoch, so every row is used equally
    often and a small data set can fill a large batch.
    """
    import numpy as np

    chosen = _chosen(len(rows), step, size, seed)
    tokens: Any = np.full((size, rows.width), rows.pad, np.int32)
    trained: Any = np.zeros((size, rows.width), np.int32)
    present: Any = np.zeros((size, rows.width), np.int32)
    for line, row in enumerate(chosen):
        start, stop = int(rows.starts[row]), int(rows.starts[row + 1])
        tokens[line, : stop - start] = rows.tokens[start:stop]
        trained[line, int(rows.prompts[row]) : stop - start] = 1
        present[line, : stop - start] = 1
    return Batch(tokens, trained, present)


def _chosen(count: int, step: int, size: int, seed: int) -> list[int]:
    chosen: list[int] = []
    position = step * size
    while len(chosen) < size:
        epoch, offset = divmod(position, count)
        taken = _order(count, epoch, seed)[offset : offset + size - len(chosen)]
        chosen += taken.tolist()
        position += len(taken)
    return chosen


def _order(count: int, epoch: int, seed: int) -> Any:
    """The shuffle of one epoch; the last one asked for is remembered."""
    import numpy as np

    key = (count, epoch, seed)
    if key not in _remembered:
        _remembered.clear()
        _remembered[key] = np.random.default_rng([seed, epoch]).permutation(count)
    return _remembered[key]


_remembered: dict[tuple[int, int, int], Any] = {}


def count_tokens(rows: Rows, steps: int, *, size: int, seed: int) -> int:
    """Tokens in the first `steps` batches, counted without making them."""
    import numpy as np

    lengths = np.diff(rows.starts)
    epochs, rest = divmod(steps * size, len(rows))
    begun = lengths[_order(len(rows), epochs, seed)[:rest]]
    return int(epochs * lengths.sum() + begun.sum())


def examples_sha256(examples: Sequence[Example]) -> str:
    """One number for the data: order, prompts and responses."""
    digest = hashlib.sha256()
    for one in examples:
        for text in (one.prompt, one.response):
            data = text.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()
