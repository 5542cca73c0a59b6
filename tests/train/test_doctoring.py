"""The run doctor finds what was done to a training, and nothing in a healthy one."""

from collections.abc import Callable

import pytest

from tests.train.rollouts import GROUP, begun, keep, made, mixed
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.ids import new_id
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.train.doctoring import diagnose
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import TrainConfig
from tunix_rt.train.schema_grpo import Rollout

ROUNDS = 12
Make = Callable[[int], list[Rollout]]


def all_right(number: int) -> list[Rollout]:
    return [made(place, advantage=0.0) for place in range(3 * GROUP)]


def cut_off(number: int) -> list[Rollout]:
    return mixed(ended=number < 6)


def longer(number: int) -> list[Rollout]:
    return mixed(tokens=10 if number < 6 else 20)


def unsure(number: int) -> list[Rollout]:
    return mixed(logp=-0.02 if number < 8 else -0.5)


def hacked(number: int) -> list[Rollout]:
    if number < 6:
        return mixed()
    right = [place % 4 == 0 for place in range(12)]
    return [
        made(p, right=ok, reward=2.0 - ok, advantage=1.0 - 2 * ok) for p, ok in enumerate(right)
    ]


def wrong_wins(number: int) -> list[Rollout]:
    return [
        made(p, right=p % 2 == 0, reward=1.0 + p % 2, advantage=p % 2 * 2.0 - 1) for p in range(12)
    ]


def parrot(number: int) -> list[Rollout]:
    same = "<think>1+1=2</think><answer>7</answer>"
    return [made(p, right=p % 2 == 0, text=None if p % 2 == 0 else same) for p in range(12)]


@pytest.mark.parametrize(
    ("make", "signs"),
    [
        (lambda _: mixed(), set()),
        (all_right, {"flat_groups", "trained_share"}),
        (cut_off, {"truncated"}),
        (longer, {"length_drift"}),
        (unsure, {"entropy_jump"}),
        (hacked, {"reward_without_right", "wrong_rewarded"}),
        (wrong_wins, {"wrong_rewarded"}),
        (parrot, {"repeated_answer"}),
    ],
    ids=["healthy", "flat", "cut off", "longer", "unsure", "hacked", "wrong wins", "parrot"],
)
def test_each_ill_is_found_and_linked_to_rollouts_that_show_it(
    store: Store, settings: Settings, make: Make, signs: set[str]
) -> None:
    run = begun(store, settings)
    keep(run, [make(number) for number in range(ROUNDS)])

    with store.read() as connection:
        found = diagnose(connection, run.id)

    assert {one.sign for one in found.findings} == signs
    assert (found.rounds, found.rollouts) == (ROUNDS, ROUNDS * 12)
    for one in found.findings:
        assert one.trace_ids
        assert 0 <= one.first_round <= one.last_round < ROUNDS


def test_a_divergence_that_jumps_is_found_in_the_metrics(store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    keep(run, [mixed() for _ in range(ROUNDS)])
    with store.write() as connection:
        steps = range(1, ROUNDS + 1)
        numbers = {step: {"kl": 0.5 if step == 10 else 0.01} for step in steps}
        runs.put_metrics(connection, run.id, numbers)

    with store.read() as connection:
        found = [one for one in diagnose(connection, run.id).findings if one.sign == "kl_jump"]

    assert [(one.first_round, one.last_round) for one in found] == [(9, 9)]
    assert "0.010 to 0.500" in found[0].text


def test_a_run_that_has_just_begun_is_not_ill(store: Store, settings: Settings) -> None:
    run = begun(store, settings)

    with store.read() as connection:
        assert diagnose(connection, run.id).findings == []


def test_only_a_training_that_practises_can_be_examined(store: Store, settings: Settings) -> None:
    taught = TrainConfig(recipe=read_recipe({}), dataset_key="d-1")
    with store.write() as connection:
        run_id = runs.enqueue(connection, NewRun(kind="train", name="t", config=taught))

    with store.read() as connection:
        with pytest.raises(BadInput, match="Only a training that practises"):
            diagnose(connection, run_id)
        with pytest.raises(NotFound):
            diagnose(connection, new_id())
