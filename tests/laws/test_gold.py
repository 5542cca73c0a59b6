"""A verifier is verified: a generator's own answers pass, wrong ones fail, its steps hold."""

from itertools import islice

import pytest

from tunix_rt.tasks.generating import generators
from tunix_rt.tasks.schema import Split, Task
from tunix_rt.verify.checking import answers, check_answer, check_steps
from tunix_rt.verify.schema import StepInput

COUNT = 300

every_generator = pytest.mark.parametrize("name", generators.names())
every_split = pytest.mark.parametrize("split", ["train", "test"])


def some(name: str, split: Split, seed: int = 0) -> list[Task]:
    plugin = generators.load(name)
    return list(islice(plugin.generate(plugin.Config(), seed, split), COUNT))


@every_generator
@every_split
def test_gold_answers_pass(name: str, split: Split) -> None:
    for task in some(name, split):
        verdict = check_answer(task.expected, task.expected, kind=task.verifier)
        assert task.verifier in answers.names()
        assert verdict.outcome == "right", (task, verdict)


@every_generator
@every_split
def test_wrong_answers_fail(name: str, split: Split) -> None:
    for task in some(name, split):
        for wrong in _wrong(task):
            verdict = check_answer(task.expected, wrong, kind=task.verifier)
            assert verdict.outcome == "wrong", (task, wrong, verdict)


@every_generator
def test_steps_state_nothing_false(name: str) -> None:
    for task in some(name, "train"):
        steps = [
            StepInput(index=i, type=step.type, content=step.content)
            for i, step in enumerate(task.steps)
        ]
        verdict = check_steps(steps, prompt=task.prompt)
        assert verdict.outcome != "wrong", (task, verdict.reason)


@every_generator
def test_a_spoilt_step_is_found_wherever_steps_are_checked(name: str) -> None:
    spoilt = found = 0
    for task in some(name, "train"):
        for i, step in enumerate(task.steps):
            given = StepInput(index=i, type=step.type, content=step.content)
            if check_steps([given]).outcome != "right":
                continue
            spoilt += 1
            wrong = given.model_copy(update={"content": _other_last_digit(step.content)})
            found += check_steps([wrong]).outcome == "wrong"
    assert found == spoilt


@every_generator
def test_no_prompt_stands_on_both_sides_of_the_wall(name: str) -> None:
    train = {task.prompt for seed in range(3) for task in some(name, "train", seed)}
    test = {task.prompt for seed in range(3, 6) for task in some(name, "test", seed)}

    assert not train & test


@every_generator
def test_the_same_seed_gives_the_same_tasks(name: str) -> None:
    assert some(name, "train", 7) == some(name, "train", 7)


def _wrong(task: Task) -> list[str]:
    """Answers near the right one, and none at all."""
    return [f"{task.expected}1", _other_last_digit(task.expected), "", "I do not know"]


def _other_last_digit(text: str) -> str:
    """The text with its last digit raised by one, or with one more letter."""
    for place in range(len(text) - 1, -1, -1):
        if text[place].isdigit():
            return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    return text + "x"
