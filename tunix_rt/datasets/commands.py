"""tunix-rt datasets: freeze, list, show, export."""

from typing import Any

import click

from tunix_rt.datasets import choosing, freezing, query, reading, showing
from tunix_rt.datasets.commands_export import export
from tunix_rt.datasets.schema import Build
from tunix_rt.kit.terminal import json_option
from tunix_rt.store.session import Session, pass_session


@click.group("datasets")
def app() -> None:
    """Freeze chosen traces, and use what was frozen."""


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


app.add_command(export)
