"""A trace as a dataset holds it, and what a template makes of it."""

from typing import Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict

from tunix_rt.traces.schema import QuickStep

ExportFormat = Literal["trace", "tunix_sft", "training_example"]
"""The three record formats of the contract."""

Outcome = Literal["right", "wrong", "undecided"]


StepRow = QuickStep
"""One step of a row: index, type, content. A struct, for datasets are read by the million."""


class TraceRow(msgspec.Struct, gc=False):
    """A trace as a dataset holds it, with what was known of it when it was frozen.

    Exports, templates, the X-ray and every training backend read this shape and no other.
    """

    id: str
    created_at: str
    trace_version: str
    prompt: str
    final_answer: str
    steps: list[StepRow]
    meta: dict[str, Any] | None
    source: str = ""
    model: str | None = None
    group: str = ""
    """The prompt group, in hex: rows with one prompt have one."""

    split: str = "train"
    weight: float = 1.0
    """How much this row counts in its dataset, as a mixture or a stage of curation set it."""

    part: str | None = None
    """The part of a mixture, or of a curriculum, that it was chosen for."""

    verdict: Outcome | None = None
    """Of the final answer; null where nobody has verified it."""

    first_error: int | None = None
    """The place of the first wrong step, from 0."""

    step_verdicts: list[Outcome] | None = None
    """Of each step, in order; null where nobody has verified the steps."""

    expected_answer: str | None = None
    verifier: str | None = None
    """What the task expects, and the verifier that compares; null where nothing says it."""


class Rendered(BaseModel):
    """A trace as text to train on: the prompt is given, the response is learned."""

    model_config = ConfigDict(frozen=True)

    prompt: str
    response: str
