"""tunix-rt registry: name what a run made, find it again, take it along."""

from pathlib import Path

import click

from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, table
from tunix_rt.registry import promoting, query, zipping
from tunix_rt.registry.commands_exchange import check, export, import_
from tunix_rt.registry.schema import NewModel, Promote
from tunix_rt.store.session import Session, pass_session


@click.group("registry")
def app() -> None:
    """Named models, and their versions."""


for command in (import_, check, export):
    app.add_command(command)


@app.command()
@click.argument("run_id")
@click.argument("name")
@click.option("--label", help="The version's name; v1, v2, ... if left out.")
@json_option
@pass_session
def promote(session: Session, run_id: str, name: str, label: str | None, as_json: bool) -> None:
    """Make a version of model NAME out of what a completed run left behind."""
    if not is_id(run_id):
        raise BadInput(f"{run_id!r} is not the id of a run.", hint="tunix-rt runs list")
    wanted = Promote(source_run_id=run_id, version_label=label)
    row = promoting.promote(session.store, NewModel(name=name), wanted)
    if as_json:
        emit_json(query.version_shown(row).model_dump())
    else:
        line(f"{name} {row.version}: sha256 {row.sha256[:16]}, {row.storage_uri}")


@app.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Show the models."""
    with session.store.read() as connection:
        rows = query.page(connection, limit=1000)
        models = [query.shown(connection, row) for row in rows]
    if as_json:
        emit_json([model.model_dump() for model in models])
        return
    table(
        ("id", "name", "latest", "updated"),
        [(m.id, m.name, m.latest_version, m.updated_at) for m in models],
    )


@app.command()
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show a model's versions."""
    with session.store.read() as connection:
        row = query.by_name(connection, name)
        if row is None:
            raise NotFound(f"No model is called {name!r}.", hint="tunix-rt registry list")
        model = query.detail(connection, row)
    if as_json:
        emit_json(model.model_dump())
        return
    table(
        ("version", "sha256", "bytes", "run", "folder"),
        [
            (v.version, v.sha256[:16], v.size_bytes, v.source_run_id, v.storage_uri)
            for v in model.versions
        ],
    )


@app.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--label", help="Which version; the newest if left out.")
@json_option
@pass_session
def download(session: Session, name: str, file: Path, label: str | None, as_json: bool) -> None:
    """Write a version of model NAME to FILE as a zip; it appears whole or not at all."""
    with session.store.read() as connection:
        row = query.version_named(connection, name, label)
    write_whole(file, zipping.stream(promoting.folder_of(session.store, row)))
    if as_json:
        emit_json({"file": str(file), "version": row.version, "sha256": row.sha256})
    else:
        line(f"{name} {row.version} written to {file}")
