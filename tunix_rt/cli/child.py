"""The process a worker gives to a run: python -m tunix_rt.cli.child RUN ATTEMPT."""

import sys

from tunix_rt.floorplan import door
from tunix_rt.kit.settings import read_settings
from tunix_rt.runs import child
from tunix_rt.runs.schema import Job
from tunix_rt.store import open_store

SLICES = {
    "export-run": "runs",
    "import-model": "registry",
    "check-model": "registry",
    "export-model": "registry",
    "tasks": "tasks",
    "verify": "verify",
    "evaluate": "evaluate",
    "exam": "exams",
    "exam-score": "exams",
    "judge": "judges",
    "observer": "observers",
    "observer-exam": "observers",
    "observer-rank": "observers",
    "curate": "curate",
    "freeze": "datasets",
    "prove": "datasets",
    "train": "train",
    "initialise": "train",
    "gate": "compare",
    "court": "court",
    "adopt": "court",
    "tune": "tune",
}
"""Whose `jobs` has which kind of run: to import every slice takes longer than many a run."""


def job_of(kind: str) -> Job | None:
    """How runs of a kind are done; None for one that this version does not know."""
    slice_ = SLICES.get(kind)
    offered = door(slice_, "jobs", "jobs") if slice_ else []
    return next((job for job in offered if job.kind == kind), None)


def main(run_id: str, attempt: str) -> int:
    """Do one run."""
    return child.do(open_store(read_settings()), job_of, run_id, int(attempt))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
