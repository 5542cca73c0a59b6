"""Text from strangers, and what of it a database can hold."""

from typing import Annotated, Any

from pydantic import AfterValidator


def no_nul(text: str) -> str:
    """`text` with U+FFFD for NUL, which PostgreSQL cannot hold."""
    return text.replace("\0", "\ufffd")


LONGEST_KEY = 512


def storable(value: Any, path: str = "") -> Any:
    """A JSON value as it is, if every database and every answer can hold it.

    What cannot be held is a ValueError that begins with its place: `scores.0 holds NaN`.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            if len(name) > LONGEST_KEY:
                raise ValueError(f"{path} holds a key of over {LONGEST_KEY} characters".strip())
            storable(name, f"a key of {path}" if path else "a key")
            storable(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            storable(inner, f"{path}.{place}" if path else str(place))
    elif wrong := _wrong(value):
        raise ValueError(f"{path} holds {wrong}".strip())
    return value


def _wrong(value: Any) -> str | None:
    """Why a single value cannot be stored."""
    if isinstance(value, str):
        if "\0" in value:
            return "a NUL character, which a database cannot keep"
        try:
            value.encode()
        except UnicodeEncodeError:
            return "half of a character (a lone surrogate)"
    elif isinstance(value, float) and value - value != 0:
        return "NaN or Infinity, which JSON cannot say"
    return None


def _as_it_is(value: Any) -> Any:
    return storable(value)


STORABLE = AfterValidator(_as_it_is)
"""A field that is stored as it is: no NUL, no lone surrogate, no NaN, however deep."""

Text = Annotated[str, STORABLE]
"""Text that is stored as it is."""
