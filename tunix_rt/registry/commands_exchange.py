"""Commands that bring a checkpoint into the registry, look at one, or write a version out."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.kit.terminal import emit_json, json_option, line
from tunix_rt.registry import query
from tunix_rt.registry.jobs import check_of, export_of, import_of
from tunix_rt.registry.loading.hub import absolute
from tunix_rt.registry.schema_exchange import Checked, CheckModel, Export, Exported, Import
from tunix_rt.runs.foreground import do_now
from tunix_rt.store.session import Session, pass_session

parity_option = click.option(
    "--parity/--no-parity",
    default=True,
    help="Compare logits with transformers' where it is installed.",
)


@click.command("import")
@click.argument("source")
@click.option("--name", help="The model's name; the folder's if left out.")
@click.option("--label", help="The version's name; v1, v2, ... if left out.")
@parity_option
@json_option
@pass_session
def import_(
    session: Session, source: str, name: str | None, label: str | None, parity: bool, as_json: bool
) -> None:
    """Make a version of SOURCE, a folder in the Hugging Face layout or the id of a hub's model."""
    place = absolute(source)
    wanted = Import(
        source=place,
        name=name or Path(place).name,
        version_label=label,
        parity=parity,
    )
    done = do_now(session, import_of(wanted), quiet=as_json)
    if as_json:
        emit_json(done.result)
    else:
        version = done.result["version"]
        line(f"{wanted.name} {version['version']}: sha256 {version['sha256'][:16]}")


@click.command()
@click.argument("source")
@parity_option
@json_option
@pass_session
def check(session: Session, source: str, parity: bool, as_json: bool) -> None:
    """Say whether SOURCE can be loaded and is computed rightly; exit with 1 where not."""
    done = do_now(session, check_of(CheckModel(source=absolute(source), parity=parity)), quiet=True)
    found = Checked.model_validate(done.result)
    if as_json:
        emit_json(found.model_dump())
    else:
        line(found.said)
    if not found.passes:
        raise SystemExit(1)


@click.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--label", help="Which version; the newest if left out.")
@click.option("--format", type=click.Choice(["safetensors", "gguf"]), help="As what.")
@click.option("--max-shard-size", metavar="SIZE", help="Largest weights file, such as 500MB.")
@click.option(
    "--outtype",
    type=click.Choice(["f32", "f16", "bf16", "q8_0", "auto"]),
    help="The number format of a GGUF file.",
)
@json_option
@pass_session
def export(
    session: Session, name: str, folder: Path, label: str | None, as_json: bool, **given: Any
) -> None:
    """Write a version of model NAME to FOLDER, which is new or empty."""
    with session.store.read() as connection:
        row = query.version_named(connection, name, label)
    wanted = Export(
        version_id=row.id,
        folder=str(folder.absolute()),
        **{key: value for key, value in given.items() if value is not None},
    )
    done = do_now(session, export_of(session.settings, row, wanted), quiet=as_json)
    found = Exported.model_validate(done.result)
    if as_json:
        emit_json(found.model_dump())
    else:
        line(f"{name} {row.version} written to {found.folder}: {len(found.files)} files")
