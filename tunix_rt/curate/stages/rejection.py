"""Rejection sampling: right, unflagged, distinct samples of a prompt, at most so many.

Short ones and those with many checked steps come first: the rank is the share of steps that
hold a checked claim, in tenths, then the length.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tunix_rt.curate.grouping import Groups
from tunix_rt.curate.schema import Around, Drop, Options, Seen
from tunix_rt.curate.wording import normal, number_of
from tunix_rt.kit.words import Text

VERSION = "1"
NEEDS: tuple[str, ...] = ("steps",)


class Config(Options):
    """How many of a prompt, and what flags a trace."""

    most: Annotated[int, Field(ge=1, le=1_000_000)] = 4
    flags: tuple[Text, ...] = ("ritual", "loop", "truncation", "unclosed_thinking", "leaked_answer")
    """Kinds of warnings that drop a trace."""

    no_errors: bool = True
    """A wrong step drops it too."""


class _Rejection:
    """36 bytes a right trace, in files beyond 200,000 of them."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._flags = frozenset(options.flags)
        self._groups = Groups(around.folder, "samples")

    def see(self, trace: Seen) -> Drop | None:
        """Drop what is not right or is flagged; remember the others."""
        if trace.verdict != "right":
            return Drop(f"answer {trace.verdict or 'not verified'}")
        if self._options.no_errors and trace.first_error is not None:
            return Drop("wrong step", {"step": trace.first_error})
        if found := sorted(self._flags.intersection(trace.warnings)):
            return Drop("flagged", {"warnings": found})
        unchecked = 10 - int(trace.coverage * 10)
        rank = unchecked << 32 | min(trace.length, 0xFFFF_FFFF)
        steps = number_of("\x1f".join(map(normal, trace.steps)))
        self._groups.add(trace.group, rank, trace.key, trace.place, steps)
        return None

    def end(self) -> Iterator[tuple[int, Drop]]:
        """Drop who says the same steps as a better one, and who comes behind the first `most`."""
        most = self._options.most
        enough = Drop("enough of this prompt", {"most": most})
        for rows in self._groups.groups(least=2):
            first: dict[int, int] = {}
            kept = 0
            for place, steps in zip(rows["place"].tolist(), rows["extra"].tolist(), strict=True):
                if steps in first:
                    yield place, Drop("same steps", {"text": "normal"}, twin=first[steps])
                elif kept >= most:
                    yield place, enough
                else:
                    first[steps] = place
                    kept += 1


def begin(options: Config, around: Around) -> _Rejection:
    """Gather right traces by their prompt group."""
    return _Rejection(options, around)
