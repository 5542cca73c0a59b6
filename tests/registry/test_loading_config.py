import json
from pathlib import Path
from typing import Any

import pytest

from tests.registry.test_loading_shape import GEMMA, QWEN, folder_with
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.config import read_shape
from tunix_rt.registry.loading.shape import Scaling

SCALED: dict[str, Any] = {
    "rope_type": "llama3",
    "rope_theta": 500_000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
LLAMA: dict[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": 64,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "hidden_act": "silu",
    "rope_parameters": SCALED,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "max_position_embeddings": 512,
}


def test_a_llama_is_read_in_both_spellings(tmp_path: Path) -> None:
    old = {key: value for key, value in LLAMA.items() if key != "rope_parameters"}
    scaling = {key: value for key, value in SCALED.items() if key != "rope_theta"}
    old |= {"rope_theta": 500_000.0, "rope_scaling": scaling}

    new_shape, _ = read_shape(folder_with(tmp_path, LLAMA))
    old_shape, _ = read_shape(folder_with(tmp_path, old))

    assert new_shape == old_shape
    assert new_shape.scaling == Scaling(factor=8, low=1, high=4, original=64)
    assert (new_shape.global_theta, new_shape.head_width) == (500_000, 4)


def test_a_head_is_an_even_share_where_nobody_gives_its_width(tmp_path: Path) -> None:
    qwen2 = QWEN | {"model_type": "qwen2", "head_dim": None, "hidden_size": 32}

    shape, _ = read_shape(folder_with(tmp_path, qwen2))

    assert shape.head_width == 8
    assert shape.tensors()["model.layers.1.self_attn.k_proj.bias"] == (16,)


@pytest.mark.parametrize("config", [GEMMA, QWEN, LLAMA, QWEN | {"model_type": "qwen2"}])
def test_a_shape_writes_a_config_that_reads_as_the_same_shape(
    tmp_path: Path, config: dict[str, Any]
) -> None:
    shape, _ = read_shape(folder_with(tmp_path, config))

    again, _ = read_shape(folder_with(tmp_path, json.dumps(shape.to_config({}))))

    assert again == shape


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ({}, "architecture None are not supported"),
        (
            GEMMA | {"model_type": "mistral", "architectures": ["MistralForCausalLM"]},
            "'MistralForCausalLM'",
        ),
        (GEMMA | {"model_type": "gemma3"}, "not supported"),  # with vision
        (QWEN | {"rope_parameters": {"rope_theta": 1e4}}, "rotary base of 10000"),
        ({k: v for k, v in QWEN.items() if k != "rope_parameters"}, "rotary base of 10000"),
        (QWEN | {"attention_bias": True}, "attention_bias False only"),
        (QWEN | {"use_sliding_window": True}, "use_sliding_window"),
        (QWEN | {"rope_scaling": {"type": "yarn", "factor": 4}}, "Scaled rotary"),
        (GEMMA | {"final_logit_softcapping": 30.0}, "final_logit_softcapping"),
        (GEMMA | {"query_pre_attn_scalar": 168}, "query_pre_attn_scalar 4 only"),
        (GEMMA | {"layer_types": ["full_attention"] * 7}, "orders its attention layers"),
        (GEMMA | {"hidden_activation": "silu"}, "hidden_activation"),
        (GEMMA | {"hidden_activation": ["silu"]}, "hidden_activation"),
        (GEMMA | {"num_hidden_layers": -1}, "num_hidden_layers"),
        (GEMMA | {"num_hidden_layers": "7"}, "num_hidden_layers"),
        (GEMMA | {"vocab_size": True}, "vocab_size"),
        (GEMMA | {"hidden_size": 10**12}, "hidden_size"),
        (GEMMA | {"num_hidden_layers": 1025, "layer_types": None}, "num_hidden_layers"),
        (GEMMA | {"num_hidden_layers": 10**8}, "num_hidden_layers"),
        (GEMMA | {"num_attention_heads": 1025}, "num_attention_heads"),
        (QWEN | {"num_key_value_heads": 1025}, "num_key_value_heads"),
        (QWEN | {"rms_norm_eps": "small"}, "rms_norm_eps"),
        (QWEN | {"rms_norm_eps": float("nan")}, "rms_norm_eps"),
        (GEMMA | {"attention_bias": [[]]}, "says a list"),
        (GEMMA | {"attn_logit_softcapping": 50.0}, "attn_logit_softcapping"),
        (GEMMA | {"sliding_window_pattern": 4}, "sliding_window_pattern"),
        (GEMMA | {"num_key_value_heads": 3}, "share evenly"),
        (QWEN | {"head_dim": 5}, "share evenly"),
        (QWEN | {"layer_types": ["sliding_attention"] * 2}, "layer_types"),
        (QWEN | {"quantization_config": {"bits": 4}}, "quantization_config"),
        (LLAMA | {"hidden_act": "gelu"}, "hidden_act"),
        (LLAMA | {"mlp_bias": True}, "mlp_bias"),
        (LLAMA | {"attention_bias": True}, "attention_bias"),
        (LLAMA | {"partial_rotary_factor": 0.5}, "partial_rotary_factor"),
        (LLAMA | {"rope_parameters": {"rope_type": "yarn", "factor": 2}}, "rope_type 'yarn'"),
        (LLAMA | {"rope_parameters": SCALED | {"factor": 0}}, "no usable factor"),
        (LLAMA | {"rope_parameters": SCALED | {"high_freq_factor": 1.0}}, "high_freq_factor"),
        (QWEN | {"model_type": "qwen2", "use_sliding_window": True}, "use_sliding_window"),
        (QWEN | {"model_type": "qwen2", "rope_scaling": SCALED}, "rope_type 'llama3'"),
        (QWEN | {"model_type": ["qwen2"]}, "'Qwen3ForCausalLM' are not supported"),
    ],
)
def test_what_tunix_would_compute_wrongly_is_refused(
    tmp_path: Path, config: object, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_shape(folder_with(tmp_path, config))


@pytest.mark.parametrize(
    "theta", ["10000", None, True, [1], {}, 0, 1e12, 10_000.5, float("nan"), float("inf")]
)
@pytest.mark.parametrize("place", ["rope_theta", "rope_local_base_freq", "rope_parameters", "qwen"])
def test_a_rotary_base_that_is_no_number_is_refused(
    tmp_path: Path, place: str, theta: object
) -> None:
    flat = {k: v for k, v in GEMMA.items() if k != "rope_parameters"}
    config = {
        "rope_parameters": GEMMA | {"rope_parameters": {"full_attention": {"rope_theta": theta}}},
        "qwen": QWEN | {"rope_parameters": None, "rope_theta": theta},
    }.get(place, flat | {place: theta})

    with pytest.raises(BadInput, match="no usable rope_"):
        read_shape(folder_with(tmp_path, config))


def test_a_config_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_shape(tmp_path / ("m" * 300))
    with pytest.raises(BadInput, match="larger than"):
        read_shape(folder_with(tmp_path, " " * 1_048_577))
    (tmp_path / "config.json").write_bytes(b'{"model_type": "\xff"}')
    with pytest.raises(BadInput, match="not UTF-8"):
        read_shape(tmp_path)


def test_a_folder_without_a_config_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a model checkpoint"):
        read_shape(tmp_path)
    with pytest.raises(BadInput, match="not a model checkpoint"):
        read_shape(tmp_path / "absent")
