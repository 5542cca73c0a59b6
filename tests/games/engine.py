"""The UNGAR engine where it is installed, else its double, which is only its interface."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

INSTALLED = find_spec("ungar") is not None


def provide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine, or its double, be found while a test runs."""
    if not INSTALLED:
        for name in [name for name in sys.modules if name.partition(".")[0] == "ungar"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.syspath_prepend(Path(__file__).parent / "double")


def forget() -> None:
    """Unload the double: another test runs without an engine."""
    if not INSTALLED:
        for name in [name for name in sys.modules if name.partition(".")[0] == "ungar"]:
            del sys.modules[name]
