"""A trace as numbers: what the step verifier and the detectors say of it, and its shape.

No word of the text is a feature: words tell the problem, not the error, and would be learned
by heart.
"""

import zlib
from collections import Counter
from math import log1p

from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify.judging import judge_steps
from tunix_rt.verify.numbers import numbers

VERSION = "1"

KINDS = (
    *("final_unsupported", "language_switch", "leaked_answer", "loop", "provenance"),
    *("reused_numbers", "ritual", "truncation", "unclosed_thinking"),
)
"""Warnings that are counted."""

SHAPE = (
    *("steps", "log_characters", "log_characters_per_step", "claims", "claims_per_step"),
    *("false_claims", "has_false_claim", "has_claim", "prompt_numbers", "prompt_coverage"),
    *("numbers_per_step", "broken_numbers", "negative_signs", "log_answer_length"),
    *("answer_in_prompt", "zlib_ratio"),
)

FEATURES = (*SHAPE, *(f"warns_{kind}" for kind in KINDS))
"""The names of the numbers, in their order."""

LONGEST = 200_000
"""Characters of the steps that are compressed."""


def features(trace: ReasoningTrace) -> list[float]:
    """One number for each of `FEATURES`."""
    verdict = judge_steps(trace)
    text = "\n".join(step.content for step in trace.steps)
    stated = {number.value for number in numbers(trace.prompt)}
    used = [number.value for number in numbers(text)]
    answer = {number.value for number in numbers(trace.final_answer)}
    false = sum(claim.outcome == "wrong" for claim in verdict.claims)
    steps, claims = len(trace.steps), len(verdict.claims)
    warned = Counter(warning.kind for warning in verdict.warnings)
    packed = text[:LONGEST].encode(errors="replace")
    return [
        float(steps),
        log1p(len(text)),
        log1p(len(text) / steps),
        float(claims),
        claims / steps,
        float(false),
        float(false > 0),
        float(claims > 0),
        float(len(stated)),
        len(stated & set(used)) / len(stated) if stated else 1.0,
        len(used) / steps,
        float(sum(value != int(value) for value in used)),
        float(text.count("= -") + text.count("=-")),
        log1p(len(trace.final_answer)),
        float(bool(answer & stated)),
        len(zlib.compress(packed, 1)) / max(len(packed), 1),
        *(float(warned[kind]) for kind in KINDS),
    ]
