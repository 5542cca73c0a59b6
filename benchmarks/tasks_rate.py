"""How fast tasks of each family are made, what is passed over, and what is flagged.

python benchmarks/tasks_rate.py [--dry] [SECONDS]: every family gets so many seconds, 2 by default.
"""

import sys
import time
from itertools import islice
from typing import Any

from measuring import record

from tunix_rt.tasks.generating import generators, is_installed
from tunix_rt.tasks.generators.reasoning_gym.library import Family
from tunix_rt.tasks.schema import Task
from tunix_rt.verify.checking import check_steps
from tunix_rt.verify.schema import StepInput

MOST = 300
"""Tasks of one family."""


def families() -> list[tuple[str, str, dict[str, Any]]]:
    """Generator, family, and the config that makes only this family."""
    found = []
    for name in generators.names():
        if name == "file" or not is_installed(name):
            continue
        for family in generators.load(name).families():
            if not family.worked:
                continue
            chosen: Any = {family.name: 1} if name == "arithmetic" else [family.name]
            found.append((name, family.name, {"families": chosen}))
    return found


def made(generator: str, config: dict[str, Any], seconds: float) -> tuple[list[Task], float]:
    """Tasks of the training side, and the seconds they took."""
    plugin = generators.load(generator)
    stream = plugin.generate(plugin.Config.model_validate(config), 0, "train")
    next(stream)  # loading the library and solving the game is not making
    tasks, began = list[Task](), time.perf_counter()
    for task in islice(stream, MOST):
        tasks.append(task)
        if time.perf_counter() - began > seconds:
            break
    return tasks, time.perf_counter() - began


def scored(task: Task) -> bool:
    """Whether the family's own scorer calls the expected answer right."""
    if task.data is None:
        return True
    family = Family(task.data["dataset"], task.data["seed"], task.data["config"])
    return family.scores(task.expected, family.entry(task.data["index"]))


def flagged(task: Task) -> bool:
    """Whether the step checker calls a step false."""
    steps = [
        StepInput(index=i, type=step.type, content=step.content)
        for i, step in enumerate(task.steps)
    ]
    return check_steps(steps, prompt=task.prompt).outcome == "wrong"


def measured(seconds: float) -> dict[str, dict[str, float]]:
    """The numbers of every family."""
    found = {}
    for generator, family, config in families():
        tasks, took = made(generator, config, seconds)
        passed_over = sum(task.meta.get("passed_over", 0) for task in tasks)
        found[f"{generator}/{family}"] = {
            "tasks": len(tasks),
            "traces_per_second": round(len(tasks) / took, 1),
            "steps_per_trace": round(sum(len(task.steps) for task in tasks) / len(tasks), 1),
            "scored_right": sum(map(scored, tasks)) / len(tasks),
            "flagged": sum(map(flagged, tasks)),
            "passed_over": round(passed_over / (passed_over + len(tasks)), 4),
        }
        print(f"{generator}/{family}: {found[f'{generator}/{family}']}", file=sys.stderr)
    return found


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--dry"]
    by_family = measured(float(given[0]) if given else 2.0)
    record(
        "tasks-rate",
        {
            "families": len(by_family),
            "tasks": sum(one["tasks"] for one in by_family.values()),
            "flagged": sum(one["flagged"] for one in by_family.values()),
            "least_scored_right": min(one["scored_right"] for one in by_family.values()),
            "by_family": by_family,
        },
    )
