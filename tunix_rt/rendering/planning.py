"""Which rows each batch has: a pure function of their lengths, the layout, the seed and the step.

No batch depends on another, so that whoever goes on at step N begins there. Every layout draws from
*streams* of shuffled epochs that never end, so that each row comes equally often.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tunix_rt.rendering.packing import pack
from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.rendering.widths import bucket_widths, width_of

MOST_LINES = 65_536
"""A batch that repeats a small dataset more often than this is a mistake."""

SCHEDULE = 2**31
"""Seeds the order of the streams; a stream's own number is smaller."""


class Planned(NamedTuple):
    """The rows of one batch."""

    width: int
    lines: list[list[int]]
    """The rows of each line, by their numbers: one, or several that are packed."""


@dataclass(slots=True)
class _Stream:
    """Lines of one width, and how many of them make a batch."""

    width: int
    size: int
    rows: Any
    """Numbers of the rows, line after line."""
    starts: Any
    """Where each line begins in them, with one more at the end."""
    tokens: Any
    """Tokens of each line."""
    seed: tuple[int, ...]
    number: int
    _remembered: dict[int, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tokens)

    def batch(self, number: int) -> Planned:
        found = drawn(len(self), number, self.size, self._order)
        lines = [self.rows[self.starts[one] : self.starts[one + 1]].tolist() for one in found]
        return Planned(self.width, lines)

    def batches(self, epochs: float) -> int:
        """How many batches so many epochs are; the last one may reach beyond."""
        if isinstance(epochs, int):
            return -(-epochs * len(self) // self.size)
        return math.ceil(epochs * len(self) / self.size)

    def taught(self, batches: int) -> int:
        """Tokens of the first batches."""
        epochs, rest = divmod(batches * self.size, len(self))
        return int(epochs * self.tokens.sum() + self.tokens[self._order(epochs)[:rest]].sum())

    def _order(self, epoch: int) -> Any:
        """The shuffle of one epoch; the last one asked for is remembered."""
        import numpy as np

        if epoch not in self._remembered:
            self._remembered.clear()
            seed = [self.seed[0], epoch, *self.seed[1:]]
            self._remembered[epoch] = np.random.default_rng(seed).permutation(len(self))
        return self._remembered[epoch]


def drawn(count: int, number: int, size: int, order: Callable[[int], Any]) -> list[int]:
    """Which of `count` things part `number` of an endless stream has, `size` in each part.

    `order` is the shuffle of an epoch.
    """
    found: list[int] = []
    position = number * size
    while len(found) < size:
        epoch, offset = divmod(position, count)
        taken = order(epoch)[offset : offset + size - len(found)]
        found += taken.tolist()
        position += len(taken)
    return found


class Plan:
    """The batches of rows of these lengths."""

    def __init__(self, lengths: Any, batching: Batching, *, size: int, seed: int) -> None:
        """`lengths` are those of the rows; `size` is how many rows of mean length a batch has."""
        assert batching.layout != "auto", "a layout is chosen before batches are planned"
        self._seed = seed
        self._streams = _streams(lengths, batching, size, seed)
        self._remembered: dict[int, Any] = {}

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Lines and columns of every kind of batch."""
        return [(stream.size, stream.width) for stream in self._streams]

    def at(self, step: int) -> Planned:
        """The rows of batch `step`, from 0."""
        if len(self._streams) == 1:
            return self._streams[0].batch(step)
        epoch, offset = self._place(step)
        order = self._order(epoch)
        stream = self._streams[int(order[offset])]
        before = int((order[:offset] == stream.number).sum())
        return stream.batch(stream.batches(epoch) + before)

    def steps(self, epochs: float) -> int:
        """Batches in so many epochs."""
        return sum(stream.batches(epochs) for stream in self._streams)

    def tokens(self, steps: int) -> int:
        """Tokens in the first `steps` batches, padding not counted, without making them."""
        if len(self._streams) == 1:
            return self._streams[0].taught(steps)
        epoch, offset = self._place(steps)
        begun = self._order(epoch)[:offset]
        return sum(
            stream.taught(stream.batches(epoch) + int((begun == stream.number).sum()))
            for stream in self._streams
        )

    def share(self) -> list[float]:
        """How many batches of each shape an epoch has."""
        return [len(stream) / stream.size for stream in self._streams]

    def _place(self, step: int) -> tuple[int, int]:
        """The epoch of a step, and its place in it."""
        epoch = int(step / sum(self.share()))
        while self.steps(epoch) > step:
            epoch -= 1
        while self.steps(epoch + 1) <= step:
            epoch += 1
        return epoch, step - self.steps(epoch)

    def _order(self, epoch: int) -> Any:
        """Which stream each batch of an epoch is drawn from."""
        import numpy as np

        if epoch not in self._remembered:
            self._remembered.clear()
            counts = [stream.batches(epoch + 1) - stream.batches(epoch) for stream in self._streams]
            order: Any = np.repeat(np.arange(len(self._streams)), counts)
            random = np.random.default_rng([self._seed, epoch, SCHEDULE])
            self._remembered[epoch] = random.permutation(order)
        return self._remembered[epoch]


def _streams(lengths: Any, batching: Batching, size: int, seed: int) -> list[_Stream]:
    import numpy as np

    lengths = np.asarray(lengths, np.int64)
    widest = width_of(int(lengths.max()))
    everything = np.arange(len(lengths))
    if batching.layout == "padded":
        if batching.batch_tokens is not None:
            size = _lines(batching.batch_tokens, widest)
        return [_singles(lengths, everything, (widest, size), (seed,))]
    tokens = batching.batch_tokens or math.ceil(size * float(lengths.mean()))
    if batching.layout == "packed":
        packs = pack(lengths, widest, seed)
        return [_packs(lengths, packs, (widest, _lines(tokens, widest)), (seed,))]
    streams: list[_Stream] = []
    below = 0
    for width in bucket_widths(lengths, batching.buckets, tokens):
        inside = everything[(lengths > below) & (lengths <= width)]
        shape = (width, _lines(tokens, width))
        streams.append(_singles(lengths, inside, shape, (seed, len(streams)), len(streams)))
        below = width
    return streams


def _lines(tokens: int, width: int) -> int:
    """Lines of a batch of so many tokens; no more than `batch_size` may ask for."""
    return max(1, min(tokens // width, MOST_LINES))


def _singles(
    lengths: Any, rows: Any, shape: tuple[int, int], seed: tuple[int, ...], number: int = 0
) -> _Stream:
    """One row a line."""
    import numpy as np

    return _Stream(*shape, rows, np.arange(len(rows) + 1), lengths[rows], seed, number)


def _packs(
    lengths: Any, packs: Sequence[Sequence[int]], shape: tuple[int, int], seed: tuple[int, ...]
) -> _Stream:
    """Several rows a line."""
    import numpy as np

    rows = np.concatenate([np.asarray(one, np.int64) for one in packs])
    starts = np.concatenate([[0], np.cumsum([len(one) for one in packs])])
    tokens = np.add.reduceat(lengths[rows], starts[:-1])
    return _Stream(*shape, rows, starts, tokens, seed, 0)
