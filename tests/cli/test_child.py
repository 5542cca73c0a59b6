"""A run's process imports the slice that does it, and no other."""

import subprocess
import sys

from tunix_rt.cli.child import SLICES, job_of
from tunix_rt.floorplan import door, rooms


def test_every_kind_of_run_is_found_where_it_is_done() -> None:
    offered = {job.kind: slice_ for slice_ in rooms("jobs") for job in door(slice_, "jobs", "jobs")}

    assert offered == SLICES
    assert all((found := job_of(kind)) and found.kind == kind for kind in SLICES)
    assert job_of("of a later version") is None


def test_no_other_slice_is_imported() -> None:
    script = (
        "import sys\nfrom tunix_rt.cli.child import job_of\njob_of('verify')\n"
        "print(*(name for name in sys.modules if name.endswith('.jobs')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["tunix_rt.verify.jobs"]
