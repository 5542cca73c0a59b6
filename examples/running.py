"""Commands of `tunix-rt`, run as a user would, with what they cost; for the nano studies beside."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

RECIPES = Path(__file__).parent / "recipes"
ADDITION = ("add",)


def tunix_rt(*arguments: str) -> dict[str, Any]:
    """Run one command: what it `said`, and the seconds it cost (`wall`, `processor`)."""
    print(f"$ tunix-rt {' '.join(arguments)}", file=sys.stderr, flush=True)
    began, before = time.monotonic(), _processor_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "tunix_rt", *arguments, "--json"], stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(done.returncode)
    return {
        "said": json.loads(done.stdout),
        "wall": round(time.monotonic() - began, 1),
        "processor": round(_processor_seconds() - before, 1),
    }


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def suite(name: str, seed: int, families: Sequence[str] = ADDITION) -> str:
    """1,024 held-out problems."""
    tunix_rt(
        *("tasks", "suite", "arithmetic", name, "--split", "test", "--count", "1024"),
        *("--config", _config(families), "--seed", str(seed)),
    )
    return name


def _config(families: Sequence[str], **options: int) -> str:
    return json.dumps({"families": dict.fromkeys(families, 1), **options})


def measured(folder: str, suite: str) -> dict[str, float]:
    """Greedy accuracy of a model on a suite, with its interval."""
    [said] = tunix_rt("evaluate", "run", folder, suite)["said"]
    low, high = said["ci95"]
    return {"greedy": said["accuracy"], "greedy_low": low, "greedy_high": high}


def trained(recipe: str, dataset: str, *changes: str) -> dict[str, Any]:
    """A training by one of the recipes beside, with some of its keys changed."""
    settings = [text for change in changes for text in ("--set", change)]
    return tunix_rt("train", "run", str(RECIPES / recipe), "--dataset", dataset, *settings)


def generated(
    file: Path, count: int, seed: int, families: Sequence[str] = ADDITION, *, digits: int = 3
) -> list[dict[str, Any]]:
    """Worked problems, written to `file` and read back."""
    tunix_rt(
        *("tasks", "generate", "arithmetic", str(file), "--count", str(count)),
        *("--config", _config(families, digits=digits), "--seed", str(seed)),
    )
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def frozen(name: str, traces: list[dict[str, Any]], folder: Path) -> str:
    """Traces, imported, verified and frozen: the key of the dataset.

    Each is marked with the name: one that is known already would stay with its first source.
    """
    file = folder / f"{name}.jsonl"
    marked = [{**one, "meta": {**one["meta"], "study": name}} for one in traces]
    file.write_text("".join(json.dumps(one) + "\n" for one in marked), "utf-8")
    tunix_rt("traces", "import", str(file), "--source", name)
    tunix_rt("verify", "run", "--source", name)
    built = tunix_rt("datasets", "build", name, "1", "--source", name, "--limit", "1000000")
    return str(built["said"]["dataset_key"])


def told(results: list[dict[str, Any]], out: Path | None) -> None:
    """Print the newest result as a line, and write all of them to a file."""
    one = results[-1]
    interval = f"[{one['greedy_low']:.3f}, {one['greedy_high']:.3f}]"
    print(f"seed {one['seed']} {one['way']:9} {one['greedy']:.3f} {interval}", flush=True)
    if out:
        out.write_text(json.dumps(results, indent=1) + "\n")
