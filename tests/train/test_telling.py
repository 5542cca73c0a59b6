import math
from pathlib import Path
from typing import Any

import pytest

from tests.train.jobs import job
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.telling import NotFinite, Teller


class Telling(Teller):
    """One whose gradients are as large as it is told."""

    norm = 1.0

    def gradient_norm(self) -> Any:
        return self.norm


@pytest.mark.parametrize("log_every", [1, 1000])
def test_a_gradient_that_is_no_number_ends_a_training_at_its_step(
    log_every: int, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "steps.jsonl")
    teller = Telling(job(tmp_path, log_every=log_every), journal, 14, lambda _: 0.1)
    teller.tokens = {1: 10, 2: 10}
    teller.step_done(1, 2.5)
    teller.norm = math.inf

    with pytest.raises(NotFinite, match=r"The norm of the gradient became inf at step 2\."):
        teller.step_done(2, 2.5)

    assert journal.last_step == 1
    journal.close()
