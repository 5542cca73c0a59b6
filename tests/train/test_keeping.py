"""Rollouts are traces while a training goes on, and none is stored twice."""

import pytest

from tests.train.rollouts import begun, keep, keeper, made, mixed
from tunix_rt.kit.errors import Lost
from tunix_rt.kit.settings import Settings
from tunix_rt.runs import query as runs
from tunix_rt.store import Store
from tunix_rt.traces import purging, query_marks
from tunix_rt.traces import query as traces
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.train import query
from tunix_rt.train.keeping import NOTHING, source_of
from tunix_rt.verify.judging import judge_answer


def of(store: Store, run_id: str, least: float | None = None) -> list[object]:
    with store.read() as connection:
        asked = TraceFilter(source=source_of(run_id), score_min=least)
        return list(traces.page(connection, asked, limit=100).rows)


def test_every_rollout_is_a_trace_with_its_rewards_tokens_and_log_probabilities(
    store: Store, settings: Settings
) -> None:
    run = begun(store, settings)
    keep(run, [mixed(), mixed()])

    with store.read() as connection:
        rows = query.page(connection, run.id, limit=100, round=1)
        trace = traces.payload(traces.get(connection, rows[1].trace_id))

    assert [(one.round, one.place, one.slot) for one in rows] == [(1, n, n // 4) for n in range(12)]
    assert (rows[0].is_right, rows[1].is_right, rows[1].answer) == (True, False, "91")
    assert trace.meta is not None
    assert (trace.meta["run"], trace.meta["round"], trace.meta["place"]) == (run.id, 1, 1)
    assert trace.meta["tokens"] == list(range(4, 14))
    assert trace.meta["log_probabilities"] == [-0.01] * 10
    assert trace.meta["rewards"] == {"right": 0.0, "answer": 0.0}
    assert [step.content for step in trace.steps] == ["1+1=2"]


def test_rollouts_are_found_like_any_trace(store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    keep(run, [mixed()])

    assert len(of(store, run.id)) == 12
    assert len(of(store, run.id, 0.5)) == 6


def test_a_stored_rollout_can_be_verified_again(store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    keep(run, [mixed()])

    with store.read() as connection:
        rows = query.page(connection, run.id, limit=2)
        found = [traces.payload(traces.get(connection, row.trace_id)) for row in rows]

    assert [judge_answer(one).outcome for one in found] == ["right", "wrong"]


def test_a_round_that_is_done_again_stores_nothing_twice(store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    keep(run, [mixed(), mixed()])
    keeper(run)(1, mixed())

    with store.read() as connection:
        assert query.count(connection, run.id) == 24
    assert len(of(store, run.id)) == 24


def test_a_round_that_came_out_otherwise_replaces_the_other(
    store: Store, settings: Settings
) -> None:
    run = begun(store, settings)
    keep(run, [mixed()])
    keeper(run)(0, [made(place, right=False) for place in range(12)])

    with store.read() as connection:
        rows = query.page(connection, run.id, limit=100)
    assert [one.is_right for one in rows] == [False] * 12


def test_what_a_model_writes_is_kept_whatever_it_is(store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    texts = ["", "\x00\x00", "<think>", "<answer></answer>", "<think>\n\n</think>", "a" * 60_000]
    keep(run, [[made(at, right=False, text=text or "\n") for at, text in enumerate(texts)]])

    with store.read() as connection:
        rows = query.page(connection, run.id, limit=100)
        first = traces.payload(traces.get(connection, rows[0].trace_id))
    assert len(rows) == len(texts)
    assert first.final_answer == NOTHING


def test_a_run_that_was_taken_over_keeps_nothing_more(store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    with store.write() as connection:
        runs.finish(connection, run.id, 1, status="failed", error="gone")

    with pytest.raises(Lost):
        keep(run, [mixed()])
    assert of(store, run.id) == []


def test_a_rollout_goes_with_its_trace(store: Store, settings: Settings) -> None:
    run = begun(store, settings)
    keep(run, [mixed()])
    with store.write() as connection:
        ids = [row.trace_id for row in query.page(connection, run.id, limit=3)]
        query_marks.soft_delete(connection, ids)

    purging.purge(store)

    with store.read() as connection:
        assert query.count(connection, run.id) == 9
