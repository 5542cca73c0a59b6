from pathlib import Path
from typing import Any

import pytest

from tests.making import write_lines
from tunix_rt.kit.errors import BadInput
from tunix_rt.tasks.generators.file import Config, generate
from tunix_rt.tasks.schema import Step, Task, side

LINE = {"prompt": "1 + 1?", "expected_answer": "2"}


def read(file: Path, start: int = 0) -> list[Task]:
    config = Config(path=file)
    return [*generate(config, 0, "train", start), *generate(config, 0, "test", start)]


def test_a_line_is_a_task_with_its_steps(tmp_path: Path) -> None:
    line = {
        **LINE,
        "id": "a",
        "family": "sums",
        "verifier": "number",
        "split": "test",
        "steps": ["1 + 1 = 2", {"type": "conclude", "content": "It is 2."}],
        "mine": True,
    }

    [task] = read(write_lines(tmp_path / "own.jsonl", [line]))

    assert (task.key, task.family, task.verifier) == ("a", "sums", "number")
    assert task.steps == (Step("step", "1 + 1 = 2"), Step("conclude", "It is 2."))
    assert task.meta == {"generator": "file", "file": "own.jsonl", "line": 1, "split": "test"}


def test_a_line_that_says_little_gets_a_key_and_a_side(tmp_path: Path) -> None:
    lines = [{**LINE, "prompt": f"{i} + 1?"} for i in range(50)]

    tasks = read(write_lines(tmp_path / "own.jsonl", lines))

    assert len(tasks) == 50
    assert {task.key for task in tasks} == {f"own/{number}" for number in range(1, 51)}
    assert all(task.meta["split"] == side(task.prompt) for task in tasks)


def test_a_place_counts_the_tasks_of_its_side(tmp_path: Path) -> None:
    lines = [{**LINE, "prompt": f"{i}?", "split": "train"} for i in range(5)]
    file = write_lines(tmp_path / "own.jsonl", lines)

    assert [task.prompt for task in generate(Config(path=file), 0, "train", 3)] == ["3?", "4?"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"prompt": "1?"}, "own.jsonl:2: expected_answer: Field required"),
        ({**LINE, "prompt": ""}, "prompt: .* should have at least 1"),
        ({**LINE, "prompt": "a\0"}, "prompt: Value error, .*NUL"),
        ({**LINE, "expected_answer": 3}, "expected_answer: Input should be a valid string"),
        ({**LINE, "split": "dev"}, "split: "),
        ({**LINE, "steps": ["\0"]}, "steps.0"),
        ({**LINE, "id": "k" * 201}, "id"),
        ("[" * 100_000, "own.jsonl:2: line: Invalid JSON"),
        ("{", "own.jsonl:2: line: Invalid JSON"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: Any, reason: str) -> None:
    file = write_lines(tmp_path / "own.jsonl", [LINE, line])

    with pytest.raises(BadInput, match=reason):
        read(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere.jsonl cannot be read: No such file"):
        read(tmp_path / "nowhere.jsonl")
    with pytest.raises(BadInput, match="names no file"):
        list(generate(Config(), 0, "train"))
