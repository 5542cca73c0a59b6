"""The loop on real data: GSM8K traces in, verified, frozen, trained on, measured.

    python examples/gsm8k.py path/to/gsm8k [--items 200]

The folder holds train.jsonl, test.jsonl and example_model_solutions.jsonl of
https://github.com/openai/grade-school-math. A nano model does not learn word problems
in a few hundred steps: watch the loss fall, and compare the leaderboard's honest zero
with the four published models beside it.
"""

import argparse
import subprocess
import sys
from pathlib import Path

RECIPE = Path(__file__).parent / "recipes" / "gsm8k_nano.toml"


def tunix_rt(*arguments: str) -> str:
    """Run one command as a user would, and return what it printed."""
    print(f"\n$ tunix-rt {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "tunix_rt", *arguments], stdout=subprocess.PIPE, text=True
    )
    print(done.stdout.rstrip(), flush=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def main() -> None:
    """Every step of the loop, in order."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the GSM8K files are")
    parser.add_argument("--items", default="200", help="held-out problems the model is asked")
    parser.add_argument("--version", default="v1", help="version of the frozen dataset")
    options = parser.parse_args()
    problems, solutions = "gsm8k-train", "gsm8k-solutions"
    files = {name: str(options.folder / f"{name}.jsonl") for name in ("train", "test")}
    published = str(options.folder / "example_model_solutions.jsonl")

    tunix_rt("traces", "import", files["train"], "--source", problems)
    tunix_rt("traces", "import", published, "--source", solutions)
    tunix_rt("verify", "run", "--source", problems)
    tunix_rt("verify", "run", "--source", solutions)
    tunix_rt(
        "datasets", "build", "gsm8k", options.version, "--source", problems, "--verdict", "right"
    )
    key = f"gsm8k-{options.version}"
    trained = tunix_rt("train", "run", str(RECIPE), "--dataset", key)
    run_id = trained.split()[0]
    tunix_rt("tasks", "import", files["test"], "gsm8k-test")
    tunix_rt("evaluate", "predictions", published, "gsm8k-test", "--format", "gsm8k-solutions")
    tunix_rt("evaluate", "run", run_id, "gsm8k-test", "--name", "nano", "--limit", options.items)
    tunix_rt("evaluate", "list", "--suite", "gsm8k-test")


if __name__ == "__main__":
    main()
