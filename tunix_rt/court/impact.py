"""The leaderboard's cells judged again: what a new verifier would change, and changing it."""

from collections.abc import Iterator
from typing import Any

from tunix_rt.court.schema import EvaluationChange
from tunix_rt.evaluate import query as evaluations
from tunix_rt.evaluate.metrics import scores
from tunix_rt.kit.words import no_nul
from tunix_rt.runs import query as runs
from tunix_rt.runs.schema import Run
from tunix_rt.store import Row
from tunix_rt.tasks import query as tasks
from tunix_rt.verify.checking import check_answer
from tunix_rt.verify.schema import Verdict

PAGE = 1000


def rejudge(run: Run) -> list[EvaluationChange]:
    """Every finished evaluation, its stored answers judged again; nothing is written."""
    return [_change(run, row) for row in _finished(run)]


def adopt(run: Run) -> int:
    """Write what the verifiers say now onto every finished evaluation; how many changed.

    Each evaluation is one transaction: its items, and the numbers counted from them.
    """
    changed = 0
    for row in list(_finished(run)):  # their order is by what is about to change
        said = [(item, new) for item, new in _judged(run, row) if new and _differs(item, new)]
        if not said:
            continue
        with run.write() as connection:
            for item, verdict in said:
                evaluations.set_verdict(connection, item, **_words(verdict))
            found = scores(evaluations.tally(connection, row.id))
            evaluations.rescore(connection, row.id, found)
            here = ("evaluation", row.id, f"{row.model_id} on {row.suite}")
            runs.link(connection, [("run", run.id, "adopt", *here, "judged again by")])
        changed += 1
        run.log(f"{row.model_id} on {row.suite}: {len(said):,} items judged anew")
        run.progress(changed, None, f"{changed:,} evaluations changed")
    return changed


def _change(run: Run, row: Row[Any]) -> EvaluationChange:
    items = changed = 0
    right: dict[int, list[bool]] = {}
    for item, verdict in _judged(run, row):
        items += 1
        outcome = item.outcome if verdict is None else verdict.outcome
        changed += outcome != item.outcome
        right.setdefault(item.position, []).append(outcome == "right")
    share = sum(sum(samples) / len(samples) for samples in right.values())
    return EvaluationChange(
        evaluation_id=row.id,
        model_id=row.model_id,
        suite=row.suite,
        items=items,
        changed=changed,
        accuracy_before=row.accuracy,
        accuracy_after=share / len(right) if right else 0.0,
    )


def _finished(run: Run) -> Iterator[Row[Any]]:
    offset = 0
    while True:
        with run.store.read() as connection:
            rows = evaluations.leaderboard(connection, limit=PAGE, offset=offset)
        yield from rows
        if len(rows) < PAGE:
            return
        offset += PAGE


def _judged(run: Run, row: Row[Any]) -> Iterator[tuple[Row[Any], Verdict | None]]:
    """Items of an evaluation with what is said of them now; nothing of a missing one."""
    with run.store.read() as connection:
        asked = {item.position: item for item in tasks.items(connection, row.suite)}
    after = (-1, -1)
    while True:
        with run.store.read() as connection:
            items = evaluations.items(connection, row.id, limit=PAGE, after=after)
        run.check_cancelled()
        for item in items:
            if item.outcome == "missing":
                yield item, None
            else:
                task = asked[item.position]
                kind = task.verifier or None
                yield item, check_answer(item.expected, item.answer or "", kind, data=task.data)
        if len(items) < PAGE:
            return
        after = items[-1].position, items[-1].sample


def _differs(item: Row[Any], verdict: Verdict) -> bool:
    before = (item.outcome, item.method, item.version)
    return (verdict.outcome, verdict.method, verdict.version) != before


def _words(verdict: Verdict) -> dict[str, str]:
    return {
        "outcome": verdict.outcome,
        "method": verdict.method,
        "version": verdict.version,
        "reason": no_nul(verdict.reason),
    }
