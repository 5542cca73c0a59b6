"""Training runs whose models have been measured: what they said is recorded."""

import json
from pathlib import Path

from tests.evaluate.test_asking import trained
from tests.evaluate.test_evaluating import ITEMS, begun
from tests.making import write_lines
from tunix_rt.evaluate.evaluating import evaluate
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.store import Store
from tunix_rt.tasks import suites


def add_suites(store: Store, folder: Path) -> None:
    for name in ("sums", "other"):
        suites.from_file(store, name, write_lines(folder / "s.jsonl", ITEMS))


def measured(store: Store, right: int, suite: str = "sums", run_id: str | None = None) -> str:
    """A training run whose model answers the first `right` of 20 items; its id."""
    subject = run_id or trained(store)
    lines = [
        json.dumps({"id": f"i{n}", "prediction": str(2 * n)}).encode() + b"\n" for n in range(right)
    ]
    sha256, _ = store.blobs.put(lines)
    config = EvaluateConfig(
        suite=suite,
        model_id="nano",
        predictions=sha256,
        subject_run_id=subject,
        dataset_key="d-v1",
    )
    evaluate(begun(store, config), config)
    return subject
