"""Asking a judge as a run."""

from tunix_rt.judges import query
from tunix_rt.judges.schema import JudgeConfig
from tunix_rt.judges.voting import vote
from tunix_rt.runs.schema import Job, Run


def judge(run: Run, config: JudgeConfig) -> None:
    """Ask for the votes that are missing, and keep how many there are now."""
    id_, given = vote(run, config)
    with run.store.read() as connection:
        found = query.get(connection, id_)
    run.result({"judge": id_, "given": given, "traces": found.traces, **found.votes.model_dump()})
    run.log(f"{id_}: {given:,} votes given, {found.traces:,} traces judged in all")


jobs = [Job("judge", JudgeConfig, judge)]
