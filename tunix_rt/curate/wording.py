"""Words, n-grams and masked text as numbers that are the same on any machine.

A word is a run of letters, digits and underscores, in lower case. Masked text has one 0 for each
run of digits, so that texts which differ only in their numbers are one.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
MOST_WORDS = 500_000
"""Words a vocabulary remembers; then it starts anew, so that its memory has an end."""

_ODD = 0x9E3779B97F4A7C15
"""The base of rolling hashes: the golden ratio in 64 bits, and odd."""

_ALL = 0xFFFF_FFFF_FFFF_FFFF


_SPACES = bytes(code if _WORD.match(chr(code)) else 32 for code in range(128)) + bytes(128)
"""ASCII with a space for all that is not part of a word."""


def words(text: str) -> list[str]:
    """The words of a text."""
    if text.isascii():  # the same, five times as fast
        return text.lower().encode().translate(_SPACES).decode().split()
    return _WORD.findall(text.lower())


def placed(text: str) -> list[tuple[str, int, int]]:
    """The words of a text with the characters they stand on, end exclusive."""
    low = text.lower()
    if len(low) != len(text):  # a capital whose small form is longer: İ
        low = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return [(found[0], found.start(), found.end()) for found in _WORD.finditer(low)]


def masked(text: str) -> str:
    """The text with one 0 for each run of digits."""
    return _DIGITS.sub("0", text)


def normal(text: str) -> str:
    """The text as its words, one space between two."""
    return " ".join(words(text))


def number_of(text: str) -> int:
    """64 bits of a hash of the text, without a sign."""
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big")


def chance(key: int, seed: int) -> int:
    """64 evenly spread bits for a key and a seed (splitmix64; Steele, Lea and Flood 2014)."""
    mixed = (key ^ (seed * _ODD & _ALL)) + _ODD & _ALL
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _ALL
    return mixed ^ mixed >> 31


def chances(keys: Any, seed: int) -> Any:
    """`chance` of each key of an array of uint64."""
    import numpy as np

    word = np.uint64
    mixed = (keys ^ word(seed * _ODD & _ALL)) + word(_ODD)
    mixed = (mixed ^ (mixed >> word(30))) * word(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> word(27))) * word(0x94D049BB133111EB)
    return mixed ^ (mixed >> word(31))


class Vocabulary(dict[str, int]):
    """The number of each word, remembered; of a masked vocabulary, of the word as it is masked."""

    def __init__(self, *, mask: bool = False) -> None:
        super().__init__()
        self._mask = mask

    def __missing__(self, word: str) -> int:
        if len(self) >= MOST_WORDS:
            self.clear()
        found = self[word] = number_of(masked(word) if self._mask else word)
        return found

    def tokens(self, said: Iterable[str]) -> Any:
        """The numbers of words in their order; shape (words,), uint64."""
        import numpy as np

        return np.array(list(map(self.__getitem__, said)), np.uint64)


def rolled(tokens: Any, length: int) -> Any:
    """A hash of every window of `length` numbers; shape (n - length + 1,), or (0,).

    Polynomial in `_ODD` modulo 2**64. Windows of powers of two are built from their halves,
    so a window of 13 costs six steps.
    """
    import numpy as np

    count = len(tokens) - length + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    piece, width, done, covered = tokens, 1, None, 0
    while True:
        if length & width:
            part = piece[covered : covered + count]
            done = part if done is None else done * _power(width) + part
            covered += width
        if width * 2 > length:
            assert done is not None
            return done
        piece = piece[:-width] * _power(width) + piece[width:]
        width *= 2


def _power(exponent: int) -> Any:
    import numpy as np

    return np.uint64(pow(_ODD, exponent, 2**64))
