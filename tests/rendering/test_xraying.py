from pathlib import Path

import pytest

from tests.extras import needs
from tests.rendering.making import row
from tests.rendering.tokenizers import folder_of
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.rendering import xraying
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering
from tunix_rt.rendering.schema_xray import Look
from tunix_rt.rendering.xraying import xray

needs("tokenizers", extra="tunix")

ROWS = [row(f"{n} + {n} = {2 * n}", id=str(n), final_answer=str(2 * n)) for n in range(40)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(folder_of(tmp_path_factory.mktemp("gemma"), "gemma"))


def test_rows_are_shown_token_by_token_with_what_they_weigh(folder: str) -> None:
    masks = MaskPolicy(wrong="mask", undecided=0.5)
    rendering = Rendering(template="gemma", tokenizer=folder, masks=masks)
    doubted = row("7+5=13", "7+5=12", "so", step_verdicts=["wrong", "right", "undecided"])

    found = xray([doubted, *ROWS], Look(rendering=rendering, rows=2))

    first, second = found.rows
    assert (first.fate, second.id) == ("trained", "0")
    assert len(first.ids) == len(first.tokens) == first.length == first.spans[-1].end
    assert "".join(first.tokens).startswith("<bos><start_of_turn>user\nWhat is 7 + 5?")
    weights = {span.step: span.weight for span in first.spans if span.kind == "step"}
    assert weights == {0: 0, 1: 1, 2: 0.5}
    assert {s.step_type for s in first.spans if s.step is not None} == {"calculation"}
    assert first.trained == sum(s.end - s.start for s in first.spans if s.weight > 0)
    assert first.step_verdicts == ["wrong", "right", "undecided"]
    assert (found.complete, found.proofs.ok, found.proofs.numbers.rows) == (True, True, 41)
    assert (found.tokenizer.begin, found.tokenizer.end) == ("<bos>", "<eos>")


def test_without_a_tokenizer_one_is_built_from_all_rows_as_training_does() -> None:
    some = [row("a", id="a"), row("=", id="b", prompt="Ω")]

    found = xray(some, Look(rows=1, prove=1))

    assert found.tokenizer.name is None
    assert found.proofs.ok
    assert (found.complete, found.proofs.first_batch_sha256) == (False, None)
    alone = xray(some[:1], Look(rows=1, prove=1))
    assert alone.tokenizer.sha256 != found.tokenizer.sha256


def test_one_row_is_found_by_its_id_in_any_split(folder: str) -> None:
    look = Look(rendering=Rendering(tokenizer=folder), row="t")

    [shown] = xray([*ROWS, row("a", id="t", split="test")], look).rows

    assert (shown.id, shown.split) == ("t", "test")
    with pytest.raises(NotFound, match="No row is called 'nobody'"):
        xray(ROWS, look.model_copy(update={"row": "nobody"}))


def test_what_becomes_of_a_row_is_told(folder: str) -> None:
    rows = [row("a", id="kept"), row("a", id="wrong", verdict="wrong"), row("a " * 80, id="long")]
    drop = MaskPolicy(wrong_answer="drop")

    def fates(too_long: str) -> list[tuple[str, int]]:
        rendering = Rendering.model_validate(
            {"tokenizer": folder, "masks": drop, "max_seq_length": 64, "too_long": too_long}
        )
        return [(r.fate, len(r.ids)) for r in xray(rows, Look(rendering=rendering)).rows]

    kept, wrong, long = fates("drop")
    assert (kept[0], wrong, long[0]) == ("trained", ("left_out", 0), "too_long")
    assert fates("cut")[2] == ("cut", 64)


def test_what_is_shown_is_bounded(folder: str) -> None:
    rendering = Rendering(tokenizer=folder, max_seq_length=100_000)
    huge = [row("1 2 " * 4000, id=str(n)) for n in range(40)]

    found = xray(huge, Look(rendering=rendering, rows=40))

    assert max(len(one.ids) for one in found.rows) == xraying.MOST_SHOWN
    assert sum(len(one.ids) for one in found.rows) <= xraying.MOST_TOGETHER
    assert found.rows[0].length > xraying.MOST_SHOWN


def test_a_row_without_words_of_the_template_is_named(tmp_path: Path) -> None:
    template = "{% for m in messages %}{{ m.role }}{% endfor %}"
    folder = folder_of(tmp_path, "gemma", template=template)

    with pytest.raises(BadInput, match=r"Row 0: .* loses the prompt"):
        xray(ROWS, Look(rendering=Rendering(template="chat", tokenizer=str(folder))))
