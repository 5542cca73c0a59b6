"""Text from strangers, and what of it a database can hold."""

from typing import Annotated, Any

from pydantic import AfterValidator


def no_nul(text: str) -> str:
    """`text` with U+FFFD for NUL, which PostgreSQL cannot hold."""
    return text.replace("\0", "\ufffd")


def _storable(value: Any) -> Any:
    """A JSON value as it is, if every database and every answer can hold it."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("holds a NUL character, which a database cannot keep")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("holds half of a character (a lone surrogate)") from None
    elif isinstance(value, float):
        if value - value != 0:
            raise ValueError("holds NaN or Infinity, which JSON cannot say")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _storable(name)
            _storable(inner)
    elif isinstance(value, list):
        for inner in value:
            _storable(inner)
    return value


STORABLE = AfterValidator(_storable)
"""A field that is stored as it is: no NUL, no lone surrogate, no NaN, however deep."""

Text = Annotated[str, STORABLE]
"""Text that is stored as it is."""
