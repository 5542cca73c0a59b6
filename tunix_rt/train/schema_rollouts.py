"""Rollouts and what the run doctor finds in them, as they are shown."""

from typing import Literal

from pydantic import BaseModel

Sign = Literal[
    "flat_groups",
    "truncated",
    "trained_share",
    "length_drift",
    "entropy_jump",
    "kl_jump",
    "reward_without_right",
    "wrong_rewarded",
    "repeated_answer",
]
"""What can be wrong with a training that practises."""


class RolloutRow(BaseModel):
    """One rollout; everything of it, tokens and log-probabilities too, is in its trace."""

    round: int
    place: int
    slot: int
    """Which problem of the round it answers, from 0."""
    trace_id: str
    problem: str
    answer: str
    is_right: bool
    ended: bool
    """Whether it ended by itself, and was not cut off."""
    tokens: int
    logp: float
    """Mean log-probability of its tokens."""
    reward: float
    rewards: dict[str, float]
    """Each verifier's own, without its weight."""
    advantage: float


class RolloutPage(BaseModel):
    """Rollouts of a run, the newest round first."""

    class Pagination(BaseModel):
        """Where the next page begins."""

        limit: int
        offset: int
        next_offset: int | None

    data: list[RolloutRow]
    total: int
    """Rollouts the run has made so far."""
    pagination: Pagination


class Finding(BaseModel):
    """One thing a person should look at, with rollouts that show it."""

    sign: Sign
    text: str
    first_round: int
    last_round: int
    trace_ids: list[str]


class Diagnosis(BaseModel):
    """What the run doctor says of a run; no findings is a good sign and no proof."""

    run_id: str
    rounds: int
    rollouts: int
    findings: list[Finding]
