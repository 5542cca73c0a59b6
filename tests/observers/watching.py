"""Traces, right and wrong, of which an observer can learn something."""

from random import Random

from tests.court.sitting import begin, finish
from tunix_rt.observers.jobs import learn
from tunix_rt.observers.schema import FitConfig
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.traces import query_write
from tunix_rt.traces.query_marks import mark_verdicts
from tunix_rt.traces.schema import ReasoningTrace


def trace(number: int, *, wrong: bool, tells: bool) -> ReasoningTrace:
    """A sum that is worked rightly, or with a false claim where the error tells itself."""
    a, b = 10 + number, 3 + number % 7
    shown = a + b + (1 if wrong and tells else 0)
    return ReasoningTrace.model_validate(
        {
            "trace_version": "1.0",
            "prompt": f"Problem {number}: what are {a} and {b} together?",
            "final_answer": str(a + b + (1 if wrong else 0)),
            "steps": [{"i": 0, "type": "compute", "content": f"{a} + {b} = {shown}"}],
            "meta": {"label": not wrong},
        }
    )


def store_some(store: Store, count: int, first: int = 0) -> dict[str, bool]:
    """So many judged traces, half of them wrong, most errors telling; who is wrong, by id."""
    chance = Random(first)
    made = []
    for number in range(first, first + count):
        wrong = number % 2 == 0
        made.append((trace(number, wrong=wrong, tells=chance.random() < 0.8), wrong))
    with store.write() as connection:
        ready = [query_write.prepare(one, f"from {first}") for one, _ in made]
        ids = [id_ for id_, _ in query_write.add(connection, ready)]
        truth = dict(zip(ids, (wrong for _, wrong in made), strict=True))
        mark_verdicts(connection, ((i, "wrong" if w else "right", None) for i, w in truth.items()))
    return truth


def fit(store: Store, name: str = "o", **config: object) -> None:
    """An observer fitted by the real job."""
    chosen = FitConfig.model_validate({"name": name, **config})
    run = begin(store, NewRun("observer", name, chosen))
    learn(run, chosen)
    finish(store, run)
