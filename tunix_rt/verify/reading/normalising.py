"""One spelling per character, before anything is read as a number.

Superscripts and vulgar fractions are rewritten before NFKC, which would glue them
into their neighbours: `10³` would read 103, and `1½` would read 11/2.
"""

import re
import unicodedata

LIMIT = 20_000
"""Longest text that is looked at, in characters."""

_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹⁺⁻]+")
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5",
    "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8",
    "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10", "↉": "0/3",
}  # fmt: skip
_FRACTION = re.compile(f"([0-9]?)([{''.join(_VULGAR)}])")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe00-\ufe0f]"
)
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\u207b", "-"),
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u00d7\u2715\u2716\u2a2f\u22c5\u00b7\u2219\u2217", "×"),
        **dict.fromkeys("\u2044\u2215\u00f7", "/"),
        "\u066b": ".",
        "\u066c": ",",
    }
)


def normalise(text: str) -> str:
    """The same text in plain characters; ASCII text comes back as it is."""
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    text = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_SUPER), text)
    text = _FRACTION.sub(_spell_fraction, text)
    text = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return "".join(_plain_digit(character) for character in text)


def _spell_fraction(found: re.Match[str]) -> str:
    whole, sign = found[1], found[2]
    return f"{whole} {_VULGAR[sign]}" if whole else _VULGAR[sign]


def _plain_digit(character: str) -> str:
    if character.isascii() or not character.isdecimal():
        return character
    return str(unicodedata.decimal(character))
