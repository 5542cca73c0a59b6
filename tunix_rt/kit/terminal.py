"""What the terminal doors share: tables, JSON, progress.

Results go to standard output, everything said on the way to standard error, so that
`--json` output can be piped.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click
import msgspec


class Advance(Protocol):
    """Moves a progress bar."""

    def __call__(self, done: int, words: str = "", new_total: int | None = None) -> None:
        """Show that `done` of `new_total` is done."""


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")


def emit_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    click.echo(msgspec.json.encode(value).decode())


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their columns, as wide as the terminal, text shown inert."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        shown.add_column(name, overflow="ellipsis", no_wrap=True)
    for row in rows:
        shown.add_row(*(escape(plain(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(shown)


def plain(cell: object) -> str:
    """A cell as one line without control characters, whatever a model wrote into it."""
    text = "" if cell is None else str(cell)
    return "".join(c if c.isprintable() else " " for c in text)


def say(text: str) -> None:
    """One line on standard error."""
    click.echo(text, err=True)


@contextmanager
def progress(label: str, total: int | None) -> Iterator["Advance"]:
    """A bar on standard error; call it with how much is done, a few words, a new total."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[words]}"),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(label, total=total, words="")

        def advance(done: int, words: str = "", new_total: int | None = None) -> None:
            bar.update(task, completed=done, words=escape(plain(words)), total=new_total or total)

        yield advance
