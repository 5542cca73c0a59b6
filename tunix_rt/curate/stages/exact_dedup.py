"""Keep the best of traces with the same text: as written, normalised, or digits masked."""

from collections.abc import Iterator
from typing import Literal

from tunix_rt.curate.grouping import Groups
from tunix_rt.curate.schema import Around, Drop, Options, Seen
from tunix_rt.curate.wording import masked, normal, number_of

VERSION = "1"
NEEDS: tuple[str, ...] = ("steps",)


class Config(Options):
    """What has to be the same."""

    of: Literal["trace", "prompt", "steps"] = "trace"
    """The whole trace, its prompt, or its steps and answer."""

    text: Literal["raw", "normal", "masked"] = "normal"
    """As it is written; as lower-case words; as words with digits masked."""


class _Dedup:
    """36 bytes a trace, in files beyond 200,000 of them."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._groups = Groups(around.folder, "same")

    def see(self, trace: Seen) -> None:
        """Remember the hash of its text."""
        text = text_of(trace, self._options.of)
        if self._options.text != "raw":
            text = normal(masked(text) if self._options.text == "masked" else text)
        self._groups.add(number_of(text), trace.rank, trace.key, trace.place)

    def end(self) -> Iterator[tuple[int, Drop]]:
        """Drop all but the best of each group."""
        reason = f"same {self._options.of}"
        for rows in self._groups.groups(least=2):
            best, *others = rows["place"].tolist()
            for place in others:
                yield place, Drop(reason, {"text": self._options.text}, twin=best)


def text_of(trace: Seen, of: str) -> str:
    """The text that is compared; what separates its parts stands in none of them."""
    if of == "prompt":
        return trace.prompt
    said = "\x1f".join([*trace.steps, trace.answer])
    return said if of == "steps" else f"{trace.prompt}\x1f{said}"


def begin(options: Config, around: Around) -> _Dedup:
    """Gather traces by the hash of their text."""
    return _Dedup(options, around)
