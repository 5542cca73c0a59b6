"""What a new verifier would change, shown before it is adopted, and then adopted."""

from typing import Any

import pytest
from sqlalchemy import update

from tests.court.sitting import begin, finish, hold
from tests.making import write_lines
from tests.verify.test_jobs import judge
from tests.verify.traces import marks, stored, trace
from tunix_rt.court import reading
from tunix_rt.court.jobs import adopt
from tunix_rt.court.schema import AdoptConfig
from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.evaluate import query as evaluations
from tunix_rt.evaluate.evaluating import evaluate
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.kit.errors import Conflict
from tunix_rt.runs.schema import NewRun
from tunix_rt.runs.table import run as table
from tunix_rt.store import Store
from tunix_rt.tasks import suites
from tunix_rt.verify import query as verdicts


def an_older_version_said(store: Store, trace_id: str, outcome: str) -> None:
    row = {
        "trace_id": trace_id,
        "verifier": "number",
        "subject": "answer",
        "outcome": outcome,
        "version": "0",
        "reason": "It was another time.",
        "label": None,
        "detail": None,
        "run_id": None,
    }
    with store.write() as connection:
        verdicts.put(connection, [row])


@pytest.fixture
def evaluation(store: Store, tmp_path: Any) -> str:
    """An evaluation whose second item an older verifier called wrong."""
    items = [{"id": f"i{n}", "prompt": f"{n}?", "expected_answer": str(n)} for n in range(4)]
    suites.from_file(store, "s", write_lines(tmp_path / "s.jsonl", items))
    said = b"".join(b'{"id": "i%d", "prediction": "%d"}\n' % (n, n) for n in range(3))
    sha256, _ = store.blobs.put([said])
    config = EvaluateConfig(suite="s", model_id="m", predictions=sha256)
    run = begin(store, NewRun(kind="evaluate", name="e", config=config))
    row = evaluate(run, config)
    finish(store, run)
    with store.write() as connection:
        item = evaluations.items(connection, row.id, limit=9)[1]
        old = {"outcome": "wrong", "method": "number", "version": "0", "reason": "Old."}
        evaluations.set_verdict(connection, item, **old)
        evaluations.rescore(connection, row.id, {"accuracy": 0.5, "n_correct": 2})
    return str(row.id)


def test_a_regrade_says_what_would_change_and_changes_nothing(
    store: Store, evaluation: str
) -> None:
    first, _ = stored(store, trace("18", expected_answer="18"), trace("17", expected_answer="17"))
    judge(store)
    freezing.freeze(store, Build(dataset_name="held", dataset_version="1"))
    an_older_version_said(store, first, "wrong")

    found = hold(store, impact=True)

    assert (found.cases, found.disagreements) == (2, 1)
    assert found.impact is not None
    [source] = found.impact.sources
    assert (source.source, source.changed) == ("test", 1)
    assert (source.reward_before, source.reward_after) == (0.5, 1.0)
    [dataset] = found.impact.datasets
    assert (dataset.key, dataset.traces, dataset.changed) == ("held-1", 2, 1)
    assert (dataset.right_before, dataset.right_after) == (1, 2)
    [cell] = found.impact.evaluations
    assert (cell.evaluation_id, cell.items, cell.changed) == (evaluation, 4, 1)
    assert (cell.accuracy_before, cell.accuracy_after) == (0.5, 0.75)
    with store.read() as connection:
        kept = verdicts.of_trace(connection, first).answer
        assert evaluations.get(connection, evaluation).accuracy == 0.5
    assert kept is not None
    assert (kept.outcome, kept.version) == ("wrong", "0")


def test_what_was_shown_is_what_is_adopted(store: Store, evaluation: str) -> None:
    [first] = stored(store, trace("18", expected_answer="18"))
    judge(store)
    an_older_version_said(store, first, "wrong")
    found = hold(store, impact=True)

    config = AdoptConfig(court_id=found.run_id)
    run = begin(store, NewRun(kind="adopt", name="adopt", config=config))
    adopt(run, config)
    finish(store, run)

    assert marks(store)[first][0] == "right"
    with store.read() as connection:
        row = evaluations.get(connection, evaluation)
        items = evaluations.items(connection, evaluation, limit=9)
    assert (row.accuracy, row.n_correct, row.n_missing) == (0.75, 3, 1)
    assert [item.outcome for item in items] == ["right", "right", "right", "missing"]
    assert hold(store, impact=True).disagreements == 0


def test_only_a_completed_regrade_can_be_adopted(store: Store) -> None:
    stored(store, trace("18", expected_answer="18"))
    plain = hold(store, first="exact", second="number")

    with store.read() as connection, pytest.raises(Conflict, match="shows its impact"):
        reading.adoptable(connection, plain.run_id)


def test_a_court_of_other_versions_is_not_adopted(store: Store) -> None:
    stored(store, trace("18", expected_answer="18"))
    found = hold(store, impact=True)
    older = {"versions": {"first": "", "second": "number 0"}}
    with store.write() as connection:
        connection.execute(update(table).where(table.c.id == found.run_id).values(result=older))
    config = AdoptConfig(court_id=found.run_id)
    run = begin(store, NewRun(kind="adopt", name="adopt", config=config))

    with pytest.raises(Conflict, match="not those of this court"):
        adopt(run, config)
