"""tunix-rt judges: ask a model, by a rubric, whether traces are right."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import BaseModel, ValidationError

from tunix_rt.generate.completing import told
from tunix_rt.judges import query, voting
from tunix_rt.judges.schema import Judge, JudgeConfig, Rubric
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.lines import decode_line
from tunix_rt.kit.terminal import emit_json, json_option, line, query_option, table
from tunix_rt.runs.foreground import do_now
from tunix_rt.store.session import Session, pass_session
from tunix_rt.traces import query as traces
from tunix_rt.traces import showing

M = TypeVar("M", bound=BaseModel)

LARGEST = 65_536
"""Bytes of a rubric file."""


@click.group("judges")
def app() -> None:
    """Models asked, by a rubric, whether traces are right."""


@app.command()
@click.argument("rubric", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--provider", default="openai", show_default=True, help="Where the model runs.")
@click.option("--model", help="Which model: a folder for jax, a name for others.")
@click.option("--config", default="{}", metavar="JSON", help="More of the provider's config.")
@query_option
@click.option("--limit", type=click.IntRange(1), help="Only the oldest so many traces.")
@click.option("--votes", default=1, type=click.IntRange(1, 25), show_default=True)
@click.option("--temperature", default=0.0, type=click.FloatRange(0, 10), show_default=True)
@click.option("--seed", default=0, type=click.IntRange(0, 2**30 - 1), show_default=True)
@click.option("--max-tokens", "max_new_tokens", default=512, type=click.IntRange(16, 32_768))
@json_option
@pass_session
def ask(
    session: Session,
    rubric: Path,
    model: str | None,
    config: str,
    wanted: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Ask about every matching trace, by the rubric file RUBRIC (TOML).

    What this judge has said of a trace already is kept, and not asked again.
    """
    chosen = _config(session, _rubric(rubric), model, config, given)
    chosen = chosen.model_copy(update={"filter": showing.chosen(wanted)})
    done = do_now(session, voting.wanted(chosen), quiet=as_json)
    if as_json:
        emit_json({"run_id": done.id, **done.result})
    else:
        r = done.result
        line(f"{r['judge']}: {r['right']} right, {r['wrong']} wrong, {r['undecided']} undecided")


@app.command("list")
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many.")
@json_option
@pass_session
def list_(session: Session, limit: int, as_json: bool) -> None:
    """Show judges, newest first."""
    with session.store.read() as connection:
        found = query.page(connection, limit)
    if as_json:
        emit_json([one.model_dump() for one in found])
        return
    table(
        ("judge", "subject", "model", "traces", "right", "wrong", "undecided"),
        [_row(one) for one in found],
    )


@app.command()
@click.argument("trace_id")
@json_option
@pass_session
def show(session: Session, trace_id: str, as_json: bool) -> None:
    """Show what every judge says of the trace TRACE_ID, vote by vote."""
    with session.store.read() as connection:
        traces.get(connection, showing.checked(trace_id))
        found = query.said(connection, [trace_id]).get(trace_id, [])
    if as_json:
        emit_json([one.model_dump() for one in found])
        return
    table(
        ("judge", "vote", "verdict", "step", "reason"),
        [(one.judge, v.vote, v.outcome, v.step, v.reason) for one in found for v in one.votes],
    )


def _config(
    session: Session, rubric: Rubric, model: str | None, text: str, given: dict[str, Any]
) -> JudgeConfig:
    try:
        told_ = decode_line(text.encode(errors="replace"), dict[str, Any])
    except ValueError as error:
        raise BadInput(f"--config is not a JSON object: {error}.") from None
    if model is not None:
        told_["model"] = model
    known = told(given["provider"], told_, session.settings)
    return _valid(JudgeConfig, {"rubric": rubric, "provider_config": known, **given})


def _rubric(file: Path) -> Rubric:
    if file.stat().st_size > LARGEST:
        raise BadInput(f"{file.name!r} is larger than any rubric ({LARGEST} bytes).")
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{file.name!r} is not a TOML file: {error}.") from None
    return _valid(Rubric, {"name": file.stem.lower(), **content})


def _valid(shape: type[M], content: dict[str, Any]) -> M:
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{place + ': ' if place else ''}{first['msg']}.") from None


def _row(one: Judge) -> tuple[Any, ...]:
    model = one.provider_config.get("model", "")
    votes = one.votes
    return (
        one.id,
        one.rubric.subject,
        f"{model} ({one.provider})",
        one.traces,
        votes.right,
        votes.wrong,
        votes.undecided,
    )
