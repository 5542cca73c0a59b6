"""One round: problems are asked, answers judged, advantages told, all kept; and the measuring."""

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.rendering.planning import Plan
from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.rendering.widths import width_of
from tunix_rt.train.course.advantages import advantages
from tunix_rt.train.course.sampling import GROUPS, Asked, Chance, Sampled, Sampler, text_of
from tunix_rt.train.schema import TrainJob
from tunix_rt.train.schema_grpo import Answered, Grpo, Measured, Problem, Rollout

MEASURING = 2**31 - 1
"""What the seed of a measurement is folded with, where rounds take their number."""

Numbers = dict[str, float]


@dataclass(frozen=True, slots=True)
class Lines:
    """The rollouts of a round as arrays, a line each (int32, but for the advantages)."""

    prompts: Any
    """On the left of its columns is padding."""
    given: Any
    """1 where a column of `prompts` is a token of the prompt."""
    tokens: Any
    """What was answered; on the right is padding."""
    answered: Any
    """1 where a column of `tokens` is a token of the answer."""
    learned: Any
    """1 where a token of the answer is learned."""
    advantages: Any

    @property
    def useful_share(self) -> float:
        """Of the places that are computed, those that are no padding."""
        useful = int(self.given.sum()) + int(self.answered.sum())
        return useful / int(self.given.size + self.answered.size)


class Rounds(ABC):
    """Everything that happens between two steps of the trainer."""

    def __init__(
        self, job: TrainJob, loaded: Loaded, sampler: Callable[[Loaded, Grpo, int], Sampler]
    ) -> None:
        recipe, practice = job.recipe, job.practice
        assert recipe.grpo is not None
        assert practice is not None
        self.options, self._practice, self._seed = recipe.grpo, practice, recipe.seed
        self.loaded = loaded
        alike = [1] * len(practice.pool)
        self._plan = Plan(alike, Batching(), size=recipe.grpo.prompts, seed=recipe.seed)
        every = [*practice.pool, *practice.held_out, *practice.watched]
        self._asked = Asked(every, loaded.tokenizer, loaded.shape, recipe)
        self.sampler = sampler(loaded, self.options, width_of(self._asked.longest))
        self.sampler.check = job.check
        self._out = self._begun = time.monotonic()
        self._names = [one.verifier for one in self.options.rewards]

    @abstractmethod
    def wait(self) -> None:
        """Wait until the newest weights are there."""

    def computed(self, lines: Lines) -> Lines:
        """What of a round is computed: all of it, unless a library can leave some out."""
        return lines

    @abstractmethod
    def is_finite(self) -> bool:
        """Whether every weight that is trained is a finite number."""

    @abstractmethod
    def example(self, lines: Lines) -> Any:
        """What the trainer takes its steps on."""

    def problems(self, number: int) -> list[Problem]:
        """Those of a round from 0, once each."""
        return [self._practice.pool[place] for (place,) in self._plan.at(number).lines]

    def first_sha256(self) -> str:
        """What the model is asked in the first round, as one number."""
        asked = self.sampler.prompts([self._asked(one) for one in self.problems(0)])
        return hashlib.sha256(asked.astype("<i4").tobytes()).hexdigest()

    def handed_out(self) -> None:
        """Note when the trainer was given something to do."""
        self._out = time.monotonic()

    def settle(self) -> Numbers:
        """Wait until the newest weights are there; how long the round before them took."""
        self.wait()
        now = time.monotonic()
        return {"seconds_update": now - self._out, "seconds_step": now - self._begun}

    def ask(self, number: int) -> tuple[list[list[int]], list[Sampled], list[Answered]]:
        """The rollouts of a round: prompts, tokens and texts, by the weights of the sampler."""
        problems = [one for one in self.problems(number) for _ in range(self.options.group)]
        asked = [self._asked(one) for one in problems]
        sampled = self.sampler.sample(asked, (self._seed, number))
        return asked, sampled, self._read(problems, sampled)

    def begin(self, number: int) -> tuple[Any, Numbers, int]:
        """What the trainer takes its steps on, the numbers of the round, and its tokens."""
        began = self._begun = time.monotonic()
        self.sampler.refresh(self.loaded.model)
        asked, sampled, answered = self.ask(number)
        judged_from = time.monotonic()
        rewards = self._practice.judge(answered)
        totals = [self._sum(one) for one in rewards]
        given = advantages(self.options.advantage, totals, self.options.group)
        kept_from = time.monotonic()
        rollouts = [
            Rollout(place, said, one.ids, one.logps, each, total, float(own))
            for place, (said, one, each, total, own) in enumerate(
                zip(answered, sampled, rewards, totals, given, strict=True)
            )
        ]
        self._practice.keep(number, rollouts)
        lines = self.computed(self.lines(rollouts))
        example = self.example(lines)
        numbers = self._numbers(rollouts) | {
            "useful_share": lines.useful_share,
            "seconds_rollout": judged_from - began,
            "seconds_reward": kept_from - judged_from,
            "seconds_keep": time.monotonic() - kept_from,
        }
        return example, numbers, sum(map(len, asked)) + sum(len(one.ids) for one in sampled)

    def accuracy(self) -> float:
        """Share of the watched problems that are answered right, greedily, with these weights."""
        self.sampler.refresh(self.loaded.model)
        return self._right(self._practice.watched, None)[0]

    def measured(self) -> Measured:
        """The model, as the sampler has it now, on the held-out problems."""
        held_out, options = self._practice.held_out, self.options
        greedy, _, _ = self._right(held_out, None)
        right, sampled, _ = self._right(held_out, (self._seed, MEASURING))
        groups = [one for one in held_out[:GROUPS] for _ in range(options.group)]
        _, _, rewards = self._right(groups, (self._seed, MEASURING, 1))
        totals = [self._sum(one) for one in rewards]
        sets = [totals[at : at + options.group] for at in range(0, len(totals), options.group)]
        tokens = sum(len(one.ids) for one in sampled)
        return Measured(
            problems=len(held_out),
            greedy=greedy,
            sampled=right,
            entropy=-sum(sum(one.logps) for one in sampled) / max(tokens, 1),
            varied=sum(len(set(one)) > 1 for one in sets) / len(sets),
            ended=sum(one.ended for one in sampled) / len(sampled),
            tokens=tokens / len(sampled),
        )

    def _right(
        self, problems: Sequence[Problem], chance: Chance | None
    ) -> tuple[float, list[Sampled], list[Numbers]]:
        sampled = self.sampler.sample([self._asked(one) for one in problems], chance)
        rewards = self._practice.judge(self._read(problems, sampled))
        return sum(one["right"] for one in rewards) / len(rewards), sampled, rewards

    def _read(self, problems: Sequence[Problem], sampled: list[Sampled]) -> list[Answered]:
        tokenizer = self.loaded.tokenizer
        return [
            Answered(problem, text_of(tokenizer, one), len(one.ids), one.ended)
            for problem, one in zip(problems, sampled, strict=True)
        ]

    def _sum(self, rewards: Any) -> float:
        return float(sum(one.weight * rewards[one.verifier] for one in self.options.rewards))

    def lines(self, rollouts: Sequence[Rollout]) -> Lines:
        """Prompts on the left, answers on the right, and which of their tokens are learned."""
        import numpy as np

        options, pad = self.options, self.loaded.tokenizer.pad_id()
        asked = [self._asked(one.answered.problem) for one in rollouts]
        shape = (len(rollouts), options.max_new_tokens)
        tokens: Any = np.full(shape, pad, np.int32)
        answered: Any = np.zeros(shape, np.int32)
        learned: Any = np.zeros(shape, np.int32)
        flat = _flat(rollouts, options.group) if options.flat_groups == "drop" else set()
        for line, one in enumerate(rollouts):
            tokens[line, : len(one.ids)] = one.ids
            answered[line, : len(one.ids)] = 1
            stop = one.answered.ended and not options.learn_stop
            if line // options.group not in flat:
                learned[line, : len(one.ids) - stop] = 1
        prompts = self.sampler.prompts(asked)
        lengths = np.array([len(ids) for ids in asked])
        return Lines(
            prompts=prompts,
            given=(np.arange(-prompts.shape[1], 0) >= -lengths[:, None]).astype(np.int32),
            tokens=tokens,
            answered=answered,
            learned=learned,
            advantages=np.array([one.advantage for one in rollouts], np.float32),
        )

    def _numbers(self, rollouts: list[Rollout]) -> Numbers:
        count, tokens = len(rollouts), sum(len(one.ids) for one in rollouts)
        flat, group = _flat(rollouts, self.options.group), self.options.group
        learned = sum(len(one.ids) for one in rollouts if one.place // group not in flat)
        named = {
            f"reward_{name.replace('-', '_')}": sum(one.rewards[name] for one in rollouts) / count
            for name in self._names
        }
        return named | {
            "reward": sum(one.reward for one in rollouts) / count,
            "right": sum(one.rewards["right"] for one in rollouts) / count,
            "varied_groups": 1 - len(flat) * group / count,
            "ended": sum(one.answered.ended for one in rollouts) / count,
            "answer_tokens": tokens / count,
            "trained_share": learned / max(tokens, 1),
            "entropy": -sum(sum(one.logps) for one in rollouts) / max(tokens, 1),
        }


def _flat(rollouts: Sequence[Rollout], group: int) -> set[int]:
    """The groups whose rewards are all the same."""
    sets: dict[int, set[float]] = {}
    for one in rollouts:
        sets.setdefault(one.place // group, set()).add(one.reward)
    return {number for number, seen in sets.items() if len(seen) == 1}
