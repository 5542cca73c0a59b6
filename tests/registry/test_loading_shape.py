import json
from pathlib import Path
from typing import Any

from tunix_rt.registry.loading.config import read_shape
from tunix_rt.registry.loading.shape import Shape

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
