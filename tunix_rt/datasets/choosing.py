"""Which traces a dataset takes, as the command line says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tunix_rt.datasets.freezing import COLUMNS
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import decode_line


def filters(columns: Mapping[str, Any], metas: Sequence[str]) -> dict[str, Any]:
    """The filters of a build: the options that were given, and `KEY=VALUE` pairs of meta."""
    found = {key: value for key, value in columns.items() if value is not None}
    for meta in metas:
        key, equals, value = meta.partition("=")
        if not equals:
            raise BadInput(f"--meta {meta!r} is not KEY=VALUE.")
        found[key] = value if key in COLUMNS else _meant(value)
    return found


def _meant(value: str) -> object:
    """The value of a meta field as the traces hold it: a number, a truth value, else text."""
    try:
        return decode_line(value.encode(errors="replace"), object)
    except ValueError:
        return value
