"""tunix-rt train: run a recipe on a frozen dataset."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.datasets import query as datasets
from tunix_rt.kit.errors import BadInput, Conflict
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, table
from tunix_rt.runs import query, query_read
from tunix_rt.runs.foreground import do_again, do_now
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Row
from tunix_rt.store.session import Session, pass_session
from tunix_rt.train import resuming
from tunix_rt.train.recipes import load_recipe, recipe_schema
from tunix_rt.train.schema import TrainConfig
from tunix_rt.train.training import backends


@click.group("train")
def app() -> None:
    """Teach a model with a frozen dataset."""


@app.command()
@click.argument("recipe", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dataset", required=True, help="The key of a frozen dataset.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change one key.")
@click.option("--run-id", help="The id of the run, a UUID; of the one to go on with --resume.")
@click.option(
    "--resume", metavar="latest|STEP", help="Go on with a run that stopped early, from here."
)
@click.option("--queue", is_flag=True, help="Only queue it; a worker does it.")
@json_option
@pass_session
def run(
    session: Session,
    recipe: Path,
    dataset: str,
    changes: tuple[str, ...],
    run_id: str | None,
    resume: str | None,
    queue: bool,
    as_json: bool,
) -> None:
    """Train RECIPE (TOML, YAML or JSON) on a dataset, here and now, and wait for it."""
    chosen = load_recipe(recipe, dict(map(_change, changes)))
    if run_id is not None and not is_id(run_id):
        raise BadInput(f"{run_id[:100]!r} is not the id of a run: a UUID is expected.")
    new = NewRun(
        kind="train",
        name=f"{chosen.name} on {dataset}",
        config=TrainConfig(recipe=chosen, dataset_key=dataset),
        dataset_key=dataset,
        model_id=chosen.name,
        id=run_id,
    )
    with session.store.read() as connection:
        datasets.get(connection, dataset)
        stopped = None if resume is None else resuming.found(connection, new)
    if stopped is not None and resume is not None:
        folder = session.store.home / "runs" / stopped
        resuming.place(folder, chosen, resume)
    if queue:
        with session.store.write() as connection:
            run_id = stopped or query.enqueue(connection, new)
            if stopped is not None:
                query.requeue(connection, stopped)
        emit_json({"run_id": run_id, "status": "pending"})
        return
    if stopped is None:
        row = do_now(session, new, quiet=as_json)
    else:
        row = do_again(session, stopped, new.name, quiet=as_json)
    _report(row, as_json)


def _report(row: Row[Any], as_json: bool) -> None:
    result = row.result or {}
    if as_json:
        emit_json({"run_id": row.id, "status": row.status, **result})
        return
    line(
        f"{row.id} {row.status}: loss {result['first_loss']:.4f} -> {result['final_loss']:.4f} "
        f"in {result['steps']} steps, {result['seconds']:.1f} s"
    )
    line(result["model_folder"])


@app.command()
@click.argument("run_id")
@json_option
@pass_session
def resume(session: Session, run_id: str, as_json: bool) -> None:
    """Queue a cancelled or failed training again: it goes on from its last checkpoint."""
    if not is_id(run_id):
        raise BadInput(
            f"{run_id!r} is not the id of a run.", hint="tunix-rt runs list --kind train"
        )
    with session.store.write() as connection:
        row = query_read.get(connection, run_id)
        if row.status not in ("cancelled", "failed", "timeout"):
            raise Conflict(f"The run is {row.status}; only one that stopped early can go on.")
        query.requeue(connection, run_id)
    emit_json({"run_id": run_id, "status": "pending"})


@app.command()
def schema() -> None:
    """Print the JSON Schema of a recipe, for an editor."""
    emit_json(recipe_schema())


@app.command("backends")
@json_option
def backends_(as_json: bool) -> None:
    """List the training backends."""
    known = [{"name": name, "summary": backends.summary(name)} for name in backends.names()]
    if as_json:
        emit_json(known)
    else:
        table(("name", "what it is"), [(b["name"], b["summary"]) for b in known])


def _change(text: str) -> tuple[str, Any]:
    """KEY=VALUE with the value read as TOML, or as text if it is none."""
    import tomllib

    key, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"--set {text!r} is not KEY=VALUE.")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return key.strip(), value
