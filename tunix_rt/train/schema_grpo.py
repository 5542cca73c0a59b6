"""The table `[grpo]` of a recipe, and what a backend is handed to practise with.

A model practises: it answers a problem several times, each answer is a rollout, verifiers give
rewards, and what did better than the others of its group becomes likelier.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, JsonValue, model_validator

from tunix_rt.kit.words import Text
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.train.schema_part import Part

Doubt = Literal["greedy", "ratio", "entropy", "varied"]
"""What can speak against practising from a model."""

Aggregation = Literal[
    "token-mean",
    "sequence-mean-token-mean",
    "sequence-mean-token-scale",
    "seq-mean-token-sum",
    "sequence-mean-token-sum-norm",
]
"""How the losses of tokens become one, by Tunix's names."""


class Reward(Part):
    """A verifier that rewards rollouts, and how much it counts."""

    verifier: Annotated[Text, Field(min_length=1, max_length=64)]
    """`answer` is the verifier that the problem names, `steps` the share of claims that hold up to
    the first wrong one, `format` whether the text is what the template writes, `length` what is
    left of the tokens, `random` a coin; any other is an answer verifier by its name."""
    weight: Annotated[float, Field(gt=-100, lt=100)] = 1.0


class Drawn(Part):
    """Fresh problems from a task generator; those the dataset holds are left out."""

    generator: Annotated[Text, Field(min_length=1, max_length=64)]
    config: dict[str, JsonValue] = {}
    seed: Annotated[int, Field(ge=0, le=2**53)] = 0


class Readiness(Part):
    """What a model must show before it practises: it is measured on held-out problems."""

    greedy: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Least accuracy of greedy answers."""
    ratio: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Least accuracy at the rollouts' temperature, as a share of the greedy one: .9 worked, .27
    failed, and what lies between nobody has measured."""
    entropy: Annotated[float, Field(gt=0, le=20)] = 0.1
    """Most nats of entropy a token."""
    varied: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Least share of groups whose rewards are not all the same."""
    override: tuple[Doubt, ...] = ()
    """Doubts that stop nothing, by name."""


class Watch(Part):
    """Held-out greedy accuracy while the model practises, and what happens when it falls."""

    every: Annotated[int, Field(ge=1)] = 25
    """Steps between two looks; one that is due within a round waits for its end."""
    problems: Annotated[int, Field(ge=8, le=100_000)] = 256
    fall: Annotated[float, Field(gt=0, le=1)] = 0.1
    """How far below its best the accuracy may be."""
    then: Literal["rollback", "stop", "go on"] = "rollback"
    """Stop with the weights of the best look, stop with the newest, or only say so."""


class Grpo(Part):
    """Group relative policy optimisation (arXiv 2402.03300)."""

    prompts: Annotated[int, Field(ge=1, le=4096)] = 16
    """Problems of a step."""
    group: Annotated[int, Field(ge=2, le=1024)] = 16
    """Rollouts of a problem."""
    temperature: Annotated[float, Field(gt=0, le=10)] = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_new_tokens: Annotated[int, Field(ge=1, le=32_768)] = 64
    rewards: Annotated[tuple[Reward, ...], Field(min_length=1, max_length=8)] = (
        Reward(verifier="answer"),
    )
    tasks: Drawn | None = None
    """Without it the problems are those of the dataset's training split."""
    beta: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Weight of the KL divergence from the model it began with; at 0 that model is not kept."""
    iterations: Annotated[int, Field(ge=1, le=16)] = 1
    """Steps taken on the same rollouts."""
    clip: Annotated[float, Field(gt=0, lt=10)] = 0.2
    clip_high: Annotated[float, Field(gt=0, lt=10)] | None = None
    """Upper side of the clip; the same as `clip` if not given."""
    advantage: Literal["grpo", "drgrpo", "rloo"] = "grpo"
    """`drgrpo` does not divide by the spread of the group (arXiv 2503.20783)."""
    aggregation: Aggregation = "sequence-mean-token-mean"
    learn_stop: bool = True
    """Whether the end of text counts as a token that was chosen; Tunix itself leaves it out."""
    flat_groups: Literal["keep", "drop"] = "keep"
    """Groups with equal rewards teach nothing; dropped, they do not dilute the others either."""
    held_out: Annotated[int, Field(ge=8, le=100_000)] = 256
    """Problems that the model is measured on before and after, greedy and at temperature."""
    readiness: Readiness = Readiness()
    watch: Watch | None = Watch()

    @model_validator(mode="after")
    def _rewards_differ(self) -> Self:
        if len({one.verifier for one in self.rewards}) != len(self.rewards):
            raise ValueError("a verifier rewards twice")
        if not any(one.weight for one in self.rewards):
            raise ValueError("every reward weighs nothing")
        return self


@dataclass(frozen=True, slots=True)
class Problem:
    """What the model is asked; whose answer is judged by whoever made it."""

    asked: Example
    """The prompt in the words of the template, with nothing to learn."""
    key: str
    task: Any
    """For whoever judges; nothing of it is shown to the model."""


class Answered(NamedTuple):
    """One answer of the model, before it is judged."""

    problem: Problem
    text: str
    tokens: int
    """How many the model chose, the end of text among them."""
    ended: bool
    """Whether it ended by itself, and was not cut off."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """One answer of one step, judged."""

    place: int
    """Its place in the step; neighbours of one group answer one problem."""
    answered: Answered
    ids: list[int]
    """Tokens the model chose, the end of text among them."""
    logps: list[float]
    """Natural logarithm of the probability each of them had when it was chosen."""
    rewards: Mapping[str, float]
    reward: float
    """The rewards by their weights."""
    advantage: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A model on held-out problems."""

    problems: int
    greedy: float
    """Share of right greedy answers."""
    sampled: float
    """Share of right answers at the temperature of the rollouts."""
    entropy: float
    """Nats a token, estimated as the mean of minus log-probability of what was sampled."""
    varied: float
    """Share of groups whose rewards differ."""
    ended: float
    """Share of sampled answers that ended by themselves."""
    tokens: float
    """Mean length of a sampled answer."""


@dataclass(frozen=True, slots=True)
class Practice:
    """Problems, judgement and memory: what a backend cannot know by itself."""

    pool: Sequence[Problem]
    """Those that are practised on; which a round takes is chosen by seed and number."""
    held_out: Sequence[Problem]
    watched: Sequence[Problem]
    judge: Callable[[Sequence[Answered]], list[dict[str, float]]]
    """The rewards of answers, each by its name; `right` is 1 for a right answer."""
    keep: Callable[[int, Sequence[Rollout]], None]
    """Called once a round, also again after a crash, with the same rollouts."""
    ready: Callable[[Measured], None]
    """Raises where the recipe does not let a model practise that did so badly."""
    sha256: str
    """One number for the problems."""


@dataclass(frozen=True, slots=True)
class Practised:
    """What came of it."""

    before: Measured
    after: Measured
    rounds: int
    stopped: str | None
    """Why it stopped before its last step; null if it did not."""
    best_step: int
    """The step whose weights these are."""
