"""Advantages are those of Tunix's estimators, bit for bit."""

from typing import Literal

import pytest

from tests.extras import needs
from tunix_rt.train.course.advantages import advantages

pytestmark = pytest.mark.jax


@pytest.mark.parametrize("kind", ["grpo", "drgrpo", "rloo"])
def test_each_is_tunixs_own(kind: Literal["grpo", "drgrpo", "rloo"]) -> None:
    needs("tunix", extra="tunix")
    import numpy as np
    from tunix.rl import (
        algo_core,  # noqa: F401  registers the estimators
        function_registry,
    )

    estimate = function_registry.get_advantage_estimator(kind)
    random = np.random.default_rng(0)
    for group in (2, 4, 16):
        rewards = [*random.normal(size=3 * group).tolist(), *[0.25] * group]
        theirs = estimate(rewards=np.array(rewards, np.float32), num_generations=group)

        found = advantages(kind, rewards, group)

        assert found.dtype == np.float32
        assert found.tolist() == np.asarray(theirs).tolist()


def test_a_flat_group_has_none() -> None:
    needs("numpy", extra="tunix")

    assert advantages("grpo", [1.0, 1.0, 0.0, 1.0], 2).tolist()[:2] == [0, 0]
