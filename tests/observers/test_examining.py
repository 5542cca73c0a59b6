"""Only a passed exam is a licence; a ranking is a queue and changes no verdict."""

import json
from random import Random

import pytest

from tests.court.sitting import begin, finish
from tests.observers.watching import fit, store_some
from tests.verify.traces import marks
from tunix_rt.kit.errors import BadInput, Conflict, NotFound
from tunix_rt.kit.proportions import wilson
from tunix_rt.observers import exporting, query
from tunix_rt.observers.examining import Z_ONE_SIDED, marked
from tunix_rt.observers.fitting import Known
from tunix_rt.observers.jobs import rank, sit
from tunix_rt.observers.schema import Exam, ExamineConfig, Model, RankConfig
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.traces.schema import TraceFilter


def examine(store: Store, **config: object) -> Exam:
    chosen = ExamineConfig.model_validate({"observer": "o", **config})
    run = begin(store, NewRun("observer-exam", "exam", chosen))
    sit(run, chosen)
    finish(store, run)
    with store.read() as connection:
        return query.get(connection, "o").exams[0]


def ranked(store: Store) -> None:
    config = RankConfig(observer="o")
    run = begin(store, NewRun("observer-rank", "rank", config))
    rank(run, config)
    finish(store, run)


def test_a_passed_exam_is_the_licence_to_export(store: Store) -> None:
    store_some(store, 120)
    fit(store)
    truth = store_some(store, 200, first=1000)
    ranked(store)
    with pytest.raises(Conflict, match="has no licence"):
        exporting.lines(store, "o")

    exam = examine(store, filter=TraceFilter(source="from 1000"), coverage=0.3, precision=0.8)

    assert exam.passed
    assert (exam.traces, exam.left_out) == (200, 0)
    assert exam.low == wilson(exam.wrong, exam.marked, Z_ONE_SIDED)[0] >= 0.8
    labels = [json.loads(line) for line in exporting.lines(store, "o")]
    mine = [one for one in labels if one["trace_id"] in truth]
    assert len(mine) == exam.marked
    assert sum(truth[one["trace_id"]] for one in mine) == exam.wrong
    assert {one["label"] for one in labels} == {"suspect"}


def test_a_failed_exam_takes_the_licence_away(store: Store) -> None:
    store_some(store, 120)
    fit(store)
    store_some(store, 200, first=1000)
    assert examine(store, coverage=0.3, precision=0.8).passed

    failed = examine(store, coverage=0.9, precision=0.9)

    assert not failed.passed
    with store.read() as connection:
        found = query.get(connection, "o")
    assert found.licence is None
    assert [exam.passed for exam in found.exams] == [False, True]
    with pytest.raises(Conflict):
        exporting.lines(store, "o")


def test_problems_it_learned_from_do_not_count(store: Store) -> None:
    store_some(store, 120)
    fit(store)

    with pytest.raises(BadInput, match="a problem it did not learn from"):
        examine(store)
    store_some(store, 50, first=1000)
    assert (examine(store).traces, examine(store).left_out) == (50, 120)


def test_few_marks_are_not_enough_whatever_their_share() -> None:
    curve = {"curve_from": (0.0, 1.0), "curve_to": (0.0, 1.0)}
    shape = {"features": ("a",), "features_version": "1", "mean": (0.0,), "scale": (1.0,)}
    model = Model.model_validate({**shape, **curve, "weights": (1.0,), "intercept": 0.0})
    chance = Random(0)
    values = [[chance.random()] for _ in range(100)]
    top = sorted(values, reverse=True)[:10]
    known = Known(values, [value in top for value in values], [str(i) for i in range(100)])

    ten = marked(ExamineConfig(observer="o", coverage=0.1, precision=0.9), model, known, 0)
    less = marked(ExamineConfig(observer="o", coverage=0.1, precision=0.75), model, known, 0)

    assert (ten.precision, ten.marked, ten.passed) == (1.0, 10, False)  # 10 of 10 is >= .787
    assert less.passed
    with pytest.raises(BadInput, match="is not one trace"):
        marked(ExamineConfig(observer="o", coverage=0.001), model, known, 0)


def test_traces_are_ranked_in_pages_and_no_verdict_changes(store: Store) -> None:
    truth = store_some(store, 120)
    fit(store)
    before = marks(store)

    ranked(store)
    ranked(store)

    seen, cursor = [], None
    while True:
        with store.read() as connection:
            page = query.ranked(connection, "o", limit=50, cursor=cursor)
        seen += page.data
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len({one.trace_id for one in seen}) == len(seen) == 120
    assert [one.probability for one in seen] == sorted((o.probability for o in seen), reverse=True)
    assert sum(truth[one.trace_id] for one in seen[:30]) >= 28
    assert marks(store) == before


def test_an_observer_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no observer 'o'"):
        examine(store)
    with store.read() as connection, pytest.raises(BadInput, match="not a cursor"):
        query.ranked(connection, "o", limit=3, cursor="x_y")
