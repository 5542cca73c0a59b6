"""Keep the best of traces that say nearly the same: found by MinHash, judged by Jaccard.

A text is the set of its three-word shingles. rensa's MinHash with bands finds who may be similar;
then the sets themselves are compared. The band that a pair meets in is chosen so that a pair at
the threshold is found with a probability of at least 0.95 (A. Broder 1997; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, 3.4).
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import unpack
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tunix_rt.curate.schema import Around, Drop, Options, Seen
from tunix_rt.curate.stages.exact_dedup import text_of
from tunix_rt.curate.wording import Vocabulary, chances, rolled, words
from tunix_rt.kit.errors import MissingExtra

VERSION = "1"
NEEDS: tuple[str, ...] = ("steps",)
PERMUTATIONS = 128
HASHES = 20_250_101
"""The seed of rensa's permutations: any number, always the same one."""

CHUNK = 1_000
"""Traces whose signatures are made at a time."""

HEADS = 8
"""Of a bucket whose traces are not similar, so many are compared with the rest."""

PIECE = 500_000
"""Texts whose bands are sorted at a time."""

REMEMBERED = 5_000
"""Traces whose shingles stay in memory."""

Threshold = Annotated[float, Field(ge=0.3, le=1)] | None


class Config(Options):
    """How similar is too similar; null leaves that text out."""

    jaccard: Threshold = 0.8
    """Of the text as it is."""

    masked: Threshold = None
    """Of the text with digits masked: finds templates that differ only in their numbers."""

    of: Literal["trace", "prompt", "steps"] = "trace"
    shingle: Annotated[int, Field(ge=1, le=20)] = 3
    """Words of a shingle."""

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if self.jaccard is None and self.masked is None:
            raise ValueError("neither `jaccard` nor `masked` is given")
        return self


def bands_of(threshold: float) -> tuple[int, int]:
    """How many bands of how many rows find a pair at the threshold with probability 0.95."""
    for rows in range(PERMUTATIONS, 1, -1):
        bands = PERMUTATIONS // rows
        if 1 - (1 - threshold**rows) ** bands >= 0.95:
            return bands, rows
    return PERMUTATIONS, 1


@dataclass
class _Side:
    """One of the two texts: its threshold, words, and the files of its bands."""

    text: Literal["raw", "masked"]
    threshold: float
    vocabulary: Vocabulary
    folder: Path

    def __post_init__(self) -> None:
        self.bands, self.rows = bands_of(self.threshold)
        self.files = [self.folder / f"{self.text}.{band:03d}" for band in range(self.bands)]

    def shingles(self, said: Sequence[str], length: int) -> Any:
        """The hashes of a text's shingles; a shorter text is one shingle."""
        tokens = self.vocabulary.tokens(said)
        return rolled(tokens, min(length, len(tokens)))

    def write(self, shingles: Sequence[Any]) -> None:
        """Append what each text has in each band."""
        import numpy as np

        ends = [0, *np.cumsum([len(one) for one in shingles]).tolist()]
        matrix = _rensa().RMinHash.digest_matrix_from_flat_token_hashes(
            np.concatenate(shingles), ends, PERMUTATIONS, HASHES
        )
        signs = np.array(matrix.to_rows(), np.uint64)
        for band, file in enumerate(self.files):
            piece = signs[:, band * self.rows : (band + 1) * self.rows]
            mixed: Any = np.zeros(len(signs), np.uint64)
            for column in range(self.rows):
                mixed = chances(mixed ^ piece[:, column], band)
            with file.open("ab") as end:
                mixed.tofile(end)

    def buckets(self) -> Iterator[Any]:
        """The indices of texts that share a band, two at least."""
        import numpy as np

        for found, texts in (piece for file in self.files for piece in pieces(file)):
            order = np.argsort(found, kind="stable")
            found = found[order]
            same = np.flatnonzero(found[1:] == found[:-1])
            if not len(same):
                continue
            gaps = np.flatnonzero(np.diff(same) > 1)
            firsts = same[np.append(0, gaps + 1)]
            lasts = same[np.append(gaps, len(same) - 1)]
            for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
                yield texts[order[first : last + 2]]


def pieces(file: Path, size: int = PIECE) -> Iterator[tuple[Any, Any]]:
    """The hashes of a band with the indices of their texts, about `size` at a time.

    Equal hashes are in one piece: a piece is those that begin with the same bits.
    """
    import numpy as np

    if not file.exists():
        return
    number = file.stat().st_size // 8
    bits = (number // size).bit_length()
    for piece in range(1 << bits):
        hashes: list[Any] = []
        texts: list[Any] = []
        for start in range(0, number, size):
            some = np.fromfile(file, np.uint64, size, offset=8 * start)
            mine = np.flatnonzero(some >> np.uint64(64 - bits) == piece) if bits else slice(None)
            hashes.append(some[mine])
            texts.append(np.arange(start, start + len(some), dtype=np.uint32)[mine])
        yield np.concatenate(hashes), np.concatenate(texts)
    file.unlink()


class _NearDedup:
    """10 bytes a trace in memory; in files 16, and 8 for each band and text (18 bands at 0.8)."""

    def __init__(self, options: Config, around: Around) -> None:
        from array import array

        self._of, self._length = options.of, options.shingle
        self._around = around
        asked = (("raw", options.jaccard), ("masked", options.masked))
        self._sides = [
            _Side(text, threshold, Vocabulary(mask=text == "masked"), around.folder)  # type: ignore[arg-type]
            for text, threshold in asked
            if threshold is not None
        ]
        self._waiting: list[list[str]] = []
        self._places, self._waiting_ranks = array("I"), array("Q")
        self._ranks = around.folder / "ranks"
        self._known: OrderedDict[tuple[str, int], Any] = OrderedDict()
        _rensa()

    def see(self, trace: Seen) -> None:
        """Remember the signature of its text; a text without words has none."""
        said = words(text_of(trace, self._of))
        if not said:
            return
        self._places.append(trace.place)
        self._waiting_ranks.extend((trace.rank, trace.key))
        self._waiting.append(said)
        if len(self._waiting) >= CHUNK:
            self._sign()

    def end(self) -> Iterator[tuple[int, Drop]]:
        """Drop who is similar to a better one; each drop names the kept one."""
        import numpy as np

        self._sign()
        number = len(self._places)
        self._alive: Any = np.ones(number, np.bool_)
        better: Any = np.full(number, -1, np.int32)
        by: Any = np.zeros(number, np.uint8)
        for turn, side in enumerate(self._sides):
            for some in _gathered(side.buckets()):
                self._load(side, some)
                for bucket in some:
                    for index, head in self._compared(side, bucket):
                        self._alive[index] = False
                        better[index], by[index] = head, turn
        for start in range(0, number, PIECE):
            for index in (np.flatnonzero(better[start : start + PIECE] >= 0) + start).tolist():
                head = int(better[index])
                while better[head] >= 0:  # who it was like was dropped later
                    head = int(better[head])
                side = self._sides[by[index]]
                similarity = self._similarity(side, index, head)
                evidence = {"similarity": round(similarity, 4), "text": side.text}
                yield self._places[index], Drop("near duplicate", evidence, twin=self._places[head])

    def _sign(self) -> None:
        if self._waiting:
            for side in self._sides:
                side.write([side.shingles(said, self._length) for said in self._waiting])
        with self._ranks.open("ab") as end:
            self._waiting_ranks.tofile(end)
        self._waiting = []
        del self._waiting_ranks[:]

    def _compared(self, side: _Side, bucket: Any) -> Iterator[tuple[int, int]]:
        """Who of a bucket is similar to a better one, and to whom."""
        alive = [index for index in bucket.tolist() if self._alive[index]]
        if len(alive) < 2:
            return
        ranks = self._ranks_of(alive)
        alive.sort(key=ranks.__getitem__)
        heads: list[int] = []
        for index in alive:
            for head in heads:
                if self._similarity(side, index, head) >= side.threshold:
                    yield index, head
                    break
            else:
                if len(heads) < HEADS:
                    heads.append(index)

    def _ranks_of(self, indices: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Rank and key of some texts."""
        found = {}
        with self._ranks.open("rb") as file:
            for index in indices:
                file.seek(16 * index)
                found[index] = unpack("=QQ", file.read(16))
        return found

    def _similarity(self, side: _Side, one: int, other: int) -> float:
        """The Jaccard index of two shingle sets."""
        import numpy as np

        pair = [index for index in (one, other) if (side.text, index) not in self._known]
        if pair:
            self._load(side, [np.array(pair)])
        first, second = self._known.get((side.text, one)), self._known.get((side.text, other))
        if first is None or second is None:
            return 0.0  # deleted meanwhile
        both = len(np.intersect1d(first, second, assume_unique=True))
        return both / (len(first) + len(second) - both)

    def _load(self, side: _Side, buckets: Sequence[Any]) -> None:
        """Fetch the shingles of those who are to be compared."""
        import numpy as np

        wanted = sorted({index for bucket in buckets for index in bucket.tolist()})
        missing = {
            self._places[index]: index
            for index in wanted
            if self._alive[index] or len(buckets) == 1
            if (side.text, index) not in self._known
        }
        while len(self._known) > max(0, REMEMBERED - len(missing)):
            self._known.popitem(last=False)
        for trace in self._around.traces(list(missing)):
            shingles = side.shingles(words(text_of(trace, self._of)), self._length)
            self._known[side.text, missing[trace.place]] = np.unique(shingles)


def _gathered(buckets: Iterator[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Buckets in lists of about so many traces; a larger one is cut, and its best may be apart."""
    some: list[Any] = []
    for bucket in buckets:
        some.append(bucket)
        if sum(map(len, some)) >= size:
            yield some
            some = []
    if some:
        yield some


def _rensa() -> Any:
    try:
        import rensa
    except ImportError as error:
        raise MissingExtra(
            "What finds near duplicates is not installed.", hint="pip install 'tunix-rt[curate]'"
        ) from error
    return rensa


def begin(options: Config, around: Around) -> _NearDedup:
    """Sign every text, then compare who shares a band."""
    return _NearDedup(options, around)
