"""The long work of datasets: freeze a version."""

from tunix_rt.datasets import freezing
from tunix_rt.datasets.schema import Build
from tunix_rt.runs.schema import Job, NewRun, Run


def freeze(run: Run, build: Build) -> None:
    """Freeze; killed and started again, it begins anew or finishes what was left."""
    frozen = freezing.freeze(run.store, build, report=run.progress, build_id=run.id)
    run.result(
        {
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


jobs = [Job("freeze", Build, freeze)]
