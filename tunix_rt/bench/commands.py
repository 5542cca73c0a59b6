"""tunix-rt bench: how fast this machine is at what takes longest."""

from typing import Any, get_args

import click
from pydantic import ValidationError

from tunix_rt.bench.machine import hardware
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.terminal import emit_json, json_option, line, table
from tunix_rt.rendering.schema_batching import Batching
from tunix_rt.train.schema_bench import Size, StepBench, StepTimes
from tunix_rt.train.schema_machine import Precision
from tunix_rt.train.training import bench

LAYOUTS = ("padded", "buckets", "packed")


@click.group("bench")
def app() -> None:
    """Measure this machine."""


@app.command()
@click.option(
    "--size", "sizes", multiple=True, type=click.Choice(get_args(Size)), default=("nano", "small")
)
@click.option("--precision", "precisions", multiple=True, type=click.Choice(get_args(Precision)))
@click.option("--layout", "layouts", multiple=True, type=click.Choice(LAYOUTS))
@click.option("--width", type=click.IntRange(16, 131_072), default=512, show_default=True)
@click.option("--batch-tokens", type=click.IntRange(8, 2**27), default=4096, show_default=True)
@click.option("--steps", type=click.IntRange(2, 10_000), default=8, show_default=True)
@click.option(
    "--device", default="auto", show_default=True, help="auto, cpu, gpu or tpu, or gpu:1."
)
@click.option("--backend", default="tunix", show_default=True)
@json_option
def train(
    sizes: tuple[Size, ...],
    precisions: tuple[Precision, ...],
    layouts: tuple[Any, ...],
    backend: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Time training steps on random rows of log-normal length, for each size and layout."""
    found = []
    tokens = given.pop("batch_tokens")
    for size in sizes:
        for precision in precisions or ("float32",):
            for layout in layouts or LAYOUTS:
                batching = Batching(layout=layout, batch_tokens=tokens)
                asked = _asked(size=size, precision=precision, batching=batching, **given)
                found.append(bench(backend, asked))
    machine = hardware()
    if as_json:
        emit_json({"machine": machine, "results": [one.model_dump() for one in found]})
        return
    line(f"{machine['cpu']}, {machine['cores']} cores; {found[0].device}")
    columns = ("size", "numbers", "layout", "useful tokens/s", "tokens/s", "MFU", "compile s", "MB")
    table(columns, list(map(_row, found)))


def _asked(**given: Any) -> StepBench:
    try:
        return StepBench(**given)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"--{first['loc'][0]}: {first['input']!r} is no such thing.") from None


def _row(one: StepTimes) -> tuple[object, ...]:
    return (
        one.size,
        one.precision,
        one.layout,
        f"{one.useful_tokens_per_second:,.0f}",
        f"{one.tokens_per_second:,.0f}",
        f"{one.mfu:.1%}",
        f"{one.compile_seconds:.1f}",
        f"{one.peak_memory_bytes / 1e6:,.0f}",
    )
