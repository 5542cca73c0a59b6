"""What the step verifier finds of errors planted in GSM8K's solutions; one JSON object.

Usage: python benchmarks/exam_score.py [GSM8K_FOLDER]. The test problems are imported, an exam of
each kind of error is made of them, and the verifier sits it: detection, the exact first step,
and ProcessBench's F1. `result` and `sign` errors are in a claim; `operand`, `rule` and
`dropped_step` leave every claim true, so that only warnings can see them. The clean twins hold
nothing false by choice: what the verifier flags of GSM8K's own text is in verify_steps.py.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import gsm8k, record
from verify_run import gold

KINDS = ("result", "sign", "operand", "rule", "unit", "dropped_step")
COUNT = 1200


def tunix_rt(home: str, *words: str) -> Any:
    """What a command of the program says as JSON."""
    given = os.environ | {"TUNIX_RT_HOME": home}
    command = [sys.executable, "-m", "tunix_rt", *words, "--json"]
    done = subprocess.run(command, env=given, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def measure(folder: Path) -> dict[str, Any]:
    """One exam of all kinds, and one of each kind alone."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "traces.jsonl"
        file.write_text("".join(json.dumps(trace) + "\n" for trace in gold(folder, ("test",))))
        tunix_rt(home, "traces", "import", str(file))
        for name, kinds in [("all", KINDS), *((kind, (kind,)) for kind in KINDS)]:
            chosen = [word for kind in kinds for word in ("--kind", kind)]
            made = tunix_rt(home, "exams", "make", name, "--count", str(COUNT), *chosen)
            score = tunix_rt(home, "exams", "score", name)
            shares = {
                "detected": score["detected"]["share"],
                "exact_step": score["exact"]["share"],
                "exact_step_at_least": score["exact"]["low"],
                "warned_at_the_step": score["warned"]["share"],
                "clean_with_a_warning": score["clean_warned"]["share"],
                "processbench_f1": score["f1"],
            }
            found[f"{name}_items"] = made["items"]
            found |= {f"{name}_{one}": round(value, 4) for one, value in shares.items()}
    return found


if __name__ == "__main__":
    record("exam-score", measure(gsm8k()))
