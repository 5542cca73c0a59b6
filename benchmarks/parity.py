"""How far Tunix, transformers and PEFT are apart on the same weights, in float32.

Tiny checkpoints of every family, LoRA on each, and whether what goes round is the same bytes.
"""

import sys
import tempfile
from pathlib import Path

from measuring import record

sys.path.insert(0, str(Path(__file__).parents[1]))  # the checkpoints are those of the tests


def apart(kind: str, place: Path) -> dict[str, float | bool]:
    """The numbers of one checkpoint."""
    from tests.registry.checkpoints import written
    from tests.registry.test_loading_adapters import ALPHA, RANK, peft_logits, with_lora
    from tunix_rt.registry.loading import parity
    from tunix_rt.registry.loading.adapters import export_merged, write_adapter
    from tunix_rt.registry.loading.jax import export, load

    base = written(kind, place / "base")
    found = parity.compare(base)
    export(load(base), place / "again")
    same = all(
        (place / "again" / one.name).read_bytes() == one.read_bytes() for one in base.iterdir()
    )
    tuned = with_lora(base)
    ids = parity.some_ids(tuned.shape)
    ours = parity.logits(tuned, ids)
    write_adapter(tuned.model, place / "adapter", rank=RANK, alpha=ALPHA)
    export_merged(tuned, place / "merged", rank=RANK, alpha=ALPHA)
    merged = parity.transformers_logits(place / "merged", ids)
    return {
        "imported": found.max_difference,
        "largest_logit": found.largest_logit,
        "argmax_agreement": found.argmax_agreement,
        "lora_merged": float(abs(ours - merged).max()),
        "lora_in_peft": float(abs(peft_logits(base, place / "adapter", ids) - merged).max()),
        "same_bytes": same,
    }


def main() -> None:
    """Measure every family."""
    from tests.registry.checkpoints import KINDS

    found = {}
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as place:
            found[kind] = apart(kind, Path(place))
    worst = ("imported", "lora_merged", "lora_in_peft")
    record(
        "parity",
        {f"max_difference_{name}": max(one[name] for one in found.values()) for name in worst}
        | {"round_trip_same_bytes": all(one["same_bytes"] for one in found.values()), "of": found},
    )


if __name__ == "__main__":
    main()
