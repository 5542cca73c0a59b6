"""How exact and how fast the step verifier and the detectors are; one JSON object.

Usage: python benchmarks/verify_steps.py GSM8K_FOLDER (with train.jsonl and test.jsonl), or
without a folder on problems made here.

Clean: how many of the published solutions are flagged or warned of; gsm8k_gold_flags.jsonl says
of each flag whether the solution is really wrong there. Corrupted: one number of each
clean test solution is changed, seeded, up as often as down; found means a false claim that the
clean solution does not have, exact that it is in the changed step. Spoilt: loops, cuts and the
like are made of every test solution. The floor of the speed is the same files read as JSON and
searched for numbers by one regular expression.
"""

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from measuring import record

from tunix_rt.verify.checking import check_trace, detect
from tunix_rt.verify.schema import StepInput, StepsVerdict, TraceInput

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
FLAGS = Path(__file__).parent / "gsm8k_gold_flags.jsonl"
SEEDS = 5
DELTAS = (1, 2, 3, 5, 10, 100)


def solutions(raw: list[str]) -> Iterator[TraceInput]:
    """Every published solution as a trace."""
    for line in raw:
        problem = json.loads(line)
        body, _, answer = problem["answer"].partition("\n####")
        lines = [step for step in body.split("\n") if step.strip()]
        yield trace(problem["question"], lines, answer.strip())


def lines_of(path: Path) -> list[str]:
    """The lines of a JSONL file, cut at line feeds only."""
    return path.read_text("utf-8").rstrip("\n").split("\n")


def made(count: int) -> list[str]:
    """Problems in the shape of GSM8K, from additions made here."""
    chance = random.Random(0)
    lines = []
    for _ in range(count):
        a, b, c = (chance.randint(10, 999) for _ in range(3))
        said = f"She has {a} + {b} = <<{a}+{b}={a + b}>>{a + b} eggs.\n"
        said += f"She sells them for {a + b} * {c} = $<<{a + b}*{c}={(a + b) * c}>>{(a + b) * c}."
        question = f"Ann has {a} eggs and {b} eggs and sells each for ${c}. How much?"
        answer = f"{said}\n#### {(a + b) * c}"
        lines.append(json.dumps({"question": question, "answer": answer}))
    return lines


def trace(prompt: str, lines: list[str], answer: str) -> TraceInput:
    """A trace of these steps."""
    steps = tuple(StepInput(index=i, type="step", content=s) for i, s in enumerate(lines))
    return TraceInput(prompt=prompt, steps=steps, final_answer=answer)


def moved(number: str, chance: random.Random) -> str:
    """Another number of the same look, up as often as down."""
    places = len(number.partition(".")[2])
    value = int(re.sub(r"\D", "", number))
    fitting = [delta for delta in DELTAS if delta <= value] or [1]
    delta = chance.choice(fitting) * chance.choice((1, -1))
    value = value + delta if value + delta >= 0 else value - delta
    digits = str(value).rjust(places + 1, "0")
    if places:
        return f"{digits[:-places]}.{digits[-places:]}"
    return f"{value:,}" if "," in number else digits


def with_step(clean: TraceInput, place: int, content: str) -> TraceInput:
    """The same trace with another step."""
    steps = list(clean.steps)
    steps[place] = steps[place].model_copy(update={"content": content})
    return clean.model_copy(update={"steps": tuple(steps)})


def any_number(clean: TraceInput, _: StepsVerdict, chance: random.Random) -> tuple[TraceInput, int]:
    """One number anywhere in any step, each as likely."""
    places = [(s.index, n) for s in clean.steps for n in NUMBER.finditer(s.content)]
    place, number = chance.choice(places)
    text = clean.steps[place].content
    spoilt = text[: number.start()] + moved(number[0], chance) + text[number.end() :]
    return with_step(clean, place, spoilt), place


def a_result(
    clean: TraceInput, verdict: StepsVerdict, chance: random.Random
) -> tuple[TraceInput, int]:
    """The last number of a claim."""
    claim = chance.choice([one for one in verdict.claims if NUMBER.search(one.text)])
    number = list(NUMBER.finditer(claim.text))[-1]
    text = clean.steps[claim.step].content
    at = claim.start + number.start()
    spoilt = text[:at] + moved(number[0], chance) + text[at + len(number[0]) :]
    return with_step(clean, claim.step, spoilt), claim.step


Corrupt = Callable[[TraceInput, StepsVerdict, random.Random], tuple[TraceInput, int]]


def corrupted(traces: list[TraceInput], corrupt: Corrupt, seed: int) -> dict[str, float]:
    """Shares of the corruptions that are found, found in their step, and warned of."""
    chance = random.Random(seed)
    planted = found = exact = warned = warned_exact = 0
    for clean in traces:
        verdict = check_trace(clean)
        if verdict.outcome != "right":
            continue
        spoilt, place = corrupt(clean, verdict, chance)
        planted += 1
        error = check_trace(spoilt).first_error
        before = {(w.kind, w.step, w.start) for w in detect(clean)}
        new = [w for w in detect(spoilt) if (w.kind, w.step, w.start) not in before]
        found += error is not None
        exact += error is not None and error.step == place
        warned += error is not None or bool(new)
        step = error.step if error else new[0].step if new else None
        warned_exact += step == place
    return {
        "planted": planted,
        "detected": found / planted,
        "exact_step": exact / planted,
        "detected_with_warnings": warned / planted,
        "exact_step_with_warnings": warned_exact / planted,
    }


def spoilt(clean: TraceInput, chance: random.Random) -> Iterator[tuple[str, TraceInput]]:
    """The same solution with each fault that a detector looks for."""
    lines = [step.content for step in clean.steps]
    place = chance.randrange(len(lines))
    yield "loop", trace(clean.prompt, lines[: place + 1] + lines[place : place + 1] * 3, "1")
    joined = "\n".join(lines)
    cut = joined[: chance.randrange(len(joined) // 4, len(joined))]
    yield "truncation", trace(clean.prompt, cut.split("\n"), "")
    yield "unclosed_thinking", trace(clean.prompt, ["<think>" + lines[0], *lines[1:]], "1")
    slipped = [*lines[:-1], lines[-1] + " 所以答案是正确的"]
    yield "language_switch", trace(clean.prompt, slipped, clean.final_answer)
    told = f"{clean.prompt} The answer is {clean.final_answer}."
    yield "leaked_answer", trace(told, lines, clean.final_answer)
    wrong = moved(clean.final_answer, chance)
    yield "final_unsupported", trace(clean.prompt, lines, wrong)
    ritual = [*lines, "Let me verify: the answer is correct."]
    yield "ritual", trace(clean.prompt, ritual, clean.final_answer)


def detectors(traces: list[TraceInput]) -> dict[str, dict[str, float]]:
    """How often each detector speaks of clean and of spoilt solutions."""
    chance = random.Random(0)
    recall: dict[str, int] = {}
    for clean in traces:
        for kind, faulty in spoilt(clean, chance):
            hit = any(warning.kind == kind for warning in detect(faulty))
            recall[kind] = recall.get(kind, 0) + hit
    alarms: dict[str, int] = {}
    for clean in traces:
        for kind in {warning.kind for warning in detect(clean)}:
            alarms[kind] = alarms.get(kind, 0) + 1
    count = len(traces)
    return {
        "recall_on_spoilt": {kind: round(n / count, 4) for kind, n in sorted(recall.items())},
        "alarms_on_clean": {kind: round(n / count, 4) for kind, n in sorted(alarms.items())},
    }


def flagged(traces: list[TraceInput]) -> dict[str, float]:
    """How many clean solutions are flagged, and how many say anything that can be checked."""
    verdicts = [check_trace(one) for one in traces]
    wrong = sum(verdict.outcome == "wrong" for verdict in verdicts)
    return {
        "traces": len(traces),
        "flagged": wrong,
        "flagged_share": round(wrong / len(traces), 4),
        "with_a_claim": round(sum(bool(v.claims) for v in verdicts) / len(traces), 4),
    }


def rates(lines: list[str], traces: list[TraceInput]) -> dict[str, int]:
    """Traces a second of one core: claims, detectors, both, and the floor."""

    def rate(work: Callable[[], object]) -> int:
        began = time.process_time()
        work()
        return round(len(traces) / (time.process_time() - began))

    return {
        "claims_per_second": rate(lambda: [check_trace(one) for one in traces]),
        "detectors_per_second": rate(lambda: [list(detect(one)) for one in traces]),
        "everything_per_second": rate(lambda: [(check_trace(t), list(detect(t))) for t in traces]),
        "floor_per_second": rate(lambda: [NUMBER.findall(json.loads(x)["answer"]) for x in lines]),
    }


def mean(found: list[dict[str, float]]) -> dict[str, float]:
    """The mean of several seeds."""
    return {name: round(sum(one[name] for one in found) / len(found), 4) for name in found[0]}


def named(name: str, found: dict[str, float]) -> dict[str, float]:
    """The same numbers under longer names, as the README's table shows them."""
    return {f"{name}_{one}": number for one, number in found.items()}


def measure(folder: Path | None) -> dict[str, object]:
    """Everything, once; the corruptions with several seeds."""
    raw = lines_of(folder / "test.jsonl") if folder else made(1000)
    traces = list(solutions(raw))
    clean: dict[str, object] = named("test", flagged(traces))
    if folder:
        clean |= named("train", flagged(list(solutions(lines_of(folder / "train.jsonl")))))
        clean["flags_that_are_real_errors"] = sum(json.loads(x)["real"] for x in lines_of(FLAGS))
    return {
        "data": "gsm8k" if folder else "made",
        **clean,
        **named("any_number", mean([corrupted(traces, any_number, s) for s in range(SEEDS)])),
        **named("a_result", mean([corrupted(traces, a_result, s) for s in range(SEEDS)])),
        **detectors(traces),
        **rates(raw, traces),
    }


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    record("verify-steps", measure(folders[0] if folders else None))
