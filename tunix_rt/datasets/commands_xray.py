"""tunix-rt datasets xray: rows as they will be trained."""

from typing import Any

import click

from tunix_rt.datasets import showing_xray, xraying
from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.terminal import json_option
from tunix_rt.rendering.schema_xray import LookAtTraces
from tunix_rt.store.session import Session, pass_session

policy_option = click.option(
    "--policy",
    multiple=True,
    metavar="KEY=VALUE",
    help="What verdicts do: wrong=mask, undecided=0.5, wrong_answer=drop, ...",
)
_OPTIONS = (
    click.option("--template", help="How traces are worded; think if not given."),
    click.option(
        "--tokenizer", metavar="DIR", help="A tokenizer's folder; built from the rows if not given."
    ),
    click.option("--vocab-size", type=int, help="Upper bound of a tokenizer that is built."),
    click.option("--system", help="An instruction before each prompt."),
    click.option("--reasoning", type=click.Choice(["train", "context", "omit"]), help="The steps."),
    policy_option,
    click.option("--max-seq-length", type=int, help="Tokens of a row that fit."),
    click.option("--too-long", type=click.Choice(["refuse", "drop", "cut"]), help="Longer rows."),
    click.option("--batch-size", type=int, help="Of the first batch."),
)


def rendering_options(command: Any) -> Any:
    """How rows become tokens: the options of whoever renders."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("key", required=False)
@click.option("--trace", "traces", multiple=True, help="Stored traces by id, in place of KEY.")
@rendering_options
@click.option("--seed", type=int, help="Of the order of the rows.")
@click.option("--rows", default=5, show_default=True, type=int, help="How many rows are shown.")
@click.option("--row", help="Only the row of this trace.")
@click.option(
    "--prove", default=1000, show_default=True, type=int, help="How many rows are proven."
)
@json_option
@pass_session
def xray(
    session: Session,
    key: str | None,
    traces: tuple[str, ...],
    policy: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Show rows of KEY token by token with their weights; exit code 1 if a proof is broken."""
    look = showing_xray.looked(options, policy, traces)
    if isinstance(look, LookAtTraces):
        found = xraying.of_traces(session.store, look)
    elif key is not None:
        found = xraying.of_dataset(session.store, key, look)
    else:
        raise BadInput("Name a dataset's key, or traces with --trace.")
    showing_xray.xray(found, as_json)
    if not found.proofs.ok:
        raise SystemExit(1)
