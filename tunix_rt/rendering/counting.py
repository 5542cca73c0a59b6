"""Numbers of a rendering: who is learned how much, how long rows are, what is cut."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_proofs import (
    Cut,
    KindShare,
    LengthBin,
    Lengths,
    Numbers,
    StepShare,
)
from tunix_rt.rendering.schema_wording import Kind
from tunix_rt.rendering.tokenizing import Tokens

BINS = 24
"""At most this many bars in a histogram of lengths."""

MOST_TYPES = 200
"""Types of steps that are counted apart; those that come later are counted together."""

OTHERS = "(other types)"


class _Share:
    """Tokens of one kind."""

    def __init__(self) -> None:
        self.steps = self.tokens = self.trained = 0
        self.weight = 0.0

    def add(self, tokens: int, weight: float) -> None:
        """Count some tokens that weigh the same."""
        self.tokens += tokens
        self.trained += tokens if weight > 0 else 0
        self.weight += tokens * weight


class Counts:
    """What was counted so far; its size does not grow with the rows."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lengths: Counter[int] = Counter()
        self._kinds: dict[Kind, _Share] = {kind: _Share() for kind in get_args(Kind)}
        self._types: dict[str, _Share] = {}
        self._trained_rows = self._left_out = 0
        self._long = self._lost_tokens = self._lost_answers = 0

    def leave_out(self) -> None:
        """A row that teaches nothing."""
        self._left_out += 1

    def length(self, tokens: Tokens, *, whole: bool) -> None:
        """A row, uncut; `whole` when it fits."""
        self._lengths[len(tokens.ids)] += 1
        if whole:
            return
        self._long += 1
        self._lost_tokens += len(tokens.ids) - self._most
        ends = [span.end for span in tokens.spans if span.kind == "answer"]
        self._lost_answers += max(ends, default=0) > self._most

    def trained(self, trace: TraceRow, shown: Tokens) -> None:
        """A row as it is trained."""
        self._trained_rows += 1
        seen = set()
        for start, end, kind, step, weight in shown.spans:
            self._kinds[kind].add(end - start, weight)
            if kind == "step" and step is not None:
                share = self._share(trace.steps[step].type)
                share.add(end - start, weight)
                share.steps += step not in seen
                seen.add(step)

    def _share(self, type_: str) -> _Share:
        if type_ not in self._types and len(self._types) >= MOST_TYPES:
            type_ = OTHERS
        return self._types.setdefault(type_, _Share())

    def numbers(self, rows: int) -> Numbers:
        """All of it; `rows` is how many there were."""
        kinds = [
            KindShare(kind=kind, tokens=one.tokens, trained=one.trained, weight=one.weight)
            for kind, one in self._kinds.items()
        ]
        types = [
            StepShare(
                type=name,
                steps=one.steps,
                tokens=one.tokens,
                trained=one.trained,
                weight=one.weight,
            )
            for name, one in sorted(self._types.items(), key=lambda pair: -pair[1].tokens)
        ]
        return Numbers(
            rows=rows,
            trained_rows=self._trained_rows,
            left_out=self._left_out,
            tokens=sum(one.tokens for one in kinds),
            trained_tokens=sum(one.trained for one in kinds),
            kinds=kinds,
            step_types=types,
            lengths=self._all_lengths(),
            cut=Cut(rows=self._long, tokens=self._lost_tokens, answers=self._lost_answers),
        )

    def _all_lengths(self) -> Lengths | None:
        if not self._lengths:
            return None
        count = self._lengths.total()
        return Lengths(
            shortest=min(self._lengths),
            median=self._quantile(0.5),
            p95=self._quantile(0.95),
            p99=self._quantile(0.99),
            longest=max(self._lengths),
            mean=sum(length * rows for length, rows in self._lengths.items()) / count,
            bins=list(self._bins()),
        )

    def _quantile(self, share: float) -> int:
        """The least length that this share of the rows does not exceed."""
        left = share * self._lengths.total()
        for length in sorted(self._lengths):
            left -= self._lengths[length]
            if left <= 0:
                return length
        return max(self._lengths)

    def _bins(self) -> Iterator[LengthBin]:
        low, high = min(self._lengths), max(self._lengths)
        step = -(-(high - low + 1) // BINS)
        for start in range(low, high + 1, step):
            rows = sum(self._lengths[length] for length in range(start, start + step))
            yield LengthBin(low=start, high=start + step - 1, rows=rows)
