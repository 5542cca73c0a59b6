"""How many checkpoints stay, where they may take so much room and no more."""

from collections.abc import Callable

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.schema_keeping import Checkpoints

GB = 10**9


def fitting(kept: Checkpoints, size: Callable[[], int]) -> int:
    """How many checkpoints of `size` bytes stay; one more lies there while it takes the place of
    the oldest.
    """
    if kept.max_gb is None:
        return kept.keep
    each = size()
    room = int(kept.max_gb * GB) // max(each, 1) - 1
    if room < 1:
        raise BadInput(
            f"Two checkpoints take {2 * each / GB:.3g} GB; checkpoints.max_gb is {kept.max_gb:g}.",
            hint="The next one is written before the last one goes.",
        )
    return min(kept.keep, room)
