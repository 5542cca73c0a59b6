"""The tasks that lie beside this module, and their reward."""

import json
from collections.abc import Iterator
from pathlib import Path

import verifiers.v1 as vf

from .checking import equal, said


class FrozenData(vf.TaskData):
    """One prompt with the answer that is expected."""

    answer: str
    verifier: str = ""
    """The verifier of Tunix RT that compares answers to this prompt."""


class FrozenTask(vf.Task[FrozenData]):
    """Answered in one reply."""

    @property
    def key(self) -> str:
        """The prompt's group, the same in every version of the dataset."""
        return self.data.id or self.hash

    @vf.reward(weight=1.0)
    async def right(self, trace: vf.Trace) -> float:
        """1 where the reply ends in the expected answer."""
        return float(equal(said(trace.last_reply), self.data.answer))


class FrozenConfig(vf.TasksetConfig):
    """Which tasks are loaded."""

    split: str = "train"
    """The split of the dataset; each is a file of this name."""


class FrozenTaskset(vf.Taskset[FrozenTask, FrozenConfig]):
    """The tasks of one split."""

    def load(self) -> Iterator[FrozenTask]:
        """Every task, in the order of the file."""
        files = {path.stem: path for path in Path(__file__).parent.glob("*.jsonl")}
        if self.config.split not in files:
            raise ValueError(f"no split {self.config.split!r}; there are {sorted(files)}")
        with files[self.config.split].open(encoding="utf-8") as lines:
            for line in lines:
                yield FrozenTask(FrozenData(**json.loads(line)), self.config.task)
