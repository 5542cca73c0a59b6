"""Libraries that some tests need: where one is missing they are left out, but never in CI."""

import os
import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest


def needs(library: str, *, extra: str) -> None:
    """Leave out a test, or a file of them, without a library that comes with this extra."""
    if find_spec(library) is None:
        said = f"{library} is not installed: pip install 'tunix-rt[{extra}]'"
        assert not os.environ.get("CI"), f"CI must have every extra, but {said}"
        pytest.skip(said, allow_module_level=True)


def loaded(library: str, *, extra: str) -> Any:
    """The same library as a module."""
    needs(library, extra=extra)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how a library imports itself is its own affair
        return import_module(library)
