"""Two witnesses on real traces in a real store; a court that stops goes on."""

from typing import Any

import pytest

from tests.court.sitting import begin, hold
from tests.verify.test_jobs import judge
from tests.verify.traces import stored, trace
from tunix_rt.court import holding, reading
from tunix_rt.court.schema import CourtConfig
from tunix_rt.kit.errors import BadInput, Cancelled
from tunix_rt.runs.reporting import Reporter
from tunix_rt.store import Store
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.verify import query_rulings
from tunix_rt.verify.schema_rulings import NewRuling


def some(store: Store) -> list[str]:
    return stored(
        store,
        trace("18", expected_answer="18"),
        trace("$18", expected_answer="18"),
        trace("17", expected_answer="18"),
        trace("18 or 19", expected_answer="18"),
        trace("no idea"),
    )


def words(store: Store, run_id: str, **wanted: Any) -> list[tuple[str, str]]:
    with store.read() as connection:
        page = reading.cases(connection, run_id, **{"which": "all", "limit": 100, **wanted})
    return [(case.first.outcome, case.second.outcome) for case in page.data]


def test_two_verifiers_are_compared_case_by_case(store: Store) -> None:
    _, second, *_ = some(store)

    found = hold(store, first="exact", second="number")

    assert (found.cases, found.disagreements) == (5, 1)
    assert found.agreement.share == 0.8
    assert words(store, found.run_id) == [
        ("right", "right"),
        ("wrong", "right"),
        ("wrong", "wrong"),
        ("wrong", "wrong"),
        ("undecided", "undecided"),
    ]
    with store.read() as connection:
        [case] = reading.cases(connection, found.run_id, which="disagreements", limit=9).data
    assert (case.trace_id, case.final_answer, case.expected) == (second, "$18", "18")
    assert case.first.reason == "'$18' was given, '18' is expected."
    assert case.second.reason == "Both are 18."


def test_the_stored_verdict_and_the_label_can_be_heard(store: Store) -> None:
    stored(store, trace("18", expected_answer="18", source_label=False))
    judge(store)
    stored(store, trace("17", expected_answer="18"))

    found = hold(store, first="stored", second="label")

    assert words(store, found.run_id) == [("right", "wrong"), ("none", "none")]


def test_steps_are_judged_too_and_say_where(store: Store) -> None:
    stored(store, trace("1", "1+1=2", "2+2=5"), trace("1", "1+1=2"))

    found = hold(store, subject="steps", first="stored", second="current")

    assert words(store, found.run_id) == [("none", "wrong"), ("none", "right")]
    with store.read() as connection:
        cases = reading.cases(connection, found.run_id, which="all", limit=9).data
    assert [case.second.step for case in cases] == [1, None]


def test_a_selection_and_a_limit_are_kept(store: Store) -> None:
    some(store)
    stored(store, trace("1", expected_answer="1"), source="other")

    other = hold(store, first="exact", second="number", filter=TraceFilter(source="other"))
    first = hold(store, first="exact", second="number", limit=2)

    assert (other.cases, first.cases) == (1, 2)


def test_nobody_of_that_name_can_be_heard(store: Store) -> None:
    with pytest.raises(BadInput, match="Nobody called 'magic'"):
        hold(store, first="magic", second="number")
    with pytest.raises(BadInput, match="on steps"):
        hold(store, first="label", second="current", subject="steps")


class StopsAt(Reporter):
    """A run that is cancelled when it has heard so many."""

    at = 2

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        super().progress(done, total, text)
        if done >= self.at:
            raise Cancelled("stopped")


def test_a_court_that_was_stopped_hears_the_rest_and_nothing_twice(
    store: Store,
) -> None:
    some(store)
    config = CourtConfig(first="exact", second="number")
    run = begin(store, reading.new(config), StopsAt)
    with pytest.raises(Cancelled):
        holding.hold(run, config, batch=2)
    assert len(words(store, run.id)) == 2

    again = Reporter(store, run.id, run.attempt, run.folder)
    assert holding.hold(again, config, batch=2) == 5

    assert len(words(store, run.id)) == 5


def test_rulings_make_the_rates_and_the_newest_counts(store: Store) -> None:
    first, second, third, fourth, _ = some(store)
    found = hold(store, first="exact", second="number")

    with store.write() as connection:
        query_rulings.rule(connection, second, NewRuling(outcome="wrong", author="ann"))
        query_rulings.rule(connection, second, NewRuling(outcome="right", note="a dollar sign"))
        query_rulings.rule(connection, first, NewRuling(outcome="right"))
        query_rulings.rule(connection, third, NewRuling(outcome="wrong", subject="steps"))
        query_rulings.rule(connection, fourth, NewRuling(outcome="wrong"))
    with store.read() as connection:
        report = reading.report(connection, found.run_id)
        said = query_rulings.rulings(connection, second)

    exact, number = report.witnesses
    assert (exact.name, number.name) == ("exact", "number")
    assert exact.false_negative.estimate == 0.5
    assert number.false_negative.estimate == 0.0
    assert number.false_positive.estimate == 0.0
    assert number.false_positive.unseen == 1  # nobody ruled on the undecided one
    assert [ruling.outcome for ruling in said] == ["right", "wrong"]
    assert (said[0].note, said[1].author) == ("a dollar sign", "ann")
    assert words(store, found.run_id, which="disagreements") == []
    assert len(words(store, found.run_id, which="ruled")) == 3
    assert len(words(store, found.run_id, which="audit")) == 2


def test_cases_come_in_pages(store: Store) -> None:
    some(store)
    found = hold(store, first="exact", second="number")

    seen, cursor = [], None
    while True:
        with store.read() as connection:
            page = reading.cases(connection, found.run_id, which="all", limit=2, cursor=cursor)
        seen += [case.trace_id for case in page.data]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5
    with pytest.raises(BadInput, match="not a cursor"):
        words(store, found.run_id, cursor="x")
