"""At most so many traces of one prompt: the best verified, most checked, shortest ones."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from tunix_rt.curate.grouping import Groups
from tunix_rt.curate.schema import Around, Drop, Options, Seen
from tunix_rt.curate.wording import chance

VERSION = "1"
NEEDS: tuple[str, ...] = ("steps",)


class Config(Options):
    """How many, and which."""

    most: Annotated[int, Field(ge=1, le=1_000_000)] = 4
    prefer: Literal["best", "chance"] = "best"
    """`best`: right, then more checked claims, then shorter; `chance`: as the seed has it."""


class _PerPrompt:
    """36 bytes a trace, in files beyond 200,000 of them."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._seed = around.seed
        self._groups = Groups(around.folder, "prompt")

    def see(self, trace: Seen) -> None:
        """Remember its prompt and its rank."""
        drawn = self._options.prefer == "chance"
        rank = chance(trace.key, self._seed) if drawn else trace.rank
        self._groups.add(trace.group, rank, trace.key, trace.place)

    def end(self) -> Iterator[tuple[int, Drop]]:
        """Drop what is behind the first `most` of a prompt."""
        most = self._options.most
        for rows in self._groups.groups(least=most + 1):
            said = Drop("enough of this prompt", {"of_prompt": len(rows), "most": most})
            for place in rows["place"][most:].tolist():
                yield place, said


def begin(options: Config, around: Around) -> _PerPrompt:
    """Gather traces by their prompt group."""
    return _PerPrompt(options, around)
