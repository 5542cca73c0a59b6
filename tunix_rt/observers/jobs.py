"""Fitting an observer, examining it and ranking by it, as runs."""

from tunix_rt.observers import query
from tunix_rt.observers.examining import examine
from tunix_rt.observers.features import features
from tunix_rt.observers.fitting import fit
from tunix_rt.observers.gathering import known, rows
from tunix_rt.observers.model import fits, probability
from tunix_rt.observers.schema import ExamineConfig, FitConfig, RankConfig
from tunix_rt.runs.schema import Job, Run
from tunix_rt.traces import query as traces


def learn(run: Run, config: FitConfig) -> None:
    """Fit an observer on traces whose truth is known, and keep it."""
    found, _ = known(run, config.filter, config.truth, config.limit)
    run.log(f"{len(found.wrong):,} traces of {len(set(found.groups)):,} problems")
    model, quality = fit(found, config)
    with run.write() as connection:
        query.add(connection, config, model, quality, found.groups, run.id)
    run.result({"observer": config.name, **quality.model_dump()})
    run.log(f"AUC {quality.auc:.3f} [{quality.auc_low:.3f}, {quality.auc_high:.3f}]")


def sit(run: Run, config: ExamineConfig) -> None:
    """Let an observer sit an exam."""
    exam = examine(run, config)
    run.result(exam.model_dump())
    word = "passed" if exam.passed else "failed"
    run.log(f"{word}: {exam.wrong} of {exam.marked} marked are wrong, at least {exam.low:.3f}")


def rank(run: Run, config: RankConfig) -> None:
    """Say of every matching trace how likely it is wrong."""
    with run.store.read() as connection:
        model = fits(query.model_of(connection, config.observer))
    ranked = 0
    for batch in rows(run, config.filter):
        scores = [(row.id, probability(model, features(traces.payload(row)))) for row in batch]
        with run.write() as connection:
            query.put_scores(connection, config.observer, scores)
        ranked += len(scores)
    run.result({"observer": config.observer, "ranked": ranked})
    run.log(f"{ranked:,} traces ranked")


jobs = [
    Job("observer", FitConfig, learn),
    Job("observer-exam", ExamineConfig, sit),
    Job("observer-rank", RankConfig, rank),
]
