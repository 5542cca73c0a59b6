"""What every command is handed: this machine's settings, and the store once it is needed."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

import click

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.settings import Settings, read_settings
from tunix_rt.store.engine import Store, open_store


class Session:
    """Settings and store of one invocation; the store opens when it is first used."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._given = settings

    @cached_property
    def settings(self) -> Settings:
        """The settings of this machine."""
        return self._given or read_settings()

    @cached_property
    def store(self) -> Store:
        """The open, migrated store; not while a server is to do the work."""
        if self.settings.url:
            raise BadInput(
                "This command works in the data folder, and TUNIX_RT_URL names a server.",
                hint="Run it where the server is, or unset TUNIX_RT_URL.",
            )
        return open_store(self.settings)


def pass_session(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the session to a command as its first argument."""

    @wraps(command)
    def handed(*arguments: Any, **options: Any) -> Any:
        context = click.get_current_context()
        return command(context.ensure_object(Session), *arguments, **options)

    return handed
