"""What is kept when a training ends early, and how many checkpoints there is room for."""

import math
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ON_ONE
from tests.extras import needs
from tests.making import stored, trace
from tests.train.ending import NO_NUMBER, WILD, Asked, left_sound
from tests.train.jobs import EXAMPLES, RECIPE, STEPS, VARIED, job
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.runs import query as runs
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.train import jobs
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Progress, TrainConfig
from tunix_rt.train.training import initialise, train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


def test_a_cancelled_training_keeps_the_step_it_was_at_and_ends_with_the_same_bits(
    tmp_path: Path,
) -> None:
    def stop(progress: Progress) -> None:
        if progress.step == 6:
            raise Cancelled("enough")

    whole = train(job(tmp_path / "whole"))
    with pytest.raises(Cancelled):
        train(job(tmp_path / "cut", stop))
    assert steps(tmp_path / "cut")[-1] == 7  # a step is told once the next one is done

    result = train(job(tmp_path / "cut"))

    assert replace(result, model=whole.model, resumed_from=0, seconds=0) == replace(
        whole, seconds=0
    )
    assert result.resumed_from == 7


@pytest.mark.parametrize("keep", [1, 100])
def test_what_is_no_number_ends_it_and_the_last_good_checkpoint_stays(
    keep: int, tmp_path: Path
) -> None:
    told: list[Progress] = []
    kept = {"every": 1, "keep": keep}

    with pytest.raises(BadInput, match=NO_NUMBER) as refused:
        train(job(tmp_path, told.append, optimizer=WILD, steps=400, checkpoints=kept))

    last = told[-1].step
    assert f"at step {last + 1}" in refused.value.message
    assert "Its batch has the rows" in refused.value.message
    assert left_sound(tmp_path) == last
    assert f"the last good checkpoint is of step {last}" in refused.value.message


def overflowing(folder: Path) -> dict[str, Any]:
    """A training from a model with a word that nobody says, so large that its decay overflows."""
    from tunix_rt.registry.loading.jax import create, export, load

    start = load(initialise(job(folder)))
    untied = replace(start.shape, kind="qwen3", window=0, tied=False)
    untied = replace(untied, local_theta=10**6, global_theta=10**6)
    made = create(untied, start.tokenizer, seed=0)
    encode, vocab = start.tokenizer.encode, range(untied.vocab)
    said = {word for one in EXAMPLES for t in (one.prompt, one.response) for word in encode(t)}
    unsaid = max(word for word in vocab if word not in said)
    table = made.model.embedder.input_embedding
    table.set_value(table.get_value().at[unsaid, 0].set(1e38))
    export(made, folder / "qwen")
    model = {"path": str(folder / "qwen")}
    return {"model": model, "tokenizer": {"source": "model"}, "optimizer": WILD, "steps": 1}


@pytest.mark.parametrize("backend", ["tunix", pytest.param("torch", marks=pytest.mark.torch)])
def test_an_update_that_overflows_leaves_neither_a_model_nor_a_checkpoint(
    backend: str, tmp_path: Path
) -> None:
    needs("trl" if backend == "torch" else "tunix", extra=backend)
    own = overflowing(tmp_path / "start")

    with pytest.raises(BadInput, match=r"Weights became infinite.* at step 1\.") as refused:
        train(job(tmp_path, backend=backend, **own))

    assert "no checkpoint is good" in refused.value.message
    assert steps(tmp_path) == []
    assert not (tmp_path / "model").exists()


def test_a_checkpoint_that_was_spoiled_is_not_gone_on_from_twice(tmp_path: Path) -> None:
    import jax
    import orbax.checkpoint as ocp

    from tunix_rt.registry.loading.jax import quiet

    whole = train(job(tmp_path / "whole"))
    with pytest.raises(Cancelled):
        train(replace(job(tmp_path / "cut"), check=Asked(9)))
    assert steps(tmp_path / "cut") == [8, 9]
    writer, last = ocp.PyTreeCheckpointer(), tmp_path / "cut" / "checkpoints" / "9"
    place = last / "model_params"
    with quiet():
        nothing = jax.tree.map(lambda one: one * math.nan, writer.restore(place))
        writer.save(place, nothing, force=True)

    with pytest.raises(BadInput, match="Weights became infinite") as refused:
        train(job(tmp_path / "cut"))
    result = train(job(tmp_path / "cut"))

    assert "the last good checkpoint is of step 8." in refused.value.message
    assert (result.resumed_from, result.weights_sha256) == (8, whole.weights_sha256)


@pytest.mark.parametrize("method", ["sft", "lora"])
def test_a_cancel_is_heard_at_the_next_step_whatever_is_logged(method: str, tmp_path: Path) -> None:
    changes: dict[str, Any] = {"log_every": 1000, "checkpoints": {"every": 1000}, "method": method}
    whole = train(job(tmp_path / "whole", **changes))

    with pytest.raises(Cancelled):
        train(replace(job(tmp_path / "cut", **changes), check=Asked(5)))
    assert steps(tmp_path / "cut") == [5]
    result = train(job(tmp_path / "cut", **changes))

    assert (result.resumed_from, result.weights_sha256) == (5, whole.weights_sha256)


@ON_ONE
def test_a_run_that_is_cancelled_is_asked_at_each_step(store: Store, tmp_path: Path) -> None:
    class Impatient(Reporter):
        def check_cancelled(self) -> None:
            asked()

    asked = Asked(3)
    stored(store, tmp_path, [trace(n) for n in range(40)])
    key = freezing.freeze(store, Build(dataset_name="d", dataset_version="1")).dataset_key
    recipe = read_recipe(RECIPE | {"log_every": 1000, "max_seq_length": 64})
    config = TrainConfig(recipe=recipe, dataset_key=key)
    with store.write() as connection:
        run_id = runs.enqueue(connection, NewRun(kind="train", name="t", config=config))
        runs.claim(connection, worker="test", lease=timedelta(minutes=1), run_id=run_id)
    (tmp_path / "run").mkdir()

    with pytest.raises(Cancelled):
        jobs.train(Impatient(store, run_id, 1, tmp_path / "run"), config)

    assert steps(tmp_path / "run") == [3]


def test_a_cancel_is_heard_while_held_out_rows_are_measured(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "batch_size": 2,
        "evaluation": {"every": 3},
        "checkpoints": {"every": 1000, "best": True},
    }
    whole = train(job(tmp_path / "whole", examples=EXAMPLES, held_out=EXAMPLES[:10], **changes))
    cut = job(tmp_path / "cut", examples=EXAMPLES, held_out=EXAMPLES[:10], **changes)

    with pytest.raises(Cancelled):
        train(replace(cut, check=Asked(5)))  # before each of three steps, then before two batches
    assert steps(tmp_path / "cut") == [3]
    result = train(cut)

    assert result == replace(whole, model=result.model, resumed_from=3, seconds=result.seconds)


def test_a_cancel_is_heard_while_layouts_are_measured(tmp_path: Path) -> None:
    auto: dict[str, Any] = {"batching": {"layout": "auto"}, "max_seq_length": 128}
    asked = Asked(1)

    with pytest.raises(Cancelled):
        train(replace(job(tmp_path, examples=VARIED, **auto), check=asked))

    assert asked.looks == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["kept", "written"])
def test_killed_behind_a_step_or_while_it_is_kept_none_is_lost(how: str, tmp_path: Path) -> None:
    told: list[Progress] = []
    whole = train(job(tmp_path / "whole", told.append))
    program = [sys.executable, "-m", "tests.train.jobs", str(tmp_path / "cut"), "8", "{}", how]
    assert subprocess.run(program).returncode == -signal.SIGKILL
    again: list[Progress] = []

    result = train(job(tmp_path / "cut", again.append))

    assert result.resumed_from in ((8,) if how == "kept" else (4, 8))
    assert result.weights_sha256 == whole.weights_sha256
    assert [(one.step, one.loss) for one in again] == [(one.step, one.loss) for one in told]


def test_as_many_checkpoints_stay_as_there_is_room_for(tmp_path: Path) -> None:
    changes = {"every": 2, "keep": 5}
    five = train(job(tmp_path / "five", checkpoints=changes))
    assert len(steps(tmp_path / "five")) == 5
    size = 3 * 4 * five.parameters  # weights, and two moments of Adam

    train(job(tmp_path / "two", checkpoints=changes | {"max_gb": 3.5 * size / 1e9}))

    assert len(steps(tmp_path / "two")) == 2
    with pytest.raises(BadInput, match="Two checkpoints take"):
        train(job(tmp_path / "none", checkpoints=changes | {"max_gb": 1e-6}))


def test_a_checkpoint_is_also_kept_when_time_went_by(tmp_path: Path) -> None:
    train(job(tmp_path, checkpoints={"every": 1000, "minutes": 1e-9, "keep": 100}))

    assert steps(tmp_path) == list(range(1, STEPS + 1))
