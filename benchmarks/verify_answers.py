"""How fast, how exact and how safe answers are judged; one JSON object.

Usage: python benchmarks/verify_answers.py [GSM8K_FOLDER], with MATH-500 in math500/ beside it.
"""

import json
import resource
import time
from collections import Counter
from pathlib import Path
from typing import Any

from measuring import gsm8k, record

from tunix_rt.verify.answers.math import equivalence
from tunix_rt.verify.checking import check_answer, kind_of

CASES = Path(__file__).parents[1] / "tests" / "cases"
MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
REWRITINGS = (
    *("  {}  ", "{}.", r"\boxed{{{}}}", "${}$", "Therefore,\n\\[ {} \\]", "The answer is ${}$."),
    *("Final answer: \\({}\\)", "**{}**", "<think>17?</think><answer>{}</answer>", "x\n#### {}"),
)


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").rstrip("\n").split("\n")]


def numeric(folder: Path) -> dict[str, Any]:
    """GSM8K's published solutions of four models, their labels made by others."""
    pairs = [
        (problem["ground_truth"].rsplit("A: ", 1)[1], problem[model])
        for problem in lines_of(folder / "example_model_solutions.jsonl")
        for model in MODELS
    ]
    rates = {}
    for name in ("final", "whole"):
        given = [
            (gold, said["solution"].rsplit("\nA:", 1)[-1] if name == "final" else said["solution"])
            for gold, said in pairs
        ]
        began = time.perf_counter()
        right = [check_answer(gold, answer).outcome == "right" for gold, answer in given]
        rates[f"{name}_per_second"] = round(len(pairs) / (time.perf_counter() - began))
        agreed = sum(a is said["is_correct"] for a, (_, said) in zip(right, pairs, strict=True))
        rates[f"{name}_agree_with_label"] = agreed
    return {"gsm8k_answers": len(pairs), **rates}


def mathematics(folder: Path) -> dict[str, Any]:
    """Every answer of MATH-500 against its rewritings, and against every other of its kind."""
    golds = [line["answer"] for line in lines_of(folder.parent / "math500" / "test.jsonl")]
    began = time.perf_counter()
    missed = sum(
        check_answer(gold, form.format(gold)).outcome != "right"
        for gold in golds
        for form in REWRITINGS
    )
    rate = round(len(golds) * len(REWRITINGS) / (time.perf_counter() - began))
    distinct = {gold: kind_of(gold) for gold in sorted(set(golds))}
    equal = sum(
        check_answer(one, other).outcome == "right"
        for one, kind in distinct.items()
        for other, its_kind in distinct.items()
        if one < other and kind == its_kind
    )
    return {
        "math500_kinds": dict(Counter(kind_of(gold) for gold in golds)),
        "math500_rewritings": len(golds) * len(REWRITINGS),
        "math500_rewritings_missed": missed,
        "math500_per_second": rate,
        "math500_pairs_of_equal_answers": equal,
    }


def pairs() -> dict[str, Any]:
    """The pairs that were written before the verifiers."""
    cases = lines_of(CASES / "answer_pairs.jsonl")
    said = [check_answer(case["expected"], case["given"]).outcome for case in cases]
    truth = [case["verdict"] for case in cases]
    both = list(zip(said, truth, strict=True))
    return {
        "pairs": len(cases),
        "pairs_accuracy": round(sum(a == b for a, b in both) / len(both), 4),
        "pairs_false_positives": sum(a == "right" != b for a, b in both),
    }


def algebra() -> dict[str, Any]:
    """Identities that take computer algebra, none asked twice."""
    asked = [(rf"\sin({n}x)", rf"\cos({n}x - \frac{{\pi}}{{2}})") for n in range(2, 32)]
    check_answer(*asked[0])
    began = time.perf_counter()
    said = Counter(check_answer(*pair).outcome for pair in asked[1:])
    rate = round((len(asked) - 1) / (time.perf_counter() - began), 1)
    return {"algebra_per_second": rate, "algebra_right": said["right"], "algebra_asked": 29}


def bombs() -> dict[str, Any]:
    """Inputs made to hang or to eat memory; the worker's start counts as its time."""
    seconds, said = [], Counter[str]()
    for case in lines_of(CASES / "answer_bombs.jsonl"):
        given = "".join(piece * times for piece, times in case["given"])
        began = time.perf_counter()
        said[check_answer(case["expected"], given).outcome] += 1
        seconds.append(time.perf_counter() - began)
    equivalence.close()
    own, workers = (
        round(resource.getrusage(who).ru_maxrss / 1024)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "bombs": len(seconds),
        "bombs_outcomes": dict(said),
        "bombs_worst_seconds": round(max(seconds), 2),
        "bombs_own_megabytes": own,
        "bombs_worker_megabytes": workers,
    }


if __name__ == "__main__":
    folder = gsm8k()
    numbers = {**bombs(), **pairs(), **algebra(), **numeric(folder), **mathematics(folder)}
    record("verify-answers", numbers)
