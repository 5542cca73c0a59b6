"""Numbers written in English words, up to the trillions."""

import re

_SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_SMALL_WORDS.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TENS_WORDS.split(), start=2)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORD = re.compile(r"\s*-?([A-Za-z]+)")
_LEAD = re.compile(r"^\s*(?:it\s+is|is|about|approximately|exactly|only|a\s+total\s+of)\s+", re.I)
_HALF = re.compile(r"(?<=\d)\s+and\s+(?:a|one)\s+(half|third|quarter|fourth)\b", re.IGNORECASE)
_HALVES = {"half": "1/2", "third": "1/3", "quarter": "1/4", "fourth": "1/4"}
_ROUND = re.compile(r"\s+(?:hundred|thousand|million)\b", re.IGNORECASE)
MOST_WORDS = 40


def spell_halves(text: str) -> str:
    """`18 and a half` as `18 1/2`."""
    return _HALF.sub(lambda found: " " + _HALVES[found[1].lower()], text)


def read_number(text: str) -> tuple[int, str] | None:
    """The number a text begins with, and the text behind it; None if it begins otherwise."""
    position = lead.end() if (lead := _LEAD.match(text)) else 0
    sign = 1
    total = group = 0
    end: int | None = None
    for _ in range(MOST_WORDS):
        found = _WORD.match(text, position)
        if not found:
            break
        word = found[1].lower()
        if end is None and sign == 1 and word in {"minus", "negative"}:
            sign = -1
        elif word == "and" and end is not None:
            pass
        elif word == "a" and end is None and _ROUND.match(text, found.end()):
            group = 1
        elif (grown := _grow(total, group, word, first=end is None)) is not None:
            total, group = grown
            end = found.end()
        else:
            break
        position = found.end()
    return None if end is None else (sign * (total + group), text[end:])


def _grow(total: int, group: int, word: str, *, first: bool) -> tuple[int, int] | None:
    """What has been read so far with one more word; None if it does not belong."""
    if word in _ONES and (first or group % 10 == 0) and not (_ONES[word] > 9 and group % 100):
        return total, group + _ONES[word]
    if word in _TENS and group % 100 == 0:
        return total, group + _TENS[word]
    if word == "hundred" and 0 < group < 100:
        return total, group * 100
    if word in _SCALES and group and (total == 0 or total > _SCALES[word]):
        return total + group * _SCALES[word], 0
    return None
