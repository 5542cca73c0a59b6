"""Who sits an exam, and what it is worth."""

from tests.court.sitting import begin, finish
from tests.exams.papers import make, store_eggs
from tunix_rt.exams import reading
from tunix_rt.exams.jobs import ScoreConfig, sit
from tunix_rt.exams.schema import Score
from tunix_rt.exams.scoring import share
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store


def score(store: Store, exam: str = "e") -> Score:
    config = ScoreConfig(exam=exam)
    run = begin(store, NewRun(kind="exam-score", name=exam, config=config))
    sit(run, config)
    finish(store, run)
    with store.read() as connection:
        return reading.scores(connection, exam)[0]


def test_wrong_results_are_found_at_their_step_and_clean_twins_pass(store: Store) -> None:
    store_eggs(store, 12)
    make(store, kinds=("result", "sign"), count=12)

    found = score(store)

    assert (found.detected.count, found.exact.count, found.clean.count) == (12, 12, 12)
    assert found.f1 == 1.0
    assert found.detected.low < 1.0 == found.detected.high
    assert {(one.kind, one.propagated) for one in found.kinds} == {
        ("result", False),
        ("result", True),
        ("sign", False),
        ("sign", True),
    }


def test_what_is_computed_rightly_is_not_found(store: Store) -> None:
    store_eggs(store, 8)
    make(store, kinds=("rule",), count=8)

    found = score(store)

    assert (found.detected.count, found.exact.count, found.clean.share) == (0, 0, 1.0)
    assert found.f1 == 0.0


def test_a_number_from_nowhere_is_warned_of_at_its_step(store: Store) -> None:
    store_eggs(store, 12)
    make(store, kinds=("operand",), count=12)

    found = score(store)

    assert found.detected.count == 0
    assert 0 < found.warned.count < 12
    assert found.clean_warned.count == 0


def test_nothing_of_nothing_is_nothing() -> None:
    assert (share(0, 0).share, share(0, 0).low, share(0, 0).high) == (0.0, 0.0, 1.0)
