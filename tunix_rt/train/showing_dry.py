"""A dry run in words: for the terminal, for the run's log, for clients that read only text."""

from collections.abc import Iterator
from typing import Any

from tunix_rt.kit.errors import TunixError
from tunix_rt.store import Store
from tunix_rt.train import rehearsing
from tunix_rt.train.schema import Recipe
from tunix_rt.train.schema_dry import DryRun, MemoryPlan, PlannedPractice, TriedRound, TriedStep

Fact = tuple[str, str]


def glanced(store: Store, dataset_key: str, recipe: Recipe) -> tuple[list[str], dict[str, Any]]:
    """What can be said at once, as lines and as a run's result; what prevents it is said too."""
    try:
        report = rehearsing.glance(store, dataset_key, recipe)
    except TunixError as refused:
        return [f"not rendered: {refused}"], {"dry_run": None, "left_out": str(refused)}
    return lines(report), {"dry_run": report.model_dump(mode="json")}


def lines(report: DryRun) -> list[str]:
    """Every fact as a line."""
    return [f"{name}: {value}" for name, value in facts(report)]


def facts(report: DryRun) -> list[Fact]:
    """What a person wants to know before it begins."""
    return [
        *(("warning", one) for one in report.warnings),
        *_rows(report),
        *_batches(report),
        *(_practice(report.practice) if report.practice is not None else ()),
        *(_memory(report.memory) if report.memory is not None else ()),
        *(_round(report.tried_round) if report.tried_round is not None else ()),
        *(_tried(report.tried) if report.tried is not None else ()),
        *([("takes about", _duration(report.seconds))] if report.seconds is not None else ()),
        *(("left out", one) for one in report.left_out),
    ]


def _rows(report: DryRun) -> Iterator[Fact]:
    found = report.numbers
    first = "" if report.complete else "the first "
    yield "rows", f"{first}{found.rows:,}, {found.trained_rows:,} of them trained"
    share = found.trained_tokens / max(found.tokens, 1)
    yield "tokens", f"{found.tokens:,}, {share:.1%} of them learned"
    if (long := found.lengths) is not None:
        said = f"{long.median:,}, 95 % within {long.p95:,}, the longest {long.longest:,}"
        yield "median length", said
    if found.cut.rows:
        yield "too long", f"{found.cut.rows:,} rows, {found.cut.answers:,} answers not whole"
    for proof in report.proofs:
        if not proof.ok:
            yield "broken proof", f"{proof.name}: {proof.says}; {proof.broken:,} rows"


def _batches(report: DryRun) -> Iterator[Fact]:
    parameters = f"{report.parameters:,}"
    if report.trained_parameters != report.parameters:
        parameters += f", {report.trained_parameters:,} of them trained"
    yield "parameters", parameters
    if report.layout is not None and report.useful_share is not None:
        shapes = ", ".join(f"{one.lines} x {one.width}" for one in report.shapes)
        yield "batches", f"{report.layout}, {shapes}; {report.useful_share:.1%} of it is no padding"
    if report.steps is not None:
        counted = "" if report.tokens is None else f" with {report.tokens:,} tokens"
        yield "steps", f"{report.steps:,}{counted}"


def _practice(plan: PlannedPractice) -> Iterator[Fact]:
    apart = f"{plan.held_out:,} held out, {plan.watched:,} watched"
    yield "problems", f"{plan.problems:,} to practise, {apart}"
    yield "rounds", f"{plan.rounds:,} of {plan.rollouts:,} rollouts"
    yield "prompts", f"at most {plan.longest_prompt:,} tokens, and {plan.new_tokens:,} new ones"


def _memory(plan: MemoryPlan) -> Iterator[Fact]:
    parts = ("weights", "gradients", "optimizer", "activations")
    each = ", ".join(f"{name} {_bytes(getattr(plan, name))}" for name in parts)
    yield "memory", f"about {_bytes(plan.total)}: {each}"
    if plan.cache:
        yield "while asked", f"keys and values take {_bytes(plan.cache)}, before a step is taken"
    if plan.compiled is not None:
        yield "compiled", _bytes(plan.compiled)
    if plan.room is not None:
        yield "room", f"{_bytes(plan.room)}: it {'fits' if plan.fits else 'does not fit'}"
    if plan.advice is not None:
        yield "what fits", plan.advice


def _round(found: TriedRound) -> Iterator[Fact]:
    yield "compiling the questions", _duration(found.compile_seconds)
    asked, judged = _duration(found.sample_seconds), _duration(found.judge_seconds)
    said = f"{found.answer_tokens:,.0f} tokens an answer, {found.ended:.0%} of them ended"
    yield "a round", f"asked in {asked}, judged in {judged}; {said}"


def _tried(step: TriedStep) -> Iterator[Fact]:
    yield "tried on", f"{step.device}, {step.lines} x {step.width}"
    yield "compiling", _duration(step.compile_seconds)
    yield "a step", f"{step.step_seconds * 1000:,.1f} ms, loss {step.loss:.4f}"
    restored = "goes on with the same loss" if step.restored else "DOES NOT GO ON AS BEFORE"
    yield "checkpoint", f"{_bytes(step.checkpoint_bytes)}, restored it {restored}"


def _bytes(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 10**9 else f"{count / 1e6:.1f} MB"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
