"""What pydantic finds wrong, as one sentence of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from tunix_rt.kit.errors import BadInput


@contextmanager
def said_plainly() -> Iterator[None]:
    """Raise the first thing that is wrong with a shape as `BadInput`, with its place."""
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ").rstrip(".")
        if place:
            raise BadInput(f"{place}: {said[:1].lower()}{said[1:]}.") from None
        raise BadInput(f"{said[:1].upper()}{said[1:]}.") from None
