"""Plugins found by folder: one module is one plugin, its file name is its name.

An underscore in the file name is a dash in the plugin's name.

Nothing is registered and nothing is imported until it is asked for, so listing
the training backends never loads JAX. The first line of a plugin's docstring is
what the CLI, the API and the UI show as its description.
"""

import ast
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Generic, TypeVar, cast

from tunix_rt.kit.errors import NotFound

P = TypeVar("P")


class Catalog(Generic[P]):
    """The plugins of one kind; `P` is the protocol each module must satisfy."""

    def __init__(self, package: str, kind: str) -> None:
        self.package = package
        self.kind = kind

    def names(self) -> list[str]:
        """Every plugin name, sorted, without importing any of them."""
        return list(self._names)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """Read from the folder once: verifiers are asked for by name a million times."""
        found = iter_modules([str(self._folder())])
        return tuple(sorted(module.name.replace("_", "-") for module in found))

    def summary(self, name: str) -> str:
        """First docstring line of plugin `name`, read from source, not imported."""
        folder = self._folder()
        file = name.replace("-", "_")
        module, package = folder / f"{file}.py", folder / file / "__init__.py"
        source = (module if module.exists() else package).read_text("utf-8")
        return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]

    def load(self, name: str) -> P:
        """Import plugin `name`."""
        if name not in self._names:
            raise NotFound(
                f"No {self.kind} is called {name!r}.",
                hint=f"Known: {', '.join(self.names())}.",
            )
        return cast(P, import_module(f"{self.package}.{name.replace('-', '_')}"))

    def _folder(self) -> Path:
        spec = find_spec(self.package)
        assert spec is not None, f"catalog points at a missing package {self.package}"
        assert spec.origin is not None
        return Path(spec.origin).parent
