"""tunix-rt evaluate: measure a model or recorded predictions on a suite."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import msgspec

from tunix_rt.evaluate import asking, predicting, query
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.generate import completing
from tunix_rt.kit.errors import BadInput, NotFound
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.terminal import emit_json, json_option, plain, say, table
from tunix_rt.runs import query_read
from tunix_rt.runs.foreground import do_now
from tunix_rt.store import Row
from tunix_rt.store.session import Session, pass_session


@click.group("evaluate")
def app() -> None:
    """Measure answers on a suite, item by item, with intervals."""


@app.command()
@click.argument("model")
@click.argument("suite")
@click.option("--name", help="What the leaderboard calls it; the folder's name if left out.")
@click.option("--template", default="think", help="How prompts are worded for this model.")
@click.option("--system", help="An instruction before each prompt.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many items.")
@click.option("--samples", default=1, type=click.IntRange(1, 1000), help="Answers per item.")
@click.option("--temperature", default=0.0, type=click.FloatRange(0, 10), help="0 is greedy.")
@click.option("--max-new-tokens", default=128, type=click.IntRange(1, 32_768), show_default=True)
@click.option("--seed", default=0, type=click.IntRange(0))
@click.option("--provider", default="jax", show_default=True, help="Where the model runs.")
@json_option
@pass_session
def run(
    session: Session,
    model: str,
    suite: str,
    name: str | None,
    provider: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Ask MODEL every question of SUITE.

    MODEL is a folder or the id of a training run; of another provider than jax, its name there.
    """
    found = _model(session, model) if provider == "jax" else _named(session, model, provider)
    called = found.pop("name")
    config = EvaluateConfig(suite=suite, model_id=name or called, **found, **options)
    _show(session, [_measure(session, config, quiet=as_json)], as_json)


@app.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("suite")
@click.option(
    "--format",
    "format_",
    default="predictions",
    show_default=True,
    help="`predictions` ({id, prediction, model?} lines) or a trace format.",
)
@click.option("--name", help="The model's name where the file does not say one.")
@json_option
@pass_session
def predictions(
    session: Session, file: Path, suite: str, format_: str, name: str | None, as_json: bool
) -> None:
    """Score the answers recorded in FILE, one evaluation per model; no model is asked."""
    by_model, wrong = predicting.read(file, format=format_, model=name or file.stem)
    for reason in wrong:
        say(plain(reason))
    rows = []
    for model, answers in by_model.items():
        lines = (
            msgspec.json.encode({"id": item, "prediction": said}) + b"\n"
            for item, said in answers.items()
        )
        sha256, _ = session.store.blobs.put(lines)
        config = EvaluateConfig(suite=suite, model_id=model, predictions=sha256, batch_size=1024)
        rows.append(_measure(session, config, quiet=as_json))
    _show(session, rows, as_json)
    if wrong:
        raise BadInput(f"{len(wrong)} lines of {file.name} were left out; the rest was scored.")


@app.command("list")
@click.option("--suite", help="Only this suite.")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, suite: str | None, limit: int, as_json: bool) -> None:
    """The leaderboard: finished evaluations, best first."""
    with session.store.read() as connection:
        rows = query.leaderboard(connection, limit=limit, suite=suite)
    _print(list(rows), as_json)


@app.command()
@click.argument("evaluation_id")
@click.option("--outcome", type=click.Choice(["right", "wrong", "undecided", "missing"]))
@click.option("--limit", default=20, type=click.IntRange(1, 100_000), help="How many items.")
@json_option
@pass_session
def show(
    session: Session, evaluation_id: str, outcome: str | None, limit: int, as_json: bool
) -> None:
    """Show one evaluation and its items."""
    if not is_id(evaluation_id):
        raise BadInput(f"{evaluation_id!r} is not the id of an evaluation.")
    with session.store.read() as connection:
        row = query.get(connection, evaluation_id)
        items = query.items(connection, evaluation_id, limit=limit, outcome=outcome)
    if as_json:
        shown = [{**i._mapping, "evaluation_id": evaluation_id} for i in items]
        emit_json({**_summary(row), "families": row.families, "items": shown})
        return
    _print([row], as_json=False)
    table(
        ("family", "n", "accuracy", "95 %"),
        [
            (f["family"], f["n"], f"{f['accuracy']:.3f}", f"{f['ci_low']:.3f}-{f['ci_high']:.3f}")
            for f in row.families
        ],
    )
    table(
        ("item", "outcome", "expected", "answer", "prompt"),
        [(i.item, i.outcome, i.expected, i.answer, i.prompt) for i in items],
    )


def _model(session: Session, model: str) -> dict[str, Any]:
    """A folder, or what a training run left behind."""
    if is_id(model):
        with session.store.read() as connection:
            row = query_read.get(connection, model)
        folder = (row.result or {}).get("model_folder")
        if folder is None:
            raise NotFound(f"The run {model} has left no model behind.")
        return {
            "name": row.model_id or row.name,
            "model_folder": folder,
            "subject_run_id": row.id,
            "dataset_key": row.dataset_key,
        }
    folder = Path(model).absolute()
    found = False
    with suppress(OSError):  # a name too long for the disk is no folder either
        found = folder.is_dir()
    if not found:
        raise NotFound(f"{model} is neither a folder nor the id of a training run.")
    return {"name": folder.name, "model_folder": str(folder)}


def _named(session: Session, model: str, provider: str) -> dict[str, Any]:
    """A model that runs elsewhere."""
    told = completing.told(provider, {"model": model}, session.settings)
    return {"name": model, "provider": provider, "provider_config": told}


def _measure(session: Session, config: EvaluateConfig, *, quiet: bool) -> Row[Any]:
    done = do_now(session, asking.run_of(config), quiet=quiet)
    with session.store.read() as connection:
        return query.get(connection, done.result["evaluation_id"])


def _show(session: Session, rows: list[Row[Any]], as_json: bool) -> None:
    _print(sorted(rows, key=lambda row: -row.accuracy), as_json)


def _print(rows: list[Row[Any]], as_json: bool) -> None:
    if as_json:
        emit_json([_summary(row) for row in rows])
        return
    table(
        ("evaluation", "model", "suite", "accuracy", "95 %", "right", "items"),
        [
            (
                row.id,
                row.model_id,
                row.suite,
                f"{row.accuracy:.3f}",
                f"{row.ci_low:.3f}-{row.ci_high:.3f}",
                row.n_correct,
                row.n_items,
            )
            for row in rows
        ],
    )


def _summary(row: Row[Any]) -> dict[str, Any]:
    return {
        "evaluation_id": row.id,
        "model_id": row.model_id,
        "suite": row.suite,
        "accuracy": row.accuracy,
        "ci95": [row.ci_low, row.ci_high],
        "n_items": row.n_items,
        "n_correct": row.n_correct,
        "n_undecided": row.n_undecided,
        "n_missing": row.n_missing,
    }
