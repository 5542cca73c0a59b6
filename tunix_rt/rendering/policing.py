"""What a mask policy does to an export: parts that are not trained, or traces that are left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, Protocol

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.refusing import said_plainly
from tunix_rt.rendering.masking import weigh
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering

Taught = Literal["whole", "parts", "nothing"]
"""What the format of an export teaches: traces as they are, or in parts that say which of them are
trained; or it shows traces and teaches none of them."""

LEAVES_OUT = "wrong_answer"
"""The one key that whole traces can obey."""


class Writes(Protocol):
    """An export, as far as a policy concerns it."""

    @property
    def export(self) -> Callable[..., Iterator[bytes]]:
        """From rows to bytes; one that teaches parts takes a policy behind them."""


def keys(export: Writes) -> list[str]:
    """What a policy may say to a format."""
    match taught(export):
        case "parts":
            return list(MaskPolicy.model_fields)
        case "whole":
            return [LEAVES_OUT]
    return []


def taught(export: Writes) -> Taught:
    """What a format teaches, as its module says it in `TAUGHT`."""
    found: Taught = getattr(export, "TAUGHT", "nothing")
    return found


def read(pairs: Sequence[str], default: MaskPolicy | None = None) -> MaskPolicy:
    """The policy that `KEY=VALUE` pairs mean; what they do not say is the default's."""
    given = {} if default is None else default.model_dump()
    with said_plainly():
        return MaskPolicy.model_validate({**given, **dict(map(_pair, pairs))})


def checked(name: str, export: Writes, pairs: Sequence[str]) -> MaskPolicy | None:
    """The policy of an export, null where none is given; `BadInput` where it cannot obey."""
    if not pairs:
        return None
    what = taught(export)
    if what == "nothing":
        raise BadInput(
            f"The format {name} says of nothing that it is learned: a policy has no place in it."
        )
    policy = read(pairs, getattr(export, "MASKS", None))
    if what == "whole" and policy not in (MaskPolicy(), MaskPolicy(wrong_answer="drop")):
        raise BadInput(
            f"The format {name} teaches whole traces: it can only leave some out.",
            hint=f"Its one policy is {LEAVES_OUT}=drop; the axolotl formats have masks.",
        )
    return policy


def written(export: Writes, rows: Iterable[TraceRow], masks: MaskPolicy | None) -> Iterator[bytes]:
    """The bytes of an export of these rows, as a checked policy has it."""
    if masks is None:
        return export.export(rows)
    if taught(export) == "parts":
        return export.export(rows, masks)
    rendering = Rendering(masks=masks)
    return export.export(row for row in rows if weigh(row, rendering) is not None)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(
            f"The policy {text[:64]!r} is not KEY=VALUE.",
            hint=f"Keys: {', '.join(MaskPolicy.model_fields)}.",
        )
    return name.strip(), value.strip()
