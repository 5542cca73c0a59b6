"""The long work of datasets: freeze a version, prove one."""

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict

from tunix_rt.curate.pipeline import curate
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.datasets import freezing, proving, selecting
from tunix_rt.datasets.schema import Build
from tunix_rt.runs.schema import Job, NewRun, Run


def freeze(run: Run, build: Build) -> None:
    """Freeze; killed and started again, it begins anew or finishes what was left."""
    found: dict[str, Any] = {}
    if build.pipeline is not None:
        pipeline = selecting.narrowed(build, build.pipeline)
        found = asdict(curate(run, CurateConfig(pipeline=pipeline)))
        run.result(found)
        chosen: dict[str, Any] = {
            "pipeline": None,
            "curation": run.id,
            "filters": {},
            "query": None,
        }
        build = build.model_copy(update=chosen)
    frozen = freezing.freeze(run.store, build, report=run.progress, build_id=run.id)
    run.result(
        {
            **found,
            "dataset_key": frozen.dataset_key,
            "sha256": frozen.content_sha256,
            "trace_count": frozen.trace_count,
        }
    )
    run.log(f"{frozen.dataset_key}: {frozen.trace_count:,} rows, {frozen.content_sha256[:16]}")


def run_of(build: Build) -> NewRun:
    """The run that freezes a version."""
    key = freezing.dataset_key(build.dataset_name, build.dataset_version)
    return NewRun(kind="freeze", name=f"freeze {key}", config=build, dataset_key=key)


class Prove(BaseModel):
    """Which version to read and hash again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset_key: str


def prove(run: Run, wanted: Prove) -> None:
    """Recompute every hash; a version that is damaged is a result, not a failure."""
    found = proving.verify(run.store, wanted.dataset_key, report=run.progress)
    run.result(found.model_dump())
    for fault in found.faults:
        run.log(f"{fault.where}: {fault.what}")
    run.log(f"{wanted.dataset_key}: {'intact' if found.ok else 'damaged'}, {found.rows:,} rows")


def proof_of(key: str) -> NewRun:
    """The run that proves a version."""
    return NewRun(
        kind="prove", name=f"verify {key}", config=Prove(dataset_key=key), dataset_key=key
    )


jobs = [Job("freeze", Build, freeze), Job("prove", Prove, prove)]
