"""Learning from pairs on torch: TRL's DPO and our ORPO lose what the tunix backend loses."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train import jobs
from tests.train.ending import deadly
from tests.train.jobs import computed
from tests.train.test_preferring import PAIRS, job, recipe
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.train.schema import Progress, TrainResult
from tunix_rt.train.training import train

pytestmark = pytest.mark.torch
needs("trl", extra="torch")

HALF = [
    (right, Example([s._replace(weight=s.weight / 2) for s in wrong.segments]))
    for right, wrong in PAIRS
]
"""The same pairs; what is wrong in them weighs half."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was taught for a moment."""
    place = tmp_path_factory.mktemp("taught")
    return train(jobs.job(place, backend="torch", steps=40)).model


def learned(
    folder: Path, model: Path, method: str, pairs: Any = PAIRS, **changes: Any
) -> tuple[TrainResult, list[Progress]]:
    told: list[Progress] = []
    chosen = recipe(model, method, **{"backend": "torch"} | changes)
    return train(job(folder, chosen, told.append, pairs)), told


@pytest.mark.jax
@pytest.mark.parametrize(
    ("method", "changes", "pairs"),
    [
        ("dpo", {}, PAIRS),
        ("dpo", {"preference": {"beta": 0.3, "nll": 0.5}}, HALF),
        ("orpo", {"preference": {"beta": 2.0}}, HALF),
    ],
)
def test_pairs_are_learned_as_on_tunix(
    model: Path, method: str, changes: dict[str, Any], pairs: Any, tmp_path: Path
) -> None:
    needs("tunix", extra="tunix")
    ours, own = learned(tmp_path / "torch", model, method, pairs, **changes)
    theirs, other = learned(tmp_path / "tunix", model, method, pairs, backend="tunix", **changes)

    assert ours.first_batch_sha256 == theirs.first_batch_sha256
    assert ours.tokens == theirs.tokens
    assert [one.loss for one in own] == pytest.approx([one.loss for one in other], abs=2e-3)
    for name in ("preferred", "margin", "logp_right", "logp_wrong"):
        assert own[-1].more[name] == pytest.approx(other[-1].more[name], rel=1e-2, abs=1e-2)
    assert own[-1].more["margin"] > own[0].more["margin"]


@pytest.mark.parametrize("method", ["dpo", "orpo"])
def test_killed_and_called_again_it_ends_with_the_same_bits(
    model: Path, method: str, tmp_path: Path
) -> None:
    whole, reports = learned(tmp_path / "whole", model, method)
    module = "tests.train.test_torch_preferring"
    program = [sys.executable, "-m", module, str(model), str(tmp_path / "cut"), method]
    assert subprocess.run(program, env=os.environ).returncode == -signal.SIGKILL

    again, told = learned(tmp_path / "cut", model, method)

    assert again.resumed_from == 8
    assert again.weights_sha256 == whole.weights_sha256
    assert [(one.step, one.loss, computed(one.more)) for one in told] == [
        (one.step, one.loss, computed(one.more)) for one in reports
    ]
    assert all(0 < one.more["useful_share"] < 1 for one in told)


if __name__ == "__main__":
    place = Path(sys.argv[2])
    own = job(place, recipe(Path(sys.argv[1]), sys.argv[3], backend="torch"))
    train(deadly(own, 9))
