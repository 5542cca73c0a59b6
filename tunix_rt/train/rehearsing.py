"""A dry run: everything of a training that can be known before its first step.

Rows are rendered and proven, batches planned, memory reckoned. Where the backend is there, one step
on the longest batch is compiled, done, kept, restored and done again, in a folder that goes away. A
model that practises answers the problems of its first round before.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tunix_rt.datasets import reading
from tunix_rt.kit.again import Again
from tunix_rt.kit.errors import MissingExtra
from tunix_rt.registry.loading.opening import open_checkpoint
from tunix_rt.registry.loading.shape import Shape
from tunix_rt.registry.loading.tokenizer import TextTokenizer
from tunix_rt.registry.loading.weights import WIDTHS
from tunix_rt.rendering import segmenting
from tunix_rt.rendering.batching import Batches, make_rows
from tunix_rt.rendering.proofs import prove
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_batching import Layout
from tunix_rt.rendering.schema_wording import Example
from tunix_rt.rendering.tokenizing import load_chat, tokenizer_of
from tunix_rt.rendering.widths import width_of
from tunix_rt.store import Store
from tunix_rt.train import estimating, training
from tunix_rt.train.course.pairs import PairBatches, make_pairs, word_pairs
from tunix_rt.train.course.sampling import Asked, samples
from tunix_rt.train.course.sizing import flops
from tunix_rt.train.course.trying import largest
from tunix_rt.train.schema import PAIRED, TAUGHT, FolderModel, Recipe, TrainJob
from tunix_rt.train.schema_dry import (
    DoesNotFit,
    DryRun,
    MemoryPlan,
    PlannedPractice,
    PlannedShape,
    Tried,
)
from tunix_rt.train.schema_grpo import Practice

GLANCED = 1000
"""Rows that are looked at while somebody waits."""

GLANCED_CHARACTERS = 2_000_000
"""And characters of them."""

UNMEASURED = "Whether the model is ready was not measured: the training does that before it begins."
"""What is left out of a method that practises."""

ASKED = 1 / 3
"""What it takes to ask a model, as a share of what it takes to teach it."""

UNPAIRED = "No batches were planned: the first rows make no pair of a right and a wrong trace."
"""What is left out where pairs come later than the rows that are looked at."""

ROUNDED = (
    "The model has 16 bits for a weight, and steps are added to them: small ones are lost. "
    'precision = "bfloat16" keeps what is trained in float32.'
)
"""What speaks against training in the numbers that such a model is stored in."""

GLANCE = "No step was tried, as somebody waits: tunix-rt train run RECIPE --dry-run"


def glance(store: Store, dataset_key: str, recipe: Recipe, most: int = GLANCED) -> DryRun:
    """What can be said at once: of the first rows, without a step."""
    some: list[TraceRow] = []
    left = GLANCED_CHARACTERS
    taught = (r for r in reading.rows(store, dataset_key) if r.split == segmenting.TRAINED)
    for row in islice(taught, most):
        some.append(row)
        left -= len(row.prompt) + len(row.final_answer) + sum(len(s.content) for s in row.steps)
        if left < 0:
            break
    complete = next(taught, None) is None
    pairs = list(word_pairs(some, recipe)) if recipe.method in PAIRED else []
    look = _Look(some, recipe, pairs=pairs if pairs or complete else None)
    missing = [] if look.batches is not None or recipe.method not in PAIRED else [UNPAIRED]
    return look.said(None, complete=complete, left_out=[*missing, GLANCE])


def rehearse(store: Store, dataset_key: str, job: TrainJob) -> DryRun:
    """All of it, with a step where the backend can do one; refusals are those of the training."""
    recipe = job.recipe
    rows = Again(lambda: reading.rows(store, dataset_key))
    look = _Look(rows, recipe, pairs=job.pairs, practice=job.practice)
    tried, left_out = None, []
    try:
        room = training.room(job) or estimating.host_room()
        look.plan(look.layout, room)
        if recipe.grpo is not None:
            left_out.append(UNMEASURED)
        if look.memory is not None and look.memory.fits is False:
            left_out.append("No step was tried: it would not fit.")
        else:
            job.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="dry-", dir=job.folder) as folder:
                tried = training.try_out(replace(job, folder=Path(folder)))
            look.plan(tried.layout, room)
    except (MissingExtra, training.Unable) as missing:
        left_out.append(f"No step was tried: {missing}")
    except DoesNotFit as full:
        left_out.append(full.message)
        look.halve()
    return look.said(tried, complete=True, left_out=left_out)


class _Look:
    """What is known of a recipe and its rows without a step."""

    def __init__(
        self,
        rows: Iterable[TraceRow],
        recipe: Recipe,
        *,
        pairs: Iterable[tuple[Example, Example]] | None = None,
        practice: Practice | None = None,
    ) -> None:
        self._recipe, rendering = recipe, recipe.rendering()
        chat = load_chat(rendering)
        worded = Again(lambda: segmenting.examples(rows, rendering, chat))
        tokenizer = tokenizer_of(rendering, worded)
        self._shape, self._stored = _model(recipe, tokenizer)
        self._proofs = prove(rows, rendering, tokenizer, chat)
        self.batches: Batches | PairBatches | None = None
        self.memory: MemoryPlan | None = None
        self._rows = self._pairs = self._practice = None
        if recipe.method in TAUGHT:
            self._rows = make_rows(worded, tokenizer, rendering, vocab=self._shape.vocab)
        elif pairs is not None:
            self._pairs = make_pairs(pairs, tokenizer, recipe, vocab=self._shape.vocab)
            self._pad = tokenizer.pad_id()
        elif practice is not None:
            self._practice = _practised(practice, recipe, tokenizer, self._shape)
        self.plan(self.layout, None)

    @property
    def layout(self) -> Layout:
        """The recipe's, as long as nobody has measured another."""
        own = self._recipe.batching.layout
        return "padded" if own == "auto" else own

    def plan(self, layout: Layout, room: int | None) -> None:
        """Plan batches of this layout, and the memory that the largest of them takes."""
        own = self._recipe
        if self._rows is not None:
            batching = own.batching.model_copy(update={"layout": layout})
            self.batches = Batches(self._rows, batching, size=own.batch_size, seed=own.seed)
            self._lengths = self._rows.lengths
        elif self._pairs is not None:
            self.batches = PairBatches(self._pairs, own, self._pad)
            self._lengths = self._pairs.lengths.ravel()
        size = None if self.batches is None else largest(self.batches.shapes)
        if self._practice is not None:
            plan = self._practice
            size = plan.rollouts, width_of(plan.longest_prompt) + plan.new_tokens
        if size is not None:
            self.memory = estimating.memory(own, self._shape, self._stored, size, room)

    def halve(self) -> None:
        """What was reckoned to fit does not: at most half of it will."""
        assert self.memory is not None
        advice = estimating.halved(self._recipe)
        self.memory = self.memory.model_copy(update={"fits": False, "advice": advice})

    def said(self, tried: Tried | None, *, complete: bool, left_out: list[str]) -> DryRun:
        """All of it, for people and programs."""
        recipe, batches, memory = self._recipe, self.batches, self.memory
        steps, tokens, share, operations = recipe.steps, None, None, None
        shapes: list[PlannedShape] = []
        if batches is not None:
            each = zip(batches.shapes, batches.share, strict=True)
            shapes = [PlannedShape(lines=n, width=w, batches=share) for (n, w), share in each]
            every = int(self._lengths.sum())
            share = every / sum(s.lines * s.width * s.batches for s in shapes)
            if complete or recipe.steps is not None:
                steps = recipe.steps_of(batches.steps)
                tokens = batches.tokens(steps)
                once = flops(self._shape, self._lengths) * tokens / every
                operations = once * (1 + ASKED if recipe.method == "dpo" else 1)
        if tried is not None and memory is not None:
            lines = tried.step.lines
            memory = memory.model_copy(update={"compiled": tried.compiled_bytes})
            memory = estimating.judged(memory, recipe, lines)
        return DryRun(
            complete=complete,
            numbers=self._proofs.numbers,
            proofs=self._proofs.proofs,
            parameters=self._shape.parameters(),
            trained_parameters=estimating.trained_parameters(recipe, self._shape),
            layout=None if batches is None else batches.layout,
            shapes=shapes,
            steps=steps,
            tokens=tokens,
            useful_share=share,
            operations=operations,
            memory=memory,
            tried=None if tried is None else tried.step,
            tried_round=None if tried is None else tried.round,
            seconds=None if tried is None or steps is None else self._seconds(tried, shapes, steps),
            practice=self._practice,
            warnings=[ROUNDED] if self._stored < 4 and recipe.precision == "stored" else [],
            left_out=left_out,
        )

    def _seconds(self, tried: Tried, shapes: list[PlannedShape], steps: int) -> float:
        """The tried step by the operations of each shape, padding counted as it is computed; and
        the tried round as often as the model is asked.
        """
        if self._practice is not None and tried.round is not None:
            own, asked = tried.round, tried.round.sample_seconds + tried.round.judge_seconds
            compiling = own.compile_seconds + tried.step.compile_seconds
            return compiling + self._practice.samples * asked + steps * tried.step.step_seconds

        def cost(lines: int, width: int) -> float:
            return self._shape.operations(lines * width, lines * width**2)

        epoch = sum(one.batches for one in shapes)
        mean = sum(one.batches * cost(one.lines, one.width) for one in shapes) / epoch
        each = tried.step.step_seconds * mean / cost(tried.step.lines, tried.step.width)
        return len(shapes) * tried.step.compile_seconds + steps * each


def _practised(
    practice: Practice, recipe: Recipe, tokenizer: TextTokenizer, shape: Shape
) -> PlannedPractice:
    """What a model practises on, and what it is asked with."""
    options = recipe.grpo
    assert options is not None
    every = [*practice.pool, *practice.held_out, *practice.watched]
    asked = Asked(every, tokenizer, shape, recipe)
    return PlannedPractice(
        problems=len(practice.pool),
        held_out=len(practice.held_out),
        watched=len(practice.watched),
        rounds=(recipe.steps or 0) // options.iterations,
        rollouts=options.prompts * options.group,
        longest_prompt=asked.longest,
        new_tokens=options.max_new_tokens,
        samples=samples(practice, options, recipe.steps or 0),
    )


def _model(recipe: Recipe, tokenizer: TextTokenizer) -> tuple[Shape, int]:
    """The shape of a recipe's model, and the bytes of one of its weights."""
    if isinstance(recipe.model, FolderModel):
        found = open_checkpoint(Path(recipe.model.path))
        return found.shape, min(4, WIDTHS[found.dtype])
    return recipe.model.shape(tokenizer.size, recipe.max_seq_length), 4
