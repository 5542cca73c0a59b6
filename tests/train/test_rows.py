from itertools import chain

import pytest

from tests.train.jobs import EXAMPLES
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, build_tokenizer
from tunix_rt.train.backends.tunix.rows import (
    Rows,
    batch_at,
    count_tokens,
    examples_sha256,
    make_rows,
)
from tunix_rt.train.recipes import read_recipe
from tunix_rt.train.schema import Example

pytestmark = pytest.mark.jax
pytest.importorskip("tokenizers", reason="the tunix extra is not installed")


@pytest.fixture(scope="module")
def tokenizer() -> TextTokenizer:
    return build_tokenizer(chain.from_iterable((e.prompt, e.response) for e in EXAMPLES), 48)


def rows_of(tokenizer: TextTokenizer, examples: list[Example], **recipe: object) -> Rows:
    chosen = read_recipe({"max_seq_length": 32} | recipe)
    return make_rows(examples, tokenizer, chosen, vocab=tokenizer.size)


def test_only_the_response_and_its_end_are_trained(tokenizer: TextTokenizer) -> None:
    one = EXAMPLES[17]

    batch = batch_at(rows_of(tokenizer, [one]), 0, size=1, seed=0)

    shown = batch.tokens[0][batch.present[0] == 1].tolist()
    taught = batch.tokens[0][batch.trained[0] == 1].tolist()
    assert shown == [1, *tokenizer.encode(one.prompt), *tokenizer.encode(one.response), 2]
    assert taught == [*tokenizer.encode(one.response), 2]


def test_padding_is_on_the_right_and_never_trained(tokenizer: TextTokenizer) -> None:
    batch = batch_at(rows_of(tokenizer, EXAMPLES), 3, size=8, seed=0)

    assert batch.tokens.shape[1] % 8 == 0
    assert (batch.tokens[batch.present == 0] == 0).all()
    assert (batch.trained <= batch.present).all()
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

    assert count_tokens(rows, 8, size=10, seed=1) == made


def test_long_examples_are_dropped_where_the_recipe_says_so(tokenizer: TextTokenizer) -> None:
    examples = [*EXAMPLES, Example("add 1+1", "1" * 40)]

    rows = rows_of(tokenizer, examples, too_long="drop")

    assert (len(rows), rows.dropped) == (len(EXAMPLES), 1)


def test_dropping_everything_is_refused(tokenizer: TextTokenizer) -> None:
    with pytest.raises(BadInput, match="55 of 55 examples are longer than 8 tokens"):
        rows_of(tokenizer, EXAMPLES, max_seq_length=8, too_long="drop")


def test_a_token_that_the_model_does_not_know_is_refused(tokenizer: TextTokenizer) -> None:
    largest = max(max(tokenizer.encode(e.prompt + e.response)) for e in EXAMPLES)

    make_rows(EXAMPLES, tokenizer, read_recipe({}), vocab=largest + 1)
    with pytest.raises(BadInput, match=f"gives the id {largest}, and the model knows {largest} "):
        make_rows(EXAMPLES, tokenizer, read_recipe({}), vocab=largest)
    with pytest.raises(BadInput, match="gives the id"):
        make_rows([Example("", "")], tokenizer, read_recipe({}), vocab=2)  # its end is id 2


def test_the_hash_of_the_examples_knows_their_order_and_their_border() -> None:
    one, other = Example("ab", "c"), Example("a", "bc")

    assert examples_sha256([one]) != examples_sha256([other])
    assert examples_sha256([one, other]) != examples_sha256([other, one])
