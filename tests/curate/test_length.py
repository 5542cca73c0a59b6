from pathlib import Path

import pytest

from tests.curate.curating import ask, pipeline, reasons, seen
from tunix_rt.curate.schema import Drop
from tunix_rt.curate.staging import checked
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import build_tokenizer


def test_what_is_too_short_or_too_long_is_dropped_with_its_number() -> None:
    traces = (seen("a"), seen("a", "b"), seen("a", "b", "c"))

    said = ask("length", *traces, steps_min=2, steps_max=2)

    assert said == [
        Drop("too few steps", {"steps": 1, "least": 2}),
        None,
        Drop("too many steps", {"steps": 3, "most": 2}),
    ]


def test_characters_of_steps_with_answer_and_of_the_prompt_are_counted() -> None:
    trace = seen("12345", "678", answer="90", prompt="four")

    assert reasons("length", trace, chars_min=10, chars_max=10) == [None]
    assert reasons("length", trace, chars_max=9) == ["too many chars"]
    assert reasons("length", trace, prompt_chars_min=5) == ["too few prompt_chars"]


def test_tokens_are_counted_by_the_tokenizer_of_a_folder(tmp_path: Path) -> None:
    build_tokenizer(["How many? 2 + 2 = 4"], 300).save(tmp_path)
    trace = seen("2 + 2 = 4", prompt="2", answer="4")

    [said] = ask("length", trace, tokens_max=1, tokenizer=str(tmp_path))

    assert isinstance(said, Drop)
    assert said.evidence is not None
    assert said.evidence["tokens"] >= 7
    number = said.evidence["tokens"]
    assert reasons("length", trace, tokens_max=number, tokenizer=str(tmp_path)) == [None]


def test_tokens_without_a_tokenizer_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="name its folder"):
        checked(pipeline({"stage": "length", "tokens_max": 5}))
    with pytest.raises(BadInput, match="has no tokenizer"):
        ask("length", seen(), tokens_max=5, tokenizer=str(tmp_path))
