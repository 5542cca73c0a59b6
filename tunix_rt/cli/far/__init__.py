"""Commands done by a server: with TUNIX_RT_URL set, the same words and options, another place.

The commands and their options are the slices' own; only what is done is exchanged, in one of the
modules here. What no module here can do is refused, never done in the local store instead:
`Session.store` does not open while the setting is there.
"""

from collections.abc import Callable
from copy import copy
from inspect import Parameter, signature
from typing import Any

import click
from click.core import ParameterSource

from tunix_rt.cli.far import datasets, runs, traces
from tunix_rt.client import Client
from tunix_rt.kit.errors import BadInput
from tunix_rt.store.session import Session

Act = Callable[..., None]

FAR: dict[str, dict[str, Act]] = {
    "traces": traces.ACTS,
    "datasets": datasets.ACTS,
    "runs": runs.ACTS,
}


def sent(name: str, group: click.Command) -> click.Command:
    """A slice's commands, as far as a server does them; the slice's own group stays as it is."""
    acts = FAR.get(name)
    if acts is None or not isinstance(group, click.Group):
        return group
    far = copy(group)
    far.commands = dict(group.commands)
    for word, act in acts.items():
        far.commands[word] = copy(group.commands[word])
        far.commands[word].callback = _asking(act)
    return far


def _asking(act: Act) -> Callable[..., None]:
    parameters = signature(act).parameters
    takes_any = any(one.kind is Parameter.VAR_KEYWORD for one in parameters.values())

    def callback(**given: Any) -> None:
        context = click.get_current_context()
        unknown = set() if takes_any else given.keys() - parameters.keys()
        for name in unknown:
            if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
                raise BadInput(
                    f"--{name.strip('_').replace('_', '-')} works in the data folder only.",
                    hint="Unset TUNIX_RT_URL to work there.",
                )
        settings = context.ensure_object(Session).settings
        with Client(settings.url) as client:
            act(client, **{name: value for name, value in given.items() if name not in unknown})

    return callback
