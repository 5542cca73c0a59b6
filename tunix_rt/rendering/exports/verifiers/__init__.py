"""A taskset package for verifiers: prompts, answers, and a reward that compares them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_export import About
from tunix_rt.rendering.writing.lining import lines
from tunix_rt.rendering.writing.tasking import Problem, problems
from tunix_rt.rendering.writing.wording import Json

KIND, FILE = "folder", "{name}/{split}.jsonl"
READ_BY = "verifiers v1 and prime-rl, after `pip install FOLDER`"

HERE = Path(__file__).parent
CODE = ("taskset.py", "checking.py")
"""Modules of the package, copied as they are here."""


def export(rows: Iterable[TraceRow]) -> Iterator[bytes]:
    """One task per prompt with a known answer."""
    return lines(map(_record, problems(rows)))


def around(about: About) -> Iterator[tuple[str, bytes]]:
    """What makes the tasks a package that pip installs."""
    name, id = about.name, about.name.replace("_", "-")
    yield "pyproject.toml", _project(name, id).encode()
    yield "README.md", _readme(about, id).encode()
    yield f"{name}/__init__.py", _opening(name, about.splits).encode()
    for module in CODE:
        yield f"{name}/{module}", (HERE / module).read_bytes()


def _record(problem: Problem) -> Json:
    system = (problem.trace.meta or {}).get("system")
    return {
        "id": problem.trace.group or problem.trace.id,
        "prompt": problem.trace.prompt,
        "system_prompt": system if isinstance(system, str) and system else None,
        "answer": problem.answer,
        "verifier": problem.verifier or "",
    }


def _project(name: str, id: str) -> str:
    return f"""[project]
name = "{id}"
version = "0.1.0"
description = "Tasks of a frozen dataset of Tunix RT."
requires-python = ">=3.11"
dependencies = ["verifiers>=0.4"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["{name}"]
"""


def _opening(name: str, splits: Iterable[str]) -> str:
    return f'''"""The tasks of {name}, in the splits {", ".join(splits)}."""

from {name}.taskset import FrozenTaskset

__all__ = ["FrozenTaskset"]
'''


def _readme(about: About, id: str) -> str:
    return f"""# {about.key}

Tasks for [verifiers](https://github.com/PrimeIntellect-ai/verifiers), frozen by Tunix RT on
{about.created_at}. The sha256 of the dataset's content is `{about.sha256}`.

    pip install .
    vf-validate {id}

The reward is 1 where the answer in the last reply equals the expected one, as a number or as text.
"""
