"""How well an observer ranks real wrong solutions; one JSON object.

Usage: python benchmarks/observer.py [GSM8K_FOLDER]. The 5,276 published solutions of four models
to GSM8K's test problems are imported and judged. One observer learns from three of the four
models' solutions to half of the problems and sits its exam on the other half.
"""

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from exam_score import tunix_rt
from measuring import gsm8k, record

MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


def traces(folder: Path) -> list[dict[str, Any]]:
    """Every published solution as a trace with its published label, in two halves by problem."""
    found = []
    lines = (folder / "example_model_solutions.jsonl").read_text("utf-8").rstrip("\n")
    for line in lines.split("\n"):
        problem = json.loads(line)
        half = hashlib.sha256(problem["question"].encode()).digest()[0] % 2
        for model in MODELS:
            solution = problem[model]
            text, _, answer = solution["solution"].rpartition("\nA: ")
            steps = [step for step in text.split("\n") if step.strip()]
            found.append(
                {
                    "trace_version": "1.0",
                    "prompt": problem["question"],
                    "final_answer": answer.strip() or "none",
                    "steps": [
                        {"i": i, "type": "step", "content": step}
                        for i, step in enumerate(steps or ["none"])
                    ],
                    "meta": {"label": solution["is_correct"], "half": f"h{half}", "model": model},
                }
            )
    return found


def examine(home: str, coverage: float, precision: float) -> dict[str, Any]:
    """One exam on the half it has not seen, passed or not."""
    words = ("observers", "exam", "o", "--query", "meta.half:h1", "--truth", "label")
    asked = ("--coverage", str(coverage), "--precision", str(precision))
    try:
        exam = tunix_rt(home, *words, *asked)
    except subprocess.CalledProcessError as failed:
        exam = json.loads(failed.stdout)
    numbers = {name: round(exam[name], 4) for name in ("precision", "low")}
    return {"marked": exam["marked"], "wrong": exam["wrong"], **numbers, "passed": exam["passed"]}


def measure(folder: Path) -> dict[str, Any]:
    """Fit on one half, examine on the other."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "traces.jsonl"
        file.write_text("".join(json.dumps(trace) + "\n" for trace in traces(folder)))
        tunix_rt(home, "traces", "import", str(file))
        fitted = tunix_rt(
            home, "observers", "fit", "o", "--query", "meta.half:h0", "--truth", "label"
        )
        numbers: dict[str, Any] = {n: round(v, 4) for n, v in fitted["quality"].items()}
        for coverage, precision in ((0.1, 0.8), (0.1, 0.9), (0.3, 0.8)):
            exam = examine(home, coverage, precision)
            asked = f"exam_{coverage:.0%}_at_{precision:.0%}".replace("%", "")
            numbers |= {f"{asked}_{name}": value for name, value in exam.items()}
        return {**numbers, "strongest": fitted["coefficients"][:8]}


if __name__ == "__main__":
    record("observer", measure(gsm8k()))
