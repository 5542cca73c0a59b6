"""tunix-rt tune: try recipes that differ in a few values, and name the best."""

import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, line, table
from tunix_rt.runs.foreground import do_now
from tunix_rt.store import Connection
from tunix_rt.store.session import Session, pass_session
from tunix_rt.tune import query, starting
from tunix_rt.tune.schema import Choice, Dimension, Job, NewJob, Scalar

LARGEST = 1_048_576
"""Bytes of a job's file."""


@click.group("tune")
def app() -> None:
    """Search for the values of a recipe that do best."""


@app.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dataset", help="The key of a frozen dataset, instead of the file's.")
@json_option
@pass_session
def create(session: Session, file: Path, dataset: str | None, as_json: bool) -> None:
    """Keep the tuning job that FILE (TOML) describes."""
    content = _read(file)
    if dataset is not None:
        content["dataset_key"] = dataset
    if unknown := sorted(set(content) - set(NewJob.model_fields)):
        raise BadInput(
            f"A tuning job has no key {unknown[0]!r}.",
            hint=f"Known: {', '.join(NewJob.model_fields)}.",
        )
    new = NewJob.model_validate({"name": file.stem, **content})
    with session.store.write() as connection:
        job_id = starting.create(connection, new)
    _show(session, job_id, as_json)


@app.command("list")
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show tuning jobs, newest first."""
    with session.store.read() as connection:
        rows = query.page(connection, limit=limit)
        jobs = [query.shown(connection, row) for row in rows]
    if as_json:
        emit_json([job.model_dump() for job in jobs])
        return
    table(
        ("id", "name", "status", "metric", "trials", "best"),
        [(j.id, j.name, j.status, j.metric_name, j.num_samples, _found(j)) for j in jobs],
    )


@app.command()
@click.argument("job_id")
@json_option
@pass_session
def show(session: Session, job_id: str, as_json: bool) -> None:
    """Show one job and its trials."""
    _show(session, _id(job_id), as_json)


@app.command()
@click.argument("job_id")
@click.option("--wait", is_flag=True, help="Do it here and now, and wait for it.")
@json_option
@pass_session
def start(session: Session, job_id: str, wait: bool, as_json: bool) -> None:
    """Queue a job's trials; workers do them."""
    store = session.store
    if wait:
        with store.read() as connection:
            new = starting.ready(connection, _id(job_id), session.settings)
        do_now(session, new, quiet=as_json, queued=partial(_started, job_id))
    else:
        with store.write() as connection:
            starting.start(connection, _id(job_id), session.settings)
    _show(session, job_id, as_json)


@app.command()
@click.argument("job_id")
@json_option
@pass_session
def cancel(session: Session, job_id: str, as_json: bool) -> None:
    """Stop a job and its open trials; what has ended is kept."""
    with session.store.write() as connection:
        starting.cancel(connection, _id(job_id))
    _show(session, job_id, as_json)


def _started(job_id: str, connection: Connection, run_id: str) -> None:
    starting.started(connection, job_id, run_id)


def _show(session: Session, job_id: str, as_json: bool) -> None:
    with session.store.read() as connection:
        job = query.shown(connection, query.get(connection, job_id), with_trials=True)
    if as_json:
        emit_json(job.model_dump())
    else:
        _print(job)


def _print(job: Job) -> None:
    line(f"{job.id} {job.name}: {job.status}, {job.metric_mode} of {job.metric_name}")
    searched = [name for name, dimension in job.search_space_json.items() if _varies(dimension)]
    table(
        ("trial", "status", job.metric_name, "run", *searched, "error"),
        [
            (
                f"{t.number} *" if t.run_id and t.run_id == job.best_run_id else t.number,
                t.status,
                _short(t.metric_value),
                t.run_id,
                *(_short(t.params_json[name]) for name in searched),
                t.error,
            )
            for t in job.trials or []
        ],
    )
    if job.best_params_json is not None:
        line(f"best: {_found(job)}")


def _found(job: Job) -> str:
    """The values that did best, of what was searched."""
    best, space = job.best_params_json or {}, job.search_space_json
    varied = (name for name in best if name not in space or _varies(space[name]))
    return ", ".join(f"{name}={_short(best[name])}" for name in varied)


def _varies(dimension: Dimension) -> bool:
    return not isinstance(dimension, Choice) or len(dimension.values) > 1


def _short(value: Scalar) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _read(file: Path) -> dict[str, Any]:
    if file.stat().st_size > LARGEST:
        raise BadInput(f"{file.name!r} is larger than any tuning job ({LARGEST} bytes).")
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file.name!r} is not a TOML file: {error}.") from None
    except RecursionError:
        raise BadInput(f"{file.name!r} is nested too deeply to be a tuning job.") from None


def _id(job_id: str) -> str:
    if not is_id(job_id):
        raise BadInput(f"{job_id!r} is not the id of a job.", hint="tunix-rt tune list")
    return job_id
