"""Give every trace a part of a curriculum, the easy ones first; none is dropped."""

from array import array
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from tunix_rt.curate.grouping import Groups
from tunix_rt.curate.schema import Around, Mark, Options, Seen

VERSION = "1"
NEEDS: tuple[str, ...] = ()


class Config(Options):
    """How parts are cut."""

    by: Literal["steps", "chars", "difficulty"] = "difficulty"
    """Difficulty is the share of not right traces of a prompt; half where none is judged."""

    parts: Annotated[int, Field(ge=2, le=100)] = 3
    """Parts of equal size, as far as equal values allow: what is equally hard stays together."""

    order: Literal["easy first", "hard first"] = "easy first"


class _Curriculum:
    """12 bytes a trace; by difficulty 36 more, in files beyond two million of them."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._places, self._values = array("I"), array("d")
        self._prompts = Groups(around.folder, "difficulty")

    def see(self, trace: Seen) -> None:
        """Remember its length, or its verdict."""
        if self._options.by == "difficulty":
            judged = trace.verdict in ("right", "wrong")
            said = judged * 2 + (trace.verdict == "right")
            self._prompts.add(trace.group, 0, trace.key, trace.place, said)
            return
        self._places.append(trace.place)
        self._values.append(len(trace.steps) if self._options.by == "steps" else trace.length)

    def end(self) -> Iterator[tuple[int, Mark]]:
        """Cut at the quantiles."""
        import numpy as np

        for rows in self._prompts.groups():
            value = _difficulty(rows["extra"])
            self._places.extend(rows["place"].tolist())
            self._values.extend([value] * len(rows))
        values = np.frombuffer(self._values, np.float64)
        if not len(values):
            return
        if self._options.order == "hard first":
            values = -values
        number = self._options.parts
        ends = np.sort(values)[[len(values) * cut // number for cut in range(1, number)]]
        parts: Any = np.searchsorted(np.unique(ends), values, side="right") + 1
        for place, part in zip(self._places, parts.tolist(), strict=True):
            yield place, Mark(part=part)


def _difficulty(said: Any) -> float:
    judged = int((said >= 2).sum())
    return 1 - int((said == 3).sum()) / judged if judged else 0.5


def begin(options: Config, around: Around) -> _Curriculum:
    """Measure every trace, then cut."""
    return _Curriculum(options, around)
