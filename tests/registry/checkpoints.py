"""Tiny checkpoints of every family, written by the library that owns the format."""

from pathlib import Path
from typing import Any

from tests.extras import loaded
from tests.registry.test_loading_config import LLAMA, SCALED
from tests.registry.test_loading_shape import QWEN
from tunix_rt.registry.loading.tokenizer import TextTokenizer, build_tokenizer

SMALL: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
GEMMA: dict[str, Any] = SMALL | {
    "num_hidden_layers": 7,
    "head_dim": 16,
    "query_pre_attn_scalar": 16,
    "sliding_window": 8,
}
LAYERED = SMALL | {"num_hidden_layers": 2}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "gemma3": ("Gemma3Text", GEMMA),
    "gemma3 with heads of their own": ("Gemma3Text", GEMMA | {"num_key_value_heads": 4}),
    "qwen3": ("Qwen3", QWEN | LAYERED | {"head_dim": 16}),
    "qwen2": ("Qwen2", LAYERED | {"rope_theta": 1e6, "tie_word_embeddings": True}),
    "qwen2 untied": ("Qwen2", LAYERED | {"rope_theta": 1e4, "tie_word_embeddings": False}),
    "llama": ("Llama", LLAMA | LAYERED | {"rope_parameters": SCALED}),
    "llama 3.0": (
        "Llama",
        LAYERED
        | {"rope_parameters": {"rope_type": "default", "rope_theta": 5e5}}
        | {"head_dim": 16, "tie_word_embeddings": True, "rms_norm_eps": 1e-5},
    ),
}


def small_tokenizer() -> TextTokenizer:
    return build_tokenizer(["add 1+1", "0123456789", "<think>2</think>"], 64)


def written(kind: str, folder: Path, **save: Any) -> Path:
    """A checkpoint whose norms and biases are not what they begin as, so that each is seen."""
    torch = loaded("torch", extra="torch")
    transformers = loaded("transformers", extra="torch")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    name, config = KINDS[kind]
    given = {key: value for key, value in config.items() if key not in ("model_type",)}
    model_name = name.removesuffix("Text")
    made = getattr(transformers, f"{name}Config")(**given)
    model = getattr(transformers, f"{model_name}ForCausalLM")(made).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn_like(parameter) * 0.1)
            else:
                parameter.mul_(2.0)
    model.save_pretrained(folder, **save)
    small_tokenizer().save(folder)
    return folder
