"""Find items of eval sets inside texts: shared grams, whole equality, and the edit ratio.

A text is looked at as it is and with its digits masked. One window of words decides fast: its
hash is looked up in a table of bits, and only what is found there is looked at again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from tunix_rt.curate.schema import ItemText
from tunix_rt.curate.wording import Vocabulary, normal, placed, rolled, words
from tunix_rt.kit.errors import MissingExtra

TABLE = 22
"""Bits of the table that answers first: 4 MB."""

GAP = " _between_the_parts_ "
"""A word between the parts of a trace, so that no gram stands in two of them."""

Kind = Literal["raw", "masked"]
Parts = Sequence[tuple[str, str]]


class Found(NamedTuple):
    """An item inside a trace; positions are characters, end exclusive."""

    item: ItemText
    rule: Literal["any-gram", "half-covered", "same", "ratio"]
    text: Kind
    share: float
    part: str
    start: int
    end: int
    item_start: int
    item_end: int


class Grams:
    """The items as grams of one kind of text; `cover` and `any_` are words of a gram."""

    def __init__(self, kind: Kind, items: Sequence[ItemText], cover: int, any_: int | None) -> None:
        import numpy as np

        self.kind = kind
        self.vocabulary = Vocabulary(mask=kind == "masked")
        self._cover, self._any = cover, any_
        self._items: list[ItemText] = []
        self._numbers: list[int] = []
        self._by_gram: dict[int, list[int]] = defaultdict(list)
        self._by_long: dict[int, int] = {}
        self._table: Any = np.zeros(1 << TABLE, np.bool_)
        same: set[bytes] = set()
        for item in items:
            tokens = self.vocabulary.tokens(words(item.prompt))
            grams = np.unique(rolled(tokens, cover))
            if not len(grams) or tokens.tobytes() in same:
                continue
            same.add(tokens.tobytes())  # templates are one item when their digits are masked
            self._table[grams >> np.uint64(64 - TABLE)] = True
            for gram in grams.tolist():
                self._by_gram[gram].append(len(self._items))
            for gram in rolled(tokens, any_).tolist() if any_ else ():
                self._by_long.setdefault(gram, len(self._items))
            self._items.append(item)
            self._numbers.append(len(grams))

    def find(self, said: Sequence[str]) -> tuple[ItemText, str, float] | None:
        """The item that words hold most of, by which rule, and how much."""
        import numpy as np

        tokens = self.vocabulary.tokens(said)
        grams = rolled(tokens, self._cover)
        hits = grams[self._table[grams >> np.uint64(64 - TABLE)]]
        if not len(hits):
            return None
        counts: dict[int, int] = defaultdict(int)
        for gram in set(hits.tolist()):
            for index in self._by_gram.get(gram, ()):
                counts[index] += 1
        if not counts:
            return None
        if self._any is not None:
            for gram in rolled(tokens, self._any).tolist():
                if gram in self._by_long:
                    index = self._by_long[gram]
                    share = counts.get(index, 0) / self._numbers[index]
                    return self._items[index], "any-gram", share
        index = max(counts, key=lambda index: (counts[index] / self._numbers[index], -index))
        share = counts[index] / self._numbers[index]
        return (self._items[index], "half-covered", share) if share >= 0.5 else None

    def place(self, found: tuple[ItemText, str, float], parts: Parts) -> Found:
        """Where it stands: from the first shared gram of a part to its last."""
        item, rule, share = found
        length = self._any if rule == "any-gram" and self._any else self._cover
        theirs = self._windows(item.prompt, length)
        known = {gram: spot for gram, *spot in reversed(theirs)}
        for name, text in parts:
            mine = [one for one in self._windows(text, length) if one[0] in known]
            if mine:
                start, end = mine[0][1], max(one[2] for one in mine)
                spots = [known[one[0]] for one in mine]
                first, last = min(spot[0] for spot in spots), max(spot[1] for spot in spots)
                return Found(item, _rule(rule), self.kind, share, name, start, end, first, last)
        name, text = parts[0]
        return Found(item, _rule(rule), self.kind, share, name, 0, len(text), 0, len(item.prompt))

    def _windows(self, text: str, length: int) -> list[tuple[int, int, int]]:
        """Each gram of a text with the characters it stands on."""
        spots = placed(text)
        tokens = self.vocabulary.tokens(word for word, _, _ in spots)
        return [
            (gram, spots[place][1], spots[place + length - 1][2])
            for place, gram in enumerate(rolled(tokens, length).tolist())
        ]


def _rule(said: str) -> Any:
    return said


class Ratio:
    """Items whose prompt is nearly a given one: rapidfuzz's `fuzz.ratio`, 0 to 100.

    A ratio of r allows edits of at most (1 - r/100) of both lengths together. That bounds how
    far the lengths may differ, and how far the counts of letters: only what passes both is
    compared, so that nothing is missed.
    """

    def __init__(self, items: Sequence[ItemText], least: float) -> None:
        import numpy as np

        self._least = least
        self._items = sorted(items, key=lambda item: (len(item.prompt), item))
        self._texts = [item.prompt.lower() for item in self._items]
        self._lengths = np.array([len(text) for text in self._texts])
        self._letters = np.array([_letters(text) for text in self._texts], np.int32)
        self._ratio = _rapidfuzz().ratio
        self._known: dict[str, tuple[ItemText, float] | None] = {}

    def find(self, prompt: str) -> tuple[ItemText, float] | None:
        """The nearest item, if it is near enough, and the ratio from 0 to 1."""
        if prompt not in self._known:
            if len(self._known) >= 1_000:
                self._known.clear()
            self._known[prompt] = self._found(prompt.lower())
        return self._known[prompt]

    def _found(self, text: str) -> tuple[ItemText, float] | None:
        import numpy as np

        apart = 1 - self._least / 100
        length = len(text)
        low = np.searchsorted(self._lengths, length * (1 - apart) / (1 + apart) - 1e-9)
        high = np.searchsorted(self._lengths, length * (1 + apart) / (1 - apart) + 1e-9, "right")
        if low >= high:
            return None
        differ = np.abs(self._letters[low:high] - _letters(text)).sum(axis=1)
        near = np.flatnonzero(differ <= apart * (self._lengths[low:high] + length) + 1e-9)
        best: tuple[float, int] | None = None
        for index in (near + low).tolist():
            ratio = self._ratio(text, self._texts[index], score_cutoff=self._least)
            if ratio >= self._least and (best is None or ratio > best[0]):
                best = (ratio, index)
        return None if best is None else (self._items[best[1]], best[0] / 100)


class Same:
    """Items with fewer words than a gram: only their whole text, as words, tells."""

    def __init__(self, items: Sequence[ItemText], cover: int) -> None:
        self._known: dict[str, ItemText] = {}
        self._longest = 2 * max((len(item.prompt) for item in items), default=0)
        for item in items:
            if 0 < len(words(item.prompt)) < cover:
                self._known.setdefault(normal(item.prompt), item)

    def find(self, prompt: str) -> ItemText | None:
        """The item with these words, and no others."""
        return self._known.get(normal(prompt)) if len(prompt) <= self._longest else None


class Items:
    """Every rule over the same items."""

    def __init__(
        self,
        items: Sequence[ItemText],
        *,
        cover: int,
        any_: int | None,
        masked: bool,
        ratio: float | None,
    ) -> None:
        kinds: tuple[Kind, ...] = ("raw", "masked") if masked else ("raw",)
        self._grams = [Grams(kind, items, cover, any_) for kind in kinds]
        self._same = Same(items, cover)
        self._ratio = None if ratio is None else Ratio(items, ratio)

    def find(self, parts: Parts) -> Found | None:
        """The first rule that finds an item; the first part is the prompt."""
        return next(self._found(parts), None)

    def _found(self, parts: Parts) -> Iterator[Found]:
        prompt = parts[0][1]
        if (item := self._same.find(prompt)) is not None:
            yield _whole(item, "same", 1.0, parts)
        said = words(GAP.join(text for _, text in parts))
        for grams in self._grams:
            if (found := grams.find(said)) is not None:
                yield grams.place(found, parts)
        if self._ratio is not None and (near := self._ratio.find(prompt)) is not None:
            yield _whole(near[0], "ratio", near[1], parts)


def _whole(item: ItemText, rule: Any, share: float, parts: Parts) -> Found:
    name, text = parts[0]
    return Found(item, rule, "raw", share, name, 0, len(text), 0, len(item.prompt))


def _letters(text: str) -> Any:
    """How often each letter is there, in 64 classes; each edit changes one count by one."""
    import numpy as np

    codes = np.frombuffer(text.encode("latin-1", "replace"), np.uint8)
    return np.bincount(codes & 63, minlength=64).astype(np.int32)


def _rapidfuzz() -> Any:
    try:
        from rapidfuzz import fuzz
    except ImportError as error:
        raise MissingExtra(
            "What compares texts is not installed.", hint="pip install 'tunix-rt[curate]'"
        ) from error
    return fuzz
