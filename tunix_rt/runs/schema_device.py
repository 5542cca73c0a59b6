"""Devices in a row as one word: gpu:0, or gpu:0-3 for four of them; auto is whichever there is."""

AUTO = "auto"


def devices(kind: str, first: int, count: int) -> str:
    """`count` devices of a kind, from number `first` on."""
    return f"{kind}:{first}" if count == 1 else f"{kind}:{first}-{first + count - 1}"


def resolved(word: str, accelerator: str | None) -> str | None:
    """The word on a machine with this kind of accelerator; null where `auto` finds none."""
    kind, colon, numbers = word.partition(":")
    if kind != AUTO:
        return word
    return f"{accelerator}:{numbers if colon else 0}" if accelerator else None


def overlap(one: str, other: str) -> bool:
    """Whether two of these words share a device."""
    (kind, first, last), (other_kind, other_first, other_last) = _read(one), _read(other)
    return kind == other_kind and first <= other_last and other_first <= last


def _read(word: str) -> tuple[str, int, int]:
    kind, _, numbers = word.partition(":")
    first, _, last = numbers.partition("-")
    return kind, int(first), int(last or first)
