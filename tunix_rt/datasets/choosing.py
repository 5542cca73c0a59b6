"""Which traces a dataset takes, as the command line says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tunix_rt.datasets.freezing import COLUMNS
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import decode_line
from tunix_rt.traces import showing


def filters(
    columns: Mapping[str, Any], metas: Sequence[str], query: str | None = None
) -> dict[str, Any]:
    """The filters of a build: options, `KEY=VALUE` pairs of meta, a query as far as they go."""
    given = {key: value for key, value in columns.items() if value is not None}
    found = showing.chosen(query, **given).model_dump(exclude_defaults=True)
    pairs = [*found.pop("meta", ()), *metas]
    if beyond := sorted(found.keys() - COLUMNS):
        raise BadInput(
            f"A dataset is not chosen by {beyond[0].partition('_')[0]}.",
            hint="Its --query takes source:, model:, verdict:, meta.KEY: and words.",
        )
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise BadInput(f"--meta {pair!r} is not KEY=VALUE.")
        found[key] = value if key in COLUMNS else _meant(value)
    return found


def _meant(value: str) -> object:
    """The value of a meta field as the traces hold it: a number, a truth value, else text."""
    try:
        return decode_line(value.encode(errors="replace"), object)
    except ValueError:
        return value
