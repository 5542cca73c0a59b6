"""tunix-rt train: run a recipe on a frozen dataset."""

from pathlib import Path
from typing import Any

import click

from tunix_rt.datasets import query as datasets
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import (
    after_option,
    emit_json,
    json_option,
    line,
    priority_option,
    table,
)
from tunix_rt.runs import showing
from tunix_rt.runs.foreground import do_again, do_now, go_on, let_go
from tunix_rt.store import Row
from tunix_rt.store.session import Session, pass_session
from tunix_rt.train import bases, forking, queueing, resuming, showing_dry
from tunix_rt.train.commands_checkpoints import checkpoints
from tunix_rt.train.commands_rollouts import doctor, rollouts
from tunix_rt.train.naming import absolute_recipe
from tunix_rt.train.recipes import load_recipe, recipe_schema
from tunix_rt.train.schema_dry import DryRun
from tunix_rt.train.starting import starting_recipes
from tunix_rt.train.training import backends


@click.group("train")
def app() -> None:
    """Teach a model with a frozen dataset, or let it practise."""


app.add_command(rollouts)
app.add_command(doctor)
app.add_command(checkpoints)


@app.command()
@click.argument("recipe", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dataset", required=True, help="The key of a frozen dataset.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change one key.")
@click.option("--run-id", help="The id of the run, a UUID; of the one to go on with --resume.")
@click.option(
    "--resume", metavar="latest|STEP", help="Go on with a run that stopped early, from here."
)
@click.option(
    "--fork", metavar="RUN[:STEP]", help="Begin with the weights of a checkpoint of another run."
)
@click.option("--dry-run", is_flag=True, help="Only say what it would be and take.")
@click.option("--queue", is_flag=True, help="Only queue it; a worker does it.")
@click.option(
    "--evaluate", metavar="SUITE", help="With --queue: measure the model on a suite afterwards."
)
@after_option
@priority_option
@json_option
@pass_session
def run(
    session: Session,
    recipe: Path,
    dataset: str,
    changes: tuple[str, ...],
    run_id: str | None,
    resume: str | None,
    fork: str | None,
    dry_run: bool,
    queue: bool,
    evaluate: str | None,
    after: tuple[str, ...],
    priority: int,
    as_json: bool,
) -> None:
    """Train RECIPE (TOML, YAML or JSON) on a dataset, here and now, and wait for it."""
    chosen = absolute_recipe(load_recipe(recipe, dict(map(_change, changes))))
    if run_id is not None and not is_id(run_id):
        raise BadInput(f"{run_id[:100]!r} is not the id of a run: a UUID is expected.")
    if dry_run and (resume is not None or evaluate is not None):
        raise BadInput("A dry run has nothing to go on with, and leaves nothing to evaluate.")
    if evaluate is not None and not queue:
        raise BadInput("--evaluate needs --queue.", hint="tunix-rt evaluate run RUN SUITE")
    begun = None if fork is None else forking.named(fork)
    with session.store.read() as connection:
        datasets.get(connection, dataset)
        chosen = bases.settled(connection, chosen)
        if resume is None:  # else its weights may lie in the run already
            begun = forking.settled(connection, session.store.home / "runs", begun)
    new = queueing.wanted(
        chosen,
        dataset,
        run_id=run_id,
        priority=priority,
        after=tuple(map(showing.checked, after)),
        dry_run=dry_run,
        fork=begun,
    )
    with session.store.read() as connection:
        stopped = None if resume is None else resuming.found(connection, new)
    if stopped is not None and resume is not None:
        let_go(session, stopped)
        folder = session.store.home / "runs" / stopped
        resuming.place(folder, chosen, resume)
    if queue:
        with session.store.write() as connection:
            if stopped is not None:
                go_on(connection, stopped)
                emit_json({"run_id": stopped, "status": "pending"})
            else:
                emit_json(queueing.queue(connection, new, evaluate).model_dump())
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
    if "dry_run" in result:
        table(("", ""), showing_dry.facts(DryRun.model_validate(result["dry_run"])))
        return
    line(
        f"{row.id} {row.status}: loss {result['first_loss']:.4f} -> {result['final_loss']:.4f} "
        f"in {result['steps']} steps, {result['seconds']:.1f} s"
    )
    line(result["model_folder"])


@app.command()
def schema() -> None:
    """Print the JSON Schema of a recipe, for an editor."""
    emit_json(recipe_schema())


@app.command("recipes")
@json_option
def recipes_(as_json: bool) -> None:
    """List recipes to begin with; with --json they are whole, as a recipe file has them."""
    known = starting_recipes()
    if as_json:
        emit_json([one.model_dump() for one in known])
    else:
        table(("name", "what it does"), [(one.name, one.description) for one in known])


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
