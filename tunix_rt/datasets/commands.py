"""tunix-rt datasets: freeze, list, show, export."""

from pathlib import Path
from typing import Any, get_args

import click

from tunix_rt.datasets import choosing, comparing, describing, query, reading, showing
from tunix_rt.datasets.commands_export import export
from tunix_rt.datasets.commands_xray import rendering_options, xray
from tunix_rt.datasets.jobs import proof_of, run_of
from tunix_rt.datasets.schema import MOST
from tunix_rt.datasets.schema_proof import Verified
from tunix_rt.kit.terminal import json_option, lines, query_option
from tunix_rt.rendering.schema_proofs import ProofName
from tunix_rt.runs import query_read
from tunix_rt.runs.foreground import do_now
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
@query_option
@click.option(
    "--meta",
    "metas",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only this meta value, as JSON or else as text.",
)
@click.option("--limit", type=click.IntRange(1, MOST), help="At most this many.")
@click.option(
    "--pipeline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Choose by the stages in this file (TOML, YAML or JSON).",
)
@click.option("--curation", metavar="RUN", help="Freeze what this finished curation kept.")
@click.option("--seed", type=int, help="Choose at random with this seed, not the newest.")
@click.option("--latest", is_flag=True, help="With a seed, choose the newest all the same.")
@click.option(
    "--split",
    "splits",
    multiple=True,
    metavar="NAME=SHARE",
    help="Hold out this share of the prompts; train gets the rest.",
)
@click.option(
    "--split-by",
    type=click.Choice(["prompt", "template", "meta.split"]),
    help="What never stands in two splits.",
)
@click.option(
    "--part",
    "parts",
    multiple=True,
    metavar="NAME=SHARE:QUERY",
    help="One part of a mixture, and its share of the rows.",
)
@click.option(
    "--parent", "parent_dataset_id", metavar="KEY", help="What this version holds out, too."
)
@rendering_options
@click.option("--batch-seed", type=int, help="Of the order of the rows in training.")
@click.option(
    "--despite",
    multiple=True,
    type=click.Choice(get_args(ProofName)),
    help="A proof that the rendering may break.",
)
@click.option("--licence", help="Of traces whose meta names none.")
@json_option
@pass_session
def build(session: Session, as_json: bool, **given: Any) -> None:
    """Freeze the traces that match as NAME-VERSION; a version is never overwritten."""
    done = do_now(session, run_of(choosing.request(**given)), quiet=as_json)
    found = reading.version(session.store, done.result["dataset_key"])
    with session.store.read() as connection:
        path = session.store.blobs.path(query.get(connection, found.dataset_key).manifest_sha256)
    showing.built(found.dataset_key, found.trace_count, found.content_sha256, str(path), as_json)


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
    showing.manifest(reading.version(session.store, key), as_json)


@app.command()
@click.argument("key")
@json_option
@pass_session
def verify(session: Session, key: str, as_json: bool) -> None:
    """Recompute every hash of a version; exit with 1 where it is not what it was."""
    with session.store.read() as connection:
        query.get(connection, key)
    done = do_now(session, proof_of(key), quiet=True)
    found = Verified.model_validate(done.result)
    showing.verified(found, as_json)
    if not found.ok:
        raise SystemExit(1)


@app.command()
@click.argument("before")
@click.argument("after")
@click.option("--limit", default=20, type=click.IntRange(0, 100), help="Rows of each kind to show.")
@json_option
@pass_session
def diff(session: Session, before: str, after: str, limit: int, as_json: bool) -> None:
    """Show which rows version AFTER has more, has less, or holds differently than BEFORE."""
    showing.difference(comparing.diff(session.store, before, after, limit=limit), as_json)


@app.command()
@click.argument("key")
@pass_session
def card(session: Session, key: str) -> None:
    """Print the data card of a version, as Markdown."""
    lines(describing.card(reading.version(session.store, key)).rstrip())


@app.command()
@click.argument("key")
@click.option("--start", default=0, type=click.IntRange(0), help="The first row, from 0.")
@click.option("--limit", default=20, type=click.IntRange(1, 1000), help="How many.")
@click.option("--split", help="Only this split.")
@json_option
@pass_session
def rows(
    session: Session, key: str, start: int, limit: int, split: str | None, as_json: bool
) -> None:
    """Show some rows of a version, in their order."""
    showing.rows(reading.page(session.store, key, start=start, limit=limit, split=split), as_json)


@app.command()
@click.argument("key")
@json_option
@pass_session
def lineage(session: Session, key: str, as_json: bool) -> None:
    """Show what a version was made from, and what was made with it."""
    with session.store.read() as connection:
        query.get(connection, key)
        found = query_read.lineage_of(connection, "dataset", key)
    showing.lineage(found, reading.version(session.store, key), as_json)


app.add_command(export)
