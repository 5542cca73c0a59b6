"""A verifier is verified: a generator's own answers pass, wrong ones fail, its steps hold."""

import os
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tunix_rt.tasks.generating import generators, is_installed
from tunix_rt.tasks.schema import Split, Task
from tunix_rt.verify.checking import answers, check_answer, check_steps
from tunix_rt.verify.schema import Claim, StepInput

COUNT = 300
COUNTS = {"reasoning-gym": 120, "openspiel": 60}
"""Fewer of those that take longer to make."""

CONFIGS: dict[str, dict[str, Any]] = {
    "file": {"path": str(Path(__file__).parents[1] / "cases" / "tasks.jsonl")}
}

every_generator = pytest.mark.parametrize("name", generators.names())
every_split = pytest.mark.parametrize("split", ["train", "test"])


def some(name: str, split: Split, seed: int = 0) -> list[Task]:
    if not is_installed(name):
        assert not os.environ.get("CI"), f"CI must install what {name} needs"
        pytest.skip(f"what {name} needs is not installed")
    plugin = generators.load(name)
    config = plugin.Config.model_validate(CONFIGS.get(name, {}))
    return list(islice(plugin.generate(config, seed, split), COUNTS.get(name, COUNT)))


known = cache(some)


def outcome(task: Task, given: str) -> str:
    """What the task's own verifier says of an answer."""
    kind = task.verifier or None
    assert kind is None or kind in answers.names()
    return check_answer(task.expected, given, kind=kind, data=task.data).outcome


@every_generator
@every_split
def test_gold_answers_pass(name: str, split: Split) -> None:
    for task in known(name, split):
        assert outcome(task, task.expected) == "right", task


@every_generator
@every_split
def test_wrong_answers_fail(name: str, split: Split) -> None:
    for task in known(name, split):
        for wrong in _wrong(task):
            assert outcome(task, wrong) == "wrong", (task, wrong)


@every_generator
def test_steps_state_nothing_false(name: str) -> None:
    for task in known(name, "train"):
        steps = [
            StepInput(index=i, type=step.type, content=step.content)
            for i, step in enumerate(task.steps)
        ]
        verdict = check_steps(steps, prompt=task.prompt)
        assert verdict.outcome != "wrong", (task, verdict.reason)


@every_generator
def test_a_spoilt_step_is_found_wherever_steps_are_checked(name: str) -> None:
    spoilt = found = 0
    for task in known(name, "train"):
        for i, step in enumerate(task.steps):
            given = StepInput(index=i, type=step.type, content=step.content)
            verdict = check_steps([given])
            if verdict.outcome != "right" or "≈" in verdict.claims[-1].text:
                continue
            spoilt += 1
            wrong = _spoilt(step.content, verdict.claims[-1])
            found += check_steps([given.model_copy(update={"content": wrong})]).outcome == "wrong"
    assert found == spoilt


@every_generator
def test_no_prompt_stands_on_both_sides_of_the_wall(name: str) -> None:
    train = {task.prompt for seed in range(3) for task in known(name, "train", seed)}
    test = {task.prompt for seed in range(3, 6) for task in known(name, "test", seed)}

    assert not train & test


@every_generator
def test_the_same_seed_gives_the_same_tasks(name: str) -> None:
    assert some(name, "train") == known(name, "train")


def _wrong(task: Task) -> list[str]:
    """Answers near the right one, and none at all; a puzzle may have several that are right."""
    if task.verifier == "reasoning-gym":
        return ["", "I do not know"]
    return [f"{task.expected}1", _other_last_digit(task.expected), "", "I do not know"]


def _spoilt(content: str, claim: Claim) -> str:
    """A step whose claim says another number in the end, or the opposite."""
    said = content[claim.start : claim.end]
    turned = said.translate({ord("<"): ">", ord(">"): "<"})
    wrong = _other_last_digit(said) if turned == said else turned
    return content[: claim.start] + wrong + content[claim.end :]


def _other_last_digit(text: str) -> str:
    """The text with another last digit, or with one more letter."""
    for place in range(len(text) - 1, -1, -1):
        if text[place].isdigit():
            return text[:place] + str((int(text[place]) + 1) % 10 or 1) + text[place + 1 :]
    return text + "x"
