"""Examples as token rows, and batches as a pure function of seed and step.

Every training backend and the proofs of a frozen dataset read batches from here, so a training can
show that it saw what was proven. Rows are kept end to end in one array and laid out when a batch is
made, so memory grows with the data and not with its longest row.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, check_ids
from tunix_rt.rendering.planning import Plan
from tunix_rt.rendering.schema_batching import Batching
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
    pad: int
    dropped: int
    """Examples that are too long, or teach nothing."""
    examples_sha256: str
    """One number for the data: order, prompts, responses and their weights."""

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> Any:
        """How many tokens each row has."""
        import numpy as np

        return np.diff(self.starts)

    def row(self, number: int) -> tuple[Any, Any]:
        """The tokens of one row, and what they weigh."""
        here = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return self.tokens[here], self.weights[here]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows in lines: tokens (int32), their weights (float32), and which are there (int32)."""

    tokens: Any
    weights: Any
    present: Any
    """0 is padding; packed, the rows of a line are numbered from 1."""
    positions: Any = None
    """Packed, the place of each token in its row (int32)."""

    def sha256(self) -> str:
        """What the model is shown, as one number: little-endian tokens, then their weights.

        Weights that are all 0 or 1 are written as integers, as they were before there were others.
        What is packed follows with the rows' numbers, which say where they end.
        """
        plain = ((self.weights == 0) | (self.weights == 1)).all()
        digest = hashlib.sha256(self.tokens.astype("<i4").tobytes())
        digest.update(self.weights.astype("<i4" if plain else "<f4").tobytes())
        if self.positions is not None:
            digest.update(self.present.astype("<i4").tobytes())
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
        pad=tokenizer.pad_id(),
        dropped=silent + (long if too_long == "drop" else 0),
        examples_sha256=digest.hexdigest(),
    )


def fitted(tokens: Tokens, most: int, too_long: TooLong) -> Tokens | None:
    """A row as it is trained: cut where that is wanted; null where it is too long."""
    if len(tokens.ids) <= most:
        return tokens
    return tokens.cut(most) if too_long == "cut" else None


class Batches:
    """The batches of some rows, each by its number: no batch depends on another."""

    def __init__(self, rows: Rows, batching: Batching, *, size: int, seed: int) -> None:
        self._rows = rows
        self._plan = Plan(rows.lengths, batching, size=size, seed=seed)
        self.layout = batching.layout

    def at(self, step: int) -> Batch:
        """Batch `step` (from 0) of an endless stream of shuffled epochs.

        A batch may reach over the end of an epoch, so every row is used equally
        often and a small data set can fill a large batch.
        """
        width, lines = self._plan.at(step)
        found = [[self._rows.row(row) for row in line] for line in lines]
        return laid(found, width, self._rows.pad, packed=self.layout == "packed")

    def steps(self, epochs: float) -> int:
        """Batches in so many epochs."""
        return self._plan.steps(epochs)

    def tokens(self, steps: int) -> int:
        """Tokens in the first `steps` batches, counted without making them."""
        return self._plan.tokens(steps)

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Lines and columns of every kind of batch."""
        return self._plan.shapes

    @property
    def share(self) -> list[float]:
        """How many batches of each shape an epoch has."""
        return self._plan.share()

    def first_of(self, shape: tuple[int, int]) -> Batch:
        """The first batch of a shape."""
        step = 0
        while (batch := self.at(step)).tokens.shape != shape:
            step += 1
        return batch

    def rows_at(self, step: int) -> list[int]:
        """The numbers of the rows in batch `step`."""
        return [row for line in self._plan.at(step).lines for row in line]


def laid(
    lines: Sequence[Sequence[tuple[Any, Any]]], width: int, pad: int, *, packed: bool
) -> Batch:
    """Ids and weights of some rows as one batch, end to end in their lines, padded on the right.

    Packed, the first token of a row weighs nothing: the one before it is another row's.
    """
    import numpy as np

    shape = (len(lines), width)
    tokens: Any = np.full(shape, pad, np.int32)
    weights: Any = np.zeros(shape, np.float32)
    present: Any = np.zeros(shape, np.int32)
    positions: Any = np.zeros(shape, np.int32)
    for line, rows in enumerate(lines):
        end = 0
        for number, (ids, own) in enumerate(rows, start=1):
            start, end = end, end + len(ids)
            tokens[line, start:end] = ids
            weights[line, start:end] = own
            present[line, start:end] = number
            positions[line, start:end] = np.arange(len(ids))
            if packed:
                weights[line, start] = 0
    return Batch(tokens, weights, present, positions if packed else None)


def _digest(digest: Any, one: Example) -> None:
    """Prompt and response with their lengths; weights only where they are not all 1."""
    for text in (one.prompt, one.response):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    weighed = [(s.weight, len(s.text)) for s in one.segments if not s.given]
    if any(weight != 1 for weight, _ in weighed):
        digest.update(repr(weighed).encode())
