import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.extras import needs
from tests.train.jobs import EXAMPLES, STEPS, job
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict
from tunix_rt.rendering.schema_wording import Example, example
from tunix_rt.train.schema import Progress, TrainResult
from tunix_rt.train.training import backends, initialise, train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainResult, list[Progress]]:
    """One training from beginning to end, and what it reported."""
    reports: list[Progress] = []
    return train(job(tmp_path_factory.mktemp("run"), reports.append)), reports


def test_the_backend_is_in_the_catalog_with_a_description() -> None:
    assert backends.names() == ["torch", "tunix"]
    assert "JAX" in backends.summary("tunix")


def test_every_step_is_reported_once_as_it_happens(
    trained: tuple[TrainResult, list[Progress]],
) -> None:
    result, reports = trained

    assert [row.step for row in reports] == list(range(1, STEPS + 1))
    assert {row.total for row in reports} == {STEPS}
    assert reports[0].learning_rate == 0
    assert max(row.learning_rate for row in reports) == pytest.approx(0.02)
    assert all(row.gradient_norm > 0 and row.tokens_per_second > 0 for row in reports)
    assert (result.first_loss, result.steps) == (reports[0].loss, STEPS)


def test_the_loss_falls(trained: tuple[TrainResult, list[Progress]]) -> None:
    _, reports = trained

    assert reports[-1].loss < 0.7 * reports[0].loss


def test_the_model_folder_is_whole_and_can_be_loaded(
    trained: tuple[TrainResult, list[Progress]],
) -> None:
    from tunix_rt.registry.loading.jax import load
    from tunix_rt.registry.loading.weights import sha256_of

    result, _ = trained

    loaded = load(result.model)

    assert loaded.shape.parameters() == result.parameters
    assert loaded.tokenizer.decode(loaded.tokenizer.encode("add 1+2")) == "add 1+2"
    assert sha256_of(result.model / "model.safetensors") == result.weights_sha256


def test_the_untrained_model_is_where_training_begins(
    trained: tuple[TrainResult, list[Progress]], tmp_path: Path
) -> None:
    folder = initialise(job(tmp_path))

    assert folder == tmp_path / "initial"
    ours, theirs = (f / "tokenizer.json" for f in (folder, trained[0].model))
    assert ours.read_bytes() == theirs.read_bytes()


def test_killed_and_called_again_it_ends_with_the_same_bits(
    trained: tuple[TrainResult, list[Progress]], tmp_path: Path
) -> None:
    died = subprocess.run([sys.executable, "-m", "tests.train.jobs", str(tmp_path), "10"])
    assert died.returncode == -signal.SIGKILL
    reports: list[Progress] = []

    result = train(job(tmp_path, reports.append))

    whole, all_reports = trained
    assert 4 <= result.resumed_from <= 9
    assert result.weights_sha256 == whole.weights_sha256
    assert result.first_batch_sha256 == whole.first_batch_sha256
    # a listener may have lost what it was told last, so that it is told again
    assert [(r.step, r.loss) for r in reports] == [(r.step, r.loss) for r in all_reports]
    assert (result.first_loss, result.final_loss) == (whole.first_loss, whole.final_loss)


def test_a_listener_can_stop_it_and_what_was_checkpointed_stays(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.step == 7:
            raise Cancelled("The run was cancelled.")

    with pytest.raises(Cancelled):
        train(job(tmp_path, stop))

    assert not (tmp_path / "model").exists()
    assert (tmp_path / "checkpoints" / "4").is_dir()


def test_a_finished_training_called_again_has_nothing_to_do(
    trained: tuple[TrainResult, list[Progress]],
) -> None:
    whole, told = trained
    reports: list[Progress] = []

    again = train(job(whole.model.parent, reports.append))

    assert reports == told  # a crash behind the last step may have lost them
    assert again.resumed_from == STEPS
    assert again == replace(whole, resumed_from=STEPS, seconds=again.seconds)


def test_checkpoints_of_another_training_are_refused_with_what_differs(
    trained: tuple[TrainResult, list[Progress]],
) -> None:
    folder = trained[0].model.parent

    with pytest.raises(Conflict, match="batch_size was 16 and is 8"):
        train(job(folder, batch_size=8))
    with pytest.raises(Conflict, match="the examples changed"):
        train(job(folder, examples=EXAMPLES[:-1]))


def test_a_loss_that_blows_up_stops_the_training(tmp_path: Path) -> None:
    optimizer = {"name": "adamw", "learning_rate": 10, "warmup_steps": 0, "clip": 1e30}
    wild = job(tmp_path, optimizer=optimizer | {"weight_decay": 10}, steps=400)

    with pytest.raises(BadInput, match="The loss became") as caught:
        train(wild)

    assert "learning_rate" in str(caught.value)


def test_a_trained_model_can_be_trained_on(
    trained: tuple[TrainResult, list[Progress]], tmp_path: Path
) -> None:
    further = job(
        tmp_path,
        model={"path": str(trained[0].model)},
        tokenizer={"source": "model"},
        steps=2,
        log_every=2,
    )

    result = train(further)

    assert result.first_loss < 0.7 * trained[0].first_loss
    assert result.parameters == trained[0].parameters


def test_a_qwen_can_be_trained(tmp_path: Path) -> None:
    from tunix_rt.registry.loading.jax import create, export, load

    start = load(initialise(job(tmp_path)))
    qwen = replace(start.shape, kind="qwen3", window=0, local_theta=10**6, global_theta=10**6)
    export(create(qwen, start.tokenizer, seed=0), tmp_path / "qwen")

    result = train(
        job(
            tmp_path,
            model={"path": str(tmp_path / "qwen")},
            tokenizer={"source": "model"},
            steps=6,
        )
    )

    assert result.final_loss < result.first_loss
    assert load(result.model).shape == qwen


def weighed(weight: float) -> list[Example]:
    return [
        Example([s._replace(weight=0.0 if s.given else weight) for s in one.segments])
        for one in EXAMPLES
    ]


def test_the_loss_is_the_mean_by_weight(
    trained: tuple[TrainResult, list[Progress]], tmp_path: Path
) -> None:
    whole, _ = trained
    other = [*weighed(0.5)[:-20], *weighed(0.125)[-20:]]

    half = train(job(tmp_path / "half", examples=weighed(0.5)))
    mixed = train(job(tmp_path / "mixed", examples=other))

    assert (half.first_loss, half.weights_sha256) == (whole.first_loss, whole.weights_sha256)
    assert half.first_batch_sha256 != whole.first_batch_sha256
    assert mixed.weights_sha256 != whole.weights_sha256


def test_no_examples_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no examples"):
        train(job(tmp_path, examples=[]))


def test_too_long_examples_are_refused_with_how_many_and_how_long(tmp_path: Path) -> None:
    long = [*EXAMPLES, example("add 1+1", "1" * 40)]

    with pytest.raises(BadInput, match=r"1 of 56 examples are longer than 32 .* has 47"):
        train(job(tmp_path, examples=long))
