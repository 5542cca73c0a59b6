"""Ask for every vote that is missing, and keep each as it comes: nothing is asked twice.

A reply that cannot be read is a vote of undecided. A server that does not answer ends the
run with the reason; the next run of the same judge goes on behind what was kept.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from tunix_rt.generate import completing
from tunix_rt.generate.schema import Sampling
from tunix_rt.judges import asking, query
from tunix_rt.judges.schema import JudgeConfig
from tunix_rt.kit.words import no_nul
from tunix_rt.runs.schema import NewRun, Run
from tunix_rt.store import Row
from tunix_rt.traces import query as traces
from tunix_rt.traces import walking

TRACES = 1_000
"""Traces asked about in one go; a local model is loaded once for them and each vote."""

KEPT = 16
"""Votes stored in one transaction: so many a crash may cost."""


def wanted(config: JudgeConfig) -> NewRun:
    """The run that asks a judge, with the device that its model is asked on for itself."""
    return NewRun(
        kind="judge",
        name=f"judge by {config.rubric.name}",
        config=config,
        device=completing.device_of(config.provider),
    )


def vote(run: Run, config: JudgeConfig) -> tuple[str, int]:
    """The judge's id, and how many votes were given now."""
    total = walking.length(run.store, config.filter, config.limit)
    with run.write() as connection:
        id_ = query.know(connection, config.asked())
    seen = given = 0
    for found in walking.batches(run.store, config.filter, size=TRACES):
        rows = found[: total - seen]
        with run.store.read() as connection:
            known = query.voted(connection, id_, [row.id for row in rows])
        for number in range(config.votes):
            open_ = [row for row in rows if (row.id, number) not in known]
            votes = _asked(run, config, open_, number)
            while some := list(islice(votes, KEPT)):
                with run.write() as connection:
                    query.add(connection, id_, some)
                given += len(some)
                run.progress(seen, total, f"{given:,} votes given")
        seen += len(rows)
        run.progress(seen, total, f"{given:,} votes given")
        if seen >= total:
            break
    return id_, given


def _asked(
    run: Run, config: JudgeConfig, rows: Sequence[Row[Any]], number: int
) -> Iterator[dict[str, Any]]:
    """Vote `number` on each of some traces."""
    judged = [traces.payload(row) for row in rows]
    sampling = Sampling(
        max_new_tokens=config.max_new_tokens,
        temperature=config.temperature,
        seed=config.seed + number,
    )
    completions = completing.complete(
        config.provider,
        [asking.question(config.rubric, trace) for trace in judged],
        sampling,
        dict(config.provider_config),
    )
    for row, trace, completion in zip(rows, judged, completions, strict=True):
        run.check_cancelled()
        answer = asking.read(completion.text, len(trace.steps))
        yield {
            "trace_id": row.id,
            "vote": number,
            "outcome": answer.verdict,
            "step": answer.first_wrong_step,
            "reason": answer.reason,
            "said": no_nul(completion.text[: asking.SAID]),
        }
