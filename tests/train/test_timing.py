"""Where the time of steps goes, what memory they hold, and the share of the device's best."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.extras import needs
from tests.train.jobs import STEPS, VARIED, job
from tunix_rt.rendering.batching import Batch, Batches, laid, make_rows
from tunix_rt.train.course.beginning import new_model
from tunix_rt.train.course.timing import Clock, Work, work_of
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import NanoModel, Progress, Recipe
from tunix_rt.train.training import train

needs("tokenizers", extra="tunix")

SHAPE = NanoModel().shape(96, 128)


BACKENDS = [
    pytest.param("tunix", marks=pytest.mark.jax),
    pytest.param("torch", marks=pytest.mark.torch),
]


def here(backend: str) -> dict[str, Any]:
    """What a recipe says of a backend; the test is left out where it is not installed."""
    needs({"torch": "trl"}.get(backend, backend), extra=backend)
    return {"backend": backend}


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_report_says_where_the_time_went_and_what_is_held(
    backend: str, tmp_path: Path
) -> None:
    told: list[Progress] = []
    train(job(tmp_path, told.append, **here(backend)))

    for one in told:
        assert 10**7 < one.more["memory_bytes"] < 10**12
        if backend == "tunix" and "seconds_data" not in one.more:
            assert one.step % 4 == 0 or one.step == STEPS  # told early, as it is kept
            continue
        parts = [one.more[f"seconds_{name}"] for name in ("data", "device", "host")]
        assert min(parts) >= 0
        assert sum(parts) > 0
    if backend == "tunix":  # it compiles
        assert told[0].more["seconds_device"] > told[4].more["seconds_device"]
    assert not {"mfu", "device_bytes"} & set(told[0].more)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("log_every", [1, 7])
def test_every_report_says_which_share_of_its_batches_is_no_padding(
    backend: str, log_every: int, tmp_path: Path
) -> None:
    told: list[Progress] = []
    options: dict[str, Any] = {
        "batching": {"layout": "buckets", "batch_tokens": 256},
        "max_seq_length": 128,
    }
    own = job(tmp_path, told.append, VARIED, log_every=log_every, **options, **here(backend))
    assert isinstance(own.recipe.model, NanoModel)
    shape, tokenizer = new_model(own, own.recipe.model)
    rows = make_rows(VARIED, tokenizer, own.recipe.rendering(), vocab=shape.vocab)
    batches = Batches(rows, own.recipe.batching, size=own.recipe.batch_size, seed=0)

    train(own)

    since = 0
    for one in told:
        some = [batches.at(step) for step in range(since, one.step)]
        useful = sum((batch.present > 0).sum() for batch in some)
        assert one.more["useful_share"] == useful / sum(batch.tokens.size for batch in some)
        since = one.step
    assert since == STEPS
    assert len({one.more["useful_share"] for one in told}) > 1


def test_only_what_happened_since_the_report_before_is_told() -> None:
    clock = Clock(lambda: 5)
    clock.begin()
    for step in (1, 2):
        clock.fetch()
        clock.fetched()
        clock.done(step)
    found = clock.told()
    later = clock.told()

    assert {"seconds_data", "seconds_device", "seconds_host", "memory_bytes"} <= set(found)
    assert found["device_bytes"] == 5
    assert "seconds_data" not in later


def test_mfu_counts_the_steps_since_the_report_before() -> None:
    clock = Clock(lambda: None)
    clock.ceiling = 1e12
    clock.work = {1: Work(3, 4, 1e6), 2: Work(1, 4, 1e6), 3: Work(1, 1, 1e6)}
    clock.begin()
    clock.done(1)
    clock.done(2)
    first = clock.told()

    assert first["mfu"] > 0
    assert first["useful_share"] == 0.5
    assert not {"mfu", "useful_share", "device_bytes"} & set(clock.told())
    assert list(clock.work) == [3]


def test_operations_are_those_of_rows_however_they_are_laid() -> None:
    rows: list[tuple[Any, Any]] = [
        (np.ones(n, np.int32), np.ones(n, np.float32)) for n in (5, 9, 3)
    ]
    recipe = read_recipe({})
    apart = laid([[one] for one in rows], 16, 0, packed=False)
    together = laid([rows], 32, 0, packed=True)
    pairs = sum(n * (n + 1) / 2 for n in (5, 9, 3))

    def work(own: Recipe, batch: Batch, counted: bool = True) -> Work:
        return work_of(batch, SHAPE, own, counted=counted)

    assert work(recipe, apart) == (17, 48, SHAPE.operations(17, pairs))
    assert work(recipe, together) == (17, 32, SHAPE.operations(17, pairs))
    assert work(recipe, together, counted=False) == (17, 32, 0)
    lora = work(recipe.model_copy(update={"method": "lora"}), apart)
    assert lora.operations == pytest.approx(SHAPE.operations(17, pairs) * 2 / 3)
