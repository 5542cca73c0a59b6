"""tunix-rt tasks: generate problems with worked steps, freeze eval suites."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.files import write_whole
from tunix_rt.kit.terminal import emit_json, json_option, line, lines, plain, say, table
from tunix_rt.store.session import Session, pass_session
from tunix_rt.tasks import generating, making, query, sampling, suites
from tunix_rt.tasks.schema import Draw, Task


def _draw_options(command: Any) -> Any:
    for option in (
        click.option(
            "--split",
            type=click.Choice(["train", "test"]),
            default="train",
            show_default=True,
            help="Which side of the wall; no prompt is on both.",
        ),
        click.option("--seed", default=0, type=click.IntRange(0), show_default=True),
        click.option(
            "--config", default="{}", metavar="JSON", help="The generator's config, as JSON."
        ),
        click.argument("generator"),
    ):
        command = option(command)
    return command


_count = click.option("--count", required=True, type=click.IntRange(1, 10_000_000))


@click.group("tasks")
def app() -> None:
    """Problems with a way to check the answer: generators and suites."""


@app.command()
@json_option
def generators(as_json: bool) -> None:
    """List the task generators, and whether what they need is installed."""
    known = generating.described()
    if as_json:
        emit_json([one.model_dump() for one in known])
        return
    rows = [(one.name, "yes" if one.available else one.install, one.summary) for one in known]
    table(("name", "installed", "what it is"), rows)


@app.command()
@click.argument("generator")
@json_option
def families(generator: str, as_json: bool) -> None:
    """List the kinds of problems of GENERATOR, and which have worked steps."""
    known = generating.generators.load(generator).families()
    if as_json:
        emit_json([one.model_dump() for one in known])
    else:
        table(("family", "steps"), [(one.name, "yes" if one.worked else "") for one in known])


@app.command()
@_draw_options
@json_option
def preview(as_json: bool, **drawn: Any) -> None:
    """Show three tasks of GENERATOR with their steps; nothing is stored."""
    made = sampling.samples(generating.read_draw(**drawn))
    if as_json:
        emit_json([one.model_dump() for one in made])
        return
    for task in made:
        lines(f"{task.family}: {task.prompt}")
        for step in task.steps:
            line(f"  {step.type}: {step.content}")
        line(f"  = {task.expected}")


@app.command()
@_draw_options
@_count
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@pass_session
def generate(session: Session, count: int, file: Path, as_json: bool, **drawn: Any) -> None:
    """Write COUNT problems with worked steps to FILE, as ReasoningTraces to import."""
    tasks = _made(session, generating.read_draw(**drawn), count)
    written = write_whole(
        file, (msgspec.json.encode(trace) + b"\n" for trace in suites.traces(tasks))
    )
    if as_json:
        emit_json({"file": str(file), "traces": written})
    else:
        say(f"{written:,} traces written to {file}")


@app.command()
@_draw_options
@_count
@click.argument("name")
@json_option
@pass_session
def suite(session: Session, count: int, name: str, as_json: bool, **drawn: Any) -> None:
    """Freeze COUNT problems of a generator as the suite NAME, to evaluate on."""
    draw = generating.read_draw(**drawn)
    tasks = _made(session, draw, count)
    items = suites.from_tasks(session.store, name, suites.origin(draw), tasks)
    _frozen(name, items, as_json)


@app.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("name")
@json_option
@pass_session
def import_(session: Session, file: Path, name: str, as_json: bool) -> None:
    """Freeze an eval-set file as the suite NAME.

    Lines are {id, prompt, expected_answer, section?, category?, difficulty?}, or GSM8K's
    {question, answer}. If a line is wrong, nothing is stored.
    """
    items, wrong = suites.from_file(session.store, name, file)
    for reason in wrong:
        say(plain(reason))
    if wrong:
        raise BadInput(f"{len(wrong)} lines of {file.name} are wrong; no suite was made.")
    _frozen(name, items, as_json)


@app.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Show suites, newest first."""
    with session.store.read() as connection:
        rows = query.page(connection, limit=1000)
    if as_json:
        emit_json([{"name": r.name, "items": r.item_count, "origin": r.origin} for r in rows])
        return
    table(("name", "items", "from"), [(r.name, r.item_count, _origin(r.origin)) for r in rows])


@app.command()
@click.argument("name")
@click.option("--limit", default=20, type=click.IntRange(1, 100_000), help="How many items.")
@json_option
@pass_session
def show(session: Session, name: str, limit: int, as_json: bool) -> None:
    """Show the problems of a suite."""
    with session.store.read() as connection:
        query.get(connection, name)
        rows = query.items(connection, name, limit=limit)
    if as_json:
        emit_json([dict(row._mapping) for row in rows])
        return
    table(
        ("key", "family", "verifier", "expected", "prompt"),
        [(r.key, r.family, r.verifier or "auto", r.expected, r.prompt) for r in rows],
    )


def _made(session: Session, draw: Draw, count: int) -> Iterator[Task]:
    """The tasks of a draw; those that are slow to make are kept in the store."""
    make = making.here(draw)
    slow = generating.generators.load(draw.generator).CACHED
    source = making.kept(session.store, draw, make) if slow else making.stream(make)
    return generating.different(draw.generator, source, draw.split, count)


def _frozen(name: str, items: int, as_json: bool) -> None:
    if as_json:
        emit_json({"suite": name, "items": items})
    else:
        line(f"{name}: {items:,} items")


def _origin(origin: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in origin.items())
