"""tunix-rt datasets export: one version in a format that others read."""

from pathlib import Path

import click

from tunix_rt.datasets import showing_export
from tunix_rt.datasets.commands_xray import policy_option
from tunix_rt.datasets.exporting import Export
from tunix_rt.kit.terminal import json_option
from tunix_rt.rendering import exporting
from tunix_rt.store.session import Session, pass_session


@click.command()
@click.argument("key")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(exporting.names()),
    default="trace",
    show_default=True,
    help="What is written; docs/guides/exporting.md tells them apart.",
)
@click.option("--split", help="Only this split; `each` writes a folder with a file for each.")
@policy_option
@json_option
@pass_session
def export(
    session: Session,
    key: str,
    file: Path,
    format_: str,
    split: str | None,
    policy: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write one version to FILE, or to a new folder FILE; it appears whole or not at all."""
    masks = exporting.policy(format_, policy)
    written = exporting.write(format_, Export(session.store, key), file, split, masks)
    showing_export.written(file, written.records, written.rows, as_json)
