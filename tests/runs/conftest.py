"""A worker whose runs are done by the jobs of `slow_jobs.py`."""

import os
import sys
from pathlib import Path

import pytest

from tunix_rt.kit.settings import Settings
from tunix_rt.runs.spawning import environment
from tunix_rt.runs.working import Worker
from tunix_rt.store import Store

JOBS = str(Path(__file__).with_name("slow_jobs.py"))


@pytest.fixture
def worker(store: Store, settings: Settings) -> Worker:
    return Worker(
        store,
        lambda run_id, attempt: [sys.executable, JOBS, run_id, str(attempt)],
        environment(settings, dict(os.environ)),
        grace_seconds=5,
    )
