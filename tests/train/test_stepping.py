from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.extras import needs
from tests.registry.test_loading_shape import NANO
from tests.train.test_adapting import model_of
from tunix_rt.rendering.batching import Batch, laid
from tunix_rt.rendering.packing import pack
from tunix_rt.train.backends.tunix.stepping import fed, gradients, mean_loss, model_input

pytestmark = pytest.mark.jax
needs("qwix", extra="tunix")

QWEN = replace(NANO, kind="qwen3", window=0, local_theta=10**6, layers=2)
GEMMA = replace(NANO, layers=2)
SHAPES = {
    "gemma, window 1024": replace(NANO, window=1024, layers=6),
    "gemma, window 16": replace(NANO, window=16, layers=6),
    "qwen": QWEN,
}


def rows(count: int = 8, longest: int = 40) -> list[tuple[Any, Any]]:
    """Rows of several lengths, the first token of which would weigh something."""
    random = np.random.default_rng(0)
    found = []
    for length in random.integers(10, longest, count):
        ids = random.integers(3, 15, length).astype(np.int32)
        found.append((ids, random.choice([0.0, 0.5, 1.0], length).astype(np.float32)))
    return found


def unpacked(some: list[tuple[Any, Any]]) -> Batch:
    return laid([[one] for one in some], 40, 0, packed=False)


def packed(some: list[tuple[Any, Any]], width: int = 128) -> Batch:
    lines = pack(np.array([len(ids) for ids, _ in some]), width, 0)
    return laid([[some[row] for row in line] for line in lines], width, 0, packed=True)


def loss_and_gradient(
    model: Any, batch: Batch, *, parts: int = 1, precision: Any = "stored"
) -> Any:
    """As the trainer computes them: in one part by its own means, in several by ours."""
    import jax
    from flax import nnx

    inputs = fed(batch, parts)
    if parts == 1:
        compute = nnx.value_and_grad(mean_loss(precision))
        loss, found = nnx.jit(lambda m, x: compute(m, **model_input(x)))(model, inputs)
    else:
        summed = nnx.jit(lambda m, x: gradients(m, x, precision, parts))
        (loss, _), found = summed(model, inputs)
    return float(loss), jax.tree.leaves(nnx.to_pure_dict(found))


def furthest(one: list[Any], other: list[Any]) -> float:
    return max(float(abs(a - b).max()) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_packed_rows_teach_what_they_teach_apart(shape: Any) -> None:
    model, some = model_of(shape), rows()
    assert len(packed(some).tokens) < len(some)

    apart, apart_gradient = loss_and_gradient(model, unpacked(some))
    together, together_gradient = loss_and_gradient(model, packed(some))

    assert together == pytest.approx(apart, abs=2e-6)
    assert furthest(together_gradient, apart_gradient) < 2e-6


def test_rows_end_to_end_without_a_mask_are_something_else() -> None:
    model, some = model_of(SHAPES["qwen"]), rows()
    batch = packed(some)

    naive = replace(batch, present=(batch.present > 0).astype(np.int32), positions=None)

    apart, _ = loss_and_gradient(model, unpacked(some))
    assert abs(loss_and_gradient(model, naive)[0] - apart) > 1e-4


@pytest.mark.parametrize("parts", [2, 3])
def test_a_batch_in_parts_has_the_gradient_of_the_whole(parts: int) -> None:
    """Also where the parts teach differently much, and lines of padding fill the last one."""
    model, batch = model_of(QWEN), unpacked(rows())

    whole, whole_gradient = loss_and_gradient(model, batch)
    summed, summed_gradient = loss_and_gradient(model, batch, parts=parts)

    assert summed == pytest.approx(whole, abs=1e-6)
    assert furthest(summed_gradient, whole_gradient) < 5e-6


@pytest.mark.parametrize("shape", [GEMMA, QWEN], ids=["gemma", "qwen"])
def test_bfloat16_computes_nearly_the_same_with_gradients_in_float32(shape: Any) -> None:
    model, batch = model_of(shape), unpacked(rows())

    exact, exact_gradient = loss_and_gradient(model, batch)
    low, low_gradient = loss_and_gradient(model, batch, precision="bfloat16")

    assert {one.dtype.name for one in low_gradient} == {"float32"}
    assert 0 < abs(low - exact) < 0.02 * exact
    for one, other in zip(low_gradient, exact_gradient, strict=True):
        assert float(abs(one - other).max()) < 0.3 * float(abs(other).max()) + 1e-3


def test_lines_of_padding_teach_nothing() -> None:
    inputs = fed(unpacked(rows(5)), 4)

    assert {len(one) for one in inputs.values()} == {8}
    assert inputs["weights"][5:].sum() == inputs["present"][5:].sum() == 0
