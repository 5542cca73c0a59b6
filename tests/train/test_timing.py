"""Where the time of steps goes, what memory they hold, and the share of the device's best."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.extras import needs
from tests.train.jobs import job
from tunix_rt.rendering.batching import laid
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import NanoModel, Progress

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

SHAPE = NanoModel().shape(96, 128)


def test_every_report_says_where_the_time_went_and_what_is_held(tmp_path: Path) -> None:
    from tunix_rt.train.backends.tunix import train

    told: list[Progress] = []
    train(job(tmp_path, told.append))

    for one in told:
        parts = [one.more[f"seconds_{name}"] for name in ("data", "device", "host")]
        assert min(parts) >= 0
        assert sum(parts) > 0
        assert 10**7 < one.more["memory_bytes"] < 10**12
    assert told[0].more["seconds_device"] > told[-1].more["seconds_device"]  # it compiles
    assert "mfu" not in told[0].more


def test_only_what_happened_since_the_report_before_is_told() -> None:
    from tunix_rt.train.backends.tunix.timing import Clock

    clock = Clock(read_recipe({}))
    clock.begin()
    for step in (1, 2):
        clock.fetch()
        clock.fetched()
        clock.done(step)
    found = clock.told()
    later = clock.told()

    assert {"seconds_data", "seconds_device", "seconds_host", "memory_bytes"} <= set(found)
    assert "seconds_data" not in later


def test_mfu_counts_the_steps_since_the_report_before() -> None:
    from tunix_rt.train.backends.tunix.timing import Clock

    clock = Clock(read_recipe({}))
    clock.ceiling = 1e12
    clock.operations = {1: 1e6, 2: 1e6}
    clock.begin()
    clock.done(1)
    first = clock.told()["mfu"]

    assert first > 0
    assert "mfu" not in clock.told()
    assert clock.operations == {2: 1e6}


def test_operations_are_those_of_rows_however_they_are_laid() -> None:
    from tunix_rt.train.backends.tunix.timing import operations

    rows: list[tuple[Any, Any]] = [
        (np.ones(n, np.int32), np.ones(n, np.float32)) for n in (5, 9, 3)
    ]
    recipe = read_recipe({})
    apart = laid([[one] for one in rows], 16, 0, packed=False)
    together = laid([rows], 32, 0, packed=True)
    pairs = sum(n * (n + 1) / 2 for n in (5, 9, 3))

    assert operations(SHAPE, recipe, apart) == SHAPE.operations(17, pairs)
    assert operations(SHAPE, recipe, together) == SHAPE.operations(17, pairs)
    lora = recipe.model_copy(update={"method": "lora"})
    assert operations(SHAPE, lora, apart) == pytest.approx(SHAPE.operations(17, pairs) * 2 / 3)
