"""Easy problems first: additions of one, two and three digits in stages, against all at once.

    python examples/curriculum_nano.py [--seeds 0 1 2] [--ways ABC ...] [--out FILE]

Every way takes as many steps of the same recipe; a stage goes on from the model of the one before.
`hard` three digits alone; `mixed` all three together; `ABC` one digit, then two, then three; `CBA`
the other way round; `A-AB-ABC` each stage keeps what came before it.
Accuracy is of greedy answers to 1,024 held-out problems of three digits, with Wilson's 95 %
interval.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from running import frozen, generated, measured, suite, told, trained

WAYS = {
    "hard": ["C"],
    "mixed": ["ABC"],
    "ABC": ["A", "B", "C"],
    "CBA": ["C", "B", "A"],
    "A-AB-ABC": ["A", "AB", "ABC"],
}
"""What each stage is taught: A has one digit, B two, C three."""

MOST = (70, 2000, 1_000_000)
"""Of one digit and of two there are not more different problems to be taught."""


def taught(seed: int, way: str, datasets: dict[str, str], steps: int) -> dict[str, Any]:
    """What the stages of one way made of a new model."""
    stages = WAYS[way]
    changes = [f"seed={seed}", f"steps={steps // len(stages)}", "checkpoints.every=1000"]
    cost, model = 0.0, ""
    for stage in stages:
        further = [f'model={{path="{model}"}}', 'tokenizer.source="model"'] if model else []
        found = trained("nano_warm.toml", datasets[stage], *changes, *further)
        cost += found["processor"]
        model = found["said"]["model_folder"]
    return {
        "seed": seed,
        "way": way,
        "steps": found["said"]["steps"] * len(stages),
        "processor": round(cost, 1),
        **measured(model, "held-out"),
    }


def main() -> None:
    """Teach with every seed and way, and write down what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--steps", type=int, default=210, help="of all stages together")
    parser.add_argument("--traces", type=int, default=2000, help="of each difficulty")
    parser.add_argument("--out", type=Path, help="a file for everything that was measured")
    options = parser.parse_args()
    results = []
    suite("held-out", 5)
    with tempfile.TemporaryDirectory() as name:
        folder, datasets = Path(name), {}
        parts = {
            part: generated(
                folder / f"{part}.jsonl", min(options.traces, most), 300 + digits, digits=digits
            )
            for digits, (part, most) in enumerate(zip("ABC", MOST, strict=True), start=1)
        }
        for stage in {stage for way in options.ways for stage in WAYS[way]}:
            traces = [trace for part in stage for trace in parts[part]]
            datasets[stage] = frozen(f"stage-{stage}", traces, folder)
        for seed in options.seeds:
            for way in options.ways:
                results.append(taught(seed, way, datasets, options.steps))
                told(results, options.out)


if __name__ == "__main__":
    main()
