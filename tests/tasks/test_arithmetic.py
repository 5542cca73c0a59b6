import re
from fractions import Fraction
from itertools import islice

import pytest
from pydantic import ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.tasks.generators.arithmetic import Config, generate
from tunix_rt.tasks.generators.arithmetic.families import FAMILIES
from tunix_rt.tasks.generators.arithmetic.solving import solve
from tunix_rt.tasks.schema import Step, Task, side


def some(count: int, config: Config | None = None, **where: int) -> list[Task]:
    stream = generate(config or Config(), where.get("seed", 0), "train", where.get("start", 0))
    return list(islice(stream, count))


@pytest.mark.parametrize("digits", [1, 2, 3, 7])
def test_every_task_is_solved_again_from_its_prompt_alone(digits: int) -> None:
    for task in some(600, Config(digits=digits)):
        steps, answer = solve(task.prompt)

        assert (steps, answer) == ([step.content for step in task.steps], task.expected), task


def test_every_equality_in_every_step_is_true() -> None:
    for task in some(1500):
        for step in task.steps:
            sides = [_value(text) for text in step.content.split("=")]
            assert len(sides) >= 2
            assert len(set(sides)) == 1, step


def _value(text: str) -> Fraction:
    """Sums and products from left to right, products first."""
    total = Fraction(0)
    for sign, product in re.findall(r"([+-]?)([^+-]+)", text):
        first, *rest = re.split(r"([*/])", product)
        value = Fraction(first)
        for operator, number in zip(rest[::2], rest[1::2], strict=True):
            value = value * Fraction(number) if operator == "*" else value / Fraction(number)
        total += -value if sign == "-" else value
    return total


def test_a_task_depends_on_its_place_alone() -> None:
    whole, later = some(30), some(10, start=20)

    assert whole[20:] == later


def test_other_seeds_give_other_tasks() -> None:
    assert {t.prompt for t in some(50)} != {t.prompt for t in some(50, seed=1)}


def test_the_splits_share_no_prompt_whatever_the_seeds() -> None:
    test = {task.prompt for task in islice(generate(Config(), 9, "test", 0), 500)}
    train = {task.prompt for seed in range(3) for task in some(1000, seed=seed)}

    assert not test & train
    assert {side(prompt) for prompt in test} == {"test"}


def test_a_family_that_is_not_named_is_not_asked() -> None:
    tasks = some(100, Config(families={"add": 1, "clock": 3}))

    assert {task.family for task in tasks} == {"add", "clock"}


def test_weights_decide_how_often_a_family_comes() -> None:
    tasks = some(2000, Config(families={"add": 1, "sub": 9}))

    assert 120 < sum(task.family == "add" for task in tasks) < 280


def test_digits_decide_how_large_the_numbers_are() -> None:
    for task in some(50, Config(families={"add": 1}, digits=5)):
        assert re.fullmatch(r"add \d{5}\+\d{5}", task.prompt)


def test_keys_of_another_config_are_other_keys() -> None:
    plain, other = some(1)[0].key, some(1, Config(digits=4))[0].key

    assert plain == "arithmetic/0/train/0"
    assert re.fullmatch(r"arithmetic@[0-9a-f]{8}/0/train/0", other)


def test_a_clock_is_compared_by_its_text_and_the_rest_by_number() -> None:
    kinds = {task.family: task.verifier for task in some(300)}

    assert kinds == {name: "exact" if name == "clock" else "number" for name in FAMILIES}


@pytest.mark.parametrize(
    ("prompt", "steps", "answer"),
    [
        ("add 275+928", ["5+8+0=13", "7+2+1=10", "2+9+1=12", "0+0+1=1"], "1203"),
        ("sub 531-496", ["11-6-0=5", "13-9-1=3", "5-4-1=0"], "35"),
        ("sub 100-100", ["0-0-0=0", "0-0-0=0", "1-1-0=0"], "0"),
        ("mul 162*8", ["2*8+0=16+0=16", "6*8+1=48+1=49", "1*8+4=8+4=12"], "1296"),
        ("sum 63+5-9+9", ["63+5=68", "68-9=59", "59+9=68"], "68"),
        ("clock 10:40+10:50", ["40+50=90", "90-60=30", "10+10+1=21", "21-12=09"], "09:30"),
        ("clock 12:00+00:00", ["00+00=00", "00-00=00", "12+00+0=12", "12-00=12"], "12:00"),
        ("price 7 for 21, buy 8, post 1", ["21/7=3", "3*8=24", "24+1=25"], "25"),
    ],
)
def test_known_problems_are_solved(prompt: str, steps: list[str], answer: str) -> None:
    assert solve(prompt) == (steps, answer)


@pytest.mark.parametrize(
    "prompt", ["", "add", "add 1+", "add 1+2 ", "gcd 4,6", "add ١+٢" + "0" * 50]
)
def test_what_is_not_arithmetic_is_refused(prompt: str) -> None:
    with pytest.raises(BadInput, match="not an arithmetic prompt"):
        solve(prompt)


@pytest.mark.parametrize(
    "config", [{"families": {}}, {"families": {"gcd": 1}}, {"families": {"add": 0}}, {"digit": 3}]
)
def test_a_config_that_makes_no_sense_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate(config)


def test_steps_are_of_the_type_compute() -> None:
    assert some(1)[0].steps[0] == Step("compute", some(1)[0].steps[0].content)
