import json
from pathlib import Path
from typing import Any

import pytest

from tests.extras import loaded, needs
from tests.registry.checkpoints import written
from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading import parity
from tunix_rt.registry.loading.adapters import export_merged, write_adapter
from tunix_rt.registry.loading.jax import Loaded, load, quiet

pytestmark = [pytest.mark.jax, pytest.mark.torch]
needs("tunix", extra="tunix")
needs("torch", extra="torch")
needs("transformers", extra="torch")
needs("peft", extra="torch")

MOST = 5e-6
RANK, ALPHA = 4, 8.0
ATTENTION = ".*q_einsum|.*kv_einsum|.*qkv_einsum|.*attn_vec_einsum|.*[qkvo]_proj"
EVERYTHING = f"{ATTENTION}|.*gate_proj|.*up_proj|.*down_proj"


def with_lora(folder: Path, pattern: str = EVERYTHING) -> Loaded:
    """The model of a folder with LoRA of random numbers, so that it is another model."""
    import jax.numpy as jnp
    import numpy as np

    found = load(folder)
    with quiet():
        import qwix
        from flax import nnx

        model = qwix.apply_lora_to_model(
            found.model,
            qwix.LoraProvider(module_path=pattern, rank=RANK, alpha=ALPHA),
            **found.model.get_model_input(),
            rngs=nnx.Rngs(0),
        )
        random = np.random.default_rng(0)
        for _, node in nnx.iter_graph(model):
            if isinstance(node, nnx.LoRAParam):
                drawn = random.normal(0, 0.05, node.get_value().shape)
                node.set_value(jnp.asarray(drawn, jnp.float32))
    return Loaded(model, found.shape, found.config, found.tokenizer, found.source)


def peft_logits(base: Path, adapter: Path, ids: Any) -> Any:
    torch = loaded("torch", extra="torch")
    transformers = loaded("transformers", extra="torch")
    peft = loaded("peft", extra="torch")
    model = transformers.AutoModelForCausalLM.from_pretrained(base)
    model = peft.PeftModel.from_pretrained(model, adapter).eval()
    with torch.no_grad():
        return model(torch.tensor(ids)).logits.numpy()


@pytest.mark.parametrize(
    "kind", ["gemma3", "gemma3 with heads of their own", "qwen3", "qwen2", "llama"]
)
def test_lora_is_the_same_in_tunix_in_peft_and_merged(tmp_path: Path, kind: str) -> None:
    base = written(kind, tmp_path / "base")
    tuned = with_lora(base)
    ids = parity.some_ids(tuned.shape)
    ours = parity.logits(tuned, ids)

    write_adapter(tuned.model, tmp_path / "adapter", rank=RANK, alpha=ALPHA, base=str(base))
    export_merged(tuned, tmp_path / "merged", rank=RANK, alpha=ALPHA)

    merged = parity.transformers_logits(tmp_path / "merged", ids)
    assert abs(ours - parity.transformers_logits(base, ids)).max() > 0.05
    assert abs(ours - merged).max() <= MOST
    assert abs(peft_logits(base, tmp_path / "adapter", ids) - merged).max() <= MOST
    assert abs(parity.logits(load(tmp_path / "merged"), ids) - merged).max() <= MOST


def test_lora_of_one_layer_names_its_modules_in_full(tmp_path: Path) -> None:
    base = written("qwen3", tmp_path / "base")
    tuned = with_lora(base, r"layers[./]1[./].*(q_proj|down_proj)")
    ids = parity.some_ids(tuned.shape)

    write_adapter(tuned.model, tmp_path / "adapter", rank=RANK, alpha=ALPHA)

    config = json.loads((tmp_path / "adapter" / "adapter_config.json").read_text())
    assert config["target_modules"] == [
        "model.layers.1.mlp.down_proj",
        "model.layers.1.self_attn.q_proj",
    ]
    theirs = peft_logits(base, tmp_path / "adapter", ids)
    assert abs(parity.logits(tuned, ids) - theirs).max() <= MOST


def test_a_model_without_lora_has_no_adapter(tmp_path: Path) -> None:
    plain = load(written("qwen3", tmp_path / "base"))

    with pytest.raises(BadInput, match="no LoRA"):
        write_adapter(plain.model, tmp_path / "adapter", rank=RANK, alpha=ALPHA)

    assert not (tmp_path / "adapter").exists()


def test_a_rank_that_is_not_the_models_is_refused(tmp_path: Path) -> None:
    tuned = with_lora(written("qwen3", tmp_path / "base"), ".*q_proj")

    with pytest.raises(BadInput, match="has the rank 4, and not 8"):
        write_adapter(tuned.model, tmp_path / "adapter", rank=8, alpha=ALPHA)
