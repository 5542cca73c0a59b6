"""Which traces a dataset takes, as the command line says it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tunix_rt.curate import files
from tunix_rt.datasets import showing_xray
from tunix_rt.datasets.schema import MOST, Build
from tunix_rt.datasets.selecting import COLUMNS
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import decode_line
from tunix_rt.kit.refusing import said_plainly
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.traces import showing

PART = "NAME=SHARE or NAME=SHARE:QUERY, such as easy=0.3:tag:easy"
SPLIT = "NAME=SHARE, such as test=0.1"


def request(
    name: str,
    version: str,
    *,
    metas: Sequence[str] = (),
    splits: Sequence[str] = (),
    parts: Sequence[str] = (),
    wanted: str | None = None,
    seed: int | None = None,
    latest: bool = False,
    source: str | None = None,
    model: str | None = None,
    verdict: str | None = None,
    pipeline: Path | None = None,
    limit: int | None = None,
    policy: Sequence[str] = (),
    batch_seed: int | None = None,
    **more: Any,
) -> Build:
    """The request that options make; a seed also chooses at random unless `latest`."""
    if wanted:
        showing.chosen(wanted)  # points at what is wrong with it
    fields: dict[str, Any] = {
        "dataset_name": name,
        "dataset_version": version,
        "filters": _filters({"source": source, "model": model, "verdict": verdict}, metas),
        "query": wanted or None,
        "seed": seed,
        "selection_strategy": "latest" if seed is None or latest else "random",
        **{key: value for key, value in more.items() if value is not None},
    }
    if pipeline is not None:
        fields["pipeline"] = files.read(pipeline)
    chosen_already = pipeline is not None or fields.get("curation") is not None
    if limit is not None or not chosen_already:
        fields["limit"] = MOST if limit is None else limit
    wording = {key: fields.pop(key) for key in _RENDERING if key in fields}
    if batch_seed is not None:
        wording["seed"] = batch_seed
    if wording or policy:
        fields["rendering"] = showing_xray.rendered(wording, policy)
    if splits:
        fields["splits"] = _splits(splits)
    if parts:
        fields["mixture"] = [_part(one) for one in parts]
    with said_plainly():
        return Build.model_validate(fields)


_RENDERING = Rendering.model_fields.keys() - {"seed", "masks"}


def _filters(columns: Mapping[str, Any], metas: Sequence[str]) -> dict[str, Any]:
    found = {key: value for key, value in columns.items() if value is not None}
    for pair in metas:
        key, equals, value = pair.partition("=")
        if not equals:
            raise BadInput(f"--meta {pair!r} is not KEY=VALUE.")
        found[key] = value if key in COLUMNS else _meant(value)
    return found


def _splits(pairs: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for pair in pairs:
        name, share = _named(pair, pair, f"--split {SPLIT}")
        if name in found:
            raise BadInput(f"The split {name!r} is given twice.")
        found[name] = share
    rest = 1 - sum(found.values())
    return {"train": rest, **found} if "train" not in found and rest > 1e-9 else found


def _part(text: str) -> dict[str, Any]:
    head, _, query = text.partition(":")
    name, share = _named(head, text, f"--part {PART}")
    return {"name": name, "share": share, "query": query}


def _named(pair: str, given: str, hint: str) -> tuple[str, float]:
    name, _, share = pair.partition("=")
    try:
        return name, float(share)
    except ValueError:
        raise BadInput(f"{given!r} names no share.", hint=hint) from None


def _meant(value: str) -> object:
    """The value of a meta field as the traces hold it: a number, a truth value, else text."""
    try:
        return decode_line(value.encode(errors="replace"), object)
    except ValueError:
        return value
