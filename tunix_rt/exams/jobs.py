"""Making an exam, and setting one, as runs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tunix_rt.exams.making import make
from tunix_rt.exams.schema import ExamConfig
from tunix_rt.exams.scoring import score
from tunix_rt.runs.schema import Job, Run
from tunix_rt.verify.checking import STEPS


class ScoreConfig(BaseModel):
    """Which exam, and who sits it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exam: Annotated[str, Field(max_length=100)]
    verifier: Annotated[str, Field(max_length=40)] = STEPS


def plant(run: Run, config: ExamConfig) -> None:
    """Make an exam."""
    run.result({"exam": config.name, "items": make(run, config)})


def sit(run: Run, config: ScoreConfig) -> None:
    """Let a step verifier sit an exam, and keep its score on the run."""
    found = score(run, config.exam, config.verifier)
    run.result(found.model_dump())
    run.log(
        f"{config.verifier} on {config.exam}: {found.detected.share:.1%} detected, "
        f"{found.exact.share:.1%} at the exact step, F1 {found.f1:.3f}"
    )


jobs = [Job("exam", ExamConfig, plant), Job("exam-score", ScoreConfig, sit)]
