"""When held-out accuracy is looked at while a model practises."""

from pathlib import Path

import pytest

from tests.train.practices import job, recipe
from tunix_rt.train.course.looks import Looks


@pytest.mark.parametrize(
    ("iterations", "every", "steps", "looked"),
    [
        (1, 4, 12, [0, 4, 8, 12]),
        (1, 5, 12, [0, 5, 10, 12]),
        (2, 5, 20, [0, 6, 10, 16, 20]),
        (3, 25, 60, [0, 27, 51, 60]),
        (4, 2, 12, [0, 4, 8, 12]),
    ],
    ids=["fits", "and at the end", "waits for a round", "of three", "each round"],
)
def test_a_look_waits_for_the_end_of_a_round(
    tmp_path: Path, iterations: int, every: int, steps: int, looked: list[int]
) -> None:
    watch = {"every": every, "problems": 8}
    wanted = recipe(
        tmp_path,
        {"iterations": iterations, "watch": watch},
        steps=steps,
        checkpoints={"every": iterations},
    )
    looks = Looks(job(tmp_path, wanted), lambda: 0.5, Path.mkdir, after=0)

    assert [step for step in range(0, steps + 1, iterations) if looks.at(step)] == looked
