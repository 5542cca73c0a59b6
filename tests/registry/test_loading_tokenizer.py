import json
from pathlib import Path

import pytest

from tests.extras import needs
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.tokenizer import TextTokenizer, build_tokenizer, load_tokenizer

pytestmark = pytest.mark.jax
needs("tokenizers", extra="tunix")

TEXTS = [
    "add 275+928",
    "<think>5+8+0=13\n0+0+1=1</think><answer>1203</answer>",
    "add 4+6",
    "sub 9-1",
]


def small() -> TextTokenizer:
    return build_tokenizer(TEXTS, 64)


def test_what_is_encoded_decodes_to_the_same_text() -> None:
    tokenizer = small()

    for text in TEXTS:
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_digits_and_signs_stay_single_and_words_merge() -> None:
    tokenizer = small()

    pieces = [tokenizer.inner.id_to_token(i) for i in tokenizer.encode("add 275+928")]
    assert pieces == ["add", " ", "2", "7", "5", "+", "9", "2", "8"]


def test_tags_are_one_token_each() -> None:
    assert small().encode("<think></think><answer></answer>") == [4, 5, 6, 7]


def test_control_tokens_have_the_first_four_ids() -> None:
    tokenizer = small()

    assert (tokenizer.pad_id(), tokenizer.bos_id(), tokenizer.eos_id()) == (0, 1, 2)
    assert tokenizer.inner.token_to_id("<unk>") == 3


@pytest.mark.parametrize("word", ["<eos>", "<bos>", "<pad>"])
@pytest.mark.parametrize("vocab_size", [64, 600])
def test_a_control_token_in_a_text_is_only_text(word: str, vocab_size: int) -> None:
    tokenizer = build_tokenizer(TEXTS, vocab_size)

    one = tokenizer.encode(f"add 1+1{word}")
    many = tokenizer.encode_many(["add 4+6", f"add 1+1{word}"])

    assert many == [tokenizer.encode("add 4+6"), one]
    assert not {0, 1, 2} & set(one)


def test_decoding_leaves_out_control_tokens_and_ids_that_are_not_there() -> None:
    assert small().decode([1, *small().encode("add"), 2, 0, 9999, -1]) == "add"


def test_a_byte_level_vocabulary_keeps_every_text() -> None:
    tokenizer = build_tokenizer(TEXTS, 600)
    text = "Zoë paid 12 €\n\n\t½ — 😀 \x00 <think>"

    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer.encode("12345")) == 5


def test_the_same_texts_build_the_same_tokenizer() -> None:
    assert small().sha256() == small().sha256()
    assert small().sha256() != build_tokenizer(TEXTS[:2], 64).sha256()


def test_more_characters_than_the_vocabulary_holds_is_explained() -> None:
    with pytest.raises(BadInput, match="more characters") as caught:
        build_tokenizer([chr(code) for code in range(0x4E00, 0x4E80)], 64)

    assert "512" in str(caught.value)


def test_a_saved_tokenizer_loads_as_the_same(tmp_path: Path) -> None:
    small().save(tmp_path)

    loaded = load_tokenizer(tmp_path)

    assert loaded.sha256() == small().sha256()
    assert (loaded.bos_id(), loaded.eos_id(), loaded.pad_id()) == (1, 2, 0)


def test_special_names_may_be_objects_and_begin_of_text_may_be_missing(tmp_path: Path) -> None:
    small().save(tmp_path)
    config = {"eos_token": {"content": "<eos>"}, "bos_token": None}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))

    loaded = load_tokenizer(tmp_path)

    assert (loaded.bos_id(), loaded.eos_id(), loaded.pad_id()) == (None, 2, 2)


def test_a_folder_without_a_tokenizer_is_explained(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"tokenizer\.json is missing"):
        load_tokenizer(tmp_path)


def test_a_tokenizer_that_is_none_is_explained(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text('{"version": "1.0"}')

    with pytest.raises(BadInput, match="cannot be read"):
        load_tokenizer(tmp_path)


def test_a_tokenizer_without_an_end_of_text_is_explained(tmp_path: Path) -> None:
    small().save(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text("{}")

    with pytest.raises(BadInput, match="no end of text"):
        load_tokenizer(tmp_path)
