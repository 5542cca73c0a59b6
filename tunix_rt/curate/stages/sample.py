"""Take so many traces, or a share of them: by the seed, or spread over what they say.

Spread out is greedy k-centre (Gonzalez 1985) on 1024 bits of hashed 2-word grams: each next trace
is the one that differs in most bits from all that were taken.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tunix_rt.curate.grouping import Groups
from tunix_rt.curate.schema import Around, Drop, Options, Seen, Share
from tunix_rt.curate.wording import Vocabulary, chance, rolled, words
from tunix_rt.kit.errors import BadInput

VERSION = "1"
NEEDS: tuple[str, ...] = ()
BITS = 1024
MOST_COMPARISONS = 4_000_000_000
"""Pairs of traces that a spread sample compares: about two minutes of one core."""

MOST_SPREAD = 500_000
FIRST = "Put a `sample` by chance before it."


class Config(Options):
    """How many, and how they are chosen."""

    number: Annotated[int, Field(ge=1)] | None = None
    share: Share | None = None
    by: Literal["chance", "spread"] = "chance"

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.number is None) == (self.share is None):
            raise ValueError("give a number or a share")
        return self


class _Sample:
    """36 bytes a trace, in files beyond 200,000 of them; spread out, 132 in memory."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._seed = around.seed
        self._lots = Groups(around.folder, "lots")
        self._total = 0
        self._bits = bytearray()
        self._vocabulary = Vocabulary()

    def see(self, trace: Seen) -> None:
        """Draw its lot, and remember its bits if they are needed."""
        self._lots.add(chance(trace.key, self._seed), 0, trace.key, trace.place, self._total)
        self._total += 1
        if self._options.by == "spread":
            if self._total > MOST_SPREAD:
                raise BadInput(f"More than {MOST_SPREAD:,} traces cannot be spread.", hint=FIRST)
            self._bits += self._sketch(trace)

    def end(self) -> Iterator[tuple[int, Drop]]:
        """Drop what was not taken."""
        if self._options.number is not None:
            number = self._options.number
        else:
            assert self._options.share is not None
            number = round(self._options.share * self._total)
        if number >= self._total:
            return
        said = Drop("not sampled", {"taken": number, "of": self._total})
        drawn = (row for rows in self._lots.groups() for row in rows[["place", "extra"]].tolist())
        if self._options.by == "chance":
            yield from ((place, said) for place, _ in islice(drawn, number, None))
            return
        places, order = zip(*drawn, strict=True)
        taken = self._spread(order, number)
        yield from ((place, said) for n, place in enumerate(places) if n not in taken)

    def _spread(self, order: Sequence[int], number: int) -> set[int]:
        """Which of the traces in their order are taken."""
        import numpy as np

        total = len(order)
        if total * number > MOST_COMPARISONS:
            raise BadInput(
                f"To spread {number:,} out of {total:,} traces compares too many pairs.",
                hint=FIRST,
            )
        bits = np.frombuffer(self._bits, np.uint64).reshape(total, BITS // 64)[np.array(order)]
        far: Any = np.full(total, BITS + 1, np.int32)  # from the nearest that was taken
        taken = set()
        for _ in range(number):
            last = int(far.argmax())  # of equally far ones the first by lot
            taken.add(last)
            apart = np.bitwise_count(bits ^ bits[last]).sum(axis=1, dtype=np.int32)
            np.minimum(far, apart, out=far)
            far[last] = -1
        return taken

    def _sketch(self, trace: Seen) -> bytes:
        import numpy as np

        tokens = self._vocabulary.tokens(words(" ".join([trace.prompt, *trace.steps])))
        marked: Any = np.zeros(BITS, np.uint8)
        marked[rolled(tokens, 2) >> np.uint64(54)] = 1
        return bytes(np.packbits(marked))


def begin(options: Config, around: Around) -> _Sample:
    """Draw a lot for each trace."""
    return _Sample(options, around)
