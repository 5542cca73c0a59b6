"""Exams as the rows others train and test on: process labels, and pairs with a shared prefix.

What stands behind the first wrong step has no label: it is left out, not called wrong.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from tunix_rt.exams import query
from tunix_rt.exams.schema import Format, Planted, PlantedStep
from tunix_rt.store import Row, Store

GENERATOR = "tunix-rt planted"
Json = dict[str, Any]


def lines(store: Store, name: str, format: Format) -> Iterator[bytes]:
    """The JSONL lines of an exam; `NotFound` before the first if there is none."""
    with store.read() as connection:
        query.get(connection, name)
    return _lines(store, name, format)


def _lines(store: Store, name: str, format: Format) -> Iterator[bytes]:
    for row in query.every(store, name):
        for record in WRITERS[format](name, row):
            yield msgspec.json.encode(record) + b"\n"


def _processbench(name: str, row: Row[Any]) -> Iterator[Json]:
    """{id, generator, problem, steps, final_answer_correct, label}: -1 where none is wrong."""
    planted, (steps, answer) = query.planted(row), query.clean(row)
    shared = {"generator": GENERATOR, "problem": row.prompt}
    yield {
        "id": f"{name}-{row.position}-clean",
        **shared,
        "steps": [step.content for step in steps],
        "final_answer_correct": True,
        "label": -1,
    }
    yield {
        "id": f"{name}-{row.position}",
        **shared,
        "steps": [step.content for step in planted.steps],
        "final_answer_correct": planted.final_answer == answer,
        "label": planted.step,
    }


def _prm800k(name: str, row: Row[Any]) -> Iterator[Json]:
    """OpenAI's layout: each step rated 1, the first wrong one -1, nothing behind it."""
    planted, (steps, answer) = query.planted(row), query.clean(row)
    question = {"problem": row.prompt, "ground_truth_answer": answer}
    good = [_rated(step, 1) for step in steps]
    yield {"question": question, "label": {"steps": good, "finish_reason": "solution"}}
    before = [_rated(step, 1) for step in planted.steps[: planted.step]]
    wrong = [_rated(step, -1) for step in planted.steps[planted.step : planted.step + 1]]
    label = {"steps": [*before, *wrong], "finish_reason": "found_error"}
    yield {"question": question, "label": label}


def _rated(step: PlantedStep, rating: int) -> Json:
    completion = {"text": step.content, "rating": rating, "flagged": False}
    return {"completions": [completion], "human_completion": None, "chosen_completion": 0}


def _trl_stepwise(name: str, row: Row[Any]) -> Iterator[Json]:
    """{prompt, completions, labels}, as TRL's PRMTrainer takes them."""
    planted, (steps, _) = query.planted(row), query.clean(row)
    texts = [step.content for step in steps]
    yield {"prompt": row.prompt, "completions": texts, "labels": [True] * len(texts)}
    seen = [step.content for step in planted.steps[: planted.step + 1]]
    labels = [place != planted.step for place in range(len(seen))]
    yield {"prompt": row.prompt, "completions": seen, "labels": labels}


def _pairs(name: str, row: Row[Any]) -> Iterator[Json]:
    """{prompt, chosen, rejected}: the prompt holds the steps that both begin with."""
    planted, (steps, answer) = query.planted(row), query.clean(row)
    shared = [step.content for step in steps[: planted.step]]
    yield {
        "prompt": "\n".join([row.prompt, *shared]),
        "chosen": _rest(steps[planted.step :], answer),
        "rejected": _rest(planted.steps[planted.step :], planted.final_answer),
        "kind": planted.kind,
        "propagated": planted.propagated,
    }


def _rest(steps: Any, answer: str) -> str:
    return "\n".join([*(step.content for step in steps), answer])


def _traces(name: str, row: Row[Any]) -> Iterator[Json]:
    """The changed traces themselves, to import; meta says what was planted where."""
    planted = query.planted(row)
    yield {
        "trace_version": "1.0",
        "prompt": row.prompt,
        "final_answer": planted.final_answer,
        "steps": [
            {"i": place, "type": step.type, "content": step.content}
            for place, step in enumerate(planted.steps)
        ],
        "meta": {
            "source": f"exam/{name}",
            "expected_answer": query.clean(row)[1],
            "planted": _where(planted),
            "clean_trace_id": row.trace_id,
        },
    }


def _where(planted: Planted) -> Json:
    return planted.model_dump(mode="json", exclude={"steps", "final_answer"})


WRITERS: dict[Format, Callable[[str, Row[Any]], Iterator[Json]]] = {
    "processbench": _processbench,
    "prm800k": _prm800k,
    "trl-stepwise": _trl_stepwise,
    "pairs": _pairs,
    "traces": _traces,
}
"""Every format, and how one item is written in it."""
