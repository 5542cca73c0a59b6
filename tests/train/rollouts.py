"""Rollouts made by hand, stored as a training stores them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.train.practices import problem, recipe
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.train.keeping import Keeper
from tunix_rt.train.rewarding import Judge
from tunix_rt.train.schema import TrainConfig
from tunix_rt.train.schema_grpo import Answered, Reward, Rollout

GROUP = 4


def begun(store: Store, settings: Settings, **changes: Any) -> Reporter:
    """A training that practises, as its process has it."""
    config = TrainConfig(recipe=recipe(settings.home, **changes), dataset_key="d-1")
    with store.write() as connection:
        run_id = runs.enqueue(connection, NewRun(kind="train", name="t", config=config))
        lease = timedelta(minutes=1)
        claimed = runs.claim(connection, worker="test", lease=lease, run_id=run_id)
    assert claimed is not None
    return Reporter(store, run_id, claimed.attempt, settings.home / "runs" / run_id)


def keeper(run: Reporter) -> Keeper:
    """What stores the rollouts of a run."""
    return Keeper(run, "nano", Judge([Reward(verifier="answer")], "think", 16, 0), GROUP)


def made(
    place: int,
    *,
    right: bool = True,
    reward: float | None = None,
    advantage: float | None = None,
    ended: bool = True,
    tokens: int = 10,
    logp: float = -0.01,
    text: str | None = None,
) -> Rollout:
    """One rollout; what is not given follows from whether it is right."""
    asked = problem(place // GROUP)
    answer = asked.task.expected if right else str(90 + place)
    said = text or f"<think>1+1=2</think><answer>{answer}</answer>"
    earned = float(right) if reward is None else reward
    return Rollout(
        place=place,
        answered=Answered(asked, said, tokens, ended),
        ids=list(range(4, 4 + tokens)),
        logps=[logp] * tokens,
        rewards={"right": float(right), "answer": float(right)},
        reward=earned,
        advantage=(1.0 if right else -1.0) if advantage is None else advantage,
    )


def mixed(**changes: Any) -> list[Rollout]:
    """A healthy round: three groups, each with right and wrong answers."""
    return [made(place, right=place % 2 == 0, **changes) for place in range(3 * GROUP)]


def keep(run: Reporter, rounds: Sequence[Sequence[Rollout]]) -> None:
    """Store some rounds."""
    store = keeper(run)
    for number, rollouts in enumerate(rounds):
        store(number, rollouts)
