"""A checkpoint looked at: what it is, and whether Tunix would compute it rightly."""

from pathlib import Path

from tunix_rt.kit.errors import BadInput
from tunix_rt.registry.loading import parity
from tunix_rt.registry.loading.opening import Checkpoint, open_checkpoint
from tunix_rt.registry.schema_exchange import Checked, Parity

UNSEEN = "Its files fit together; its logits were not compared"


def check(source: str, folder: Path, *, compared: bool) -> Checked:
    """Look at a folder; one that is refused is an answer, not an error."""
    try:
        found = open_checkpoint(folder)
        told = _compared(folder) if compared and parity.can_compare() else None
    except BadInput as refused:
        return _answer(source, folder, None, None, passes=False, said=refused.message)
    if told is None:
        why = " (that needs torch, transformers and Tunix)." if compared else "."
        return _answer(source, folder, found, None, passes=True, said=UNSEEN + why)
    distance = f"differ by up to {told.max_difference:.2g} from transformers' (largest logit "
    said = f"Its logits {distance}{told.largest_logit:.3g})"
    verdict = ": rounding." if told.passes else ", which is more than rounding: it is refused."
    return _answer(source, folder, found, told, passes=told.passes, said=said + verdict)


def _compared(folder: Path) -> Parity:
    found = parity.compare(folder)
    return Parity(
        max_difference=found.max_difference,
        largest_logit=found.largest_logit,
        argmax_agreement=found.argmax_agreement,
        tokens=found.tokens,
        passes=found.passes,
    )


def _answer(
    source: str,
    folder: Path,
    found: Checkpoint | None,
    told: Parity | None,
    *,
    passes: bool,
    said: str,
) -> Checked:
    return Checked(
        source=source,
        folder=str(folder),
        architecture=found.shape.kind if found else None,
        parameters=found.shape.parameters() if found else None,
        dtype=found.dtype if found else None,
        vocabulary=found.shape.vocab if found else None,
        parity=told,
        passes=passes,
        said=said,
    )
