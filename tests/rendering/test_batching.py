from dataclasses import replace
from itertools import chain

import pytest
from msgspec import structs

from tests.extras import needs
from tests.train.jobs import EXAMPLES
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, build_tokenizer
from tunix_rt.rendering.batching import Batch, Batches, Rows, make_rows
from tunix_rt.rendering.schema import StepRow, TraceRow
from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering
from tunix_rt.rendering.schema_wording import Example, Segment, example
from tunix_rt.rendering.segmenting import examples
from tunix_rt.rendering.tokenizing import build_from

pytestmark = pytest.mark.jax
needs("tokenizers", extra="tunix")


@pytest.fixture(scope="module")
def tokenizer() -> TextTokenizer:
    return build_tokenizer(chain.from_iterable((e.prompt, e.response) for e in EXAMPLES), 48)


def rows_of(tokenizer: TextTokenizer, examples: list[Example], **options: object) -> Rows:
    chosen = Rendering.model_validate({"max_seq_length": 32} | options)
    return make_rows(examples, tokenizer, chosen, vocab=tokenizer.size)


def batch_at(rows: Rows, step: int, *, size: int, seed: int) -> Batch:
    return Batches(rows, Batching(), size=size, seed=seed).at(step)


SUMS = [
    TraceRow(
        id=f"{a}{b}",
        created_at="",
        trace_version="1.0",
        prompt=f"add {a}+{b}",
        final_answer=str(a + b),
        steps=[StepRow(0, "x", f"{a}+{b}={a + b}"), StepRow(1, "y", f"so {a + b}")],
        meta=None,
    )
    for a in range(10)
    for b in range(a, 10)
]

GOLDEN = {
    ("gemma", 96): "0df580ab4184fc197e2d00c0f9fe85bb4b829f689d143ff19737eb1a85052f2b",
    ("gemma", 600): "634c571423d3468fdd72a7f1055bce607f138931ff05fd556c50bb4d9b9fa7bb",
    ("think", 96): "36891a933ab69d6f6dcbeff3e883de7d2bd16723de6299c06e3b592711075109",
    ("think", 600): "92e3635c1a0f840f5947dd88146ad6adb9d4b7c3c996527589ad4f7477cc7d1c",
}
"""Batch 7 of the sums, as it was before segments had weights: such trainings go on as they did."""


@pytest.mark.parametrize(("template", "vocab"), GOLDEN)
def test_what_was_trained_before_there_were_weights_is_trained_still(
    template: str, vocab: int
) -> None:
    rendering = Rendering(template=template, max_seq_length=256)
    taught = list(examples(SUMS, rendering))
    own = build_from(taught, vocab)

    rows = make_rows(taught, own, rendering, vocab=own.size)

    assert batch_at(rows, 7, size=16, seed=3).sha256() == GOLDEN[template, vocab]


def test_weights_reach_the_batch_and_its_hash(tokenizer: TextTokenizer) -> None:
    doubted = [structs.replace(row, step_verdicts=["undecided", "right"]) for row in SUMS]
    whole = Rendering(max_seq_length=96)
    half = whole.model_copy(update={"masks": MaskPolicy(undecided=0.5)})

    batches = [
        batch_at(
            make_rows(examples(doubted, one), tokenizer, one, vocab=tokenizer.size),
            0,
            size=4,
            seed=0,
        )
        for one in (whole, half)
    ]

    assert [sorted(set(one.weights.ravel().tolist())) for one in batches] == [
        [0.0, 1.0],
        [0.0, 0.5, 1.0],
    ]
    assert (batches[0].tokens == batches[1].tokens).all()
    assert batches[0].sha256() != batches[1].sha256()


def test_a_row_that_teaches_nothing_is_dropped(tokenizer: TextTokenizer) -> None:
    silent = Example([Segment("add 1+1", "prompt", None, 0.0, True)])

    rows = rows_of(tokenizer, [*EXAMPLES, silent, Example([])])

    assert (len(rows), rows.dropped) == (len(EXAMPLES), 2)
    with pytest.raises(BadInput, match="None of the 2 examples has a token to learn"):
        rows_of(tokenizer, [silent, Example([])])


def test_long_rows_are_cut_where_that_is_wanted(tokenizer: TextTokenizer) -> None:
    rows = rows_of(tokenizer, [example("add 1+1", "1" * 40)], too_long="cut")

    assert rows.starts.tolist() == [0, 32]
    assert int(rows.weights.sum()) == 32 - 1 - len(tokenizer.encode("add 1+1"))


def test_only_the_response_and_its_end_are_trained(tokenizer: TextTokenizer) -> None:
    one = EXAMPLES[17]

    batch = batch_at(rows_of(tokenizer, [one]), 0, size=1, seed=0)

    shown = batch.tokens[0][batch.present[0] == 1].tolist()
    taught = batch.tokens[0][batch.weights[0] == 1].tolist()
    assert shown == [1, *tokenizer.encode(one.prompt), *tokenizer.encode(one.response), 2]
    assert taught == [*tokenizer.encode(one.response), 2]


def test_padding_is_on_the_right_and_never_trained(tokenizer: TextTokenizer) -> None:
    batch = batch_at(rows_of(tokenizer, EXAMPLES), 3, size=8, seed=0)

    assert batch.tokens.shape[1] % 8 == 0
    assert (batch.tokens[batch.present == 0] == 0).all()
    assert (batch.weights <= batch.present).all()
    assert (batch.present[:, :-1] >= batch.present[:, 1:]).all()


def test_a_batch_depends_on_seed_and_number_alone(tokenizer: TextTokenizer) -> None:
    rows = rows_of(tokenizer, EXAMPLES)
    later = batch_at(rows, 9, size=16, seed=5).sha256()

    for step in range(9):
        batch_at(rows, step, size=16, seed=5)

    assert batch_at(rows, 9, size=16, seed=5).sha256() == later
    assert batch_at(rows, 9, size=16, seed=6).sha256() != later


def test_every_row_comes_equally_often(tokenizer: TextTokenizer) -> None:
    rows = rows_of(tokenizer, EXAMPLES)  # 55 rows
    seen = [
        row.tobytes() for step in range(11) for row in batch_at(rows, step, size=10, seed=0).tokens
    ]

    assert {seen.count(row) for row in seen} == {2}


def test_few_rows_fill_a_large_batch(tokenizer: TextTokenizer) -> None:
    batch = batch_at(rows_of(tokenizer, EXAMPLES[:3]), 0, size=8, seed=0)

    assert batch.present.any(axis=1).all()


def test_tokens_are_counted_without_making_the_batches(tokenizer: TextTokenizer) -> None:
    rows = rows_of(tokenizer, EXAMPLES)

    made = sum(int(batch_at(rows, step, size=10, seed=1).present.sum()) for step in range(8))

    assert Batches(rows, Batching(), size=10, seed=1).tokens(8) == made


def test_long_examples_are_dropped_where_the_recipe_says_so(tokenizer: TextTokenizer) -> None:
    examples = [*EXAMPLES, example("add 1+1", "1" * 40)]

    rows = rows_of(tokenizer, examples, too_long="drop")

    assert (len(rows), rows.dropped) == (len(EXAMPLES), 1)


def test_dropping_everything_is_refused(tokenizer: TextTokenizer) -> None:
    with pytest.raises(BadInput, match="55 of 55 examples are longer than 8 tokens"):
        rows_of(tokenizer, EXAMPLES, max_seq_length=8, too_long="drop")


def test_a_token_that_the_model_does_not_know_is_refused(tokenizer: TextTokenizer) -> None:
    largest = max(max(tokenizer.encode(e.prompt + e.response)) for e in EXAMPLES)

    make_rows(EXAMPLES, tokenizer, Rendering(), vocab=largest + 1)
    with pytest.raises(BadInput, match=f"gives the id {largest}, and the model knows {largest} "):
        make_rows(EXAMPLES, tokenizer, Rendering(), vocab=largest)
    with pytest.raises(BadInput, match="gives the id"):
        make_rows([example("", "")], tokenizer, Rendering(), vocab=2)  # its end is id 2


def test_the_hash_of_the_examples_knows_their_order_and_their_border(
    tokenizer: TextTokenizer,
) -> None:
    one, other = example("ad", "d"), example("a", "dd")

    found = [
        rows_of(tokenizer, some).examples_sha256
        for some in ([one], [other], [one, other], [other, one])
    ]

    assert len(set(found)) == 4


def packed(tokenizer: TextTokenizer) -> Batch:
    """Rows without a prompt, some of them short."""
    some = [one.response for one in EXAMPLES] + ["1"] * 40
    bare = [Example([Segment(text, "step", 0, 1.0, False)]) for text in some]
    rows = rows_of(tokenizer, bare, max_seq_length=64)
    return Batches(rows, Batching(layout="packed", batch_tokens=96), size=8, seed=0).at(0)


def test_packed_rows_are_numbered_placed_and_begin_with_no_weight(tokenizer: TextTokenizer) -> None:
    batch = packed(tokenizer)

    begins = (batch.positions == 0) & (batch.present > 0)
    assert begins.sum() == batch.present.max(axis=1).sum() > len(batch.tokens)
    assert (batch.weights[begins] == 0).all()
    for line, row in zip(batch.positions, batch.present, strict=True):
        for number in range(1, row.max() + 1):
            assert line[row == number].tolist() == list(range((row == number).sum()))


def test_the_hash_knows_where_packed_rows_end(tokenizer: TextTokenizer) -> None:
    batch = packed(tokenizer)

    assert replace(batch, present=(batch.present > 0).astype("int32")).sha256() != batch.sha256()
