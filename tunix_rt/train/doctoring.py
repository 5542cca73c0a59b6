"""The run doctor: what goes wrong with practising before the loss says so, and rollouts to look at.

The last quarter of the rounds is compared with the first. Everything is read from the rollouts and
the metrics, so a run can be examined while it goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.runs import query_read
from tunix_rt.store import Connection, Row
from tunix_rt.train import query
from tunix_rt.train.schema_rollouts import Diagnosis, Finding, Sign

FLAT, ENDED, TRAINED = 0.8, 0.5, 0.2
"""More flat groups, fewer answers that end, or a smaller share of trained tokens is a finding."""

DRIFT = 1.5
"""Answers that are so many times longer or shorter than at the beginning."""

JUMP, BEFORE = 3.0, 10
"""So many times the median of so many rounds before."""

LEAST_ENTROPY, LEAST_KL = 0.05, 0.02
"""Nats a token below which no jump is one."""

GAIN, LOSS = 0.02, 0.02
"""Reward that rose by this share of its size while right answers fell by this share."""

WRONG = 0.1
"""Share of rollouts that are wrong and did better than a right one of their group."""

REPEATED = 0.25
"""Share of rollouts that give one answer to three problems or more."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round, its groups counted together."""

    number: int
    rollouts: int
    flat: float
    ended: float
    tokens: float
    entropy: float
    right: float
    reward: float
    trained: float


def diagnose(connection: Connection, run_id: str) -> Diagnosis:
    """What is wrong with a run that practises, as far as its rollouts show it."""
    row = query_read.get(connection, run_id)
    if row.kind != "train" or (row.config.get("recipe") or {}).get("method") != "grpo":
        raise BadInput("Only a training that practises has rollouts.", hint='method = "grpo"')
    rounds = [
        _round(number, list(groups))
        for number, groups in groupby(query.groups(connection, run_id), key=lambda one: one.round)
    ]
    found = list(_findings(connection, row, rounds)) if rounds else []
    return Diagnosis(
        run_id=run_id,
        rounds=len(rounds),
        rollouts=sum(one.rollouts for one in rounds),
        findings=found,
    )


def _round(number: int, groups: Sequence[Row[Any]]) -> Round:
    count, tokens = sum(g.rollouts for g in groups), sum(g.tokens for g in groups)
    flat = [g.least == g.most for g in groups]
    return Round(
        number=number,
        rollouts=count,
        flat=sum(flat) / len(flat),
        ended=sum(g.ended for g in groups) / count,
        tokens=tokens / count,
        entropy=-sum(g.logp for g in groups) / max(tokens, 1),
        right=sum(g.right for g in groups) / count,
        reward=sum(g.reward for g in groups) / count,
        trained=sum(g.tokens for g, same in zip(groups, flat, strict=True) if not same)
        / max(tokens, 1),
    )


def _findings(connection: Connection, row: Row[Any], rounds: Sequence[Round]) -> Iterator[Finding]:
    quarter = max(1, len(rounds) // 4)
    first, last = rounds[:quarter], rounds[-quarter:]

    def said(sign: Sign, text: str, some: Sequence[Round], **shown: Any) -> Finding:
        numbers = [one.number for one in some]
        ids = query.some(connection, row.id, numbers, **shown)
        return Finding(
            sign=sign,
            text=text,
            first_round=numbers[0],
            last_round=numbers[-1],
            trace_ids=ids,
        )

    if (share := _mean(last, lambda one: one.flat)) > FLAT:
        text = f"{share:.0%} of the groups have equal rewards; nothing is learned from them."
        yield said("flat_groups", text, last, better=False)
    if (share := _mean(last, lambda one: one.ended)) < ENDED:
        text = f"Only {share:.0%} of the answers end by themselves; the others are cut off."
        yield said("truncated", text, last, ended=False)
    if (share := _mean(last, lambda one: one.trained)) < TRAINED:
        text = f"Only {share:.0%} of the tokens stand in groups that teach anything."
        yield said("trained_share", text, last, better=False)
    yield from _drift(first, last, said)
    yield from _jumps(connection, row, rounds, said)
    yield from _hacking(connection, row.id, first, last, said)


Said = Callable[..., Finding]


def _drift(first: Sequence[Round], last: Sequence[Round], said: Said) -> Iterator[Finding]:
    before, now = (_mean(some, lambda one: one.tokens) for some in (first, last))
    if now > DRIFT * before or now * DRIFT < before:
        yield said("length_drift", f"Answers went from {before:.0f} to {now:.0f} tokens.", last)


def _jumps(
    connection: Connection, row: Row[Any], rounds: Sequence[Round], said: Said
) -> Iterator[Finding]:
    iterations = row.config["recipe"]["grpo"]["iterations"]
    diverged: dict[int, float] = {}
    for point in query_read.metrics(connection, row.id, 10_000).points:
        if "kl" in point.values:
            diverged.setdefault((point.step - 1) // iterations, point.values["kl"])
    series: tuple[tuple[Sign, str, float, list[float | None]], ...] = (
        ("entropy_jump", "entropy", LEAST_ENTROPY, [one.entropy for one in rounds]),
        ("kl_jump", "the divergence", LEAST_KL, [diverged.get(one.number) for one in rounds]),
    )
    for sign, name, least, values in series:
        for at, value in enumerate(values):
            known = [one for one in values[max(0, at - BEFORE) : at] if one is not None]
            if value is None or len(known) < BEFORE // 2 or value < least:
                continue
            if value > JUMP * median(known):
                text = f"In one round {name} rose from {median(known):.3f} to {value:.3f} nats."
                yield said(sign, text, rounds[at : at + 1])
                break


def _hacking(
    connection: Connection, run_id: str, first: Sequence[Round], last: Sequence[Round], said: Said
) -> Iterator[Finding]:
    reward = [_mean(some, lambda one: one.reward) for some in (first, last)]
    right = [_mean(some, lambda one: one.right) for some in (first, last)]
    if reward[1] - reward[0] > GAIN * max(abs(reward[0]), 1) and right[0] - right[1] > LOSS:
        text = (
            f"Reward rose from {reward[0]:.2f} to {reward[1]:.2f} while right answers fell from "
            f"{right[0]:.0%} to {right[1]:.0%}."
        )
        yield said("reward_without_right", text, last, is_right=False, better=True)
    rollouts = sum(one.rollouts for one in last)
    numbers = [one.number for one in last]
    beaten = query.beaten(connection, run_id, numbers)
    if beaten > WRONG * rollouts:
        text = f"{beaten} of {rollouts} rollouts are wrong and did better than a right one."
        yield said("wrong_rewarded", text, last, is_right=False, better=True)
    for one in query.answers(connection, run_id, numbers[0]):
        if one.problems >= 3 and one.rollouts > REPEATED * rollouts and one.answer:
            share = one.rollouts / rollouts
            text = f"{share:.0%} of the answers to {one.problems} problems are {one.answer[:40]!r}."
            yield said("repeated_answer", text, last, answer=one.answer)


def _mean(some: Sequence[Round], value: Callable[[Round], float]) -> float:
    return sum(map(value, some)) / len(some)
