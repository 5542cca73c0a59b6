"""The long work of verifying: judge every trace that has no verdict of these verifiers."""

import time
from concurrent.futures import Future
from typing import Any

from tunix_rt.runs.schema import Job, Run
from tunix_rt.store import Row
from tunix_rt.traces import indexing
from tunix_rt.traces import query as traces
from tunix_rt.traces.query_marks import mark_verdicts
from tunix_rt.verify import judging, query
from tunix_rt.verify.schema import Subject, VerifyConfig
from tunix_rt.verify.sharing import Judge, Said, judges

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
    run.progress(0, total, f"{total:,} traces to judge")
    with judges(total, subjects) as judge:
        done = _judge_all(run, wanted, config.batch, total, judge)
    with run.store.read() as connection:
        found = query.summary(connection, config.filter).total
    run.result({"judged": done, **found.model_dump(exclude={"source", "model"})})
    run.log(f"{done:,} traces judged")


def _judge_all(run: Run, wanted: query.Wanted, batch: int, total: int, judge: Judge) -> int:
    """Judge one batch while the one before it is written."""
    done, after, began = 0, None, time.monotonic()
    begun: tuple[list[Row[Any]], Future[list[Said]]] | None = None
    while True:
        rows = _next(run, wanted, after, batch)
        coming = (rows, judge([traces.raw(row) for row in rows])) if rows else None
        if begun is not None:
            _write(run, begun[0], begun[1].result())
            done += len(begun[0])
            rate = done / max(time.monotonic() - began, 1e-9)
            run.progress(done, max(total, done), f"{done:,} judged, {rate:,.0f} traces/s")
        if coming is None:
            return done
        begun, after = coming, rows[-1].id


def _next(run: Run, wanted: query.Wanted, after: str | None, batch: int) -> list[Row[Any]]:
    with run.store.read() as connection:
        return list(query.waiting(connection, wanted, after=after, limit=batch))


def _write(run: Run, rows: list[Row[Any]], said: list[Said]) -> None:
    """The verdicts and the marks of a batch, in one transaction."""
    run.check_cancelled()
    verdicts = [
        {"trace_id": row.id, "subject": subject, "run_id": run.id, **verdict}
        for row, one in zip(rows, said, strict=True)
        for subject, verdict in one.items()
    ]
    with run.write() as connection:
        query.put(connection, verdicts)
        mark_verdicts(connection, map(_mark, rows, said))


def _mark(row: Row[Any], said: Said) -> Mark:
    """What the row of a trace shows; what is not judged now stays as it was."""
    word, first_error = row.verdict, row.first_error_step
    if "answer" in said:
        word = said["answer"]["outcome"]
    if "steps" in said:
        wrong = said["steps"]["detail"]["first_error"]
        first_error = wrong["step"] if wrong else None
    return row.id, word, first_error


jobs = [Job("verify", VerifyConfig, verify)]
