"""Back to an earlier checkpoint: the best weights are not those of a step that is forgotten."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.jobs import EXAMPLES, STEPS, job
from tunix_rt.train.course.rewinding import forget_best
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import TrainResult
from tunix_rt.train.training import rewind, train


@pytest.mark.torch
def test_best_weights_of_a_later_step_are_forgotten_and_chosen_anew(tmp_path: Path) -> None:
    needs("trl", extra="torch")
    changes: dict[str, Any] = {
        "backend": "torch",
        "checkpoints": {"every": 4, "keep": 9, "best": True},
        "evaluation": {"every": 2},
    }

    def taught() -> TrainResult:
        return train(job(tmp_path, examples=EXAMPLES[10:], held_out=EXAMPLES[:10], **changes))

    whole = taught()
    assert whole.kept_step == STEPS
    rewind(read_recipe({"backend": "torch"}), tmp_path, STEPS)
    assert (tmp_path / "best" / str(STEPS)).is_dir()

    rewind(read_recipe({"backend": "torch"}), tmp_path, 8)

    assert not (tmp_path / "best").exists()
    again = taught()
    assert (again.resumed_from, again.kept_step) == (8, STEPS)
    assert again.weights_sha256 == whole.weights_sha256


def test_looks_are_forgotten_with_the_weights_of_a_later_one(tmp_path: Path) -> None:
    def looked(*greedy: float) -> None:
        lines = [json.dumps({"step": 4 * n, "greedy": one}) for n, one in enumerate(greedy)]
        (tmp_path / "looks.jsonl").write_text("\n".join(lines) + "\n")
        (tmp_path / "best").mkdir(exist_ok=True)

    looked(0.1, 0.5, 0.4)
    forget_best(tmp_path, 4)
    assert (tmp_path / "looks.jsonl").is_file()
    assert (tmp_path / "best").is_dir()

    looked(0.1, 0.5, 0.6)
    forget_best(tmp_path, 4)
    assert not (tmp_path / "looks.jsonl").exists()
    assert not (tmp_path / "best").exists()
