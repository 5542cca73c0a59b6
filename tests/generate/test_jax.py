import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.extras import needs
from tests.registry.test_loading_shape import NANO
from tunix_rt.generate.completing import complete
from tunix_rt.generate.providers.jax import Config
from tunix_rt.generate.schema import Completion, Sampling
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.jax import create, export
from tunix_rt.registry.loading.tokenizer import build_tokenizer

pytestmark = pytest.mark.jax
needs("tunix", extra="tunix")

PROMPTS = ["add 1+2", "1", "add 123+456", "+", "2+2"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model: it babbles, and always the same."""
    tokenizer = build_tokenizer(["add 1+1 0123456789"], 64)
    folder = tmp_path_factory.mktemp("model")
    shape = replace(NANO, layers=1, vocab=tokenizer.size, window=128, context=128)
    export(create(shape, tokenizer, seed=0), folder)
    return folder


def ask(folder: Path, prompts: list[str], sampling: Sampling, size: int = 2) -> list[Completion]:
    return list(complete("jax", prompts, sampling, {"model": str(folder), "batch_size": size}))


def test_greedy_texts_do_not_depend_on_the_batches(folder: Path) -> None:
    sampling = Sampling(max_new_tokens=8)

    in_twos = ask(folder, PROMPTS, sampling)
    in_fours = ask(folder, PROMPTS, sampling, size=4)

    assert len(in_twos) == len(PROMPTS)
    assert in_twos == in_fours
    assert all((one.finish == "length") == (one.tokens == 8) for one in in_twos)
    assert any(one.finish == "length" for one in in_twos)


def test_sampled_texts_repeat_with_the_seed_and_differ_from_row_to_row(folder: Path) -> None:
    sampling = Sampling(max_new_tokens=8, temperature=2.0, seed=1)

    first, again = (ask(folder, ["1"] * 4, sampling) for _ in range(2))

    assert first == again
    assert first[:2] != first[2:]  # two batches
    assert len({one.text for one in first}) > 1


def test_a_prompt_that_does_not_fit_is_refused_by_its_number(folder: Path) -> None:
    with pytest.raises(BadInput, match="Prompt 1 has 201 tokens; 120 fit"):
        ask(folder, ["1", "1" * 200], Sampling(max_new_tokens=8))


def test_a_prompt_with_a_token_the_model_does_not_know_is_refused(tmp_path: Path) -> None:
    tokenizer = build_tokenizer(["add 1+1 0123456789"], 64)
    shape = replace(NANO, layers=1, vocab=tokenizer.size, window=128, context=128)
    tokenizer.inner.add_tokens(["<image>"])  # as Gemma 3's tokenizer has one for its text models
    export(create(shape, tokenizer, seed=0), tmp_path)

    with pytest.raises(BadInput, match=f"gives the id {shape.vocab}, and the model knows"):
        ask(tmp_path, ["1", "<image>"], Sampling(max_new_tokens=8))
    assert ask(tmp_path, ["1"], Sampling(max_new_tokens=1))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a model checkpoint"):
        ask(tmp_path, ["1"], Sampling())


def test_the_config_needs_a_model_only() -> None:
    assert Config(model="m").batch_size == 128


def test_a_chat_asks_in_the_words_of_the_folders_own_template(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "chatty")
    template = "{{ bos_token }}{% for m in messages %}{{ m.content + '+' }}{% endfor %}"
    (tmp_path / "chatty" / "chat_template.jinja").write_text(template, "utf-8")
    told = {"model": str(tmp_path / "chatty"), "batch_size": 2}
    sampling = Sampling(max_new_tokens=8)

    chat = list(complete("jax", PROMPTS, sampling, {**told, "chat": True, "system": "1"}))

    assert chat == ask(folder, [f"1+{prompt}+" for prompt in PROMPTS], sampling)
    with pytest.raises(BadInput, match="has no chat template"):
        list(complete("jax", PROMPTS, sampling, {**told, "model": str(folder), "chat": True}))
    with pytest.raises(BadInput, match="needs chat = true"):
        list(complete("jax", PROMPTS, sampling, {**told, "system": "1"}))
