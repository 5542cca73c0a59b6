"""Drop what cheap signals speak against: repetition, junk, broken tags, warnings.

Every signal is off until its option is set, apart from the two of broken think tags. A number
that crosses its threshold is the evidence.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tunix_rt.curate.schema import Around, Drop, Each, Options, Seen, Share
from tunix_rt.curate.wording import words
from tunix_rt.kit.words import Text

VERSION = "1"
NEEDS: tuple[str, ...] = ("steps",)
LONGEST = 200_000
"""Characters of a trace's steps and answer that are measured."""

_EMPTY = re.compile(r"<think>\s*</think>")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Config(Options):
    """Thresholds; a share is from 0 to 1."""

    closed_think: bool = True
    """Drop `<think>` without `</think>`, or the other way round."""

    filled_think: bool = True
    """Drop a think tag with nothing in it."""

    boxed: bool = False
    """Drop a trace whose prompt asks for \\boxed and whose text has none, or an empty one."""

    same_lines: Share | None = None
    """At most this share of its lines were there before (NeMo Curator: 0.3)."""

    same_words: Share | None = None
    """At most this share of its 10-word grams are said more than once (data-juicer: 0.5)."""

    same_chars: Share | None = None
    """At most this share of its 10-character grams are there more than once (data-juicer: 0.5)."""

    special_chars: Share | None = None
    """At most this share is neither letter, digit nor space (data-juicer: 0.25, for prose)."""

    different_words: Share | None = None
    """At least this share of its words are different ones (the type-token ratio)."""

    zlib_ratio: Share | None = None
    """At least this share of its bytes remains when zlib packs them: what repeats packs well."""

    zlib_chars: Annotated[int, Field(ge=0)] = 300
    """Shorter texts are not packed: they pack badly anyway."""

    prompt_numbers: Share | None = None
    """At least this share of the numbers of its prompt are said in its steps."""

    without: tuple[Text, ...] = ()
    """Kinds of warnings of the detectors that drop a trace."""


def begin(options: Config, around: Around) -> Each:
    """Ask every signal that is on; the first that speaks is the reason."""
    unwanted = frozenset(options.without)

    def judge(trace: Seen) -> Drop | None:
        if found := sorted(unwanted.intersection(trace.warnings)):
            return Drop("warned of", {"warnings": found})
        text = "\n".join([*trace.steps, trace.answer])[:LONGEST]
        return next(_tags(options, trace, text), None) or next(_numbers(options, trace, text), None)

    return judge


def _tags(options: Config, trace: Seen, text: str) -> Iterator[Drop]:
    if options.closed_think and text.count("<think>") != text.count("</think>"):
        yield Drop("think tag not closed")
    if options.filled_think and _EMPTY.search(text):
        yield Drop("empty think tag")
    if options.boxed and "\\boxed" in trace.prompt and not _boxed(text):
        yield Drop("no boxed answer")


def _numbers(options: Config, trace: Seen, text: str) -> Iterator[Drop]:
    most = (
        ("same_lines", "repeated lines", _same_lines),
        ("same_words", "repeated words", _same_words),
        ("same_chars", "repeated characters", _same_chars),
        ("special_chars", "special characters", _special_chars),
    )
    for option, reason, measure in most:
        bound = getattr(options, option)
        if bound is not None and (share := measure(text)) > bound:
            yield Drop(reason, {option: round(share, 4), "most": bound})
    if (least := options.different_words) is not None and (said := words(text)):
        share = len(set(said)) / len(said)
        if share < least:
            yield Drop("few different words", {"different_words": round(share, 4), "least": least})
    if (least := options.zlib_ratio) is not None and len(text) >= options.zlib_chars:
        raw = text.encode(errors="replace")
        share = len(zlib.compress(raw, 6)) / len(raw)
        if share < least:
            yield Drop("packs too well", {"zlib_ratio": round(share, 4), "least": least})
    if (least := options.prompt_numbers) is not None:
        given = set(_NUMBER.findall(trace.prompt))
        share = len(given.intersection(_NUMBER.findall(text))) / len(given) if given else 1.0
        if share < least:
            yield Drop("numbers not used", {"prompt_numbers": round(share, 4), "least": least})


def _boxed(text: str) -> bool:
    return any(
        text[found.end() :].lstrip()[:1] not in ("", "}")
        for found in re.finditer(r"\\boxed\s{0,9}\{", text)
    )


def _same_lines(text: str) -> float:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return 1 - len(set(lines)) / len(lines) if lines else 0.0


def _same_words(text: str) -> float:
    said = words(text)
    return _repeated(Counter(tuple(said[i : i + 10]) for i in range(len(said) - 9)))


def _same_chars(text: str) -> float:
    return _repeated(Counter(text[i : i + 10] for i in range(len(text) - 9)))


def _repeated(grams: Counter[str] | Counter[tuple[str, ...]]) -> float:
    """The share of grams that are said more than once."""
    number = grams.total()
    return sum(count for count in grams.values() if count > 1) / number if number else 0.0


def _special_chars(text: str) -> float:
    return sum(not (c.isalnum() or c.isspace()) for c in text) / len(text) if text else 0.0
