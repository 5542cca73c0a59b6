"""What the terminal doors share: tables, JSON, progress.

Results go to standard output, everything said on the way to standard error, so that
`--json` output can be piped.
"""

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import Any, Literal, Protocol

import click
import msgspec


class Advance(Protocol):
    """Moves a progress bar."""

    def __call__(self, done: int, words: str = "", new_total: int | None = None) -> None:
        """Show that `done` of `new_total` is done."""


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")
query_option = click.option(
    "--query", "wanted", help="Only traces that match, in the query language."
)
"""Which traces; given to the command as `wanted`."""

priority_option = click.option(
    "--priority",
    type=click.IntRange(-1000, 1000),
    default=0,
    help="Runs of a higher one go first.",
)
after_option = click.option(
    "--after", multiple=True, metavar="RUN", help="Wait until this run is completed."
)


def emit_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    click.echo(msgspec.json.encode(value).decode())


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their columns, as wide as the terminal, text shown inert."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:  # a column that may not wrap would take its room from the narrow ones
        shown.add_column(Text(name, no_wrap=True))
    for row in rows:
        shown.add_row(*(Text(plain(cell), no_wrap=True, overflow="ellipsis") for cell in row))
    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(shown)


def plain(cell: object, *, lines: bool = False) -> str:
    """A cell without control characters, whatever a model wrote into it; as one line, or several.

    What a stranger wrote must not drive the terminal.
    """
    text = "" if cell is None else str(cell)
    kept = "\n\t" if lines else ""
    return "".join(c if c.isprintable() or c in kept else " " for c in text)


def line(text: str) -> None:
    """One line of a result on standard output, shown inert."""
    click.echo(plain(text))


def lines(text: str) -> None:
    """Lines of a result on standard output, shown inert."""
    click.echo(plain(text, lines=True))


Tint = Literal["strong", "weak", "dim"]

_TINTS: dict[Tint, dict[str, Any]] = {
    "strong": {"fg": "green", "bold": True},
    "weak": {"fg": "yellow"},
    "dim": {"dim": True},
}


def tinted(parts: Iterable[tuple[str, Tint]]) -> None:
    """Pieces of text, some of which stand out, shown inert; without colour where it is piped."""
    click.echo("".join(click.style(plain(text, lines=True), **_TINTS[t]) for text, t in parts))


def say(text: str) -> None:
    """Something said on the way, on standard error, shown inert."""
    click.echo(plain(text, lines=True), err=True)


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
        task = bar.add_task(escape(plain(label)), total=total, words="")

        def advance(done: int, words: str = "", new_total: int | None = None) -> None:
            bar.update(task, completed=done, words=escape(plain(words)), total=new_total or total)

        yield advance


Hear = Callable[[int, FrameType | None], object]
"""What handles a signal."""


@contextmanager
def hearing(heard: Hear, *signals: signal.Signals) -> Iterator[None]:
    """Inside, `heard` handles these signals, except those ignored so far; no other thread may."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {one: then for one in signals if (then := signal.getsignal(one)) != signal.SIG_IGN}
    for one in before:
        signal.signal(one, heard)
    try:
        yield
    finally:
        for one, then in before.items():
            signal.signal(one, then)


def hanging_up(stop: Callable[[], object]) -> AbstractContextManager[None]:
    """Inside, `stop` is called when the terminal closes, unless it is to go on then (nohup)."""

    def heard(_signal: int, _frame: FrameType | None) -> None:
        _leave()
        stop()

    return hearing(heard, signal.SIGHUP)


def _leave() -> None:
    """Write nothing more to a terminal that has closed, which would be an error."""
    for stream in (1, 2):
        try:
            os.tcgetpgrp(stream)
        except OSError as error:
            if error.errno == errno.EIO:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
