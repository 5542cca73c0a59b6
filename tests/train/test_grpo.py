"""Practising with Tunix: what is kept, what is learned, and that nothing is lost."""

import math
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.extras import needs
from tests.train import jobs
from tests.train.ending import NO_NUMBER, WILD, Asked, left_sound
from tests.train.practices import STEPS, Heard, job, recipe
from tunix_rt.kit.errors import BadInput, Cancelled, Conflict
from tunix_rt.train.course.rewinding import steps
from tunix_rt.train.schema import Progress, TrainResult
from tunix_rt.train.schema_grpo import Measured
from tunix_rt.train.training import train

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

Whole = tuple[TrainResult, Heard]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was taught for a moment."""
    return train(jobs.job(tmp_path_factory.mktemp("taught"), steps=40)).model


@pytest.fixture(scope="module")
def whole(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """One training from beginning to end, and what it told."""
    heard = Heard()
    return train(job(tmp_path_factory.mktemp("whole"), recipe(model), heard)), heard


def test_every_step_is_reported_with_the_numbers_of_its_round(whole: Whole) -> None:
    result, heard = whole

    assert [one.step for one in heard.reports] == list(range(1, STEPS + 1))
    assert result.steps == STEPS
    for one in heard.reports:
        assert 0 <= one.more["reward_answer"] <= 1
        assert one.more["reward"] == pytest.approx(
            one.more["reward_answer"] + 2 * one.more["reward_length"], abs=1e-5
        )
        assert {"varied_groups", "trained_share", "entropy", "seconds_rollout"} <= one.more.keys()
        assert math.isfinite(one.loss)
        assert 0.2 < one.more["useful_share"] < 1
    assert [one.step for one in heard.reports if "held_out_greedy" in one.more] == [1, 5, 9]


def test_a_round_holds_groups_that_answer_one_problem_each(whole: Whole) -> None:
    _, heard = whole

    assert sorted(heard.rounds) == list(range(STEPS))
    for rollouts in heard.rounds.values():
        assert [one.place for one in rollouts] == list(range(16))
        for at in range(0, 16, 4):
            group = rollouts[at : at + 4]
            assert len({one.answered.problem.key for one in group}) == 1
            assert sum(one.advantage for one in group) == pytest.approx(0, abs=1e-3)
            best = max(group, key=lambda one: one.reward)
            assert best.advantage == max(one.advantage for one in group)


def test_each_round_has_problems_and_chances_of_its_own(whole: Whole) -> None:
    _, heard = whole
    asked = [tuple(one.answered.problem.key for one in r) for r in heard.rounds.values()]
    said = [tuple(one.answered.text for one in heard.rounds[number]) for number in range(3)]

    assert len(set(asked)) == STEPS
    assert len(set(said)) == 3
    first = heard.rounds[0]
    assert len({one.answered.text for one in first[:4]}) > 1


def test_the_end_of_text_is_a_token_like_the_others(whole: Whole) -> None:
    from tunix_rt.registry.loading.jax import load

    result, heard = whole
    end = load(result.model).tokenizer.eos_id()
    rollouts = [one for some in heard.rounds.values() for one in some]

    assert any(one.answered.ended for one in rollouts)
    for one in rollouts:
        assert one.answered.ended == (one.ids[-1] == end)
        assert end not in one.ids[:-1]
        assert len(one.logps) == len(one.ids) == one.answered.tokens <= 16
        assert all(logp <= 0 for logp in one.logps)


def test_the_log_probabilities_are_those_that_the_model_gives(whole: Whole, model: Path) -> None:
    import jax
    import jax.numpy as jnp

    from tunix_rt.registry.loading.jax import load

    loaded = load(model)
    one = next(r for r in whole[1].rounds[0] if r.answered.ended)
    prompt = [loaded.tokenizer.bos_id(), *loaded.tokenizer.encode(one.answered.problem.task.prompt)]
    tokens = jnp.array([[*prompt, *one.ids]])
    length = tokens.shape[1]

    causal = jnp.tril(jnp.ones((1, length, length), bool))
    logits, _ = loaded.model(tokens, jnp.arange(length)[None], None, causal)
    given = jax.nn.log_softmax(logits[0, len(prompt) - 1 : -1].astype(jnp.float32))
    expected = [float(row[token]) for row, token in zip(given, one.ids, strict=True)]

    assert one.logps == pytest.approx(expected, abs=2e-4)


def test_what_is_rewarded_becomes_likelier(model: Path, tmp_path: Path) -> None:
    heard = Heard()
    short = recipe(model, {"rewards": [{"verifier": "length"}]}, steps=30, log_every=10)

    result = train(job(tmp_path, short, heard))

    lengths = [
        sum(one.answered.tokens for one in rollouts) / len(rollouts)
        for rollouts in heard.rounds.values()
    ]
    assert sum(lengths[-5:]) < 0.7 * sum(lengths[:5])
    assert result.practised is not None
    assert result.practised.after.tokens < 0.7 * result.practised.before.tokens


def test_stopping_is_only_learned_where_the_recipe_says_so(model: Path, tmp_path: Path) -> None:
    two = recipe(model, {"rewards": [{"verifier": "length"}]}, steps=2)
    without = recipe(model, {"rewards": [{"verifier": "length"}], "learn_stop": False}, steps=2)

    learned, not_learned = train(job(tmp_path / "a", two)), train(job(tmp_path / "b", without))

    assert learned.weights_sha256 != not_learned.weights_sha256


def test_killed_and_called_again_it_ends_with_the_same_bits(
    whole: Whole, model: Path, tmp_path: Path
) -> None:
    arguments = [sys.executable, "-m", "tests.train.practices", str(model), str(tmp_path), "11"]
    died = subprocess.run(arguments)
    assert died.returncode == -signal.SIGKILL
    heard = Heard()

    again = train(job(tmp_path, recipe(model), heard))

    result, told = whole
    assert again.resumed_from in (4, 8)
    assert again.weights_sha256 == result.weights_sha256
    assert again.first_batch_sha256 == result.first_batch_sha256
    assert [(r.step, r.loss) for r in heard.reports] == [(r.step, r.loss) for r in told.reports]
    assert heard.rounds == {
        number: told.rounds[number] for number in range(again.resumed_from, STEPS)
    }
    assert heard.measured == []
    assert again.practised == result.practised
    assert again.tokens == result.tokens


def test_a_finished_training_called_again_has_nothing_to_do(whole: Whole, model: Path) -> None:
    result, before = whole
    heard = Heard()

    again = train(job(result.model.parent, recipe(model), heard))

    assert (heard.reports, heard.rounds) == (before.reports, {})
    assert again == replace(result, resumed_from=STEPS, seconds=again.seconds)
    assert again.useful_tokens_per_second is None


def test_other_problems_are_another_training(whole: Whole, model: Path) -> None:
    other = job(whole[0].model.parent, recipe(model))
    assert other.practice is not None

    with pytest.raises(Conflict, match="the problems changed"):
        train(replace(other, practice=replace(other.practice, sha256="others")))


PLAIN: dict[str, object] = {}
TWICE: dict[str, object] = {"iterations": 2}
ANSWERS: dict[str, object] = {"rewards": [{"verifier": "answer"}]}


@pytest.fixture(scope="module")
def shortly(
    model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[dict[str, object]], Whole]:
    """A short training with some options; the same options are trained once."""
    done: dict[str, Whole] = {}

    def trained(options: dict[str, object]) -> Whole:
        if str(options) not in done:
            heard, folder = Heard(), tmp_path_factory.mktemp("short")
            done[str(options)] = (train(job(folder, recipe(model, options, steps=4), heard)), heard)
        return done[str(options)]

    return trained


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "change"),
    [
        (PLAIN, {"beta": 0.1}),
        (PLAIN, {"iterations": 2}),
        (TWICE, {"clip": 0.01}),
        (TWICE, {"clip_high": 0.9}),
        (PLAIN, {"advantage": "drgrpo"}),
        (PLAIN, {"advantage": "rloo"}),
        (PLAIN, {"aggregation": "token-mean"}),
        (PLAIN, {"flat_groups": "drop"}),
        (PLAIN, {"temperature": 0.5}),
        (PLAIN, {"top_p": 0.5}),
        (PLAIN, {"group": 8, "prompts": 2}),
    ],
    ids=str,
)
def test_every_option_changes_what_is_learned(
    shortly: Callable[[dict[str, object]], Whole],
    before: dict[str, object],
    change: dict[str, object],
) -> None:
    coarse = ANSWERS if "flat_groups" in change else {}  # some groups are flat
    one, _ = shortly({**before, **coarse})
    other, heard = shortly({**before, **coarse, **change})

    assert one.weights_sha256 != other.weights_sha256
    if "beta" in change:
        assert all(report.more["kl"] >= 0 for report in heard.reports)
        assert heard.reports[-1].more["kl"] > 0
    if "group" in change:
        asked = [one.answered.problem.key for one in heard.rounds[0]]
        assert asked == [asked[0]] * 8 + [asked[8]] * 8
        assert asked[0] != asked[8]
    if "iterations" in change:
        assert sorted(heard.rounds) == [0, 1]


def test_a_model_that_is_not_ready_is_refused_before_its_first_step(
    model: Path, tmp_path: Path
) -> None:
    def refuse(found: Measured) -> None:
        raise BadInput(f"{found.problems} problems, {found.greedy:.0%} right")

    begun = job(tmp_path, recipe(model))
    assert begun.practice is not None

    with pytest.raises(BadInput, match="8 problems, "):
        train(replace(begun, practice=replace(begun.practice, ready=refuse)))

    assert not (tmp_path / "model").exists()
    assert not (tmp_path / "checkpoints").exists()


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is right now and then."""
    return train(jobs.job(tmp_path_factory.mktemp("well taught"), steps=250)).model


def falling(then: str) -> dict[str, object]:
    """Options that ruin a model, and what shall happen when it is seen."""
    watch = {"every": 2, "problems": 8, "fall": 0.01, "then": then}
    return {"rewards": [{"verifier": "answer", "weight": -1}], "watch": watch}


@pytest.mark.parametrize("then", ["stop", "rollback", "go on"])
def test_when_held_out_accuracy_falls_it_stops_or_goes_back(
    taught: Path, tmp_path: Path, then: str
) -> None:
    optimizer = {"name": "adamw", "learning_rate": 0.3, "warmup_steps": 0, "weight_decay": 10}
    ruin = recipe(taught, falling(then), optimizer=optimizer, steps=6)

    result = train(job(tmp_path / "ruin", ruin))

    practised = result.practised
    assert practised is not None
    assert practised.before.greedy > 0
    if then == "go on":
        assert (practised.stopped, result.steps) == (None, 6)
        return
    assert practised.stopped is not None
    assert "fell from" in practised.stopped
    assert result.steps < 6 or then
    if then == "rollback":
        assert practised.best_step < result.steps
        assert practised.after.greedy >= practised.before.greedy
    else:
        assert practised.best_step == result.steps
        assert practised.after.greedy < practised.before.greedy


def test_a_listener_can_stop_it(model: Path, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.step == 5:
            raise Cancelled("The run was cancelled.")

    with pytest.raises(Cancelled):
        train(job(tmp_path, recipe(model), report=stop))

    assert (tmp_path / "checkpoints" / "4").is_dir()


@pytest.mark.parametrize("looks", [2, 5, 8, 11])
def test_a_cancel_is_heard_between_batches_and_rounds(
    looks: int, whole: Whole, model: Path, tmp_path: Path
) -> None:
    asked, heard = recipe(model, log_every=1000), Heard()
    with pytest.raises(Cancelled):
        train(replace(job(tmp_path, asked), check=Asked(looks)))
    left = steps(tmp_path)

    again = train(job(tmp_path, asked, heard))

    assert 0 not in left
    assert again.resumed_from == (left or [0])[-1]
    assert again.weights_sha256 == whole[0].weights_sha256
    assert heard.rounds == {
        number: whole[1].rounds[number] for number in range(again.resumed_from, STEPS)
    }


@pytest.mark.parametrize("iterations", [1, 2])
def test_what_is_no_number_ends_it_and_names_the_round(
    iterations: int, model: Path, tmp_path: Path
) -> None:
    kept, own = {"every": iterations, "keep": 1}, {"iterations": iterations}
    wild = recipe(model, own, optimizer=WILD, steps=40, checkpoints=kept)

    with pytest.raises(BadInput, match=NO_NUMBER) as refused:
        train(job(tmp_path, wild))

    last = left_sound(tmp_path)
    good = f"Its round is {last // iterations}; the last good checkpoint is of step {last}."
    assert refused.value.message.endswith(good)


def test_killed_behind_a_checkpoint_none_of_its_numbers_is_lost(
    whole: Whole, model: Path, tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "tests.train.practices", str(model), str(tmp_path), "8"]
    assert subprocess.run([*program, "{}", "kept"]).returncode == -signal.SIGKILL
    heard = Heard()

    again = train(job(tmp_path, recipe(model), heard))

    assert again.resumed_from == 8
    assert [(r.step, r.loss) for r in heard.reports] == [(r.step, r.loss) for r in whole[1].reports]
    assert [r.more.keys() for r in heard.reports] == [r.more.keys() for r in whole[1].reports]


def test_the_steps_of_a_round_are_kept_together(model: Path, tmp_path: Path) -> None:
    kept = {"every": 4, "minutes": 1e-9, "keep": 9}

    train(job(tmp_path, recipe(model, {"iterations": 2}, steps=4, checkpoints=kept)))

    assert steps(tmp_path) == [2, 4]


def test_a_prompt_that_does_not_fit_is_refused(model: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"A prompt has \d+ tokens; 4 fit beside 16 new ones"):
        train(job(tmp_path, recipe(model, max_seq_length=20)))
