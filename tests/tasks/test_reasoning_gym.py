import os
import subprocess
import sys
from itertools import islice
from typing import Any

import pytest
from pydantic import ValidationError

from tests.extras import needs
from tunix_rt.kit.errors import BadInput
from tunix_rt.tasks.generators.reasoning_gym import Config, families, generate
from tunix_rt.tasks.generators.reasoning_gym.families import EXACTLY, LEFT_OUT, UNWORKED, WORKED
from tunix_rt.tasks.generators.reasoning_gym.library import Family
from tunix_rt.tasks.generators.reasoning_gym.stories import states_a_falsehood
from tunix_rt.tasks.generators.reasoning_gym.working import Entry, divided, show
from tunix_rt.tasks.schema import Task
from tunix_rt.verify.checking import check_steps
from tunix_rt.verify.schema import StepInput

needs("reasoning_gym", extra="tasks")

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"  # the library leaves a data file open
)

EACH = 5
SLOW = {"futoshiki", "sokoban", "zebra_puzzles", "rearc", "intermediate_integration"}
"""Families that take seconds for a few problems."""


def some(name: str, count: int = EACH, *, worked: bool = True, **where: int) -> list[Task]:
    config = Config(families=(name,), worked=worked)
    return list(islice(generate(config, where.get("seed", 0), "train"), count))


def entry_of(task: Task, name: str) -> tuple[Family, Entry]:
    assert task.data is not None
    assert set(task.data) == {"dataset", "seed", "index", "size", "config"}
    family = Family(name, task.data["seed"], task.data["config"])
    assert family.size == task.data["size"]
    return family, family.entry(task.data["index"])


@pytest.mark.parametrize("name", sorted(set(WORKED) - set(EXACTLY)))
def test_the_family_itself_calls_the_answer_right_and_the_steps_state_nothing_false(
    name: str,
) -> None:
    for task in some(name):
        family, entry = entry_of(task, name)
        assert entry["question"] == task.prompt
        assert family.scores(task.expected, entry)
        assert not family.scores("I do not know", entry)
        assert task.steps
        steps = [
            StepInput(index=i, type=step.type, content=step.content)
            for i, step in enumerate(task.steps)
        ]
        verdict = check_steps(steps, prompt=task.prompt)
        assert verdict.outcome != "wrong", (task, verdict.reason)


@pytest.mark.parametrize("name", sorted(set(UNWORKED) - SLOW))
def test_a_family_without_steps_is_a_task_with_a_scorer(name: str) -> None:
    [task] = some(name, 1, worked=False)

    family, entry = entry_of(task, name)
    assert (task.verifier, task.steps, entry["question"]) == ("reasoning-gym", (), task.prompt)
    assert not task.expected or family.scores(task.expected, entry)
    assert not family.scores("I do not know", entry)


def test_every_family_is_worked_or_not_or_left_out_with_a_reason() -> None:
    from reasoning_gym.factory import DATASETS

    assert set(WORKED) | set(UNWORKED) | set(LEFT_OUT) == set(DATASETS)
    assert len(WORKED) + len(UNWORKED) + len(LEFT_OUT) == len(DATASETS)
    assert {one.name for one in families() if one.worked} == set(WORKED)


def test_a_problem_is_the_same_in_a_process_that_hashes_otherwise() -> None:
    script = (
        "from itertools import islice\n"
        "from tunix_rt.tasks.generators.reasoning_gym import Config, generate\n"
        "from tunix_rt.tasks.generators.reasoning_gym.families import WORKED\n"
        "for name in WORKED:\n"
        "    for task in islice(generate(Config(families=(name,)), 3, 'train'), 4):\n"
        "        print(ascii((task.prompt, task.expected, task.steps, task.data)))\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 4 * len(WORKED)


def test_a_setting_of_a_family_reaches_it_and_its_verifier() -> None:
    config = Config(families=("gcd",), settings={"gcd": {"max_value": 20, "min_numbers": 2}})

    for task in islice(generate(config, 0, "train"), 20):
        numbers = task.prompt.split(": ")[1].split(".")[0].split(", ")
        assert all(int(number) <= 20 for number in numbers)
        assert task.data is not None
        assert task.data["config"] == {"max_value": 20, "min_numbers": 2}
        assert task.key.startswith("reasoning-gym@")


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"families": ["game_of_life_halting"]}, "its scorer accepts every answer"),
        ({"families": ["codeio"]}, "others each time"),
        ({"families": ["astrology"]}, "there is no family 'astrology'"),
        ({"families": ["survo"]}, "has no worked steps"),
        ({"families": []}, "at least 1 item"),
        ({"settings": {"astrology": {}}}, "there is no family"),
        ({"settings": {"gcd": {"max_value": 2**60}}}, "larger than"),
        ({"settings": {"gcd": {"max_value": [[[[[[1]]]]]]}}}, "too deeply"),
        ({"settings": {"gcd": {"max_value": "9" * 201}}}, "200 characters"),
        ({"settings": {"gcd": {"max_value": [1] * 101}}}, "100 values"),
    ],
)
def test_a_config_that_makes_no_sense_is_refused(config: Any, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Config.model_validate(config)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"maximum": 3}, "has no setting 'maximum'"),
        ({"seed": 3}, "has no setting 'seed'"),
        ({"max_value": "many"}, "is not valid"),
        ({"min_numbers": -1}, "is not valid"),
    ],
)
def test_what_the_library_refuses_is_said_in_one_sentence(settings: Any, reason: str) -> None:
    config = Config(families=("gcd",), settings={"gcd": settings})

    with pytest.raises(BadInput, match=reason):
        next(generate(config, 0, "train"))


@pytest.mark.parametrize(
    ("line", "false"),
    [
        ("She buys 3 x 4 = 12 eggs.", False),
        ("She buys 3 x 4 = 13 eggs.", True),
        ("   - So 107.5 meters / 1.25 meters per plant = 86 plants total", False),
        ("The fee is $380,000 x 8/100 = $30,400.", False),
        ("That is 42 / 24 = 1 pans.", True),
        ("After that he had 17.166666666666664 - 6 - 5/6 = 10.33333333333333 hours.", True),
        ("10% of 50 is 5, so 50 - 5 = 45.", False),
        ("20% * 50 = 10 and 10 + 1 = 11", False),
        ("We get 2x + 180 = 294.", False),
        ("He works 5 days/week * 5 weeks/month = 25 days/month.", False),
        ("No equality is here.", False),
        ("= = =", False),
        ("(" * 5000 + "1 = 2", False),
    ],
)
def test_equalities_of_solutions_that_come_along_are_worked_out_again(
    line: str, false: bool
) -> None:
    assert states_a_falsehood(line) is false


def test_a_division_with_remainder_is_an_equality() -> None:
    assert divided(17, 7) == "7 * 2 + 3 = 17"
    assert divided(-1, 4) == "4 * (-1) + 3 = -1"
    assert [show(value) for value in (3, -2)] == ["3", "-2"]


def test_without_the_library_it_says_how_to_get_it() -> None:
    script = (
        "import sys; sys.modules['reasoning_gym'] = None\n"
        "from tunix_rt.tasks.generators.reasoning_gym import Config, generate\n"
        "next(generate(Config(), 0, 'train'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert "MissingExtra: reasoning-gym is not installed" in done.stderr
    assert "pip install 'tunix-rt[tasks]'" in done.stderr
