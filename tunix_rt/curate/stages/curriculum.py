"""Give every trace a part of a curriculum, the easy ones first; none is dropped."""

from array import array
from collections import Counter
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
    """8 bytes a trace; by difficulty 36 more, in files beyond 200,000 of them."""

    def __init__(self, options: Config, around: Around) -> None:
        self._options = options
        self._places, self._kinds = array("I"), array("I")
        self._numbers: Counter[float] = Counter()
        self._kind_of: dict[float, int] = {}
        self._prompts = Groups(around.folder, "difficulty")

    def see(self, trace: Seen) -> None:
        """Remember its length, or its verdict."""
        if self._options.by == "difficulty":
            judged = trace.verdict in ("right", "wrong")
            said = judged * 2 + (trace.verdict == "right")
            self._prompts.add(trace.group, 0, trace.key, trace.place, said)
        else:
            steps = self._options.by == "steps"
            self._measured(trace.place, len(trace.steps) if steps else trace.length)

    def end(self) -> Iterator[tuple[int, Mark]]:
        """Cut at the quantiles."""
        for rows in self._prompts.groups():
            value = _difficulty(rows["extra"])
            for place in rows["place"].tolist():
                self._measured(place, value)
        marks = self._marks()
        for place, kind in zip(self._places, self._kinds, strict=True):
            yield place, marks[kind]

    def _measured(self, place: int, value: float) -> None:
        self._numbers[value] += 1
        self._places.append(place)
        self._kinds.append(self._kind_of.setdefault(value, len(self._kind_of)))

    def _marks(self) -> dict[int, Mark]:
        """The part of each kind of value: by how many traces have a smaller one."""
        hard_first = self._options.order == "hard first"
        total, before = self._numbers.total(), 0
        marks = {}
        for value in sorted(self._numbers, reverse=hard_first):
            part = before * self._options.parts // total + 1
            marks[self._kind_of[value]] = Mark(part=part)
            before += self._numbers[value]
        return marks


def _difficulty(said: Any) -> float:
    judged = int((said >= 2).sum())
    return 1 - int((said == 3).sum()) / judged if judged else 0.5


def begin(options: Config, around: Around) -> _Curriculum:
    """Measure every trace, then cut."""
    return _Curriculum(options, around)
