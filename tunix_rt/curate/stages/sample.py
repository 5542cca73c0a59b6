"""Take so many traces, or a share of them: by the seed, or spread over what they say.

Spread out is greedy k-centre (Gonzalez 1985) on 1024 bits of hashed 2-word grams: each next trace
is the one that differs in most bits from all that were taken.
"""

from array import array
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tunix_rt.curate.schema import Around, Drop, Options, Seen, Share
from tunix_rt.curate.wording import Vocabulary, chance, rolled, words
from tunix_rt.kit.errors import BadInput

VERSION = "1"
NEEDS: tuple[str, ...] = ()
BITS = 1024
MOST_COMPARISONS = 4_000_000_000
"""Pairs of traces that a spread sample compares: about two minutes of one core."""


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
    """12 bytes a trace, and 128 more where it is spread out."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._seed = around.seed
        self._places, self._drawn = array("I"), array("Q")
        self._bits = bytearray()
        self._vocabulary = Vocabulary()

    def see(self, trace: Seen) -> None:
        """Remember its lot, and its bits if they are needed."""
        self._places.append(trace.place)
        self._drawn.append(chance(trace.key, self._seed))
        if self._options.by == "spread":
            self._bits += self._sketch(trace)

    def end(self) -> Iterator[tuple[int, Drop]]:
        """Drop what was not taken."""
        import numpy as np

        total = len(self._places)
        if self._options.number is not None:
            number = self._options.number
        else:
            assert self._options.share is not None
            number = round(self._options.share * total)
        if number >= total:
            return
        order = np.lexsort((np.arange(total), np.frombuffer(self._drawn, np.uint64)))
        taken = order[:number] if self._options.by == "chance" else self._spread(order, number)
        left: Any = np.ones(total, np.bool_)
        left[taken] = False
        said = Drop("not sampled", {"taken": number, "of": total})
        for index in np.flatnonzero(left).tolist():
            yield self._places[index], said

    def _spread(self, order: Any, number: int) -> Any:
        import numpy as np

        total = len(order)
        if total * number > MOST_COMPARISONS:
            raise BadInput(
                f"To spread {number:,} out of {total:,} traces compares too many pairs.",
                hint="Put a `sample` by chance before it.",
            )
        bits = np.frombuffer(self._bits, np.uint64).reshape(total, BITS // 64)[order]
        far: Any = np.full(total, BITS + 1, np.int32)  # from the nearest that was taken
        taken = []
        for _ in range(number):
            last = int(far.argmax())  # of equally far ones the first by lot
            taken.append(last)
            apart = np.bitwise_count(bits ^ bits[last]).sum(axis=1, dtype=np.int32)
            np.minimum(far, apart, out=far)
            far[last] = -1
        return order[taken]

    def _sketch(self, trace: Seen) -> bytes:
        import numpy as np

        tokens = self._vocabulary.tokens(words(" ".join([trace.prompt, *trace.steps])))
        marked: Any = np.zeros(BITS, np.uint8)
        marked[rolled(tokens, 2) >> np.uint64(54)] = 1
        return bytes(np.packbits(marked))


def begin(options: Config, around: Around) -> _Sample:
    """Draw a lot for each trace."""
    return _Sample(options, around)
