"""Steps on torch are timed through the trainer that trains."""

import pytest

from tests.extras import needs
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.train.course.sizing import SHAPES
from tunix_rt.train.schema_bench import StepBench
from tunix_rt.train.training import bench

pytestmark = pytest.mark.torch
needs("trl", extra="torch")


def asked(layout: str) -> StepBench:
    batching = Batching.model_validate({"layout": layout, "batch_tokens": 256})
    return StepBench(size="nano", width=64, steps=2, batching=batching)


def test_every_shape_of_batch_is_timed() -> None:
    found = bench("torch", asked("buckets"))

    assert found.parameters == SHAPES["nano"].parameters()
    assert len(found.shapes) > 1
    assert 0 < found.useful_tokens_per_second < found.tokens_per_second
    assert found.mfu > 0
    assert found.peak_memory_bytes > 10_000_000
    assert found.device == "cpu: cpu"


def test_what_it_cannot_do_is_refused() -> None:
    with pytest.raises(BadInput, match="does not pack rows"):
        bench("torch", asked("packed"))
