"""tunix-rt: finds each slice's commands by its folder, and loads them only when used."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from tunix_rt import __version__
from tunix_rt.floorplan import HOUSE, door, rooms
from tunix_rt.kit.errors import TunixError
from tunix_rt.kit.terminal import plain

OWN = {"demo": "demo", "serve": "serve", "work": "serve"}
"""Commands of the program itself, and the module of `cli` each stands in."""


class Program(click.Group):
    """A group whose commands are the slices; help reads docstrings and imports nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return [*OWN, *rooms("commands")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        command: click.Command
        if cmd_name in OWN:
            command = door("cli", OWN[cmd_name], cmd_name)
            return command
        if cmd_name in rooms("commands"):
            command = door(cmd_name, "commands", "app")
            if os.environ.get("TUNIX_RT_URL"):
                command = door("cli", "far", "sent")(cmd_name, command)
            return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line per command, from the first line of its module."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(name)) for name in self.list_commands(ctx)])


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tunix-rt")
def app() -> None:
    """The workbench for reasoning traces.

    Data lives in TUNIX_RT_HOME (SQLite), or where DATABASE_URL points.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program; an explained failure is one sentence and exit code 1."""
    try:
        code = app.main(arguments, prog_name="tunix-rt", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except TunixError as error:
        _refuse(error.message, error.hint)
    except ValueError as error:
        from pydantic import ValidationError  # here, for --help must not wait for it

        if not isinstance(error, ValidationError):
            raise
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        _refuse(f"{field}: {reason}" if field else reason)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(sentence: str, hint: str | None = None) -> NoReturn:
    """One line that says what is wrong, a second with the way out, and exit code 1."""
    click.echo(f"error: {plain(sentence)}", err=True)
    if hint:
        click.echo(f"hint: {plain(hint)}", err=True)
    sys.exit(1)


def _summary(name: str) -> str:
    slice_, module = ("cli", OWN[name]) if name in OWN else (name, "commands")
    first = (HOUSE / slice_ / f"{module}.py").read_text("utf-8").partition("\n")[0]
    said = first.strip('"').partition(": ")[2].rstrip('"')
    if name in OWN and OWN[name] != name:
        said = "run queued work here, without the API."
    return said[:1].upper() + said[1:]
