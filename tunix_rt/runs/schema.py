"""A run's states, what a job is, and how a run looks from outside."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol
from uuid import UUID

from pydantic import AfterValidator, BaseModel

from tunix_rt.kit.ids import is_id

if TYPE_CHECKING:  # a client knows these shapes, and has no database
    from tunix_rt.store import Connection, Store

Status = Literal[
    "pending", "running", "completed", "failed", "timeout", "cancel_requested", "cancelled"
]
TERMINAL: frozenset[str] = frozenset({"completed", "failed", "timeout", "cancelled"})

HELD = ("running", "cancel_requested")
"""The states in which a run belongs to an attempt."""


def _run_id(value: str) -> str:
    if not is_id(value):
        raise ValueError("not the id of a run: a UUID is expected")
    return str(UUID(value))


RunId = Annotated[str, AfterValidator(_run_id)]


class Run(Protocol):
    """What a job is handed: who it is, where things are, and how to speak.

    Every method that writes to the database is fenced by the attempt: once another
    worker has taken the run over, it raises `Lost`, and this process must end at once: a
    file that it writes would be the other's. `store` is for reading, and for blobs.
    """

    id: str
    attempt: int
    store: "Store"
    folder: Path

    def write(self) -> "AbstractContextManager[Connection]":
        """One transaction that commits only while the run is ours."""

    def log(self, text: str) -> None:
        """Add one line to the run's log: it is printed, and the worker keeps it."""

    def metric(self, step: int, values: dict[str, float]) -> None:
        """Record the finite ones of some numbers; a repeated step replaces its point."""

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Say how far the work is; also beats the heart and checks for a cancel."""

    def check_cancelled(self) -> None:
        """Raise `Cancelled` when somebody asked this run to stop."""

    def result(self, values: dict[str, Any]) -> None:
        """Keep what the run found on its row."""


@dataclass(frozen=True)
class Job:
    """One kind of work: its config, and the function that does it."""

    kind: str
    config: type[BaseModel]
    do: Callable[[Run, Any], None]


@dataclass(frozen=True)
class NewRun:
    """What to queue."""

    kind: str
    name: str
    config: BaseModel
    dataset_key: str | None = None
    model_id: str | None = None
    output_dir: str | None = None
    id: str | None = None
    """The id it shall have; a new one if nobody cares."""

    priority: int = 0
    """Higher goes first."""

    device: str | None = None
    """The accelerators it needs for itself, as gpu:1 or gpu:0-3, or auto for whichever there is;
    null takes none."""

    after: tuple[str, ...] = ()
    """Runs that must be completed before."""


class Queued(BaseModel):
    """A run that waits for a worker."""

    run_id: str
    status: Literal["pending"]


class Progress(BaseModel):
    """How far a run is; `total` is null when nobody knows."""

    done: int
    total: int | None
    text: str


class RunSummary(BaseModel):
    """One row of the list of runs."""

    id: str
    kind: str
    name: str
    status: Status
    progress: Progress | None
    dataset_key: str | None
    model_id: str | None
    priority: int
    device: str | None
    created_at: str
    started_at: str | None
    completed_at: str | None
    duration_seconds: float | None
    error: str | None
    last_metrics: dict[str, float]


class Node(BaseModel):
    """One end of a lineage edge; `relation` says what it is to the node asked about."""

    kind: str
    id: str
    label: str
    relation: str


class RunDetail(RunSummary):
    """Everything about one run but its log and its metrics."""

    config: dict[str, Any]
    result: dict[str, Any]
    attempt: int
    worker: str | None
    exit_code: int | None
    folder: str
    after: list[str]
    """Runs it waits for, or waited for."""

    held_by: list[str]
    """Runs that have its devices, while it waits."""

    inputs: list[Node]
    outputs: list[Node]


class Lineage(BaseModel):
    """What went into a thing, and what came out of it."""

    node: Node
    inputs: list[Node]
    outputs: list[Node]


class MetricPoint(BaseModel):
    """Numbers at one step."""

    step: int
    created_at: str
    values: dict[str, float]


class MetricSeries(BaseModel):
    """Metric points, thinned by the server; `total` is how many there are."""

    total: int
    points: list[MetricPoint]


class RunPage(BaseModel):
    """Runs, newest first, and the cursor of the next page."""

    class Pagination(BaseModel):
        """How to ask for more."""

        limit: int
        next_cursor: str | None

    data: list[RunSummary]
    pagination: Pagination


class CancelAnswer(BaseModel):
    """What a cancel request says."""

    message: str
