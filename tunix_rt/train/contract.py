"""The training calls of earlier clients, as runs of today's recipes."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from tunix_rt.runs import query_read
from tunix_rt.store import Connection, Row
from tunix_rt.train.schema import (
    FolderModel,
    NanoModel,
    Optimizer,
    Recipe,
    Tokenizer,
    TrainConfig,
)
from tunix_rt.train.schema_contract import (
    Mode,
    RunRequest,
    TunixRun,
    TunixRunSummary,
    TunixStatus,
)


def recipe_of(request: RunRequest, model: str | None) -> Recipe:
    """Today's recipe for a request; `model` is a checked folder, or null for the nano preset."""
    knobs = request.hyperparameters
    return Recipe(
        name=request.model_id[-128:],
        model=NanoModel() if model is None else FolderModel(path=model),
        tokenizer=Tokenizer(source="build" if model is None else "model"),
        template="gemma",
        optimizer=Optimizer(
            name="adamw", learning_rate=knobs.learning_rate, weight_decay=knobs.weight_decay
        ),
        epochs=knobs.num_epochs,
        batch_size=knobs.batch_size,
        max_seq_length=knobs.max_seq_length,
        device=_DEVICES.get(knobs.device, knobs.device),
    )


_DEVICES = {"cuda": "gpu"}
"""What the contract calls otherwise than a recipe."""


def config_of(request: RunRequest, *, model: str | None, output_dir: str | None) -> TrainConfig:
    """The config of the run a request asks for."""
    return TrainConfig(
        recipe=recipe_of(request, model),
        dataset_key=request.dataset_key,
        dry_run=request.dry_run,
        output_dir=output_dir,
        request=request.model_dump(mode="json"),
    )


def status() -> TunixStatus:
    """Whether google-tunix is installed; it is not loaded to find out."""
    try:
        found = version("google-tunix") if find_spec("tunix") else None
    except PackageNotFoundError:
        found = None
    message = (
        f"google-tunix {found} is installed."
        if found
        else "google-tunix is not installed: pip install 'tunix-rt[tunix]'"
    )
    return TunixStatus(
        available=found is not None, version=found, runtime_required=True, message=message
    )


def shown(connection: Connection, row: Row[Any], folder: str, max_bytes: int) -> TunixRun:
    """A run with the end of what it printed."""
    said = query_read.summary(row)
    return TunixRun(
        run_id=row.id,
        status=row.status,
        mode=mode(row),
        dataset_key=row.dataset_key or "",
        model_id=row.model_id or "",
        output_dir=row.output_dir or folder,
        exit_code=row.exit_code,
        stdout=query_read.log_tail(connection, row.id, "stdout", max_bytes),
        stderr=query_read.log_tail(connection, row.id, "stderr", max_bytes),
        duration_seconds=said.duration_seconds,
        started_at=said.started_at or said.created_at,
        completed_at=said.completed_at,
        message=_message(row),
    )


def summary(row: Row[Any]) -> TunixRunSummary:
    """A run as the list shows it."""
    said = query_read.summary(row)
    return TunixRunSummary(
        run_id=row.id,
        dataset_key=row.dataset_key or "",
        model_id=row.model_id or "",
        mode=mode(row),
        status=row.status,
        started_at=said.started_at or said.created_at,
        duration_seconds=said.duration_seconds,
        metrics=said.last_metrics,
    )


def mode(row: Row[Any]) -> Mode:
    """Whether a run only checks."""
    return "dry-run" if row.config.get("dry_run") else "local"


def _message(row: Row[Any]) -> str:
    dry = mode(row) == "dry-run"
    if row.status == "completed":
        return "Dry-run validation successful" if dry else "Training completed"
    if row.status == "failed":
        return f"{'Dry-run' if dry else 'Training'} failed: {row.error}"
    if row.status == "timeout":
        return f"Training timed out: {row.error}"
    return f"The run is {row.status}."
