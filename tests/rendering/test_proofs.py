import json
from pathlib import Path
from typing import Any

import pytest

from tests.extras import needs
from tests.rendering.making import row
from tests.rendering.tokenizers import folder_of
from tunix_rt.kit.again import Again
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, load_tokenizer
from tunix_rt.rendering.batching import Batches, make_rows
from tunix_rt.rendering.proofs import prove, proven
from tunix_rt.rendering.schema import StepRow, TraceRow
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering
from tunix_rt.rendering.schema_proofs import Proof, Proofs, ProvenRendering
from tunix_rt.rendering.segmenting import examples
from tunix_rt.rendering.tokenizing import build_from

needs("tokenizers", extra="tunix")

ROWS = [
    row(
        f"{a} + {b} = {a + b}",
        f"so {a + b}",
        id=f"{a}-{b}",
        prompt=f"add {a} and {b}",
        final_answer=str(a + b),
        split="test" if a == 3 else "train",
    )
    for a in range(9)
    for b in range(9)
]
PLAIN = Rendering(template="plain", max_seq_length=256, batch_size=16, seed=3)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> TextTokenizer:
    return load_tokenizer(folder_of(tmp_path_factory.mktemp("gemma"), "gemma"))


def changed(**changes: Any) -> Rendering:
    return Rendering.model_validate(PLAIN.model_dump() | changes)


def broken(proofs: Proofs) -> dict[str, Proof]:
    return {one.name: one for one in proofs.proofs if not one.ok}


@pytest.mark.parametrize(
    "rendering",
    [
        PLAIN,
        changed(template="gemma", max_seq_length=64, too_long="drop"),
        changed(too_long="cut", max_seq_length=40),
        changed(template="think", masks={"wrong_answer": "drop", "undecided": 0.5}),
        changed(batching={"layout": "buckets", "batch_tokens": 256}),
        changed(batching={"layout": "packed"}, template="think"),
        changed(batching={"batch_tokens": 512}),
    ],
)
def test_the_first_batch_is_the_one_that_training_makes(
    tokenizer: TextTokenizer, rendering: Rendering
) -> None:
    some: list[TraceRow] = [
        *ROWS,
        row("1 + 1 = 3", id="w", final_answer="3", verdict="wrong"),
        row("perhaps", id="u", step_verdicts=["undecided"]),
        row("long " * 60, id="l", prompt="How long?"),
    ]
    if rendering.too_long == "refuse":
        some.pop()

    proofs = prove(some, rendering, tokenizer)

    rows = make_rows(examples(some, rendering), tokenizer, rendering, vocab=tokenizer.size)
    own = rendering.batching
    first = Batches(rows, own, size=rendering.batch_size, seed=rendering.seed).at(0)
    assert proofs.first_batch_sha256 == first.sha256()
    assert proofs.numbers.trained_rows == len(rows)


def test_a_layout_that_training_chooses_has_no_first_batch_yet(tokenizer: TextTokenizer) -> None:
    proofs = prove(ROWS, changed(batching={"layout": "auto"}), tokenizer)

    assert proofs.ok
    assert proofs.first_batch_sha256 is None


def test_rows_may_stream_and_only_the_training_split_is_counted(tokenizer: TextTokenizer) -> None:
    streamed = prove(Again(lambda: iter(ROWS)), PLAIN, tokenizer)

    assert streamed == prove(ROWS, PLAIN, tokenizer)
    assert streamed.ok
    assert streamed.numbers.rows == 72


def test_a_tokenizer_that_loses_characters_breaks_the_round_trip() -> None:
    small = build_from(examples(ROWS, PLAIN), 96)
    odd = row("2 + 2 = 4", "so ¥4", id="odd", prompt="add 2 and 2", final_answer="4")

    found = broken(prove([*ROWS, odd], PLAIN, small))

    assert list(found) == ["text"]
    assert found["text"].broken == 1
    [example] = found["text"].examples
    assert example.row == "odd"
    assert "In the step 2" in example.why
    assert "¥4" in example.why


def test_rows_that_are_too_long_break_a_proof_where_they_are_refused(
    tokenizer: TextTokenizer,
) -> None:
    short = changed(max_seq_length=24)

    refused = prove(ROWS, short, tokenizer)
    cut = prove(ROWS, changed(max_seq_length=24, too_long="cut"), tokenizer)

    assert broken(refused)["fits"].broken == refused.numbers.cut.rows > 0
    assert refused.first_batch_sha256 is None
    assert {"answer", "end_trained"} <= broken(cut).keys()
    assert cut.numbers.cut.tokens > 0
    assert cut.numbers.cut.answers > 0


def test_what_is_dropped_because_it_is_long_breaks_nothing(tokenizer: TextTokenizer) -> None:
    long = row("long " * 90, id="l")

    proofs = prove([*ROWS, long], changed(max_seq_length=80, too_long="drop"), tokenizer)

    assert proofs.ok
    assert (proofs.numbers.rows, proofs.numbers.trained_rows) == (73, 72)


def test_nothing_to_learn_is_broken_in_every_row(tokenizer: TextTokenizer) -> None:
    wrong = [row("a", verdict="wrong") for _ in range(3)]

    proofs = prove(wrong, changed(masks=MaskPolicy(wrong_answer="drop")), tokenizer)

    assert (broken(proofs)["trained"].broken, proofs.first_batch_sha256) == (3, None)
    assert proofs.numbers.left_out == 3


def test_no_rows_prove_nothing(tokenizer: TextTokenizer) -> None:
    proofs = prove([], PLAIN, tokenizer)

    assert not proofs.ok
    assert proofs.numbers.lengths is None


def test_a_trace_without_steps_has_an_empty_thought_in_think_tags(tokenizer: TextTokenizer) -> None:
    found = broken(prove([row()], changed(template="think"), tokenizer))

    assert list(found) == ["no_empty_thought"]


def test_an_answer_that_would_be_read_back_otherwise_is_told(tokenizer: TextTokenizer) -> None:
    odd = row("a", final_answer="one</answer>two")

    found = broken(prove([odd], changed(template="think"), tokenizer))

    assert found["answer"].examples[0].why == (
        "The answer 'one</answer>two' is read back as 'one'."
    )


def test_a_masked_end_is_no_broken_proof(tokenizer: TextTokenizer) -> None:
    wrong = row("1 + 1 = 2", "2 + 2 = 5", step_verdicts=["right", "wrong"])

    assert prove([wrong], changed(masks=MaskPolicy(after_error="mask")), tokenizer).ok


def test_tokens_are_counted_by_kind_and_by_type_of_step(tokenizer: TextTokenizer) -> None:
    steps = [StepRow(0, "plan", "First add."), StepRow(1, "calculation", "1 + 1 = 2")]
    trace = row(steps=steps, step_verdicts=["undecided", "right"])

    numbers = prove([trace], changed(masks=MaskPolicy(undecided=0.5)), tokenizer).numbers

    kinds = {one.kind: one for one in numbers.kinds}
    types = {one.type: one for one in numbers.step_types}
    assert sum(one.tokens for one in types.values()) == kinds["step"].tokens
    assert kinds["prompt"].trained == 0 < kinds["prompt"].tokens
    assert types["plan"].weight == types["plan"].tokens / 2
    assert types["calculation"].weight == types["calculation"].tokens
    assert numbers.tokens == sum(one.tokens for one in numbers.kinds)
    assert numbers.lengths is not None
    assert numbers.lengths.longest == numbers.tokens == numbers.lengths.median


def test_lengths_fall_into_bins_that_hold_them_all(tokenizer: TextTokenizer) -> None:
    rows = [row("x " * n, id=str(n)) for n in range(100)]

    lengths = prove(rows, PLAIN, tokenizer).numbers.lengths

    assert lengths is not None
    assert sum(one.rows for one in lengths.bins) == 100
    assert len(lengths.bins) <= 24
    assert lengths.bins[0].low == lengths.shortest
    assert lengths.bins[-1].high >= lengths.longest


def test_a_proven_rendering_knows_its_own(tokenizer: TextTokenizer) -> None:
    proofs = prove(ROWS, PLAIN, tokenizer)
    proven = ProvenRendering(
        rendering=PLAIN,
        tokenizer_sha256=tokenizer.sha256(),
        first_batch_sha256=proofs.first_batch_sha256,
        overridden=[],
        proofs=proofs,
    )

    assert proven.is_of(changed(tokenizer=str(Path("elsewhere"))), tokenizer.sha256())
    assert not proven.is_of(changed(seed=4), tokenizer.sha256())
    assert not proven.is_of(PLAIN, "other")


def test_what_is_frozen_is_proven_or_overridden_by_name() -> None:
    rows = [*ROWS, row(id="thoughtless", prompt="add 1 and 1")]
    think = changed(template="think")

    assert proven(ROWS, PLAIN).proofs.ok
    assert proven(rows, PLAIN).overridden == []
    with pytest.raises(BadInput, match=r"1 of 73 rows .*'no_empty_thought'.* Row thoughtless"):
        proven(rows, think)
    with pytest.raises(BadInput, match="no_empty_thought"):
        proven(rows, think, despite=["text"])
    found = proven(rows, think, despite=["no_empty_thought"])
    assert (found.overridden, found.proofs.ok) == (["no_empty_thought"], False)
    assert found.first_batch_sha256 == found.proofs.first_batch_sha256 is not None
    with pytest.raises(BadInput, match="no row of the training split"):
        proven([row(split="test")], changed(tokenizer=None, vocab_size=300))


@pytest.mark.parametrize("template", ["gemma", "r1", "plain", "chat"])
def test_published_solutions_keep_every_promise(data: Path, tmp_path: Path, template: str) -> None:
    lines = (data / "gsm8k" / "test.jsonl").read_text("utf-8").splitlines()[:300]
    rows = []
    for number, problem in enumerate(map(json.loads, lines)):
        body, _, answer = problem["answer"].partition("\n####")
        steps = [step for step in body.split("\n") if step.strip()]
        said = {"prompt": problem["question"], "final_answer": answer.strip()}
        rows.append(row(*steps, id=str(number), **said))
    folder = str(folder_of(tmp_path, "gemma"))
    rendering = changed(template=template, tokenizer=folder, max_seq_length=4096)

    proofs = prove(rows, rendering, load_tokenizer(tmp_path))

    assert proofs.ok, broken(proofs)
    assert proofs.numbers.trained_rows == 300
