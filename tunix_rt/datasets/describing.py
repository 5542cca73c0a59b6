"""The data card of a version: what a person who is handed it wants to know, as Markdown."""

from collections.abc import Mapping
from typing import Any

from tunix_rt.datasets.schema import Version

MOST = 12
"""Sources, models and licences that a card lists; the rest is one line."""


def card(frozen: Version) -> str:
    """The card, with the metadata that the Hugging Face hub reads at its head."""
    key = frozen.dataset_key
    parts = [
        _head(frozen),
        f"# {_inert(frozen.dataset_name)} {_inert(frozen.dataset_version)}",
        f"{frozen.trace_count:,} reasoning traces, frozen {frozen.created_at} by "
        f"tunix-rt {frozen.tool_version}.",
        "## What it is",
        _facts(
            {
                "key": f"`{key}`",
                "content sha256": f"`{frozen.content_sha256}`",
                "files sha256": f"`{frozen.file_sha256}`",
                "rows": f"{frozen.trace_count:,}",
                "size": f"{frozen.size_bytes:,} bytes in {len(frozen.shards)} Parquet shards",
                "steps per trace": f"{frozen.stats.avg_step_count} on average, "
                f"{frozen.stats.min_step_count} to {frozen.stats.max_step_count}",
                "parent": f"`{frozen.parent_dataset_id}`" if frozen.parent_dataset_id else "none",
            }
        ),
        "## Splits",
        _counts({split.name: split.rows for split in frozen.splits}),
        f"No {_SPLIT_BY.get(str(frozen.recipe.get('split_by')), 'prompt')} stands in two splits.",
        "## Where the traces come from",
        _counts(frozen.sources),
        "Written by:",
        _counts(frozen.models),
        *(["Parts of the mixture:", _counts(frozen.parts)] if frozen.parts else []),
        "## What was known of them",
        _counts(frozen.verdicts),
        "Judged by:"
        if frozen.verifiers
        else "Nobody has verified them: what they say may be wrong.",
        *(
            f"* {one.subject}: `{_inert(one.verifier)}` {_inert(one.version)}, {one.rows:,} rows"
            for one in frozen.verifiers
        ),
        "## Licences",
        _counts(frozen.licences),
        "## How it was chosen",
        _facts(_chosen(frozen)),
        "## Use it",
        f"```\ntunix-rt datasets verify {key}\ntunix-rt datasets export {key} FOLDER "
        "--format huggingface\n```",
        "Verify recomputes every hash above from the text of the rows.",
    ]
    return "\n\n".join(parts) + "\n"


_SPLIT_BY = {"template": "prompt, whatever its numbers,", "prompt": "prompt"}


def _head(frozen: Version) -> str:
    names = sorted(name for name in frozen.licences if name != "unknown")
    licence = names[0] if len(names) == len(frozen.licences) == 1 else "other"
    size = next((name for name, below in _SIZES if frozen.trace_count < below), "10M<n<100M")
    return f"---\nlicense: {_word(licence)}\nsize_categories:\n- {size}\ntags:\n- reasoning\n---"


_SIZES = (
    ("n<1K", 1_000),
    ("1K<n<10K", 10_000),
    ("10K<n<100K", 100_000),
    ("100K<n<1M", 1_000_000),
    ("1M<n<10M", 10_000_000),
)
"""As the hub names them."""


def _word(text: str) -> str:
    """A licence as an identifier; anything else in its place would be read as YAML."""
    plain = text.strip().lower()
    return plain if plain.replace("-", "").replace(".", "").isalnum() else "other"


def _chosen(frozen: Version) -> dict[str, str]:
    recipe = frozen.recipe
    return {
        "strategy": frozen.selection_strategy,
        "seed": str(frozen.seed),
        "query": f"`{_inert(str(recipe['query']))}`" if recipe.get("query") else "none",
        "filters": ", ".join(
            f"{_inert(str(name))} = {_inert(str(value))}" for name, value in frozen.filters.items()
        )
        or "none",
        "limit": f"{recipe['limit']:,}" if "limit" in recipe else "none",
    }


def _facts(facts: Mapping[str, str]) -> str:
    return "\n".join(["| | |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in facts.items())])


def _counts(counts: Mapping[str, Any]) -> str:
    shown = list(counts.items())[:MOST]
    rest = sum(number for _, number in list(counts.items())[MOST:])
    rows = [f"| {_inert(name)} | {number:,} |" for name, number in shown]
    if rest:
        rows.append(f"| (others) | {rest:,} |")
    return "\n".join(["| | traces |", "| --- | ---: |", *rows])


def _inert(text: str) -> str:
    """Names come from strangers: no line break, no table, no markup, no tag."""
    kept = "".join(" " if c.isspace() or not c.isprintable() else c for c in text)[:200]
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#!~" else c for c in kept)
