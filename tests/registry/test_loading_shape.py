import json
from pathlib import Path
from typing import Any

import pytest

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading.shape import Shape, read_shape

NANO = Shape(
    kind="gemma3_text",
    vocab=64,
    width=16,
    hidden=32,
    layers=7,
    heads=4,
    kv_heads=2,
    head_width=4,
    window=8,
    local_theta=10_000,
    global_theta=1_000_000,
    tied=True,
    context=512,
)
GEMMA = NANO.to_config({"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2})
QWEN: dict[str, Any] = {
    "architectures": ["Qwen3ForCausalLM"],
    "model_type": "qwen3",
    "vocab_size": 64,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 4,
    "hidden_act": "silu",
    "attention_bias": False,
    "rope_parameters": {"rope_type": "default", "rope_theta": 1_000_000.0},
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": True,
    "max_position_embeddings": 512,
}


def folder_with(tmp_path: Path, config: object) -> Path:
    text = config if isinstance(config, str) else json.dumps(config)
    (tmp_path / "config.json").write_text(text)
    return tmp_path


def test_a_config_we_wrote_reads_back_as_the_same_shape(tmp_path: Path) -> None:
    shape, config = read_shape(folder_with(tmp_path, GEMMA))

    assert shape == NANO
    assert config == GEMMA


def test_a_qwen_is_read(tmp_path: Path) -> None:
    shape, _ = read_shape(folder_with(tmp_path, QWEN))

    assert (shape.kind, shape.heads, shape.global_theta) == ("qwen3", 4, 1_000_000)


def test_an_older_config_with_flat_rotary_bases_is_read(tmp_path: Path) -> None:
    old = {k: v for k, v in GEMMA.items() if k not in ("rope_parameters", "layer_types")}
    old |= {"rope_theta": 500_000.0, "rope_local_base_freq": 20_000.0, "rope_scaling": None}

    shape, _ = read_shape(folder_with(tmp_path, old))

    assert (shape.local_theta, shape.global_theta) == (20_000, 500_000)


def test_parameters_are_the_sum_of_the_tensors() -> None:
    sizes = NANO.tensors()

    assert sizes["model.layers.6.self_attn.q_proj.weight"] == (16, 16)
    assert "model.layers.7.self_attn.q_proj.weight" not in sizes
    assert NANO.parameters() == 64 * 16 + 16 + 7 * (2 * 256 + 2 * 128 + 8 + 3 * 512 + 4 * 16)


def test_an_untied_model_has_a_head_of_its_own(tmp_path: Path) -> None:
    shape, _ = read_shape(folder_with(tmp_path, QWEN | {"tie_word_embeddings": False}))

    assert shape.tensors()["lm_head.weight"] == (64, 16)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ({}, "architecture None are not supported"),
        (
            GEMMA | {"model_type": "llama", "architectures": ["LlamaForCausalLM"]},
            "'LlamaForCausalLM'",
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
