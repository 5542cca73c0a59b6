"""Practising small enough for a test: sums of one digit, a model of 5,000 weights that is taught
for a moment, and a reward for ending early, which it can learn at once.

Run as a program it practises in a folder and dies at a step, for the test that kills it:
`python -m tests.train.practices MODEL FOLDER STEP [CHANGES [HOW]]`, the changes as JSON.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.train.ending import deadly
from tests.train.jobs import EXAMPLES, RECIPE
from tunix_rt.rendering.schema_wording import Example, Segment
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.rewarding import Judge, Wanted
from tunix_rt.train.schema import Progress, Recipe, TrainJob
from tunix_rt.train.schema_grpo import Measured, Practice, Problem, Rollout
from tunix_rt.train.training import train

STEPS = 12

GRPO: dict[str, Any] = {
    "prompts": 4,
    "group": 4,
    "max_new_tokens": 16,
    "held_out": 8,
    "rewards": [{"verifier": "answer"}, {"verifier": "length", "weight": 2}],
    "watch": {"every": 4, "problems": 8, "then": "go on"},
}


def recipe(model: Path, grpo: dict[str, Any] | None = None, **changes: Any) -> Recipe:
    """A recipe to practise from `model`."""
    return read_recipe(
        {
            "method": "grpo",
            "steps": STEPS,
            "max_seq_length": 48,
            "model": {"path": str(model)},
            "tokenizer": {"source": "model"},
            "optimizer": RECIPE["optimizer"] | {"warmup_steps": 0, "schedule": "constant"},
            "checkpoints": {"every": 4},
            "grpo": GRPO | (grpo or {}),
        }
        | changes
    )


def problem(number: int) -> Problem:
    """The sum with this number."""
    prompt = EXAMPLES[number].prompt
    left, _, right = prompt.removeprefix("add ").partition("+")
    wanted = Wanted(f"sum/{number}", prompt, str(int(left) + int(right)), None, None)
    return Problem(Example([Segment(prompt, "prompt", None, 0.0, True)]), wanted.key, wanted)


class Heard:
    """What a training told its listeners."""

    def __init__(self) -> None:
        self.reports: list[Progress] = []
        self.rounds: dict[int, list[Rollout]] = {}
        self.measured: list[Measured] = []

    def keep(self, number: int, rollouts: Sequence[Rollout]) -> None:
        """Remember a round."""
        self.rounds[number] = list(rollouts)


def job(
    folder: Path,
    recipe: Recipe,
    heard: Heard | None = None,
    report: Callable[[Progress], None] | None = None,
) -> TrainJob:
    """A training that practises on 30 sums and is measured on eight others."""
    heard = heard or Heard()
    assert recipe.grpo is not None
    practice = Practice(
        pool=[problem(n) for n in range(30)],
        held_out=[problem(n) for n in range(30, 38)],
        watched=[problem(n) for n in range(40, 48)],
        judge=Judge(recipe.grpo.rewards, recipe.template, recipe.grpo.max_new_tokens, recipe.seed),
        keep=heard.keep,
        ready=heard.measured.append,
        sha256="thirty sums",
    )
    return TrainJob(recipe, [], folder, report or heard.reports.append, practice=practice)


if __name__ == "__main__":
    changes = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
    place, step = Path(sys.argv[2]), int(sys.argv[3])
    own = job(place, recipe(Path(sys.argv[1]), **changes))
    train(deadly(own, step, *sys.argv[5:]))
