"""A court as a run; and adopting what the verifiers say now."""

from tunix_rt.court import impact, query, reading
from tunix_rt.court.holding import hold
from tunix_rt.court.schema import AdoptConfig, CourtConfig
from tunix_rt.court.witnesses import version
from tunix_rt.kit.errors import Conflict
from tunix_rt.runs.schema import Job, Run
from tunix_rt.verify.jobs import verify
from tunix_rt.verify.schema import VerifyConfig


def court(run: Run, config: CourtConfig) -> None:
    """Hear both witnesses on every trace; with `impact`, judge the evaluations again too."""
    cases = hold(run, config)
    judges_answers = config.impact and config.subject == "answer"
    changed = impact.rejudge(run) if judges_answers else []
    with run.store.read() as connection:
        disagreements = query.counts(connection, [run.id]).get(run.id, (0, 0))[1]
    run.result(
        {
            "cases": cases,
            "disagreements": disagreements,
            "versions": reading.versions(config),
            "evaluations": [one.model_dump() for one in changed],
        }
    )
    run.log(f"{cases:,} cases, {disagreements:,} disagreements")


def adopt(run: Run, config: AdoptConfig) -> None:
    """Judge the court's traces and all evaluations again, and write down what is said now."""
    with run.store.read() as connection:
        row, held = reading.court(connection, config.court_id)
    if row.result.get("versions", {}).get("second") != version(held.second, held.subject):
        raise Conflict(
            "The verifiers are not those of this court any more.",
            hint="Hold another one: tunix-rt court regrade",
        )
    answers = held.subject == "answer"
    verify(run, VerifyConfig(filter=held.filter, answers=answers, steps=not answers))
    changed = impact.adopt(run) if answers else 0
    run.result({"evaluations_changed": changed})


jobs = [Job("court", CourtConfig, court), Job("adopt", AdoptConfig, adopt)]
"""Long work of this slice."""
