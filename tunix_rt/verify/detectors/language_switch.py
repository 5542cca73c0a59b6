"""Letters of a script that the prompt does not use: a slip into another language.

Two languages of one script cannot be told apart here. Greek is notation, not a language.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from tunix_rt.verify.schema import StepInput, TraceInput, TraceWarning, warn

VERSION = "1"
MANY = 6
SHARE = 0.02
"""Letters that are too many, and their share of all letters."""

_NOTATION = frozenset(
    {"GREEK", "MATHEMATICAL", "MODIFIER", "SUPERSCRIPT", "SUBSCRIPT", "FULLWIDTH", "SCRIPT"}
    | {"DOUBLE-STRUCK", "BLACK-LETTER", "MICRO", "FEMININE", "MASCULINE", "OHM", "ANGSTROM"}
    | {"KELVIN", "INFORMATION", "PLANCK", "TURNED", "CIRCLED", "COMBINING"}
)
_ALIKE = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HALFWIDTH": "CJK", "KATAKANA-HIRAGANA": "CJK"}


def detect(trace: TraceInput) -> Iterator[TraceWarning]:
    """One warning for each script that comes from nowhere, at its first letters."""
    texts = [step.content for step in trace.steps]
    used = _scripts(trace.prompt)
    if not used:
        return
    if "LATIN" in used and trace.final_answer.isascii() and all(map(str.isascii, texts)):
        return
    counts = sum(map(_scripts, texts), Counter[str]()) + _scripts(trace.final_answer)
    letters = sum(counts.values())
    for script, count in counts.items():
        if script in used or (script == "LATIN" and count < MANY):
            continue
        if count >= MANY or (count >= 2 and count >= SHARE * letters):
            place = next((where for s in trace.steps if (where := _first(s, script))), ())
            message = f"{count:,} {script.lower()} letters, and none in the prompt."
            yield warn("language_switch", message, *place)


def _scripts(text: str) -> Counter[str]:
    """How many letters each script has in a text."""
    if text.isascii():
        letters = sum(map(str.isalpha, text))
        return Counter({"LATIN": letters}) if letters else Counter()
    found: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if script := _script(character):
            found[script] += count
    return found


@lru_cache(8192)
def _script(character: str) -> str:
    """The script of a letter, or nothing."""
    if not character.isalpha():
        return ""
    word = unicodedata.name(character, "").partition(" ")[0]
    return "" if word in _NOTATION else _ALIKE.get(word, word)


def _first(step: StepInput, script: str) -> tuple[int, int, int] | tuple[()]:
    """Where the first run of such letters stands in a step."""
    text = step.content
    for start, character in enumerate(text):
        if _script(character) == script:
            end = start
            while end < len(text) and (_script(text[end]) == script):
                end += 1
            return step.index, start, end
    return ()
