"""Every plugin of every kind keeps the promises the rest of the house relies on."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from tunix_rt.floorplan import PLUGINS
from tunix_rt.kit.catalog import Catalog

TESTS = Path(__file__).parents[1]

plugins = pytest.mark.parametrize(
    ("folder", "name"),
    [
        (folder, name)
        for folder in PLUGINS
        if find_spec(f"tunix_rt.{folder.partition('.')[0]}") and find_spec(f"tunix_rt.{folder}")
        for name in Catalog[object](f"tunix_rt.{folder}", kind="").names()
    ],
)


@plugins
def test_says_what_it_is_in_one_line(folder: str, name: str) -> None:
    summary = Catalog[object](f"tunix_rt.{folder}", kind="").summary(name)
    assert 10 < len(summary) <= 90


@plugins
def test_provides_its_function(folder: str, name: str) -> None:
    assert callable(
        getattr(import_module(f"tunix_rt.{folder}.{name.replace('-', '_')}"), PLUGINS[folder])
    )


@plugins
def test_has_a_test_of_its_own(folder: str, name: str) -> None:
    assert (TESTS / folder.partition(".")[0] / f"test_{name.replace('-', '_')}.py").exists()
