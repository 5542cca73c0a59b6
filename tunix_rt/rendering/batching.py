"""Examples as token rows, and batches as a pure function of seed and step.

Every training backend and the proofs of a frozen dataset read batches from here, so a training can
show that it saw what was proven. Rows are kept end to end in one array and padded when a batch is
made, so memory grows with the data and not with its longest row.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids
from tunix_rt.rendering.schema_options import Rendering, TooLong
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.tokenizing import Tokens, encoded


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row that will be trained, in the order of the examples."""

    tokens: Any
    """All tokens, end to end (int32)."""
    weights: Any
    """What each of them weighs (float32)."""
    starts: Any
    """Where each row begins, with one more at the end (int64)."""
    width: int
    """Columns of a batch: the longest row, rounded up to eight."""
    pad: int
    dropped: int
    """Examples that are too long, or teach nothing."""
    examples_sha256: str
    """One number for the data: order, prompts, responses and their weights."""

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded rows: tokens (int32), their weights (float32), and which are there (int32)."""

    tokens: Any
    weights: Any
    present: Any

    def sha256(self) -> str:
        """What the model is shown, as one number: little-endian tokens, then their weights.

        Weights that are all 0 or 1 are written as integers, as they were before there were others.
        """
        plain = ((self.weights == 0) | (self.weights == 1)).all()
        digest = hashlib.sha256(self.tokens.astype("<i4").tobytes())
        digest.update(self.weights.astype("<i4" if plain else "<f4").tobytes())
        return digest.hexdigest()


def make_rows(
    examples: Iterable[Example], tokenizer: TextTokenizer, rendering: Rendering, *, vocab: int
) -> Rows:
    """Tokenise; refuse, drop or cut what is longer than the rendering allows.

    `vocab` is how many tokens the model knows; an id behind them is refused. Examples that teach
    nothing are dropped.
    """
    import numpy as np

    most, too_long = rendering.max_seq_length, rendering.too_long
    pieces, weights, starts = [], [], [0]
    count = long = silent = longest = 0
    digest = hashlib.sha256()
    for one, tokens in encoded(examples, tokenizer):
        count += 1
        _digest(digest, one)
        if tokens is not None:
            longest = max(longest, len(tokens.ids))
            long += len(tokens.ids) > most
            tokens = fitted(tokens, most, too_long)
            if tokens is None:
                continue
        if tokens is None or not any(tokens.weights):
            silent += 1
            continue
        pieces.append(np.array(tokens.ids, np.int32))
        weights.append(np.array(tokens.weights, np.float32))
        starts.append(starts[-1] + len(tokens.ids))
    if long and (too_long == "refuse" or (too_long == "drop" and not pieces)):
        raise BadInput(
            f"{long} of {count} examples are longer than {most} tokens "
            f"(the longest has {longest}).",
            hint='Raise max_seq_length, or set too_long = "drop".',
        )
    if not pieces:
        raise BadInput(
            f"None of the {count} examples has a token to learn.",
            hint="The masks leave nothing of them; train more of their reasoning or answers.",
        )
    tokens_of_all = np.concatenate(pieces)
    check_ids(tokenizer, int(tokens_of_all.max()), vocab)
    return Rows(
        tokens=tokens_of_all,
        weights=np.concatenate(weights),
        starts=np.array(starts, np.int64),
        width=width_of(max(map(len, pieces))),
        pad=tokenizer.pad_id(),
        dropped=silent + (long if too_long == "drop" else 0),
        examples_sha256=digest.hexdigest(),
    )


def fitted(tokens: Tokens, most: int, too_long: TooLong) -> Tokens | None:
    """A row as it is trained: cut where that is wanted; null where it is too long."""
    if len(tokens.ids) <= most:
        return tokens
    return tokens.cut(most) if too_long == "cut" else None


def width_of(longest: int) -> int:
    """Columns of a batch whose longest row has so many tokens."""
    return -(-longest // 8) * 8


def batch_at(rows: Rows, step: int, *, size: int, seed: int) -> Batch:
    """Batch `step` (from 0) of an endless stream of shuffled epochs.

    A batch may reach over the end of an epoch, so every row is used equally
    often and a small data set can fill a large batch.
    """
    found = []
    for row in chosen(len(rows), step, size=size, seed=seed):
        here = slice(int(rows.starts[row]), int(rows.starts[row + 1]))
        found.append((rows.tokens[here], rows.weights[here]))
    return padded(found, rows.width, rows.pad)


def padded(rows: Sequence[tuple[Any, Any]], width: int, pad: int) -> Batch:
    """Ids and weights of some rows as one batch, padded on the right."""
    import numpy as np

    shape = (len(rows), width)
    tokens: Any = np.full(shape, pad, np.int32)
    weights: Any = np.zeros(shape, np.float32)
    present: Any = np.zeros(shape, np.int32)
    for line, (ids, own) in enumerate(rows):
        tokens[line, : len(ids)] = ids
        weights[line, : len(ids)] = own
        present[line, : len(ids)] = 1
    return Batch(tokens, weights, present)


def chosen(count: int, step: int, *, size: int, seed: int) -> list[int]:
    """Which of `count` rows batch `step` has, in its order."""
    found: list[int] = []
    position = step * size
    while len(found) < size:
        epoch, offset = divmod(position, count)
        taken = _order(count, epoch, seed)[offset : offset + size - len(found)]
        found += taken.tolist()
        position += len(taken)
    return found


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


def _digest(digest: Any, one: Example) -> None:
    """Prompt and response with their lengths; weights only where they are not all 1."""
    for text in (one.prompt, one.response):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    weighed = [(s.weight, len(s.text)) for s in one.segments if not s.given]
    if any(weight != 1 for weight, _ in weighed):
        digest.update(repr(weighed).encode())
