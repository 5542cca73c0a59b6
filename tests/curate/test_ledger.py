from pathlib import Path
from typing import Any

import pytest

from tests.court.sitting import begin
from tests.curate.curating import curate, decisions, marks, pipeline, reasons, seen
from tests.making import stored, trace
from tunix_rt.curate.schema import Outcomes
from tunix_rt.curate.staging import checked
from tunix_rt.curate.wording import number_of
from tunix_rt.evaluate import query as evaluations
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.errors import BadInput
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store

FOUND = {
    number_of("half"): [Outcomes(1, 2)],
    number_of("easy"): [Outcomes(4, 4), Outcomes(1, 1)],
    number_of("forgotten"): [Outcomes(8, 8), Outcomes(0, 1)],
    number_of("flaky"): [Outcomes(9, 10)],
}
PROMPTS = ("half", "easy", "forgotten", "flaky", "new")
TRACES = [seen(prompt=prompt) for prompt in PROMPTS]


def test_prompts_near_half_forgotten_or_flaky_stay() -> None:
    said = reasons("ledger", *TRACES, outcomes=FOUND)

    assert said == [None, "always right", None, None, "never evaluated"]


@pytest.mark.parametrize(
    ("word", "left"),
    [("half", ["half"]), ("forgotten", ["forgotten"]), ("flaky", ["half", "flaky"])],
)
def test_each_of_the_three_can_be_asked_for(word: str, left: list[str]) -> None:
    said = reasons("ledger", *TRACES, outcomes=FOUND, keep=[word])

    assert [p for p, one in zip(PROMPTS, said, strict=True) if one is None] == left


def test_unknown_prompts_may_stay_and_known_ones_be_weighed() -> None:
    said = marks("ledger", *TRACES, outcomes=FOUND, unknown="keep", weigh=True)

    assert [one and round(one.weight, 4) for one in said] == [0.25, None, 0.0988, 0.09, None]


def test_outcomes_come_from_finished_evaluations(store: Store, tmp_path: Path) -> None:
    stored(store, tmp_path, [trace(1), trace(2)])
    config = EvaluateConfig(model_id="m", suite="s")
    run = begin(store, NewRun(kind="evaluate", name="e", config=config))
    item: dict[str, Any] = {
        "family": "f",
        "expected": "",
        "output": "",
        "answer": "",
        "method": "m",
    }
    item |= {
        "method": "m",
        "version": "1",
        "reason": "",
        "finish": "stop",
        "tokens": 1,
        "item": "k",
    }
    with store.write() as connection:
        id_ = evaluations.begin(connection, run.id, config)
        rows = [
            {**item, "position": n, "sample": s, "prompt": f"What is {n} + 1?", "outcome": outcome}
            for n, words in ((1, ("right", "wrong")), (2, ("right", "right")))
            for s, outcome in enumerate(words)
        ]
        evaluations.add_items(connection, id_, rows)
        evaluations.finish(connection, id_, {})

    found = curate(store, tmp_path, {"stage": "ledger", "evaluations": [id_]})

    said = {one.prompt: one.reason for one in decisions(store, found.run_id)}
    assert said == {"What is 1 + 1?": None, "What is 2 + 1?": "always right"}


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(BadInput, match="low is above high"):
        checked(pipeline({"stage": "ledger", "low": 0.8, "high": 0.2}))
