"""Traces with sums to spoil, and exams made of them by the real job."""

from typing import Any

from tests.court.sitting import begin, finish
from tunix_rt.exams.jobs import plant
from tunix_rt.exams.schema import ExamConfig
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.traces import query_write
from tunix_rt.traces.schema import ReasoningTrace


def eggs(number: int = 16) -> ReasoningTrace:
    """A farmer's eggs: three sums, of which two use the one before."""
    left, sold = number - 5, 7 * (number - 5)
    return paper(
        f"A hen house has {number} eggs a day. 5 are eaten, the rest sold at 7 dollars "
        "in 45 minutes. What does it make in 3 days?",
        f"She sells {number} - 5 = <<{number}-5={left}>>{left} eggs a day.",
        f"She makes {left} * 7 = $<<{left}*7={sold}>>{sold} a day, which takes 45 minutes.",
        f"In 3 days that is {sold} * 3 = {3 * sold} dollars.",
        answer=str(3 * sold),
    )


def paper(prompt: str, *steps: str, answer: str, types: tuple[str, ...] = ()) -> ReasoningTrace:
    """A trace of these steps."""
    return ReasoningTrace.model_validate(
        {
            "trace_version": "1.0",
            "prompt": prompt,
            "final_answer": answer,
            "steps": [
                {"i": i, "type": types[i] if types else "compute", "content": content}
                for i, content in enumerate(steps)
            ],
            "meta": {"expected_answer": answer},
        }
    )


def store_eggs(store: Store, count: int) -> None:
    """So many different verified traces."""
    ready = [query_write.prepare(eggs(20 + number), "hens") for number in range(count)]
    with store.write() as connection:
        query_write.add(connection, ready)


def make(store: Store, name: str = "e", **config: Any) -> ExamConfig:
    """An exam made by the real job."""
    chosen = ExamConfig(name=name, **config)
    run = begin(store, NewRun(kind="exam", name=name, config=chosen))
    plant(run, chosen)
    finish(store, run)
    return chosen
