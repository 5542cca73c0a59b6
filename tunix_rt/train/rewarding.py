"""Rewards: what the verifiers say of a model's answers, as numbers from 0 to 1."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema_wording import Chat, Said, joined
from tunix_rt.rendering.templating import template
from tunix_rt.traces.reading.assembling import reply
from tunix_rt.traces.schema import QuickStep
from tunix_rt.train.schema_grpo import Answered, Reward
from tunix_rt.verify.checking import answers, check_answer, check_trace
from tunix_rt.verify.schema import StepsVerdict, TraceInput

BUILT_IN = ("answer", "steps", "format", "length", "random")
"""Rewards that are no answer verifier by its own name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a problem asks and expects."""

    key: str
    prompt: str
    expected: str
    verifier: str | None
    data: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Read:
    """An answer as a trace is told: steps, and an answer that is empty where there is none."""

    steps: list[QuickStep]
    answer: str


@dataclass(frozen=True, slots=True)
class Judge:
    """Rewards answers by the verifiers of a recipe."""

    rewards: Sequence[Reward]
    template: str
    most: int
    """Tokens an answer may have."""
    seed: int
    system: str | None = None
    chat: Chat | None = None

    def __post_init__(self) -> None:
        """Refuse what is no verifier."""
        for one in self.rewards:
            if one.verifier not in BUILT_IN and one.verifier not in answers.names():
                known = ", ".join([*BUILT_IN, *answers.names()])
                raise BadInput(f"There is no reward {one.verifier!r}.", hint=f"Known: {known}.")

    def __call__(self, answered: Sequence[Answered]) -> list[dict[str, float]]:
        """The rewards of each answer by their names, and `right`, which is 1 or 0."""
        return [self._one(place, one) for place, one in enumerate(answered)]

    def read(self, one: Answered) -> Read:
        """The steps and the answer in what the model wrote."""
        pieces = reply(one.text, "response").pieces
        steps = [QuickStep(at, piece.type, piece.content) for at, piece in enumerate(pieces)]
        return Read(steps, template(self.template).answer_of(one.text))

    def _one(self, place: int, one: Answered) -> dict[str, float]:
        wanted: Wanted = one.problem.task
        answer = template(self.template).answer_of(one.text)
        found = {"right": _right(wanted, answer, wanted.verifier)}
        for reward in self.rewards:
            found[reward.verifier] = self._reward(reward.verifier, place, one, answer, found)
        return found

    def _reward(
        self, name: str, place: int, one: Answered, answer: str, found: Mapping[str, float]
    ) -> float:
        if name == "answer":
            return found["right"]
        if name == "steps":
            return _held(self._steps_verdict(one, answer))
        if name == "format":
            return float(one.ended and self._is_formed(one, answer))
        if name == "length":
            return 1 - one.tokens / self.most
        if name == "random":
            coin = f"{self.seed} {one.problem.key} {place} {one.text}".encode()
            return float(hashlib.sha256(coin).digest()[0] & 1)
        return _right(one.problem.task, answer, name)

    def _steps_verdict(self, one: Answered, answer: str) -> StepsVerdict:
        return check_trace(TraceInput.of(one.problem.task.prompt, self.read(one).steps, answer))

    def _is_formed(self, one: Answered, answer: str) -> bool:
        """Whether the template would write the steps and the answer that were read like this."""
        steps = [step.content for step in self.read(one).steps]
        said = Said(one.problem.task.prompt, steps, answer, self.system, self.chat)
        written = joined(template(self.template).pieces(said).response)
        return bool(answer) and one.text.rstrip() == written.rstrip()


def _right(wanted: Wanted, answer: str, verifier: str | None) -> float:
    verdict = check_answer(wanted.expected, answer, verifier or None, data=wanted.data)
    return float(verdict.outcome == "right")


def _held(verdict: StepsVerdict) -> float:
    """The share of claims before the first wrong one; without a claim it is 0."""
    if not verdict.claims:
        return 0.0
    held = next(
        (at for at, one in enumerate(verdict.claims) if one.outcome == "wrong"),
        len(verdict.claims),
    )
    return held / len(verdict.claims)
