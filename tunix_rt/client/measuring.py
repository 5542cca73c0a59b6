"""What a model or a trace is worth: evaluations, the leaderboard, suites, verdicts."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from tunix_rt.client.talking import PAGE, Talk, part
from tunix_rt.evaluate.schema import (
    EvaluateRequest,
    Evaluation,
    EvaluationDetail,
    ItemPage,
    ItemResult,
    Leaderboard,
    LeaderboardItem,
    Outcome,
)
from tunix_rt.runs.schema import Queued
from tunix_rt.tasks.schema import (
    Draw,
    GeneratorInfo,
    GeneratorList,
    MakeTasks,
    Preview,
    Sample,
    SuiteItem,
    SuiteItems,
    SuitePage,
    SuiteSummary,
)
from tunix_rt.traces.schema import TraceFilter
from tunix_rt.verify.schema import (
    KnownVerifier,
    KnownVerifiers,
    Summary,
    TraceVerdicts,
    VerifyConfig,
)
from tunix_rt.verify.schema_rulings import NewRuling, Ruling, Rulings

LONGEST_WAIT = 660.0
"""A server waits ten minutes for an evaluation."""


class Evaluations:
    """Models measured on suites."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def leaderboard(
        self,
        *,
        dataset_key: str | None = None,
        model_id: str | None = None,
        suite: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[LeaderboardItem]:
        """Finished evaluations, best first."""
        chosen = {
            "dataset_key": dataset_key,
            "model_id": model_id,
            "suite": suite,
            "date_from": date_from and date_from.isoformat(),
            "date_to": date_to and date_to.isoformat(),
        }
        return self._talk.offsets(
            lambda offset: (
                self._talk.get(
                    "/api/tunix/evaluations", Leaderboard, limit=PAGE, offset=offset, **chosen
                ).data
            ),
            limit=limit,
        )

    def run(self, run_id: str, *, judge: str | None = None) -> Evaluation:
        """Measure the model a training run left behind; waits for the result."""
        return self._talk.post(
            f"/api/tunix/runs/{run_id}/evaluate",
            EvaluateRequest(judge_override=judge),
            Evaluation,
            seconds=LONGEST_WAIT,
        )

    def newest(self, run_id: str) -> Evaluation:
        """The newest evaluation of a training run."""
        return self._talk.get(f"/api/tunix/runs/{run_id}/evaluation", Evaluation)

    def get(self, evaluation_id: str) -> EvaluationDetail:
        """One evaluation with its families."""
        return self._talk.get(f"/api/evaluations/{evaluation_id}", EvaluationDetail)

    def items(
        self,
        evaluation_id: str,
        *,
        outcome: Outcome | None = None,
        family: str | None = None,
        limit: int | None = None,
    ) -> Iterator[ItemResult]:
        """What was said on each item, in the order of the suite."""
        return islice(self._items(evaluation_id, outcome, family), limit)

    def _items(
        self, evaluation_id: str, outcome: Outcome | None, family: str | None
    ) -> Iterator[ItemResult]:
        path, cursor = f"/api/evaluations/{evaluation_id}/items", None
        while True:
            page = self._talk.get(
                path, ItemPage, outcome=outcome, family=family, limit=PAGE, cursor=cursor
            )
            yield from page.data
            cursor = page.pagination.next_cursor
            if cursor is None:
                return


class Suites:
    """The frozen selections of tasks that models are measured on."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def list(self, *, limit: int | None = None) -> Iterator[SuiteSummary]:
        """Suites, newest first."""
        return self._talk.offsets(
            lambda offset: self._talk.get("/api/suites", SuitePage, limit=PAGE, offset=offset).data,
            limit=limit,
        )

    def items(self, name: str) -> Iterator[SuiteItem]:
        """Every problem of a suite, in order."""
        after: int | None = -1
        while after is not None:
            path = f"/api/suites/{part(name)}/items"
            page = self._talk.get(path, SuiteItems, after=after, limit=PAGE)
            yield from page.data
            after = page.next_after


class Tasks:
    """Where problems come from."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def generators(self) -> list[GeneratorInfo]:
        """Every source of problems, what it takes, and whether its library is installed."""
        return self._talk.get("/api/tasks/generators", GeneratorList).data

    def preview(self, draw: Draw) -> list[Sample]:
        """Three tasks with their steps, made now and not stored."""
        config = json.dumps(draw.config)
        chosen = {"generator": draw.generator, "seed": draw.seed, "split": draw.split}
        return self._talk.get("/api/tasks/preview", Preview, config=config, **chosen).data

    def generate(self, wanted: MakeTasks) -> Queued:
        """Queue a run that makes tasks, as traces or as a suite."""
        return self._talk.post("/api/tasks/generate", wanted, Queued)


class Verify:
    """What the verifiers say of traces."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def start(self, config: VerifyConfig | None = None) -> Queued:
        """Queue a run that judges the matching traces that were not judged yet."""
        return self._talk.post("/api/verify", config or VerifyConfig(), Queued)

    def verifiers(self) -> list[KnownVerifier]:
        """What can judge answers, what can judge steps, and what warns."""
        return self._talk.get("/api/verify/verifiers", KnownVerifiers).data

    def of_trace(self, trace_id: str) -> TraceVerdicts:
        """What the verifiers say of one trace: its answer, its steps, every claim."""
        return self._talk.get(f"/api/traces/{trace_id}/verdicts", TraceVerdicts)

    def rulings(self, trace_id: str) -> list[Ruling]:
        """What people ruled on a trace, newest first."""
        return self._talk.get(f"/api/traces/{trace_id}/rulings", Rulings).rulings

    def rule(self, trace_id: str, ruling: NewRuling) -> Ruling:
        """Say what is true of a trace's answer or steps, as a person."""
        return self._talk.post(f"/api/traces/{trace_id}/rulings", ruling, Ruling)

    def summary(self, wanted: TraceFilter | None = None) -> Summary:
        """How many answers and steps are right, by source and model."""
        fields = {} if wanted is None else wanted.model_dump(mode="json", exclude_defaults=True)
        return self._talk.get("/api/verify/summary", Summary, **fields)
