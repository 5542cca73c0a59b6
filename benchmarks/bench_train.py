"""What `tunix-rt bench train` says on this machine, each cell in a process of its own.

Usage: python benchmarks/bench_train.py [--dry]. Two sizes, three layouts, float32, and bfloat16
beside it for the larger one; rows of log-normal length, the longest 512 tokens.
"""

from typing import Any

from measuring import record

from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.train.schema_bench import StepBench
from tunix_rt.train.training import bench

LAYOUTS = ("padded", "buckets", "packed")


def measure() -> list[dict[str, Any]]:
    """Every size, layout and precision once."""
    found = []
    for size, precision in (("nano", "float32"), ("small", "float32"), ("small", "bfloat16")):
        for layout in LAYOUTS:
            batching = Batching.model_validate({"layout": layout, "batch_tokens": 4096})
            asked = {"size": size, "precision": precision, "batching": batching, "steps": 3}
            found.append(bench("tunix", StepBench.model_validate(asked)).model_dump())
    return found


def fastest(results: list[dict[str, Any]]) -> dict[str, float]:
    """Of each size and precision the layout with the most useful tokens a second."""
    best: dict[str, dict[str, Any]] = {}
    for one in sorted(results, key=lambda one: float(one["useful_tokens_per_second"])):
        best[f"{one['size']}_{one['precision']}_{one['layout']}"] = one
    kept = {f"{one['size']}_{one['precision']}": name for name, one in best.items()}
    return {
        f"{name}_{number}": best[name][number]
        for name in kept.values()
        for number in ("useful_tokens_per_second", "peak_memory_bytes")
    }


if __name__ == "__main__":
    found = measure()
    record("bench-train", fastest(found) | {"results": found})
