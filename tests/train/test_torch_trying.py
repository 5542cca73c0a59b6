"""A dry run on torch: one step, its checkpoint restored, and what does not fit."""

import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train.jobs import EXAMPLES, VARIED, job
from tests.train.test_rehearsing import job_of, own
from tests.train.test_torch import KINDS, MUON, TORCH, taught
from tunix_rt.kit.errors import BadInput
from tunix_rt.store import Store
from tunix_rt.train import rehearsing, training
from tunix_rt.train.schema_dry import DoesNotFit

__all__ = ["own"]

pytestmark = pytest.mark.torch
needs("trl", extra="torch")


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_is_the_first_of_the_training_and_its_checkpoint_goes_on(
    kind: str, tmp_path: Path
) -> None:
    changes = TORCH | KINDS[kind] | {"checkpoints": {"max_gb": 1.0}}
    rows = VARIED if "max_seq_length" in changes else EXAMPLES
    is_first = "batching" not in changes

    found = training.try_out(job(tmp_path / "dry", examples=rows, **changes)).step
    first, _ = taught(tmp_path / "run", rows, **changes | {"steps": 1, "evaluation": {}})

    assert found.restored
    assert found.checkpoint_bytes > 1000
    assert found.step_seconds > 0
    assert (found.loss == first.first_loss) == is_first
    assert found.device == "cpu: cpu"


def test_a_dry_run_says_what_the_training_then_does(own: Store, tmp_path: Path) -> None:
    work = job_of(own, tmp_path / "run", **TORCH)

    report = rehearsing.rehearse(own, "d-1", work)
    left = list((tmp_path / "run").iterdir())
    trained = training.train(work)

    assert left == []
    assert report.tried is not None
    assert (report.tried.loss, report.tried.restored) == (trained.first_loss, True)
    assert (report.steps, report.tokens) == (trained.steps, trained.tokens)
    assert report.layout == "padded"
    assert report.memory is not None
    assert (report.memory.compiled, report.memory.fits) == (None, True)
    assert report.seconds is not None
    assert report.left_out == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"batching": {"layout": "packed"}}, "does not pack rows"),
        ({"profile": {}}, "traces no steps"),
        ({"checkpoints": {"max_gb": 1e-6}}, "Two checkpoints take"),
    ],
)
def test_what_the_training_would_refuse_the_dry_run_does(
    own: Store, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        rehearsing.rehearse(own, "d-1", job_of(own, tmp_path, **TORCH | changes))


def test_a_step_that_memory_ends_in_does_not_fit(tmp_path: Path) -> None:
    wide = {"layers": 1, "width": 16, "heads": 2, "head_width": 8, "hidden": 65_536}
    large = job(tmp_path, **TORCH | {"model": wide, "batch_size": 8192, "optimizer": MUON})
    training.try_out(replace(job(tmp_path / "warm", **TORCH), folder=tmp_path / "warm"))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)

    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2 * 10**9, before[1]))
    try:
        with pytest.raises(DoesNotFit, match="more memory than there is"):
            training.try_out(large)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
