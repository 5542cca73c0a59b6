"""How many answers and traces a second one core verifies; one JSON object.

Usage: python benchmarks/verify_rate.py GSM8K_FOLDER (with example_model_solutions.jsonl and
test.jsonl), or without a folder on problems made here.
"""

import json
import random
import sys
import time
from pathlib import Path

from measuring import record

from tunix_rt.verify.checking import check_answer, check_steps
from tunix_rt.verify.schema import StepInput

MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


def lines_of(path: Path) -> list[str]:
    """The lines of a JSONL file, cut at line feeds only."""
    return path.read_text("utf-8").rstrip("\n").split("\n")


def real(folder: Path) -> tuple[list[tuple[str, str]], list[tuple[str, list[StepInput]]]]:
    """Expected and given answers, and prompts with steps, from GSM8K."""
    answers = []
    for line in lines_of(folder / "example_model_solutions.jsonl"):
        problem = json.loads(line)
        expected = problem["ground_truth"].rsplit("A: ", 1)[1]
        answers += [(expected, problem[model]["solution"]) for model in MODELS]
    traces = []
    for line in lines_of(folder / "test.jsonl"):
        problem = json.loads(line)
        lines = problem["answer"].partition("\n####")[0].split("\n")
        steps = [StepInput(index=i, type="step", content=s) for i, s in enumerate(lines)]
        traces.append((problem["question"], steps))
    return answers, traces


def made(count: int) -> tuple[list[tuple[str, str]], list[tuple[str, list[StepInput]]]]:
    """The same from additions made here."""
    chance = random.Random(0)
    answers, traces = [], []
    for _ in range(count):
        a, b = chance.randint(10, 9999), chance.randint(10, 9999)
        answers.append((str(a + b), f"She has {a} + {b} = ${a + b:,} in all.\nA: {a + b}"))
        text = f"She has {a} + {b} = <<{a}+{b}={a + b}>>{a + b} eggs."
        steps = [StepInput(index=i, type="step", content=text) for i in range(4)]
        traces.append((f"What is {a} + {b}?", steps))
    return answers, traces


def measure(folder: Path | None) -> dict[str, object]:
    """Verify everything once, on one core."""
    answers, traces = real(folder) if folder else made(2000)
    short = [(expected, given.rsplit("\nA:", 1)[-1]) for expected, given in answers]
    rates = {}
    for name, pairs in (("final_answers", short), ("whole_solutions", answers)):
        began = time.perf_counter()
        right = sum(check_answer(e, g).outcome == "right" for e, g in pairs)
        rates[f"{name}_per_second"] = round(len(pairs) / (time.perf_counter() - began))
        rates[f"{name}_right"] = right
    began = time.perf_counter()
    flagged = sum(check_steps(s, prompt=p).outcome == "wrong" for p, s in traces)
    seconds = time.perf_counter() - began
    return {
        "data": "gsm8k" if folder else "made",
        "answers": len(answers),
        **rates,
        "traces": len(traces),
        "traces_per_second": round(len(traces) / seconds),
        "steps_per_second": round(sum(len(s) for _, s in traces) / seconds),
        "traces_flagged": flagged,
    }


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    record("verify-rate", measure(folders[0] if folders else None))
