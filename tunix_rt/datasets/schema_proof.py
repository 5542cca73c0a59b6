"""What is said of a version that was checked, and of two that were compared."""

from typing import Literal

from pydantic import BaseModel


class Fault(BaseModel):
    """One thing that is not what the manifest says."""

    where: str
    """A shard's name, `manifest`, or a split."""

    what: str


class Verified(BaseModel):
    """Whether a version still is what it was when it was frozen."""

    dataset_key: str
    ok: bool
    rows: int
    shards: int
    content_sha256: str
    faults: list[Fault]


class Changed(BaseModel):
    """One row that two versions do not share, or hold differently."""

    kind: Literal["added", "removed", "changed"]
    trace_id: str
    prompt: str
    final_answer: str
    changes: dict[str, tuple[str | None, str | None]]
    """Of a changed row: what was said before, and what is said now."""


class Difference(BaseModel):
    """What became of one version in another."""

    before: str
    after: str
    same: int
    added: int
    removed: int
    changed: int
    rows: list[Changed]
    """The first of each kind."""
