"""The job: every trace once per version, batch by batch, stopped and resumed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.verify.traces import marks, stored, trace
from tunix_rt.kit.errors import Cancelled, Lost
from tunix_rt.runs import query as runs
from tunix_rt.runs import query_read
from tunix_rt.runs.reporting import Reporter
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.verify import query
from tunix_rt.verify.jobs import verify
from tunix_rt.verify.schema import Subject, VerifyConfig


def begin(store: Store, config: VerifyConfig, kind: type[Reporter] = Reporter) -> Reporter:
    new = NewRun(kind="verify", name="verify", config=config)
    with store.write() as connection:
        run_id = runs.enqueue(connection, new)
        lease = timedelta(minutes=1)
        claimed = runs.claim(connection, worker="test", lease=lease, run_id=run_id)
    assert claimed is not None
    return kind(store, run_id, claimed.attempt, Path())


def judge(store: Store, **config: Any) -> dict[str, Any]:
    """Do one run and return what it found."""
    chosen = VerifyConfig(**config)
    report = begin(store, chosen)
    verify(report, chosen)
    report.flush()
    with store.read() as connection:
        found: dict[str, Any] = query_read.get(connection, report.id).result
    return found


def test_answers_and_steps_are_judged_and_shown_on_the_trace(store: Store) -> None:
    right, wrong, unknown = stored(
        store,
        trace("$18", "9 * 2 = 18", expected_answer="18"),
        trace("19", "9 + 9 = 18", "18 + 2 = 19", expected_answer="18"),
        trace("19", "I think."),
    )

    found = judge(store)

    assert found["judged"] == 3
    assert marks(store) == {
        right: ("right", None),
        wrong: ("wrong", 1),  # the place of the step, from 0
        unknown: ("undecided", None),
    }
    with store.read() as connection:
        said = query.of_trace(connection, wrong)
    assert said.answer is not None
    assert said.answer.reason == "19 was given, 18 is expected."
    assert said.steps is not None
    assert said.steps.first_error is not None
    assert (said.steps.first_error.step, said.steps.first_error.text) == (1, "18 + 2 = 19")
    assert [claim.outcome for claim in said.steps.claims] == ["right", "wrong"]


def test_a_second_run_judges_only_what_is_new(store: Store) -> None:
    stored(store, trace("18", expected_answer="18"), trace("no idea"))

    first = judge(store)
    stored(store, trace("17", expected_answer="18"))
    second = judge(store)
    again = judge(store, again=True)

    assert [first["judged"], second["judged"], again["judged"]] == [2, 1, 3]
    assert second["answers"] == {"right": 1, "wrong": 1, "undecided": 1}


def test_a_new_version_of_a_verifier_judges_again(store: Store) -> None:
    stored(store, trace("18", expected_answer="18"))
    judge(store)
    later: dict[Subject, list[tuple[str, str]]] = {"answer": [("number", "later")]}

    with store.read() as connection:
        waiting = query.count_waiting(connection, query.Wanted(TraceFilter(), later))

    assert waiting == 1


def test_the_meta_names_the_verifier(store: Store) -> None:
    number, text, unknown = stored(
        store,
        trace("18.0", expected_answer="18"),
        trace("18.0", expected_answer="18", verifier="exact"),
        trace("18.0", expected_answer="18", verifier="legal_move"),
    )

    judge(store)

    assert {id_: word for id_, (word, _) in marks(store).items()} == {
        number: "right",
        text: "wrong",
        unknown: "undecided",
    }


def test_only_the_filtered_traces_are_judged(store: Store) -> None:
    [one] = stored(store, trace("18", expected_answer="18"), source="one")
    [two] = stored(store, trace("18", expected_answer="18", model="m"), source="two")

    judge(store, filter={"source": "one"})

    assert marks(store) == {one: ("right", None), two: (None, None)}


def test_steps_alone_leave_the_verdict_on_the_answer_as_it_was(store: Store) -> None:
    [id_] = stored(store, trace("18", "2 + 2 = 5", expected_answer="18"))

    judge(store, steps=False)
    answers_only = marks(store)[id_]
    judge(store, answers=False)

    assert answers_only == ("right", None)
    assert marks(store)[id_] == ("right", 0)


def test_many_batches_judge_every_trace_once(store: Store) -> None:
    made = [trace(str(n), f"{n} + 1 = {n + 1}", expected_answer=str(n % 3)) for n in range(23)]
    stored(store, *made)

    found = judge(store, batch=5)

    assert found["judged"] == 23
    assert found["answers"]["right"] == 3
    assert found["steps"]["right"] == 23


def test_agreement_with_the_labels_of_the_source_is_counted(store: Store) -> None:
    stored(
        store,
        trace("18", expected_answer="18", source_label=True),
        trace("19", expected_answer="18", source_label=False),
        trace("20", expected_answer="18", source_label=True),
        trace("21", expected_answer="18"),
    )

    assert judge(store)["labels"] == {"agree": 2, "labelled": 3}


class StopsAtOnce(Reporter):
    """A run that is asked to stop while its second batch is judged."""

    batches = 0

    def check_cancelled(self) -> None:
        self.batches += 1
        if self.batches == 2:
            raise Cancelled("The run was cancelled.")


def test_a_stopped_run_keeps_whole_batches_and_the_next_goes_on(store: Store) -> None:
    stored(store, *(trace(str(n), expected_answer="1") for n in range(10)))
    config = VerifyConfig(batch=4)

    with pytest.raises(Cancelled):
        verify(begin(store, config, StopsAtOnce), config)
    judged = sum(word is not None for word, _ in marks(store).values())
    rest = judge(store, batch=4)

    assert judged == 4
    assert rest["judged"] == 6


class TakenOver(Reporter):
    """A run that another worker takes over while its first batch is judged."""

    def check_cancelled(self) -> None:
        with self.store.write() as connection:
            runs.beat(connection, self.id, self.attempt, lease=timedelta(seconds=-1))
            runs.claim(connection, worker="other", lease=timedelta(minutes=1), run_id=self.id)


def test_a_process_that_lost_its_run_marks_nothing(store: Store) -> None:
    [id_] = stored(store, trace("18", expected_answer="18"))
    config = VerifyConfig()

    with pytest.raises(Lost, match="taken this run over"):
        verify(begin(store, config, TakenOver), config)

    assert marks(store) == {id_: (None, None)}


def test_a_run_that_judges_again_goes_on_where_it_was_stopped(store: Store) -> None:
    stored(store, *(trace(str(n), expected_answer="1") for n in range(10)))
    judge(store)
    config = VerifyConfig(batch=4, again=True)
    stopped = begin(store, config, StopsAtOnce)

    with pytest.raises(Cancelled):
        verify(stopped, config)
    resumed = Reporter(store, stopped.id, stopped.attempt, Path())
    verify(resumed, config)
    resumed.flush()

    with store.read() as connection:
        assert query_read.get(connection, stopped.id).result["judged"] == 6


def test_a_trace_with_many_claims_keeps_the_first_ones_and_their_number(store: Store) -> None:
    [id_] = stored(store, trace("18", *("1+1=2, 2+2=4" for _ in range(150)), expected_answer="18"))

    judge(store)

    with store.read() as connection:
        steps = query.of_trace(connection, id_).steps
    assert steps is not None
    assert (len(steps.claims), steps.claim_count) == (200, 300)


def test_hostile_text_is_stored_on_every_database(store: Store) -> None:
    hostile = "\x01 \U0001f986 1\x7f+1=3 ' \" \\u0000 <script>"
    [id_] = stored(store, trace(hostile, hostile, "1+1=3", expected_answer="ab"))

    judge(store)

    assert marks(store)[id_] == ("wrong", 1)
