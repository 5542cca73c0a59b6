"""The long work of verifying: judge every trace that has no verdict of these verifiers."""

import time
from typing import Any

from tunix_rt.runs.schema import Job, Run
from tunix_rt.store import Row
from tunix_rt.traces import indexing
from tunix_rt.traces import query as traces
from tunix_rt.traces.query_marks import mark_verdicts
from tunix_rt.verify import judging, query
from tunix_rt.verify.schema import Subject, VerifyConfig

Mark = tuple[str, str | None, int | None]
"""A trace's id, what is said of its answer, and the place of its first wrong step, from 0."""


def verify(run: Run, config: VerifyConfig) -> None:
    """Judge in batches; each batch is one transaction, so a stop loses nothing."""
    subjects: list[Subject] = []
    if config.answers:
        subjects.append("answer")
    if config.steps:
        subjects.append("steps")
    verifiers = judging.current()
    wanted = query.Wanted(
        filter=config.filter,
        current={subject: verifiers[subject] for subject in subjects},
        run_id=run.id if config.again else None,
    )
    indexing.ready(run.store, config.filter)
    with run.store.read() as connection:
        total = query.count_waiting(connection, wanted)
    done, after, began = 0, None, time.monotonic()
    run.progress(0, total, f"{total:,} traces to judge")
    while rows := _next(run, wanted, after, config.batch):
        _judge_batch(run, rows, subjects)
        done, after = done + len(rows), rows[-1].id
        rate = done / max(time.monotonic() - began, 1e-9)
        run.progress(done, max(total, done), f"{done:,} judged, {rate:,.0f} traces/s")
    with run.store.read() as connection:
        found = query.summary(connection, config.filter).total
    run.result({"judged": done, **found.model_dump(exclude={"source", "model"})})
    run.log(f"{done:,} traces judged")


def _next(run: Run, wanted: query.Wanted, after: str | None, batch: int) -> list[Row[Any]]:
    with run.store.read() as connection:
        return list(query.waiting(connection, wanted, after=after, limit=batch))


def _judge_batch(run: Run, rows: list[Row[Any]], subjects: list[Subject]) -> None:
    """Judge outside the transaction, write inside it."""
    verdicts: list[dict[str, Any]] = []
    marks: list[Mark] = []
    for row in rows:
        said, mark = _judge(row, subjects)
        verdicts += [{**one, "run_id": run.id} for one in said]
        marks.append(mark)
    run.check_cancelled()
    with run.write() as connection:
        query.put(connection, verdicts)
        mark_verdicts(connection, marks)


def _judge(row: Row[Any], subjects: list[Subject]) -> tuple[list[dict[str, Any]], Mark]:
    """The rows of one trace, and its mark; what is not judged now stays as it was."""
    trace = traces.payload(row)
    said: list[dict[str, Any]] = []
    word, first_error = row.verdict, row.first_error_step
    if "answer" in subjects:
        verdict = judging.judge_answer(trace)
        label = judging.label_of(trace)
        said.append(_row(row.id, "answer", verdict) | {"label": label, "detail": None})
        word = verdict.outcome
    if "steps" in subjects:
        judged = judging.judge_steps(trace)
        detail = judging.detail_of(judged)
        said.append(_row(row.id, "steps", judged) | {"label": None, "detail": detail})
        wrong = judged.first_error
        first_error = wrong.step if wrong else None
    return said, (row.id, word, first_error)


def _row(trace_id: str, subject: Subject, verdict: Any) -> dict[str, Any]:
    return {
        "trace_id": trace_id,
        "verifier": verdict.method,
        "subject": subject,
        "outcome": verdict.outcome,
        "version": verdict.version,
        "reason": judging.clean(verdict.reason),
    }


jobs = [Job("verify", VerifyConfig, verify)]
