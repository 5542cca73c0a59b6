import tomllib
from pathlib import Path

import pytest

from tests.rendering.libraries import ask
from tests.rendering.rows import ODD, row
from tests.rendering.test_exporting import Rows
from tunix_rt.rendering import exporting
from tunix_rt.rendering.exports.verifiers.checking import equal, said

OPEN = """
    import asyncio, json, sys
    sys.path.insert(0, "folder")
    import verifiers.v1 as vf
    from verifiers.v1.trace import TraceTask
    from verifiers.v1.utils.loaders import load_taskset, taskset_class
    from d_1.taskset import FrozenConfig

    agent = vf.AgentInfo(config=vf.AgentConfig())

    async def scored(task, reply):
        trace = vf.Trace(task=TraceTask(type="FrozenTask", data=task.data), agent=agent)
        trace.root_reply = reply
        await task.score(trace)
        return trace.rewards["right"].score

    tasks = list(load_taskset(FrozenConfig(id="d-1", split="train")))
    task = next(task for task in tasks if task.data.answer == "2")
    rewards = [asyncio.run(scored(task, reply)) for reply in ("so\\n#### 2.0", "3", "")]
    print(json.dumps([len(tasks), task.data.prompt, task.key, task.data.verifier, rewards]))
"""


def test_verifiers_loads_the_tasks_and_rewards_right_answers(tmp_path: Path) -> None:
    rows = [
        row(1, group="0" * 16),
        row(1, verdict="wrong"),
        row(2, prompt=ODD),
        row(9, split="dev"),
    ]
    exporting.write("verifiers", Rows(*rows), tmp_path / "folder", None)

    count, prompt, key, verifier, rewards = ask("verifiers", OPEN, tmp_path)

    assert (count, prompt, verifier) == (2, "What is 1 + 1?", "number")
    assert key in {"0" * 16, f"{1:032x}"}
    assert rewards == [1.0, 0.0, 0.0]


def test_the_folder_is_a_package(tmp_path: Path) -> None:
    exporting.write("verifiers", Rows(row(1), row(2, split="dev")), tmp_path / "folder", None)

    project = tomllib.loads((tmp_path / "folder" / "pyproject.toml").read_text("utf-8"))
    inside = sorted(path.name for path in (tmp_path / "folder" / "d_1").iterdir())
    assert project["project"]["name"] == "d-1"
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["d_1"]
    assert inside == ["__init__.py", "checking.py", "dev.jsonl", "taskset.py", "train.jsonl"]


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("thinking\n#### 42", "42"),
        ("<think>#### 1</think>It is <answer> 7 </answer>.", "7"),
        ("so \\boxed{\\frac{1}{2}} it is", "\\frac{1}{2}"),
        ("\\boxed{1", "1"),
        ("Reasoning:\n1. a\nAnswer: 3", "3"),
        ("a\n\nlast line\n", "last line"),
        ("", ""),
        ("\\boxed{" * 1000, ""),
    ],
)
def test_the_answer_is_found_where_it_is_marked(reply: str, answer: str) -> None:
    assert said(reply) == answer


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,000", "1000", True),
        ("0.5", "1/2", True),
        ("$3.00", "3", True),
        ("1e999999999", "1", False),
        ("9" * 100_000, "9" * 100_000, True),
        ("1/0", "1/0", True),
        ("Blue  Whale.", "blue whale", True),
        ("2", "3", False),
        ("", "3", False),
    ],
)
def test_answers_are_compared_as_numbers_or_as_text(one: str, other: str, same: bool) -> None:
    assert equal(one, other) is same
