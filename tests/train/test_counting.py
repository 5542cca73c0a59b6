"""Tokens of all steps, and how fast those of one call were learned."""

import time
from pathlib import Path

from tests.extras import needs
from tests.train.jobs import EXAMPLES, STEPS, job
from tunix_rt.registry.loading.jax import Loaded
from tunix_rt.rendering.batching import Batches, make_rows
from tunix_rt.train.course.beginning import new_model
from tunix_rt.train.course.counting import Counted, pace
from tunix_rt.train.course.holding import Best, HeldOut
from tunix_rt.train.course.journal import Journal
from tunix_rt.train.course.teaching import teach
from tunix_rt.train.schema import NanoModel, Progress, TrainResult

needs("tokenizers", extra="tunix")


class NoBest(Best):
    def write(self, step: int, model: object) -> None:
        raise AssertionError(step)

    def restore(self, model: object) -> None:
        raise AssertionError(model)


def gone_on(folder: Path, step: int) -> tuple[TrainResult, float]:
    """A training that was there at a step, and takes a fifth of a second for the others; and how
    long all of it took.
    """
    called, own = time.monotonic(), job(folder)
    assert isinstance(own.recipe.model, NanoModel)
    shape, tokenizer = new_model(own, own.recipe.model)
    rows = make_rows(EXAMPLES, tokenizer, own.recipe.rendering(), vocab=shape.vocab)
    batches = Batches(rows, own.recipe.batching, size=own.recipe.batch_size, seed=0)

    def learn(journal: Journal) -> int:
        time.sleep(0.2)
        journal.add(Progress(STEPS, STEPS, 1.0, 0.1, 1.0, 1.0))
        return step

    done = teach(
        own,
        Loaded(None, shape, {}, tokenizer, None),
        rows,
        batches,
        HeldOut(own.recipe, STEPS, None, NoBest(folder)),
        learn,
        lambda: "",
        began=time.monotonic() - 1000,  # it took long to begin
    )
    return done, time.monotonic() - called


def test_the_rate_is_of_the_steps_of_this_call_and_the_tokens_are_of_all(tmp_path: Path) -> None:
    (whole, took), (half, half_took), (none, _) = (
        gone_on(tmp_path, step) for step in (0, STEPS // 2, STEPS)
    )

    assert whole.tokens == half.tokens == none.tokens
    assert none.useful_tokens_per_second is None
    for done, tokens, seconds in ((whole, whole.tokens, took), (half, whole.tokens / 2, half_took)):
        assert done.useful_tokens_per_second is not None
        assert 0.9 * tokens / seconds < done.useful_tokens_per_second < 1.1 * tokens / 0.2


def test_no_step_has_no_rate() -> None:
    assert pace(0, time.monotonic()) is None


def test_tokens_of_steps_are_found_again_and_those_behind_are_forgotten(tmp_path: Path) -> None:
    first = Counted(tmp_path, done=0)
    for tokens in (5, 6, 7):
        first.add(tokens)
    with (tmp_path / "tokens.txt").open("a") as file:
        file.write("8")  # cut short

    again = Counted(tmp_path, done=2)
    again.add(9)
    whole = Counted(tmp_path, done=3)
    older = Counted(tmp_path, done=5)

    assert (first.behind(0), again.behind(0), again.behind(2)) == (18, 20, 9)
    assert whole.steps == [5, 6, 9]
    assert older.steps == [5, 6, 9, 0, 0]
    assert Counted(tmp_path, done=0).steps == []
