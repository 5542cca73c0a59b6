"""Practice on a laptop: a model that adds half of its numbers right learns the rest by itself.

    python examples/grpo_nano.py [--seeds 0 1 2] [--ways answer random steps] [--out FILE]

For each seed a nano model is taught some 200 distinct additions, so that about half of its answers
are right. Then it practises fresh ones: 150 steps of 16 problems with 16 answers each. A way is
what rewards it: `answer` the stored verifier, `random` a coin, as a control that must not help; the
others change one thing each at equal rollouts, or learn from pairs of right and wrong rollouts
(`dpo`, `dpo+nll`, `orpo`).
Accuracy is of answers to 1,024 held-out problems, with Wilson's 95 % interval; wall seconds and
processor seconds are of whole commands, with imports and compilation.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from running import generated, measured, suite, trained, tunix_rt

WAYS: dict[str, list[str]] = {
    "answer": [],
    "random": [
        'grpo.rewards=[{verifier="random"}]',
        'grpo.watch.then="go on"',
    ],
    "steps": ['grpo.rewards=[{verifier="answer"},{verifier="steps",weight=0.5}]'],
    "drgrpo": ['grpo.advantage="drgrpo"', 'grpo.aggregation="sequence-mean-token-scale"'],
    "filter": ['grpo.flat_groups="drop"'],
    "no-stop": ["grpo.learn_stop=false"],
}
"""What each way changes in the recipe."""

PAIRS: dict[str, list[str]] = {
    "dpo": ["preference.nll=0.0"],
    "dpo+nll": [],
    "orpo": ['method="orpo"', "preference.nll=0.0"],
}
"""Ways that learn from pairs of right and wrong rollouts, all of the model as it was taught."""

ASIDE = ["steps=16", "optimizer.learning_rate=1e-12", "grpo.held_out=256", "grpo.watch.every=1000"]
"""Practice that changes nothing: 4,096 rollouts of the taught model."""


HALF, TRIES = (0.45, 0.6), 5
"""Greedy accuracy that practice begins with, and how often another number of traces is tried."""


def taught(seed: int, traces: int, folder: Path) -> dict[str, Any]:
    """A model that was taught a few additions, so that about half of its answers are right.

    How many that takes differs from seed to seed; every try is told.
    """
    ready = suite("ready", 6)
    tries: list[dict[str, Any]] = []
    while True:
        warm = taught_from(seed + 1000 * len(tries), seed, traces, folder)
        greedy = measured(warm["said"]["model_folder"], ready)["greedy"]
        tries.append({"traces": traces, "greedy": greedy})
        if HALF[0] <= greedy <= HALF[1] or len(tries) == TRIES:
            return {**warm, "tries": tries}
        traces = int(traces * (0.85 if greedy > HALF[1] else 1.15))


def taught_from(drawn: int, seed: int, traces: int, folder: Path) -> dict[str, Any]:
    """A model that was taught so many additions of one draw, and the dataset it saw."""
    name = f"additions-{drawn}-{traces}"
    file = folder / f"{name}.jsonl"
    generated(file, traces, 100 + drawn)
    tunix_rt("traces", "import", str(file), "--source", name)
    tunix_rt("datasets", "build", name, "1", "--source", name, "--limit", str(traces))
    return {**trained("nano_warm.toml", f"{name}-1", f"seed={seed}"), "dataset": f"{name}-1"}


def practised(seed: int, way: str, warm: dict[str, Any], steps: int) -> dict[str, Any]:
    """What practising one way made of a taught model."""
    changes = [f'model.path="{warm["said"]["model_folder"]}"', f"seed={seed}", f"steps={steps}"]
    found = trained("nano_grpo.toml", warm["dataset"], *changes, *WAYS[way])
    said = found["said"]
    doctor = tunix_rt("train", "doctor", said["run_id"])["said"]
    return {
        "seed": seed,
        "way": way,
        "warm_tries": warm["tries"],
        "warm_seconds": {name: warm[name] for name in ("wall", "processor")},
        "seconds": {name: found[name] for name in ("wall", "processor")},
        "training_seconds": round(said["seconds"], 1),
        "steps": said["steps"],
        "weights_sha256": said["weights_sha256"],
        **said["practised"],
        "findings": [f"{one['sign']}: {one['text']}" for one in doctor["findings"]],
    }


def paired(seed: int, warm: dict[str, Any]) -> str:
    """Rollouts of a taught model, verified and frozen: the key of the dataset."""
    changes = [f'model.path="{warm["said"]["model_folder"]}"', f"seed={seed}", *ASIDE]
    found = trained("nano_grpo.toml", warm["dataset"], *changes)
    source, name = f"rollouts/{found['said']['run_id']}", f"pairs-{seed}"
    tunix_rt("verify", "run", "--source", source)
    tunix_rt("datasets", "build", name, "1", "--source", source, "--limit", "10000")
    suite("held-out", 5)
    return f"{name}-1"


def preferred(seed: int, way: str, warm: dict[str, Any], dataset: str) -> dict[str, Any]:
    """What learning from pairs one way made of a taught model."""
    model = warm["said"]["model_folder"]
    changes = [f'model.path="{model}"', f"seed={seed}", *PAIRS[way]]
    found = trained("nano_dpo.toml", dataset, *changes)
    accuracies = {}
    for when, folder in (("before", model), ("after", found["said"]["model_folder"])):
        accuracies[when] = measured(folder, "held-out")
    return {
        "seed": seed,
        "way": way,
        "warm_seconds": {name: warm[name] for name in ("wall", "processor")},
        "seconds": {name: found[name] for name in ("wall", "processor")},
        "pairs": found["said"]["examples"],
        "steps": found["said"]["steps"],
        **accuracies,
    }


def told(one: dict[str, Any]) -> str:
    """One result as a line."""
    words = [f"seed {one['seed']} {one['way']:8}"]
    for name in [name for name in ("greedy", "sampled") if name in one["before"]]:
        before, after = one["before"], one["after"]
        words.append(
            f"{name} {before[name]:.3f} -> {after[name]:.3f} "
            f"[{after[f'{name}_low']:.3f}, {after[f'{name}_high']:.3f}]"
        )
    words.append(f"{one['warm_seconds']['wall']:.0f} + {one['seconds']['wall']:.0f} s")
    return "  ".join(words)


def main() -> None:
    """Teach and practise with every seed and way, and write down what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--ways", nargs="+", default=["answer", "random"], choices=[*WAYS, *PAIRS])
    parser.add_argument("--traces", type=int, default=250, help="distinct traces that are taught")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--out", type=Path, help="a file for everything that was measured")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in options.seeds:
            warm = taught(seed, options.traces, Path(folder))
            pairs = paired(seed, warm) if set(options.ways) & set(PAIRS) else ""
            for way in options.ways:
                results.append(
                    preferred(seed, way, warm, pairs)
                    if way in PAIRS
                    else practised(seed, way, warm, options.steps)
                )
                print(told(results[-1]), flush=True)
                if options.out:
                    options.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
