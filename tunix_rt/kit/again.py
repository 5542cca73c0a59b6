"""Something to walk through again and again that is made anew each time, and never held."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Again(Generic[T]):
    """What `make` yields, from the beginning whenever somebody begins."""

    def __init__(self, make: Callable[[], Iterator[T]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[T]:
        """Begin."""
        return self._make()
