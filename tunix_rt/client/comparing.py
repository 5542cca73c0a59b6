"""Is it still as good, and which values do best: baselines, checks, tuning jobs."""

from collections.abc import Iterator

from tunix_rt.client.talking import PAGE, Talk
from tunix_rt.compare.schema import Baseline, Check, CheckRequest, GateRequest, NewBaseline
from tunix_rt.runs.schema import Queued
from tunix_rt.tune.schema import Answer, Job, NewJob

BASELINES = "/api/regression/baselines"
JOBS = "/api/tuning/jobs"


class Regression:
    """Baselines, and runs checked against them."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def set_baseline(self, new: NewBaseline) -> Baseline:
        """Name what a run reached; a name that is taken moves to this run."""
        return self._talk.post(BASELINES, new, Baseline, again=True)

    def baselines(self, *, limit: int | None = None) -> Iterator[Baseline]:
        """Baselines, the one set last first."""
        return self._talk.offsets(
            lambda offset: self._talk.get_list(BASELINES, Baseline, limit=PAGE, offset=offset),
            limit=limit,
        )

    def check(self, run_id: str, baseline_name: str) -> Check:
        """Compare a run with a baseline: pass, unless it is worse by more than 5 %."""
        request = CheckRequest(run_id=run_id, baseline_name=baseline_name)
        return self._talk.post("/api/regression/check", request, Check, again=True)

    def gate(self, request: GateRequest) -> Queued:
        """Queue a check behind other runs; it fails where the check does."""
        return self._talk.post("/api/regression/gates", request, Queued)


class Tuning:
    """Searches for the values of a recipe that do best."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def create(self, new: NewJob) -> Job:
        """Keep a tuning job; it is not started."""
        return self._talk.post(JOBS, new, Job)

    def list(self, *, limit: int | None = None) -> Iterator[Job]:
        """Tuning jobs, newest first, without their trials."""
        return self._talk.offsets(
            lambda offset: self._talk.get_list(JOBS, Job, limit=PAGE, offset=offset), limit=limit
        )

    def get(self, job_id: str) -> Job:
        """One tuning job with its trials."""
        return self._talk.get(f"{JOBS}/{job_id}", Job)

    def start(self, job_id: str) -> Answer:
        """Queue a job that was created; workers do its trials."""
        return self._talk.post(f"{JOBS}/{job_id}/start", None, Answer)

    def cancel(self, job_id: str) -> Answer:
        """Stop a job and its open trials; what has ended is kept."""
        return self._talk.post(f"{JOBS}/{job_id}/cancel", None, Answer)
