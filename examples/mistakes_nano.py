"""What mistakes in the traces teach: learned, masked, put right, or judged.

    python examples/mistakes_nano.py [--seeds 0 1 2] [--ways clean learned ...] [--out FILE]

A nano model is taught the same 300 distinct additions for as many steps in every way. Three traces
of ten have an error planted: one column's digit is wrong, and so is the answer.
`clean`     no error anywhere
`dropped`   the wrong traces are left out: 210 are taught
`learned`   the wrong traces are taught as if they were right
`masked`    they are taught up to the error: verdicts mask the wrong step and all after it
`corrected` the column is written again, rightly, after the wrong one, which is masked
`exposed`   the same, and the wrong column is learned as well
`judged`    no error; for each trace two further rows: find the first wrong step of a copy with an
            error, and write such a copy again, rightly (verify and correct)
Accuracy is of greedy answers to 1,024 held-out problems, with Wilson's 95 % interval.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from running import frozen, generated, measured, suite, told, trained

Trace = dict[str, Any]

SHARE = 0.3
"""Of the traces that have an error."""

MASKED = ['masks.wrong="mask"', 'masks.after_error="mask"', 'masks.wrong_answer="mask"']

WAYS: dict[str, list[str]] = {
    "clean": [],
    "dropped": ['masks.wrong_answer="drop"'],
    "learned": [],
    "masked": MASKED,
    "corrected": MASKED,
    "exposed": [],
    "judged": ["max_seq_length=128"],
}
"""What each way changes in the recipe; what it changes in the traces is `rewritten` below."""


def spoiled(trace: Trace, random: Random) -> tuple[int, Trace]:
    """The place of a column whose digit is made wrong, and the trace with it and its answer."""
    place = random.randrange(3)
    steps = [dict(step) for step in trace["steps"]]
    asked, result = steps[place]["content"].split("=")
    digit = (int(result) % 10 + random.randint(1, 9)) % 10
    steps[place]["content"] = f"{asked}={int(result) // 10 * 10 + digit}"
    answer = trace["final_answer"]
    wrong = answer[: -place - 1] + str(digit) + answer[len(answer) - place :]
    return place, {**trace, "steps": steps, "final_answer": wrong}


def corrected(trace: Trace, random: Random) -> Trace:
    """The right trace with a wrong column before the right one."""
    place, wrong = spoiled(trace, random)
    steps = [*trace["steps"][:place], wrong["steps"][place], *trace["steps"][place:]]
    return {**trace, "steps": [{**step, "i": number} for number, step in enumerate(steps)]}


def judged(trace: Trace, random: Random) -> list[Trace]:
    """The trace, a copy whose error is to be found, and one that is to be written again."""
    place, wrong = spoiled(trace, random)
    work = " ".join(step["content"] for step in wrong["steps"])
    found = {"i": 0, "type": "compute", "content": trace["steps"][place]["content"]}
    return [
        trace,
        posed(trace, f"find {trace['prompt'][4:]}: {work}", [found], str(place)),
        posed(trace, f"mend {trace['prompt'][4:]}: {work}", trace["steps"], trace["final_answer"]),
    ]


def posed(trace: Trace, prompt: str, steps: list[Any], answer: str) -> Trace:
    """Another trace about the same problem."""
    meta = {"expected_answer": answer, "verifier": "number", "family": prompt[:4]}
    return {
        "trace_version": trace["trace_version"],
        "prompt": prompt,
        "steps": steps,
        "final_answer": answer,
        "meta": meta,
    }


def rewritten(traces: list[Trace], way: str, random: Random) -> list[Trace]:
    """The traces as one way has them."""
    if way == "judged":
        return [one for trace in traces for one in judged(trace, random)]
    change: Callable[[Trace], Trace] = {
        "clean": lambda trace: trace,
        "corrected": lambda trace: corrected(trace, random),
        "exposed": lambda trace: corrected(trace, random),
    }.get(way, lambda trace: spoiled(trace, random)[1])
    wrong = int(len(traces) * SHARE)
    return [*map(change, traces[:wrong]), *traces[wrong:]]


def taught(seed: int, way: str, traces: list[Trace], folder: Path) -> dict[str, Any]:
    """What one way made of a new model."""
    name = f"{way}-{seed}"
    dataset = frozen(name, rewritten(traces, way, Random(seed)), folder)
    found = trained("nano_warm.toml", dataset, f"seed={seed}", *WAYS[way])
    return {
        "seed": seed,
        "way": way,
        "rows": found["said"]["examples"],
        "steps": found["said"]["steps"],
        "seconds": {cost: found[cost] for cost in ("wall", "processor")},
        **measured(found["said"]["model_folder"], "held-out"),
    }


def main() -> None:
    """Teach with every seed and way, and write down what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--traces", type=int, default=300, help="distinct traces that are taught")
    parser.add_argument("--out", type=Path, help="a file for everything that was measured")
    options = parser.parse_args()
    results = []
    suite("held-out", 5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in options.seeds:
            traces = generated(folder / f"additions-{seed}.jsonl", options.traces, 200 + seed)
            for way in options.ways:
                results.append(taught(seed, way, traces, folder))
                told(results, options.out)


if __name__ == "__main__":
    main()
