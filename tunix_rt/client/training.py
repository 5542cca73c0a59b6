"""Training as earlier clients know it: /api/tunix."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tunix_rt.client.talking import PAGE, Talk, part
from tunix_rt.runs.schema import CancelAnswer, MetricPoint, Status
from tunix_rt.train.schema_checkpoints import KeptCheckpoint, KeptCheckpoints
from tunix_rt.train.schema_contract import (
    Artifact,
    Artifacts,
    ManifestRequest,
    Mode,
    QueuedTraining,
    Rendered,
    RunRequest,
    SftRequest,
    StartingRecipe,
    StartingRecipes,
    TrainRequest,
    TunixRun,
    TunixRunPage,
    TunixRunStatus,
    TunixRunSummary,
    TunixStatus,
)
from tunix_rt.train.schema_rollouts import Diagnosis, RolloutPage, RolloutRow

HERE = "/api/tunix"
LONGEST_WAIT = 660.0
"""A server answers a training that is waited for after ten minutes, whatever it does."""


class Training:
    """Trainings: check, start, watch, fetch what they left. Their logs are in `runs`."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def status(self) -> TunixStatus:
        """Whether trainings can run on the server."""
        return self._talk.get(f"{HERE}/status", TunixStatus)

    def start(self, request: RunRequest, *, wait: bool = False) -> TunixRun:
        """Check a training (`dry_run`, which is the default), or start one."""
        mode = "sync" if wait else "async"
        seconds = LONGEST_WAIT if wait else None
        return self._talk.post(f"{HERE}/run", request, TunixRun, mode=mode, seconds=seconds)

    def recipe_schema(self) -> dict[str, Any]:
        """The JSON Schema of a recipe."""
        said: dict[str, Any] = self._talk.ask("GET", f"{HERE}/recipe-schema", again=True).json()
        return said

    def recipes(self) -> Sequence[StartingRecipe]:
        """Recipes to begin with, by name."""
        return self._talk.get(f"{HERE}/recipes", StartingRecipes).data

    def train(self, request: TrainRequest) -> QueuedTraining:
        """Queue a training by a recipe, and the evaluation of its model if a suite is named."""
        return self._talk.post(f"{HERE}/train", request, QueuedTraining)

    def list(
        self,
        *,
        status: Status | None = None,
        dataset_key: str | None = None,
        mode: Mode | None = None,
        limit: int | None = None,
    ) -> Iterator[TunixRunSummary]:
        """Training runs, newest first."""
        chosen = {"status": status, "dataset_key": dataset_key, "mode": mode}
        return self._talk.offsets(
            lambda offset: (
                self._talk.get(
                    f"{HERE}/runs", TunixRunPage, limit=PAGE, offset=offset, **chosen
                ).data
            ),
            limit=limit,
        )

    def get(self, run_id: str) -> TunixRun:
        """One training run with the end of its output."""
        return self._talk.get(f"{HERE}/runs/{run_id}", TunixRun)

    def state(self, run_id: str) -> TunixRunStatus:
        """Only the state of a training run."""
        return self._talk.get(f"{HERE}/runs/{run_id}/status", TunixRunStatus)

    def cancel(self, run_id: str) -> CancelAnswer:
        """Stop a training run."""
        return self._talk.post(f"{HERE}/runs/{run_id}/cancel", None, CancelAnswer)

    def metrics(self, run_id: str) -> Sequence[MetricPoint]:
        """The run's numbers, step by step."""
        return self._talk.get_list(f"{HERE}/runs/{run_id}/metrics", MetricPoint)

    def rollouts(
        self,
        run_id: str,
        *,
        round: int | None = None,
        slot: int | None = None,
        limit: int | None = None,
    ) -> Iterator[RolloutRow]:
        """What a training has practised so far, the newest round first."""
        where = f"{HERE}/runs/{run_id}/rollouts"
        chosen = {"round": round, "slot": slot}
        return self._talk.offsets(
            lambda offset: (
                self._talk.get(where, RolloutPage, limit=PAGE, offset=offset, **chosen).data
            ),
            limit=limit,
        )

    def doctor(self, run_id: str) -> Diagnosis:
        """What is wrong with a training that practises, with rollouts that show it."""
        return self._talk.get(f"{HERE}/runs/{run_id}/doctor", Diagnosis)

    def checkpoints(self, run_id: str) -> Sequence[KeptCheckpoint]:
        """What a training has kept so far, to go on from or to fork another one from."""
        return self._talk.get(f"/api/runs/{run_id}/checkpoints", KeptCheckpoints).data

    def artifacts(self, run_id: str) -> Sequence[Artifact]:
        """The files a run left behind."""
        return self._talk.get(f"{HERE}/runs/{run_id}/artifacts", Artifacts).artifacts

    def download(self, run_id: str, name: str, file: Path | str) -> Path:
        """Write one file a run left behind to `file`."""
        return self._talk.download(f"{HERE}/runs/{run_id}/artifacts/{part(name)}/download", file)

    def export(self, request: SftRequest, file: Path | str) -> Path:
        """Write texts to train on to a file: those of a dataset, or of named traces."""
        body = request.model_dump_json(exclude_unset=True).encode()
        return self._talk.download(f"{HERE}/sft/export", file, content=body)

    def manifest(self, request: ManifestRequest) -> Rendered:
        """What a run of these settings would do, as YAML; nothing is started."""
        return self._talk.post(f"{HERE}/sft/manifest", request, Rendered, again=True)
