"""A curation as a run."""

from dataclasses import asdict

from tunix_rt.curate.pipeline import curate
from tunix_rt.curate.schema import CurateConfig
from tunix_rt.runs.schema import Job, Run


def do(run: Run, config: CurateConfig) -> None:
    """Run the pipeline and keep its funnel and its hash."""
    found = curate(run, config)
    run.result(asdict(found))
    for line in found.funnel:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in line["reasons"])
        dropped = f": {reasons}" if reasons else ""
        run.log(f"{line['stage']}: {line['kept']:,} of {line['came']:,} kept{dropped}")
    run.log(f"{found.kept:,} of {found.looked_at:,} traces kept")


jobs = [Job("curate", CurateConfig, do)]
"""Long work of this slice."""
