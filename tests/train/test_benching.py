from dataclasses import replace

import numpy as np
import pytest

from tests.extras import needs
from tests.registry.test_loading_shape import NANO
from tunix_rt.train.course.sizing import SHAPES, flops, random_rows

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


def test_rows_are_log_normal_with_the_mean_that_is_said() -> None:
    rows = random_rows(20_000, 1024, 96)
    lengths = rows.lengths

    assert lengths.mean() == pytest.approx(280, rel=0.02)
    assert lengths.max() == 1024
    assert np.median(lengths) < lengths.mean()


def test_operations_are_counted_as_the_formula_says() -> None:
    shape = replace(NANO, layers=1, vocab=10)
    rows = random_rows(1, 32, 10)  # one row of 32 tokens
    matrices = 16 * 16 + 2 * 8 * 16 + 16 * 16 + 3 * 16 * 32 + 10 * 16

    assert flops(shape, rows.lengths) == 3 * (2 * matrices * 32 + 4 * 4 * 4 * 32 * 33 / 2)


def test_the_sizes_are_those_of_their_models() -> None:
    billions = {name: shape.parameters() / 1e9 for name, shape in SHAPES.items()}

    assert billions["gemma3-270m"] == pytest.approx(0.268, rel=0.01)
    assert billions["gemma3-1b"] == pytest.approx(1.0, rel=0.01)
    assert billions["qwen3-0.6b"] == pytest.approx(0.596, rel=0.01)
