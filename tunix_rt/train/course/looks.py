"""Held-out accuracy while a model practises: when it falls, the training stops or goes back."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tunix_rt.train.schema import TrainJob


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen after so many steps."""

    step: int
    greedy: float


class Looks:
    """Every look so far, kept on disk; `stopped` says why there is no further step.

    `accuracy` measures the newest weights, and `save` writes them into a folder.
    """

    def __init__(
        self,
        job: TrainJob,
        accuracy: Callable[[], float],
        save: Callable[[Path], object],
        *,
        after: int,
    ) -> None:
        assert job.recipe.grpo is not None
        self.stopped: str | None = None
        self._watch, self._steps = job.recipe.grpo.watch, job.recipe.steps
        self._round = job.recipe.grpo.iterations
        self._accuracy, self._save = accuracy, save
        self._path, self._best = job.folder / "looks.jsonl", job.folder / "best"
        lines = self._path.read_text("utf-8").splitlines() if after and self._path.is_file() else []
        self._seen = [
            one for one in (Look(**json.loads(line)) for line in lines) if one.step <= after
        ]
        self._write()

    def at(self, step: int) -> dict[str, float]:
        """Look after `step` steps, if it is time to; what was seen as numbers for a chart.

        Asked between rounds alone: a look that is due within a round waits for its end.
        """
        watch = self._watch
        if watch is None or (step % watch.every >= self._round and step != self._steps):
            return {}
        if not any(one.step == step for one in self._seen):
            found = Look(step, self._accuracy())
            best = max(self._seen, key=lambda one: one.greedy, default=None)
            if watch.then == "rollback" and (best is None or found.greedy > best.greedy):
                self._save(self._best)
            self._seen.append(found)
            self._write()
        self._judge()
        return {"held_out_greedy": self._seen[-1].greedy}

    def rolled_back(self) -> tuple[int, Path] | None:
        """The step and the folder to go back to, where the recipe asks for that."""
        if self._watch is None or self._watch.then != "rollback":
            return None
        best = max(self._seen, key=lambda one: one.greedy)
        return best.step, self._best

    def _judge(self) -> None:
        watch, newest = self._watch, self._seen[-1]
        assert watch is not None
        best = max(self._seen, key=lambda one: one.greedy)
        if watch.then != "go on" and newest.greedy < best.greedy - watch.fall:
            self.stopped = (
                f"Held-out greedy accuracy fell from {best.greedy:.3f} at step {best.step} "
                f"to {newest.greedy:.3f} at step {newest.step}."
            )

    def _write(self) -> None:
        part = self._path.with_name("looks.jsonl.part")
        part.write_text("".join(f"{json.dumps(asdict(one))}\n" for one in self._seen), "utf-8")
        part.replace(self._path)
