"""tunix-rt datasets: freeze, list, show, export."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.datasets import choosing, freezing, query, reading, showing
from tunix_rt.datasets.commands_xray import xray
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.terminal import emit_json, json_option, say
from tunix_rt.rendering import records
from tunix_rt.store.session import Session, pass_session


@click.group("datasets")
def app() -> None:
    """Freeze chosen traces, and use what was frozen."""


app.add_command(xray)


@app.command()
@click.argument("name")
@click.argument("version")
@click.option("--source", help="Only traces from here.")
@click.option("--model", help="Only traces by this model.")
@click.option(
    "--verdict",
    type=click.Choice(["right", "wrong", "undecided", "none"]),
    help="Only traces with this verdict.",
)
@click.option("--query", help="Only traces that match, in the query language.")
@click.option(
    "--meta",
    "metas",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only this meta value, as JSON or else as text.",
)
@click.option("--limit", default=10_000_000, type=click.IntRange(1), help="At most this many.")
@click.option("--seed", type=int, help="Choose at random with this seed, not the newest.")
@json_option
@pass_session
def build(
    session: Session,
    name: str,
    version: str,
    metas: tuple[str, ...],
    limit: int,
    seed: int | None,
    query: str | None,
    as_json: bool,
    **columns: Any,
) -> None:
    """Freeze the traces that match as NAME-VERSION; a version is never overwritten."""
    manifest = freezing.freeze(
        session.store,
        Build(
            dataset_name=name,
            dataset_version=version,
            filters=choosing.filters(columns, metas, query),
            limit=limit,
            selection_strategy="latest" if seed is None else "random",
            seed=seed,
        ),
    )
    path = str(session.store.blobs.path(manifest.file_sha256))
    key, count, sha256 = manifest.dataset_key, manifest.trace_count, manifest.content_sha256
    showing.built(key, count, sha256, path, as_json)


@app.command("list")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show frozen versions, newest first."""
    with session.store.read() as connection:
        rows = [row.summary for row in query.page(connection, limit=limit)]
    showing.listed(rows, as_json)


@app.command()
@click.argument("key")
@json_option
@pass_session
def show(session: Session, key: str, as_json: bool) -> None:
    """Show the manifest of one version."""
    showing.manifest(reading.manifest(session.store, key), as_json)


@app.command()
@click.argument("key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["trace", "tunix_sft", "training_example"]),
    default="trace",
    help="The shape of each line.",
)
@json_option
@pass_session
def export(session: Session, key: str, file: Path, format_: Any, as_json: bool) -> None:
    """Write one version to FILE as JSON lines; it appears whole or not at all."""
    count = write_whole(file, records.lines(reading.rows(session.store, key), format_))
    if as_json:
        emit_json({"file": str(file), "records": count})
    else:
        say(f"{count:,} records written to {file}")
