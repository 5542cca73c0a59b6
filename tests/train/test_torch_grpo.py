"""Practising on torch: TRL loses what Tunix loses on the same rollouts, and nothing is lost."""

import json
import math
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.train import jobs
from tests.train.ending import NO_NUMBER, WILD, Asked, left_sound
from tests.train.jobs import computed
from tests.train.practices import STEPS, Heard, job, recipe
from tests.train.test_torch import stop_at
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.course.telling import NotFinite, named
from tunix_rt.train.schema import TrainResult
from tunix_rt.train.schema_grpo import Aggregation, Measured, Rollout
from tunix_rt.train.training import train

pytestmark = pytest.mark.torch
needs("trl", extra="torch")

TORCH: dict[str, Any] = {"backend": "torch"}
Whole = tuple[TrainResult, Heard]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was taught for a moment."""
    return train(jobs.job(tmp_path_factory.mktemp("taught"), **TORCH, steps=40)).model


def practised(folder: Path, model: Path, grpo: dict[str, Any] | None = None, **own: Any) -> Whole:
    """A training on torch, and what it told."""
    heard = Heard()
    return train(job(folder, recipe(model, grpo, **TORCH | own), heard)), heard


@pytest.fixture(scope="module")
def whole(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """One training from beginning to end."""
    return practised(tmp_path_factory.mktemp("whole"), model)


def told(heard: Heard) -> list[Any]:
    """What was told of each step, but for its times."""
    return [
        (one.step, one.loss, one.gradient_norm, computed(one.more), one.learning_rate)
        for one in heard.reports
    ]


def logits(model: Path, ids: list[int]) -> Any:
    """What transformers gives behind each token of one row, without padding or memory."""
    import torch
    import transformers

    read: Any = transformers.AutoModelForCausalLM.from_pretrained
    with torch.no_grad():
        return read(model)(torch.tensor([ids])).logits[0]


def prompt_of(model: Path, rollout: Rollout) -> list[int]:
    from tunix_rt.registry.loading.torch import load

    tokenizer = load(model).tokenizer
    bos = tokenizer.bos_id()
    assert bos is not None
    return [bos, *tokenizer.encode(rollout.answered.problem.asked.prompt)]


def test_every_step_is_told_with_the_numbers_of_its_round(whole: Whole) -> None:
    result, heard = whole

    assert [one.step for one in heard.reports] == list(range(1, STEPS + 1))
    assert sorted(heard.rounds) == list(range(STEPS))
    for one in heard.reports:
        assert one.more["reward"] == pytest.approx(
            one.more["reward_answer"] + 2 * one.more["reward_length"], abs=1e-5
        )
        assert {"varied_groups", "entropy", "clipped", "seconds_rollout"} <= one.more.keys()
        assert one.more["seconds_step"] >= one.more["seconds_update"] > 0
        assert math.isfinite(one.loss)
        assert 0.2 < one.more["useful_share"] < 1
    assert [one.step for one in heard.reports if "held_out_greedy" in one.more] == [1, 5, 9]
    assert result.practised is not None
    assert (result.practised.rounds, result.practised.best_step) == (STEPS, STEPS)


def test_a_round_holds_groups_and_each_has_chances_of_its_own(whole: Whole) -> None:
    _, heard = whole

    for rollouts in heard.rounds.values():
        for at in range(0, 16, 4):
            group = rollouts[at : at + 4]
            assert len({one.answered.problem.key for one in group}) == 1
            assert sum(one.advantage for one in group) == pytest.approx(0, abs=1e-3)
    said = [tuple(one.answered.text for one in heard.rounds[number]) for number in range(3)]
    assert len(set(said)) == 3
    assert len(set(said[0][:4])) > 1


def test_log_probabilities_are_the_models_own_and_the_end_of_text_has_one(
    whole: Whole, model: Path
) -> None:
    import torch

    first = whole[1].rounds[0]
    assert {one.answered.ended for one in first} == {True, False}
    for one in first:
        prompt = prompt_of(model, one)
        given = logits(model, [*prompt, *one.ids])[len(prompt) - 1 : -1].log_softmax(-1)
        expected = given.gather(1, torch.tensor(one.ids)[:, None])[:, 0].tolist()

        assert one.logps == pytest.approx(expected, abs=1e-4)
        assert one.answered.ended == (one.ids[-1] == 2)
        assert 2 not in one.ids[:-1]


def test_the_least_nucleus_is_greedy_and_flat_groups_can_be_dropped(
    model: Path, tmp_path: Path
) -> None:
    sure = {"top_p": 1e-6, "flat_groups": "drop", "beta": 0.1, "temperature": 0.5}
    _, heard = practised(tmp_path, model, sure, steps=2)

    one = heard.rounds[0][0]
    prompt = prompt_of(model, one)
    likeliest = logits(model, [*prompt, *one.ids]).argmax(-1).tolist()
    assert one.ids == likeliest[len(prompt) - 1 : -1]
    assert all(len({r.answered.text for r in heard.rounds[0][at : at + 4]}) == 1 for at in (0, 4))
    assert [(r.loss, r.gradient_norm) for r in heard.reports] == [(0, 0), (0, 0)]


CASES: dict[Aggregation, dict[str, Any]] = {
    "token-mean": {"clip_high": 0.3, "flat_groups": "drop", "rewards": [{"verifier": "format"}]},
    "sequence-mean-token-mean": {"learn_stop": False},
    "sequence-mean-token-scale": {"advantage": "drgrpo", "beta": 0.0},
    "seq-mean-token-sum": {"temperature": 0.7, "advantage": "rloo"},
    "sequence-mean-token-sum-norm": {"clip": 0.01},
}


@pytest.mark.jax
@pytest.mark.parametrize("aggregation", CASES)
def test_on_the_same_rollouts_tunix_loses_as_much(
    aggregation: Aggregation, model: Path, tmp_path: Path
) -> None:
    needs("tunix", extra="tunix")
    import optax
    from flax import nnx

    from tunix_rt.registry.loading import jax as loading
    from tunix_rt.train.backends.tunix.grpo import policy_loss
    from tunix_rt.train.backends.tunix.rounds import Rounds

    common = {"aggregation": aggregation, "beta": 0.1, "clip": 0.05, "top_p": 0.9}
    both = common | CASES[aggregation]
    two = both | {"iterations": 2}
    _, ours = practised(tmp_path / "two", model, two, steps=2)
    once, other = practised(tmp_path / "one", model, both, steps=1)
    assert ours.rounds == other.rounds
    assert not any(0 in one.ids for one in ours.rounds[0])  # Tunix takes a chosen <pad> for padding
    asked = recipe(model, two)

    start, moved = loading.load(model), loading.load(once.model)
    rounds = Rounds(job(tmp_path, asked), start)
    example = rounds.example(rounds.lines(ours.rounds[0]))
    loss = policy_loss(start, asked)
    lost, aux = loss(moved.model, example)

    second = ours.reports[1]
    assert second.loss == pytest.approx(float(lost), abs=1e-5)
    assert second.more["clipped"] == pytest.approx(float(aux["pg_clipfrac"]), abs=1e-6)
    assert second.more["clipped"] > 0
    assert second.more.get("kl", 0.0) == pytest.approx(float(aux["kl"]), abs=1e-5)
    if aggregation == "token-mean":
        gradient, _ = nnx.grad(loss, has_aux=True)(moved.model, example)
        assert second.gradient_norm == pytest.approx(float(optax.tree.norm(gradient)), rel=1e-3)


def test_killed_and_called_again_it_ends_with_the_same_bits(
    whole: Whole, model: Path, tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "tests.train.practices", str(model), str(tmp_path), "11"]
    died = subprocess.run([*program, json.dumps(TORCH)])
    assert died.returncode == -signal.SIGKILL

    again, heard = practised(tmp_path, model)

    result, before = whole
    assert again.resumed_from == 8
    assert again == replace(result, model=again.model, resumed_from=8, seconds=again.seconds)
    assert told(heard) == told(before)
    assert heard.rounds == {number: before.rounds[number] for number in range(8, STEPS)}
    assert heard.measured == []


def test_cancelled_it_ends_its_round_and_goes_on_with_the_same_bits(
    model: Path, tmp_path: Path
) -> None:
    twice = {"iterations": 3, "beta": 0.1}
    kept = {"every": 6, "minutes": 1e-9, "keep": 9}
    result, before = practised(tmp_path / "whole", model, twice, checkpoints=kept, steps=9)
    asked = recipe(model, twice, **TORCH, checkpoints=kept, steps=9)
    with pytest.raises(Cancelled):
        train(job(tmp_path / "cut", asked, report=stop_at(4)))
    assert steps(tmp_path / "cut") == [3, 6]
    assert not (tmp_path / "cut" / "model").exists()

    again, heard = practised(tmp_path / "cut", model, twice, checkpoints=kept, steps=9)

    assert again.resumed_from == 6
    assert again.weights_sha256 == result.weights_sha256
    assert told(heard) == told(before)
    assert sorted(heard.rounds) == [2]


def test_a_finished_training_called_again_has_nothing_to_do(whole: Whole, model: Path) -> None:
    result, before = whole

    again, heard = practised(result.model.parent, model)

    assert (heard.reports, heard.rounds) == (before.reports, {})
    assert again == replace(result, resumed_from=STEPS, seconds=again.seconds)
    assert again.useful_tokens_per_second is None


def test_what_is_rewarded_becomes_likelier(model: Path, tmp_path: Path) -> None:
    result, _ = practised(tmp_path, model, {"rewards": [{"verifier": "length"}]}, steps=32)

    assert result.practised is not None
    assert result.practised.after.tokens < 0.7 * result.practised.before.tokens


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is often right."""
    return train(jobs.job(tmp_path_factory.mktemp("taught"), **TORCH, steps=150)).model


@pytest.mark.parametrize("then", ["stop", "rollback"])
def test_when_held_out_accuracy_falls_it_stops_or_goes_back(
    then: str, taught: Path, tmp_path: Path
) -> None:
    ruin: dict[str, Any] = {
        "rewards": [{"verifier": "answer", "weight": -1}],
        "watch": {"every": 2, "problems": 8, "fall": 0.01, "then": then},
    }
    wild = {"name": "adamw", "learning_rate": 0.3, "warmup_steps": 0, "weight_decay": 10}

    result, heard = practised(tmp_path / "ruin", taught, ruin, optimizer=wild, steps=8)
    again, nothing = practised(tmp_path / "ruin", taught, ruin, optimizer=wild, steps=8)

    found = result.practised
    assert found is not None
    assert found.stopped is not None
    assert "fell from" in found.stopped
    assert found.before.greedy > 0
    if then == "rollback":
        assert found.best_step < result.steps
        assert found.after.greedy >= found.before.greedy
    else:
        assert found.best_step == result.steps < 8
        assert found.after.greedy < found.before.greedy
    assert len(heard.reports) == result.steps == steps(tmp_path / "ruin")[-1]
    assert (nothing.rounds, again.practised) == ({}, found)
    assert again.weights_sha256 == result.weights_sha256


def test_what_is_no_number_ends_it_and_names_the_round(model: Path, tmp_path: Path) -> None:
    kept = {"every": 2, "keep": 2}  # the newest may be of weights too large to be asked

    with pytest.raises(BadInput, match=NO_NUMBER) as refused:
        practised(tmp_path, model, {"iterations": 2}, optimizer=WILD, steps=40, checkpoints=kept)

    assert "optimizer.learning_rate" in (refused.value.hint or "")
    last = left_sound(tmp_path)
    good = f"Its round is {last // 2}; the last good checkpoint is of step {last}."
    assert refused.value.message.endswith(good)


@pytest.mark.parametrize("looks", [2, 60, 90, 150])
def test_a_cancel_is_heard_between_batches_and_rounds(
    looks: int, whole: Whole, model: Path, tmp_path: Path
) -> None:
    asked = recipe(model, **TORCH, log_every=1000)
    with pytest.raises(Cancelled):
        train(replace(job(tmp_path, asked), check=Asked(looks)))
    left = steps(tmp_path)

    again, heard = practised(tmp_path, model, log_every=1000)

    assert again.resumed_from == (left or [0])[-1]
    assert again.weights_sha256 == whole[0].weights_sha256
    assert heard.rounds == {
        number: whole[1].rounds[number] for number in range(again.resumed_from, STEPS)
    }


def test_a_loss_that_is_no_number_is_told_without_rows_where_there_are_none(tmp_path: Path) -> None:
    said = named(tmp_path, "", NotFinite(3, "The loss became nan")).message

    assert said == "The loss became nan at step 3. No checkpoint is good."


def test_what_cannot_be_practised_is_refused(whole: Whole, model: Path, tmp_path: Path) -> None:
    for said, changes in (
        ("knows no TPU", {"device": "tpu"}),
        ("optimizer adafactor", {"optimizer": {"name": "adafactor"}}),
        (r"A prompt has \d+ tokens; 4 fit beside 16 new ones", {"max_seq_length": 20}),
    ):
        with pytest.raises(BadInput, match=said):
            practised(tmp_path / "refused", model, **changes)

    def refuse(found: Measured) -> None:
        raise BadInput(f"{found.problems} problems, {found.greedy:.0%} right")

    begun = job(tmp_path / "unready", recipe(model, **TORCH))
    assert begun.practice is not None
    with pytest.raises(BadInput, match="8 problems, "):
        train(replace(begun, practice=replace(begun.practice, ready=refuse)))
    assert not (tmp_path / "unready" / "checkpoints").exists()

    with pytest.raises(Conflict, match=r"beta was 0\.0 and is 0\.1"):
        practised(whole[0].model.parent, model, {"beta": 0.1})
    with pytest.raises(Conflict, match="backend was 'torch' and is 'tunix'"):
        practised(whole[0].model.parent, model, backend="tunix")
