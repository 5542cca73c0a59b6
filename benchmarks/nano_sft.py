"""What a nano model learns from nothing, and in how many seconds of training; three seeds.

Usage: python benchmarks/nano_sft.py [--dry]. Additions of three digits, and a mixture of three
families. Seconds are the run's own, with imports and compilation and an empty compile cache for
the first seed; accuracy is of greedy answers to 1,024 held-out problems.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import record

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

from running import frozen, generated, measured, suite, trained

SEEDS = (0, 1, 2)
TAUGHT: dict[str, dict[str, Any]] = {
    "addition": {"families": ("add",), "traces": 8_000, "recipe": "nano_addition.toml"},
    "three_families": {
        "families": ("add", "sub", "mul"),
        "traces": 12_000,
        "recipe": "demo.toml",
        "changes": ("steps=1600",),
    },
}


def learned(name: str, seed: int, folder: Path) -> dict[str, float]:
    """One training, and what its model can do then."""
    asked = TAUGHT[name]
    traces = generated(folder / "made.jsonl", asked["traces"], seed, asked["families"])
    held_out = suite(f"{name}-{seed}", seed, asked["families"])
    dataset = frozen(f"{name}-{seed}", traces, folder)
    run = trained(asked["recipe"], dataset, f"seed={seed}", *asked.get("changes", ()))["said"]
    found = measured(run["model_folder"], held_out)
    return {"train_seconds": round(run["seconds"], 1), "steps": run["steps"], **found}


def main() -> None:
    """Every mixture with every seed, in a data folder of its own."""
    found: dict[str, Any] = {}
    for name in TAUGHT:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {"TUNIX_RT_HOME": folder, "DATABASE_URL": ""}
            each = [learned(name, seed, Path(folder)) for seed in SEEDS]
        found[f"{name}_seconds_max"] = max(one["train_seconds"] for one in each)
        found[f"{name}_greedy_min"] = min(one["greedy"] for one in each)
        found[name] = each
    record("nano-sft", found)


if __name__ == "__main__":
    main()
